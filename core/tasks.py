"""Celery tasks of the ground floor: mail."""

from celery import shared_task

from core.mail_delivery import deliver, due_mail_ids, give_up_stuck_mail


@shared_task
def send_mail(mail_id: int) -> None:
    """Hand one mail to the mail server; does nothing where another worker has it or it has been sent."""
    deliver(mail_id)


@shared_task
def send_due_mail() -> None:
    """Queue every mail whose time has come, and report those whose worker ended while sending."""
    give_up_stuck_mail()
    for mail_id in due_mail_ids():
        queue_mail(mail_id)


def queue_mail(mail_id: int) -> None:
    """Queue one mail. A broker that does not answer is an error at once rather than a page that hangs."""
    send_mail.apply_async((mail_id,), retry=False)
