"""What every template knows about the site."""

from django.conf import settings

from core.addresses import absolute_url
from core.themes import theme_of


def site(request) -> dict:
    """Name, money, theme, and the page's address without its query."""
    return {
        "SITE_NAME": settings.SITE_NAME,
        "CURRENCY": settings.CURRENCY,
        "CONTACT_EMAIL": settings.CONTACT_EMAIL,
        "PLATFORM_FEE_PERCENT": settings.PLATFORM_FEE_PERCENT,
        "SOCKET_ORIGIN": settings.SOCKET_ORIGIN,
        "theme": theme_of(request),
        "canonical_url": absolute_url(request.path, request=request),
    }
