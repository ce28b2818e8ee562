"""Asking providers what they have on their own books; the sandbox's are in our database, and checked there."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone

from commerce.exceptions import CommerceError
from commerce.gateways import gateway
from commerce.gateways.base import PaymentState
from commerce.models import Payment

SANDBOX = "sandbox"


def differences_at_providers(*, days: int) -> Iterator[tuple[str, str]]:
    """What providers say otherwise of the payments begun in the last days, as (what, problem); one question each."""
    since = timezone.now() - timedelta(days=days)
    asked = Payment.objects.filter(created_at__gte=since).exclude(provider=SANDBOX).exclude(provider_id="")
    for payment in asked.order_by("pk").iterator(chunk_size=200):
        what = f"payment {payment.public_id}"
        try:
            state = gateway(payment.provider).fetch(payment)
        except (CommerceError, LookupError) as error:
            yield what, f"could not be asked about at {payment.provider}: {error}"
            continue
        has_succeeded = state.state == PaymentState.SUCCEEDED
        if has_succeeded != payment.is_received:
            yield what, f"is {payment.status}, at {payment.provider} {state.state}"
        elif has_succeeded and (state.amount, state.currency) != (payment.amount, payment.currency):
            yield (
                what,
                f"is {payment.amount} {payment.currency}, at {payment.provider} {state.amount} {state.currency}",
            )
