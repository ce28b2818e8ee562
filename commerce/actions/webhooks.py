"""Webhooks: every event kept, handled once, in whatever order and however often it comes."""

import uuid

from django.db import transaction
from django.utils import timezone

from commerce.actions.bounties import returning
from commerce.actions.disputes import apply_dispute
from commerce.actions.doubles import receive_again
from commerce.actions.payments import apply_state
from commerce.actions.refunds import apply_news
from commerce.gateways.base import Event, PaymentState, ProviderState, RefundNews
from commerce.later import later
from commerce.models import EscrowReturn, Payment, WebhookEvent


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
            row.payment = _find_payment(provider, event)
            row.error = _handle(row.payment, event)[:500]
            row.processed_at = timezone.now()
            row.save(update_fields=["payment", "error", "processed_at"])
    return row


def _handle(payment: Payment | None, event: Event) -> str:
    """Do what the event says; returns what is wrong with it, or an empty text."""
    if not (event.state or event.refund or event.dispute or event.asks_to_look):
        return ""
    if payment is None:
        return "No such payment."
    is_about_another = event.provider_id and payment.provider_id not in ("", event.provider_id)
    if event.asks_to_look and is_about_another:
        return "It is about something else at the provider than the payment that it names: look there."
    if event.asks_to_look:
        # Whoever asks is not in this transaction: no lock is held meanwhile. Where no worker is there, beat is.
        Payment.objects.filter(pk=payment.pk).update(check_at=timezone.now())
        later("ask_about_payment", payment.pk)
    problems = [
        event.state and _bring(payment, event.provider_id, event.state),
        event.refund and _tell_of_refund(payment, event.refund),
        event.dispute and apply_dispute(payment, event.dispute),
    ]
    return " ".join(filter(None, problems))


def _tell_of_refund(payment: Payment, news: RefundNews) -> str:
    """A bounty's budget goes back by ways of its own."""
    returned = EscrowReturn.objects.filter(payment=payment).first()
    return apply_news(payment, news) if returned is None else returning.apply_news(returned, news)


def _bring(payment: Payment, provider_id: str, state: ProviderState) -> str:
    if provider_id and payment.provider_id not in ("", provider_id):
        if state.state != PaymentState.SUCCEEDED:
            return ""
        return receive_again(payment, provider_id, state).refund_due_reason
    return apply_state(payment, state)


def _find_payment(provider: str, event: Event) -> Payment | None:
    """By the provider's names for it, or by our own: the event may have overtaken the answer that names the provider's,
    or tell of another charge for the same payment.
    """
    payments = Payment.objects.select_related("order", "payer").filter(provider=provider)
    found = None
    if event.provider_id:
        found = payments.filter(provider_id=event.provider_id).first()
    if found is None and event.charge_id:
        found = payments.filter(provider_charge_id=event.charge_id).first()
    if found is None and event.reference:
        try:
            found = payments.filter(public_id=uuid.UUID(event.reference)).first()
        except ValueError:
            return None
    return found
