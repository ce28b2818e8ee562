"""Papers are printed by a worker, once what they are about is committed."""

from celery import current_app
from django.db import transaction

from commerce.models import Order, Refund, SubscriptionPeriod

_TASKS = {Order: "print_invoice", SubscriptionPeriod: "print_plan_invoice", Refund: "print_credit_note"}


def print_later(about: Order | SubscriptionPeriod | Refund) -> None:
    """The invoice of an order or of a time with a plan, or the credit note of a refund.

    By name, for the tasks know what settles payments. A missing one is made by the clock, or when it is asked for.
    """
    task = _TASKS[type(about)]
    transaction.on_commit(
        lambda: current_app.send_task(f"commerce.tasks.{task}", [about.pk], retry=False), robust=True
    )
