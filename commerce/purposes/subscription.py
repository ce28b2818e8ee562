"""Paying for a time with a plan."""

from decimal import Decimal

from django.urls import reverse
from django.utils import timezone

from commerce.actions.subscriptions import reversing, settling
from commerce.models import LedgerEntry, Payment, Subscription
from commerce.purposes.base import Kept, Purpose, Settlement


class SubscriptionPurpose(Purpose):
    name = Payment.Purpose.SUBSCRIPTION

    def subject_lock(self, payment: Payment) -> None:
        # Money that a provider took a second time belongs to none.
        found = Subscription.objects.filter(periods__payment=payment)
        list(found.select_for_update(no_key=True, of=("self",)).values_list("pk"))

    def settle(self, payment: Payment, now) -> Settlement:
        return settling.settle(payment, now)

    def failed(self, payment: Payment) -> None:
        settling.failed(payment, timezone.now())

    def given_up(self, payment: Payment) -> None:
        settling.given_up(payment, timezone.now())

    def can_be_tried_again(self, payment: Payment) -> bool:
        return settling.can_be_tried_again(settling.period_of(payment), timezone.now())

    def replaced(self, payment: Payment, by: Payment) -> None:
        settling.try_again_with(settling.period_of(payment), by)

    def kept(self, payment: Payment) -> Kept | None:
        left = reversing.left_of(payment)
        return Kept(LedgerEntry.Account.PLANS, left) if left.gross else None

    def taken(self, payment: Payment, amount: Decimal, now) -> None:
        reversing.taken_by_bank(payment, now)

    def describe(self, payment: Payment) -> str:
        period = payment.subscription_period
        words = f"{period.plan.name}, {period.get_interval_display().lower()}"
        return f"Change to {words}" if period.kind == period.Kind.CHANGE else words

    def return_url(self, payment: Payment) -> str:
        return reverse("commerce:plan")
