"""Takes a campaign to the mail server, a slice of seconds at a time.

One process at a time has a campaign (an advisory lock, which ends with its process). Each mail is claimed in the
database before the server hears of it and marked when the server has answered, so nobody gets one twice. A process that
is killed leaves at most one mail of which nobody can know whether the server took it: that one is marked so, for a
person to decide. Sent again it has the same Message-ID, by which mail systems know a copy.
"""

import time
from collections.abc import Iterator
from datetime import timedelta

from django.core.mail import get_connection
from django.db import transaction
from django.utils import timezone

from core import mail_server
from core.locks import held_alone
from core.mail_server import Answer, Outcome
from core.models import MailSuppression
from support.mailing.figures import counted
from support.mailing.gathering import gather_some
from support.mailing.letters import Letter
from support.mailing.segments import reachable, why_not
from support.models import MailCampaign, MailDelivery

SLICE_SECONDS = 5
MAILS_AT_A_TIME = 100
# So many refusals for now in a row say something about the server, and nothing about those written to.
REFUSALS_IN_A_ROW = 3
INTERRUPTED = "The process that sent it ended before the mail server had answered."


def send_slice(campaign_id: int, seconds: float = SLICE_SECONDS) -> bool:
    """Send for so long; whether there is more to send at once. Nothing where another process is at it."""
    with held_alone(f"campaign:{campaign_id}") as is_ours:
        campaign = MailCampaign.objects.under_way(timezone.now()).filter(pk=campaign_id).first()
        if not is_ours or campaign is None:
            return False
        # Nobody else sends it: what is on its way has lost its process.
        lost = campaign.deliveries.filter(status=MailDelivery.Status.SENDING)
        lost.update(status=MailDelivery.Status.UNKNOWN, reason=INTERRUPTED)
        ends_at = time.monotonic() + seconds
        while gather_some(campaign_id):
            if time.monotonic() > ends_at:
                return True
        with _Postman(campaign) as postman:
            return postman.work(ends_at)


class _Postman:
    """Sends one campaign over one connection, which is opened again where it broke."""

    def __init__(self, campaign: MailCampaign):
        self.campaign = campaign
        self.letter = Letter.of(campaign)
        self.connection = get_connection()
        self.is_open = False
        self.refusals = 0
        # When the next mail may leave: the pace holds from slice to slice.
        wait = (campaign.next_at - timezone.now()).total_seconds() if campaign.next_at else 0
        self.next_at = time.monotonic() + max(0, wait)

    def __enter__(self) -> "_Postman":
        return self

    def __exit__(self, *error) -> None:
        mail_server.close(self.connection)
        wait = timedelta(seconds=self.next_at - time.monotonic())
        MailCampaign.objects.filter(pk=self.campaign.pk).update(next_at=timezone.now() + wait)

    def work(self, ends_at: float) -> bool:
        """Whether there is more to do at once."""
        pause = 60 / self.campaign.mails_a_minute
        for delivery in self._waiting():
            time.sleep(max(0, min(self.next_at, ends_at) - time.monotonic()))
            if time.monotonic() >= ends_at:
                return True
            self.next_at = max(self.next_at, time.monotonic() - pause) + pause
            if not self._is_connected():
                return False
            if delivery.claim():
                self._send(delivery)
            elif not MailCampaign.objects.filter(
                pk=self.campaign.pk, status=MailCampaign.Status.SENDING
            ).exists():
                return False
            if self.refusals >= REFUSALS_IN_A_ROW:
                self._note_trouble(Answer(Outcome.LATER, "The mail server takes nothing at the moment."))
                return False
        return self._finish()

    def _waiting(self) -> Iterator[MailDelivery]:
        while some := list(self.campaign.deliveries.due(timezone.now())[:MAILS_AT_A_TIME]):
            yield from some

    def _send(self, delivery: MailDelivery) -> None:
        """What has changed since it was put into the queue counts: asked once more, right before it leaves."""
        person = reachable().filter(pk=delivery.person_id).first()
        if person is None:
            delivery.mark_skipped(why_not(delivery.person_id))
            return
        message = self.letter.to(person, message_id=delivery.message_id)
        answer = mail_server.hand_over(self.connection, message)
        self.refusals = self.refusals + 1 if answer.outcome is Outcome.LATER else 0
        match answer.outcome:
            case Outcome.TAKEN:
                delivery.mark_sent()
            case Outcome.LATER:
                delivery.mark_refused(answer.error)
            case Outcome.REFUSED:
                delivery.mark_failed(answer.error)
            case Outcome.UNKNOWN:
                delivery.mark_unknown(answer.error)
        if answer.is_gone:
            MailSuppression.note(person.email, MailSuppression.Cause.BOUNCE, answer.error)
        if answer.outcome is not Outcome.TAKEN:
            self._hang_up()

    def _is_connected(self) -> bool:
        """Asks before each mail: one handed to a connection that is gone would be in doubt."""
        if self.is_open and not mail_server.is_alive(self.connection):
            self._hang_up()
        if not self.is_open:
            answer = mail_server.opened(self.connection)
            if answer.outcome is not Outcome.TAKEN:
                self._note_trouble(answer)
                return False
            self.is_open = True
            if self.campaign.failures:
                self._change(lambda campaign: campaign.server_answered())
        return True

    def _hang_up(self) -> None:
        mail_server.close(self.connection)
        self.connection, self.is_open = get_connection(), False

    def _note_trouble(self, answer: Answer) -> None:
        self._change(lambda campaign: campaign.server_is_away(answer.error, timezone.now()))

    def _finish(self) -> bool:
        """Done once nobody waits any more; who waits for another attempt is looked for by beat."""

        def finish(campaign: MailCampaign) -> None:
            if campaign.is_sending and not campaign.deliveries.waiting().exists():
                campaign.finish(timezone.now(), counted(campaign.pk))

        self._change(finish)
        return False

    def _change(self, change) -> None:
        with transaction.atomic():
            campaign = MailCampaign.objects.select_for_update(no_key=True).get(pk=self.campaign.pk)
            change(campaign)
            campaign.save_state()
        self.campaign.failures = campaign.failures
