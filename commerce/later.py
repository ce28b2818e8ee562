"""Work for a worker, named rather than imported: the tasks know everything in this app, so nothing here knows them."""

from celery import current_app
from django.db import transaction


def later(task: str, pk: int, *, seconds: int = 0) -> None:
    """Have a worker do `commerce.tasks.<task>` once this transaction is there.

    Should the broker be away, beat or whoever asks the provider next makes up for it.
    """
    transaction.on_commit(
        lambda: current_app.send_task(f"commerce.tasks.{task}", [pk], countdown=seconds, retry=False),
        robust=True,
    )
