"""Celery tasks of commerce: webhooks of the sandbox, and payments whose webhook never came."""

from celery import shared_task

from commerce.actions.payments import settle_pending
from commerce.gateways.sandbox_delivery import DeliveryFailed, deliver
from commerce.models import SandboxEvent


@shared_task
def settle_pending_payments() -> None:
    """Ask the providers about open payments."""
    settle_pending()


@shared_task(bind=True, max_retries=SandboxEvent.MAX_ATTEMPTS)
def deliver_sandbox_event(self, event_id: int) -> None:
    """Deliver one webhook of the sandbox; what is not taken is sent again, ever later."""
    event = SandboxEvent.objects.get(pk=event_id)
    try:
        deliver(event)
    except DeliveryFailed as error:
        raise self.retry(exc=error, countdown=event.retry_delay().total_seconds()) from error
