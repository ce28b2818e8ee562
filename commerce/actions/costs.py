"""What providers keep of payments, where they tell it only later than the payment."""

import logging
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from commerce.actions.payments import note
from commerce.exceptions import CommerceError
from commerce.gateways import GATEWAYS, gateway
from commerce.gateways.base import PaymentState
from commerce.ledger.sales import post_cost
from commerce.models import Payment

# How long it is asked for.
_ASKED_FOR = timedelta(days=3)

logger = logging.getLogger(__name__)


def learn_costs(limit: int = 100) -> int:
    """Ask for what is not known of payments received lately, and post it. Returns how many were learnt."""
    telling = [name for name, kind in GATEWAYS.items() if kind.tells_cost]
    since = timezone.now() - _ASKED_FOR
    unknown = Payment.objects.filter(provider__in=telling, provider_cost=None, completed_at__gte=since)
    return sum(_learn(payment) for payment in unknown.select_related("payer").order_by("pk")[:limit])


def _learn(payment: Payment) -> bool:
    try:
        state = gateway(payment.provider).fetch(payment)
    except CommerceError as error:
        logger.warning("The cost of payment %s is not known yet: %s", payment.public_id, error)
        return False
    if state.state != PaymentState.SUCCEEDED or state.cost is None:
        return False
    with transaction.atomic():
        note(payment, state)
        if state.cost:
            post_cost(payment, state.cost)
    return True
