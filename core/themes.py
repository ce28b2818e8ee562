"""Light, dark, or as the system says: the choice is kept in a cookie."""

from django.conf import settings
from django.db.models import TextChoices

COOKIE_NAME = "theme"
COOKIE_SECONDS = 365 * 24 * 3600


class Theme(TextChoices):
    SYSTEM = "system", "System"
    LIGHT = "light", "Light"
    DARK = "dark", "Dark"


def theme_of(request) -> str:
    """The theme that the browser's cookie asks for; anything unknown is the system's."""
    value = request.COOKIES.get(COOKIE_NAME, "")
    return value if value in Theme.values else Theme.SYSTEM.value


def remember_theme(response, theme: str) -> None:
    """Readable by the theme script, which switches without a round trip."""
    response.set_cookie(
        COOKIE_NAME, theme, max_age=COOKIE_SECONDS, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )
