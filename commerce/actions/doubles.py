"""Money that a provider takes another time for the same payment."""

from django.db import transaction
from django.utils import timezone

from commerce.actions.payments import lock_payment, note, owe
from commerce.gateways.base import ProviderState
from commerce.ledger.sales import post_cost
from commerce.models import Payment


def receive_again(payment: Payment, provider_id: str, state: ProviderState) -> Payment:
    """The provider took the money another time for the same payment: it bought nothing, and is due to be sent back."""
    with transaction.atomic():
        payment = lock_payment(payment)
        extra, _ = Payment.objects.get_or_create(
            provider=payment.provider,
            provider_id=provider_id,
            defaults={
                "payer": payment.payer,
                "purpose": payment.purpose,
                "order": payment.order,
                "method": payment.method,
                "amount": state.amount,
                "currency": state.currency.upper(),
                "double_of": payment,
            },
        )
        note(extra, state)
        if not extra.is_received:
            owe(extra, extra.amount, "It was taken a second time for the same payment.", timezone.now())
        if state.cost:
            post_cost(extra, state.cost)
        return extra
