"""Celery tasks about people's own data."""

from celery import shared_task

from accounts.actions import deletion, exports, standing


@shared_task
def put_export_together(export_id: int) -> None:
    """Write one copy of a person's data. Safe to deliver any number of times."""
    exports.put_together(export_id)


@shared_task
def tend_exports() -> None:
    """Go on with copies whose worker died; throw away those that expired."""
    exports.tend_exports()


@shared_task
def erase_due_accounts() -> None:
    """Carry out the deletions whose days to think it over have passed."""
    deletion.erase_due()


@shared_task
def lift_due_suspensions() -> None:
    """Let people in again whose suspension is over."""
    standing.lift_due()
