"""Takes mails out of the outbox to the mail server: at most once each, again only where none can have left.

A mail is claimed by one conditional update, committed before the mail server hears of it, so two workers never send
the same one. What the server refuses in so many words is tried again with a growing delay. Where nobody can know
whether it took the mail (the connection broke after it was handed over, or the worker was killed), the mail is marked
failed for a person to look at and restart: a mail twice is worse than one late.
"""

import logging
from datetime import timedelta

from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from core import mail_server
from core.mail_server import UNKNOWN_OUTCOME, Answer, Outcome
from core.models import MailSuppression, OutgoingMail

logger = logging.getLogger(__name__)

# Longer than any connection with a mail server lives (EMAIL_TIMEOUT is a fraction of it).
STUCK_AFTER = timedelta(minutes=15)
DUE_BATCH = 500


def due_mails(limit: int = DUE_BATCH) -> list[OutgoingMail]:
    """The oldest due mails that somebody waits for, at most `limit`, and then as many of the others.

    However many others wait, the first are among them.
    """
    due = OutgoingMail.objects.due().order_by("send_at", "pk").only("pk", "unsubscribe_url")
    return [*due.urgent()[:limit], *due.bulk()[:limit]]


def deliver(mail_id: int) -> None:
    """Send one mail if it is due and nobody else has it."""
    mail = _claim(mail_id)
    if mail is None:
        return
    if MailSuppression.objects.stopping(mail.to_address, is_urgent=mail.is_urgent).exists():
        mail.mark_suppressed()
        return
    connection = get_connection()
    answer = mail_server.opened(connection)
    if answer.outcome is not Outcome.TAKEN:
        mail.mark_refused(answer.error)
        return
    _settle(mail, mail_server.hand_over(connection, _message(mail)))
    if not mail_server.close(connection):
        logger.info("The mail server ended the connection after mail %s.", mail.pk)


def give_up_stuck_mail() -> int:
    """Mark mails whose worker ended while sending; returns how many."""
    return OutgoingMail.objects.filter(
        status=OutgoingMail.Status.SENDING, claimed_at__lt=timezone.now() - STUCK_AFTER
    ).update(
        status=OutgoingMail.Status.FAILED,
        last_error=UNKNOWN_OUTCOME.format("the worker ended while sending it."),
    )


def _claim(mail_id: int) -> OutgoingMail | None:
    now = timezone.now()
    # Durable: a claim that could still be rolled back would let another worker send the mail again.
    with transaction.atomic(durable=True):
        claimed = (
            OutgoingMail.objects.due(now)
            .filter(pk=mail_id)
            .update(status=OutgoingMail.Status.SENDING, claimed_at=now, attempts=F("attempts") + 1)
        )
    return OutgoingMail.objects.get(pk=mail_id) if claimed else None


def _message(mail: OutgoingMail) -> EmailMultiAlternatives:
    headers = mail_headers(message_id=mail.message_id, unsubscribe_url=mail.unsubscribe_url)
    message = EmailMultiAlternatives(mail.subject, mail.text, to=[mail.to_address], headers=headers)
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    return message


def mail_headers(*, message_id: str, unsubscribe_url: str) -> dict[str, str]:
    """What every mail of ours says of itself to mail programs."""
    headers = {"Message-ID": message_id, "Auto-Submitted": "auto-generated"}
    if unsubscribe_url:
        # RFC 8058: mail programs end it themselves, by a POST without a look at the page.
        headers["List-Unsubscribe"] = f"<{unsubscribe_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def _settle(mail: OutgoingMail, answer: Answer) -> None:
    if answer.outcome is Outcome.TAKEN:
        mail.mark_sent()
    elif answer.outcome is Outcome.LATER:
        mail.mark_refused(answer.error)
    else:
        mail.mark_failed(answer.error)
    if answer.is_gone:
        MailSuppression.note(mail.to_address, MailSuppression.Cause.BOUNCE, answer.error)
