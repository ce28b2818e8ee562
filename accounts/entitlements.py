"""How much of the site's resources a person may use."""

from dataclasses import dataclass

from django.conf import settings

from accounts.models import User


@dataclass(frozen=True)
class Entitlements:
    """Limits of one person, in bytes: of a single file, and of everything kept for them together."""

    max_upload_bytes: int
    storage_bytes: int


def entitlements_of(user: User) -> Entitlements:
    """What this person may use: the same for everybody, by the settings."""
    return Entitlements(
        max_upload_bytes=settings.MAX_UPLOAD_BYTES, storage_bytes=settings.STORAGE_QUOTA_BYTES
    )
