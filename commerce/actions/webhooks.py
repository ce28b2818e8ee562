"""Webhooks: every event kept, handled once, in whatever order and however often it comes."""

import uuid

from django.db import transaction
from django.utils import timezone

from commerce.actions.payments import apply_state
from commerce.gateways.base import Event
from commerce.models import Payment, WebhookEvent


def receive(provider: str, event: Event) -> WebhookEvent:
    """Keep a signed event and do what it says; one that was handled before changes nothing.

    What is wrong with an event (a payment that nobody knows, a wrong amount) is kept with it: sending it again would
    not mend that. Any other failure is raised, and the event is handled when the provider sends it again.
    """
    WebhookEvent.objects.get_or_create(
        provider=provider,
        event_id=event.event_id,
        defaults={"kind": event.kind, "payload": event.payload},
    )
    with transaction.atomic():
        row = WebhookEvent.objects.select_for_update().get(provider=provider, event_id=event.event_id)
        if row.processed_at is None:
            if event.state is not None:
                row.payment = _find_payment(provider, event)
                row.error = apply_state(row.payment, event.state)[:500] if row.payment else "No such payment."
            row.processed_at = timezone.now()
            row.save(update_fields=["payment", "error", "processed_at"])
    return row


def _find_payment(provider: str, event: Event) -> Payment | None:
    """By the provider's id, or by our own where the event overtook the answer that names the provider's."""
    payments = Payment.objects.select_related("order").filter(provider=provider)
    found = payments.filter(provider_id=event.provider_id).first() if event.provider_id else None
    if found is None and event.reference:
        try:
            found = payments.filter(
                public_id=uuid.UUID(event.reference), provider_id__in=["", event.provider_id]
            ).first()
        except ValueError:
            return None
    return found
