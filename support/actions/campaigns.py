"""Campaigns of mail: tried out, scheduled, sent, halted. Every step is in the audit log."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.preferences import unsubscribe_url
from core.mail import send, unsubscribable
from core.models import AuditEntry
from support.exceptions import CampaignRefused
from support.mailing.letters import KIND, letter_context
from support.mailing.segments import NEWS
from support.models import MailCampaign, MailDelivery

Status = MailCampaign.Status
FARTHEST_DAYS = 366


def try_out(*, campaign: MailCampaign, by: User) -> None:
    """Send it to whoever asks, as everybody will get it.

    Raises:
        CampaignRefused: they have no address.
    """
    if not by.email:
        raise CampaignRefused("Your account has no e-mail address.")
    with transaction.atomic(), unsubscribable(unsubscribe_url(by, NEWS)):
        context = letter_context(campaign, name=by.display_name)
        send(kind=KIND, to=by, context=context | {"heading": f"[Test] {context['heading']}"})
        AuditEntry.record(actor=by, action="campaign.try_out", target=campaign)


def schedule(*, campaign: MailCampaign, at: datetime, by: User, now: datetime | None = None) -> None:
    """It begins by itself at that hour.

    Raises:
        CampaignRefused: it is no draft, or the hour has passed or is farther away than a year.
    """
    now = now or timezone.now()
    if not now < at or (at - now).days > FARTHEST_DAYS:
        raise CampaignRefused("Choose an hour in the future, at most a year ahead.")
    with _changing(campaign, by, "campaign.schedule", [Status.DRAFT], at=at.isoformat()) as row:
        row.schedule(at)


def unschedule(*, campaign: MailCampaign, by: User) -> None:
    """A draft again.

    Raises:
        CampaignRefused: it is not scheduled (any more).
    """
    with _changing(campaign, by, "campaign.unschedule", [Status.SCHEDULED]) as row:
        row.unschedule()


def start(*, campaign: MailCampaign, by: User | None, queue: Callable[[int], object]) -> None:
    """From now on it is sent. `by` is None where its hour has come; `queue` puts the sending into the queue.

    Raises:
        CampaignRefused: it was begun already, or called off.
    """
    with _changing(campaign, by, "campaign.start", [Status.DRAFT, Status.SCHEDULED]) as row:
        row.start(timezone.now())
        # Should the broker be away, beat queues it.
        transaction.on_commit(partial(queue, row.pk), robust=True)


def pause(*, campaign: MailCampaign, by: User) -> None:
    """No further mail leaves; the one that is being handed over does.

    Raises:
        CampaignRefused: it is not being sent.
    """
    with _changing(campaign, by, "campaign.pause", [Status.SENDING]) as row:
        row.pause()


def resume(*, campaign: MailCampaign, by: User, queue: Callable[[int], object]) -> None:
    """Go on where it was halted, or where it waits for a mail server.

    Raises:
        CampaignRefused: it is neither.
    """
    with _changing(campaign, by, "campaign.resume", [Status.PAUSED, Status.SENDING]) as row:
        row.resume()
        transaction.on_commit(partial(queue, row.pk), robust=True)


def cancel(*, campaign: MailCampaign, by: User) -> None:
    """For good; what has left has left.

    Raises:
        CampaignRefused: it is a draft, or at its end.
    """
    with _changing(campaign, by, "campaign.cancel", [Status.SCHEDULED, Status.SENDING, Status.PAUSED]) as row:
        row.cancel(timezone.now())


def send_doubtful(*, campaign: MailCampaign, by: User, queue: Callable[[int], object]) -> int:
    """Send again those of which nobody knows whether the mail server took them; returns how many.

    They have the same Message-ID as before. Whoever got the first gets a second all the same where their mail system
    does not look at it.

    Raises:
        CampaignRefused: there are none, or it is not at its end or halted.
    """
    with _changing(
        campaign, by, "campaign.send_doubtful", [Status.SENT, Status.PAUSED, Status.SENDING]
    ) as row:
        changed = row.deliveries.in_doubt().update(status=MailDelivery.Status.QUEUED, send_at=timezone.now())
        if not changed:
            raise CampaignRefused("Of every mail it is known what became of it.")
        row.resume()
        transaction.on_commit(partial(queue, row.pk), robust=True)
    return changed


def delete(*, campaign: MailCampaign, by: User) -> None:
    """A draft, which nobody has got.

    Raises:
        CampaignRefused: it is more than a draft.
    """
    with _changing(campaign, by, "campaign.delete", [Status.DRAFT]) as row:
        row.delete()


@contextmanager
def _changing(
    campaign: MailCampaign, by: User | None, action: str, before: list[str], **data
) -> Iterator[MailCampaign]:
    """The row, locked, and in one of these states; saved and in the audit log afterwards."""
    with transaction.atomic():
        row = MailCampaign.objects.select_for_update(no_key=True).filter(pk=campaign.pk).first()
        if row is None or row.status not in before:
            state = row.get_status_display().lower() if row else "gone"
            raise CampaignRefused(f"That is not possible any more: the campaign is {state}.")
        AuditEntry.record(actor=by, action=action, target=row, **data)
        yield row
        if row.pk is not None:
            row.save_state()
