"""Asking the providers about what is under way, so that nothing hangs on a webhook that never came."""

import logging
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from commerce.actions import refunds
from commerce.actions.bounties.returning import send_due
from commerce.actions.payments import cancel_payment, refresh_payment
from commerce.actions.telling import tell_untold
from commerce.exceptions import CommerceError
from commerce.models import EscrowReturn, Payment

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Reconciled:
    """How many open payments were asked about, and how many of those have ended by that."""

    asked: int
    ended: int


def settle_pending(limit: int = 100) -> int:
    """Ask the providers about open payments whose time has come; give up those that expired. Returns how many."""
    payments = _claim_pending(limit)
    for payment in payments:
        try:
            refresh_payment(payment)
            if payment.is_open and payment.is_expired:
                cancel_payment(payment, "Nobody paid within a day.")
        except CommerceError as error:
            logger.warning("Payment %s could not be checked: %s", payment.public_id, error)
        except Exception:
            # One payment that cannot be asked about must not keep the others waiting; its own next time is set.
            logger.exception("Payment %s could not be checked", payment.public_id)
    return len(payments)


def settle_all() -> int:
    """Ask the providers about every open payment, also where its time has not come. Returns how many."""
    now = timezone.now()
    Payment.objects.open().filter(check_at__gt=now).update(check_at=now)
    asked = 0
    while some := settle_pending():
        asked += some
    return asked


def send_budgets_back() -> int:
    """Send, or ask about, every bounty's budget that is on its way back, also where its time has not come."""
    EscrowReturn.objects.due(timezone.now() + EscrowReturn.LONGEST).update(try_at=timezone.now())
    return send_due()


def reconcile() -> Reconciled:
    """Bring everything that is under way to what the providers say of it."""
    refunds.send_everything()
    before = set(Payment.objects.open().values_list("pk", flat=True))
    asked = settle_all()
    send_budgets_back()
    tell_untold(least_age=timedelta())
    after = set(Payment.objects.open().filter(pk__in=before).values_list("pk", flat=True))
    return Reconciled(asked=asked, ended=len(before - after))


def _claim_pending(limit: int) -> list[Payment]:
    """Set the next time of each before asking, so that two workers, or a crash, do not ask twice at once."""
    with transaction.atomic():
        payments = list(Payment.objects.to_check().select_for_update(skip_locked=True, no_key=True)[:limit])
        for payment in payments:
            payment.check_later()
    return payments
