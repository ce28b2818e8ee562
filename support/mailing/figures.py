"""How far campaigns have got: counted while something changes, kept when they are at their end."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count

from support.models import MailCampaign, MailDelivery

Status = MailDelivery.Status


@dataclass(frozen=True)
class Progress:
    """Mails by what became of them."""

    waiting: int = 0
    sent: int = 0
    skipped: int = 0
    failed: int = 0
    unknown: int = 0

    @classmethod
    def of(cls, counts: dict[str, int]) -> "Progress":
        return cls(
            waiting=counts.get(Status.QUEUED, 0) + counts.get(Status.SENDING, 0),
            sent=counts.get(Status.SENT, 0),
            skipped=counts.get(Status.SKIPPED, 0),
            failed=counts.get(Status.FAILED, 0),
            unknown=counts.get(Status.UNKNOWN, 0),
        )

    @property
    def total(self) -> int:
        return self.waiting + self.done

    @property
    def done(self) -> int:
        return self.sent + self.skipped + self.failed + self.unknown


def counted(campaign_id: int) -> dict[str, int]:
    """Mails of a campaign by state, read from its rows."""
    return _counts([campaign_id]).get(campaign_id, {})


def progress_of(campaigns: Iterable[MailCampaign]) -> dict[int, Progress]:
    """By campaign, in one query: of those at their end what was counted then."""
    campaigns = list(campaigns)
    counts = _counts([campaign.pk for campaign in campaigns if not campaign.figures])
    return {
        campaign.pk: Progress.of(campaign.figures or counts.get(campaign.pk, {})) for campaign in campaigns
    }


def _counts(ids: list[int]) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = {}
    rows = MailDelivery.objects.filter(campaign__in=ids).values_list("campaign", "status")
    for campaign, status, count in rows.annotate(count=Count("pk")).order_by():
        found.setdefault(campaign, {})[status] = count
    return found
