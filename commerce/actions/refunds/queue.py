"""Handing an approved refund to a worker once its transaction has committed."""

from celery import current_app
from django.db import transaction

from commerce.models import Refund


def send_soon(refund: Refund) -> None:
    # By name, for the tasks know the actions. Should the broker be away, beat sends what is left.
    transaction.on_commit(
        lambda: current_app.send_task("commerce.tasks.send_refund", [refund.pk], retry=False), robust=True
    )
