"""How much of the site's resources a person may use."""

from dataclasses import asdict, dataclass

from django.conf import settings

from accounts.models import Entitlements, User
from core.database.prepared import Prepared

_HOLD_DAYS = Prepared(
    lambda users: Entitlements.objects.filter(user__among=users).values_list("user_id", "hold_days"),
    users=list,
)


@dataclass(frozen=True)
class Limits:
    """What one person may use. Bytes of a single file, and of everything kept for them together; how many models may
    be private; how many days statistics go back; for how many days the proceeds of a sale are held.

    `label` is what the limits are called on the site.
    """

    label: str
    max_upload_bytes: int
    storage_bytes: int
    private_models: int
    analytics_days: int
    hold_days: int

    @property
    def way_out(self) -> str:
        """What somebody can do for whom this is not enough."""
        return f"That is what the plan {self.label} allows; larger plans (see Pricing) allow more."


def everybodys_limits() -> Limits:
    """What everybody may use: see the settings."""
    return Limits(
        label="Free",
        max_upload_bytes=min(settings.FREE_UPLOAD_BYTES, settings.MAX_UPLOAD_BYTES),
        storage_bytes=settings.STORAGE_QUOTA_BYTES,
        private_models=settings.PRIVATE_MODELS,
        analytics_days=settings.ANALYTICS_DAYS,
        hold_days=settings.PAYOUT_HOLD_DAYS,
    )


def entitlements_of(user: User) -> Limits:
    """What this person may use now. Nobody may send more in one file than the site can process."""
    row = Entitlements.objects.filter(user=user).first()
    if row is None:
        return everybodys_limits()
    return Limits(
        label=row.label,
        max_upload_bytes=min(row.max_upload_bytes, settings.MAX_UPLOAD_BYTES),
        storage_bytes=row.storage_bytes,
        private_models=row.private_models,
        analytics_days=row.analytics_days,
        hold_days=row.hold_days,
    )


def hold_days_of(user_ids: list[int]) -> dict[int, int]:
    """For how many days the proceeds of each of these people's sales are held: `entitlements_of` in one statement."""
    return dict.fromkeys(user_ids, everybodys_limits().hold_days) | dict(_HOLD_DAYS(users=user_ids))


def entitle(*, user: User, limits: Limits | None) -> None:
    """From now on the person may use so much; None is what everybody may. What is over the limit stays. Idempotent."""
    if limits is None:
        Entitlements.objects.filter(user=user).delete()
    else:
        Entitlements.objects.update_or_create(user=user, defaults=asdict(limits))
