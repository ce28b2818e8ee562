"""Celery tasks of commerce: webhooks of the sandbox, payments whose webhook never came, word to owners, ratings."""

import logging

from celery import shared_task

from commerce.actions.owners import tell_owners
from commerce.actions.reconciling import reconcile, settle_pending
from commerce.gateways.sandbox_delivery import DeliveryFailed, deliver
from commerce.ledger.checkpoints import take_checkpoints
from commerce.models import SandboxEvent
from commerce.ratings import refresh_prior
from commerce.stuck import SOURCES
from marketplace.models import Model3D

logger = logging.getLogger(__name__)


@shared_task
def settle_pending_payments() -> None:
    """Ask the providers about open payments."""
    settle_pending()


@shared_task
def refresh_rating_prior() -> None:
    """Let the order of best rated begin with the site's mean as it is now."""
    refresh_prior()


@shared_task
def reconcile_payments() -> None:
    """Ask the providers about all that is under way, and say in the log what waits for a person."""
    reconcile()
    for one in SOURCES:
        if count := one.count():
            logger.warning("%s: %s. See the console, Payments, “What is stuck”.", one.title, count)


@shared_task
def checkpoint_ledger() -> None:
    """Keep the sums of long accounts."""
    take_checkpoints()


@shared_task(bind=True, max_retries=SandboxEvent.MAX_ATTEMPTS)
def deliver_sandbox_event(self, event_id: int) -> None:
    """Deliver one webhook of the sandbox; what is not taken is sent again, ever later."""
    event = SandboxEvent.objects.get(pk=event_id)
    try:
        deliver(event)
    except DeliveryFailed as error:
        raise self.retry(exc=error, countdown=event.retry_delay().total_seconds()) from error


@shared_task
def tell_owners_of_version(model_id: int, file_ids: list[int]) -> None:
    """Tell those who have the model of its newly approved files. Safe to deliver any number of times."""
    model = Model3D.objects.select_related("creator").filter(pk=model_id).first()
    if model is not None:
        tell_owners(model=model, file_ids=file_ids)
