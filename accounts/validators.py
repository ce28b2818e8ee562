"""Rules for what people choose about their accounts."""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator

RESERVED_USERNAMES = frozenset(
    [
        "admin",
        "administrator",
        "moderator",
        "staff",
        "support",
        "help",
        "root",
        "system",
        "api",
        "www",
        "mail",
        "static",
        "media",
        "login",
        "logout",
        "signup",
        "settings",
        "me",
        "new",
        "edit",
        "about",
        "terms",
        "privacy",
        "lathe",
        "avatar",
        "creator",
    ]
)


def validate_not_reserved(value: str) -> None:
    """Raise ValidationError for names that could be taken for the site's own."""
    if value.lower() in RESERVED_USERNAMES:
        raise ValidationError("This username is reserved.", code="reserved")


username_validators = [
    RegexValidator(
        r"^[A-Za-z0-9][A-Za-z0-9_.-]*$",
        "Use letters, digits, dots, hyphens and underscores, starting with a letter or a digit.",
    ),
    validate_not_reserved,
]
