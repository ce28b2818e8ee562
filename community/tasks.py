"""Celery tasks of communities."""

from celery import shared_task

from community.events import forget_old


@shared_task
def forget_old_events() -> None:
    """Nobody comes back after so long and asks what they missed."""
    forget_old()
