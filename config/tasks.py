"""Celery tasks that span apps."""

import logging

from celery import shared_task

from config import heartbeat, retention

logger = logging.getLogger(__name__)


@shared_task
def give_sign() -> None:
    """Leave the time where monitors look: beat started this, and a worker ran it."""
    heartbeat.give_sign()


@shared_task
def clear_away() -> None:
    """Throw away what has been kept for its time."""
    for rule, count in retention.clear_away():
        if count:
            logger.info("Thrown away after %s days: %s %s", rule.days(), count, rule.name)
