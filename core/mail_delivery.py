"""Takes mails out of the outbox to the mail server: at most once each, again only where none can have left.

A mail is claimed by one conditional update, committed before the mail server hears of it, so two workers never send
the same one. What the server refuses in so many words is tried again with a growing delay. Where nobody can know
whether it took the mail (the connection broke after it was handed over, or the worker was killed), the mail is marked
failed for a person to look at and restart: a mail twice is worse than one late.
"""

import logging
import smtplib
from datetime import timedelta

from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from core.models import MailSuppression, OutgoingMail

logger = logging.getLogger(__name__)

# Longer than any connection with a mail server lives (EMAIL_TIMEOUT is a fraction of it).
STUCK_AFTER = timedelta(minutes=15)
DUE_BATCH = 500
UNKNOWN_OUTCOME = "It is not known whether the mail server took this mail: {}"


def due_mail_ids(limit: int = DUE_BATCH) -> list[int]:
    """The oldest due mails, at most `limit`."""
    return list(OutgoingMail.objects.due().order_by("send_at", "pk").values_list("pk", flat=True)[:limit])


def deliver(mail_id: int) -> None:
    """Send one mail if it is due and nobody else has it."""
    mail = _claim(mail_id)
    if mail is None:
        return
    if MailSuppression.objects.filter(address__iexact=mail.to_address).exists():
        mail.mark_suppressed()
        return
    connection = get_connection()
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        mail.mark_refused(_describe(error))
        return
    try:
        connection.send_messages([_message(mail)])
    except smtplib.SMTPServerDisconnected as error:
        mail.mark_failed(UNKNOWN_OUTCOME.format(_describe(error)))
    except smtplib.SMTPException as error:
        _refused(mail, error)
    except OSError as error:
        mail.mark_failed(UNKNOWN_OUTCOME.format(_describe(error)))
    else:
        mail.mark_sent()
    finally:
        _close(connection, mail)


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
    headers = {"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"}
    if mail.unsubscribe_url:
        # RFC 8058: mail programs end it themselves, by a POST without a look at the page.
        headers["List-Unsubscribe"] = f"<{mail.unsubscribe_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message = EmailMultiAlternatives(mail.subject, mail.text, to=[mail.to_address], headers=headers)
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    return message


def _refused(mail: OutgoingMail, error: smtplib.SMTPException) -> None:
    """A refusal for good (5xx) is not repeated; everything else is tried again later."""
    codes = [error.smtp_code] if isinstance(error, smtplib.SMTPResponseException) else []
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _ in error.recipients.values()]
    if codes and all(code >= 500 for code in codes):
        mail.mark_failed(_describe(error))
    else:
        mail.mark_refused(_describe(error))


def _close(connection, mail: OutgoingMail) -> None:
    try:
        connection.close()
    except (OSError, smtplib.SMTPException):
        # The mail's fate is decided and stored; a failing good-bye does not change it.
        logger.info("The mail server ended the connection after mail %s.", mail.pk)


def _describe(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
