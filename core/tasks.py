"""Celery tasks of the ground floor: mail."""

from celery import shared_task

from core.mail_delivery import deliver, due_mails, give_up_stuck_mail
from core.models import OutgoingMail

URGENT_MAIL = "mail"
# Worked on by a process of its own: whatever lies here holds up nobody who waits for a mail.
BULK = "bulk"


@shared_task
def send_mail(mail_id: int) -> None:
    """Hand one mail to the mail server; does nothing where another worker has it or it has been sent."""
    deliver(mail_id)


@shared_task
def send_due_mail() -> None:
    """Queue every mail whose time has come, and report those whose worker ended while sending."""
    give_up_stuck_mail()
    for mail in due_mails():
        queue_mail(mail)


def queue_mail(mail: OutgoingMail) -> None:
    """Queue one mail, in a queue of its own where nobody waits for it.

    A broker that does not answer is an error at once rather than a page that hangs.
    """
    send_mail.apply_async((mail.pk,), queue=URGENT_MAIL if mail.is_urgent else BULK, retry=False)
