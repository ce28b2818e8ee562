"""What a person sees of their own plan: its state in words, what comes next, what they use of it."""

from dataclasses import dataclass
from functools import cached_property

from django.utils import timezone

from accounts.entitlements import Limits, entitlements_of
from commerce.actions.subscriptions.standing import standing_of, usable_method_of
from commerce.actions.subscriptions.subscribing import may_pay_now
from commerce.gateways import offered
from commerce.models import Plan, SavedPaymentMethod, Subscription
from commerce.subscriptions.billing import Bill, bill
from commerce.subscriptions.offers import round_size
from commerce.subscriptions.pricing import renewal_price
from marketplace.model_statistics import period_label
from marketplace.quota import PrivateModels, Quota

State = Subscription.State


@dataclass(frozen=True)
class Usage:
    """A limit as a bar; both numbers in the same unit."""

    label: str
    used: int
    limit: int
    note: str

    @property
    def is_over(self) -> bool:
        return self.used > self.limit


class PlanAccount:
    """One person's plan, for their settings."""

    def __init__(self, user) -> None:
        self.user = user

    @cached_property
    def subscription(self) -> Subscription | None:
        """What gives them a plan."""
        return self._standing if self._standing is not None and self._standing.is_live else None

    @cached_property
    def unfinished(self):
        """What they began to pay and did not finish."""
        if self._standing is None:
            return None
        waiting = self._standing.waiting_period()
        return waiting if waiting is not None and waiting.payment.is_open else None

    @cached_property
    def plan_name(self) -> str:
        if self.subscription is not None:
            return self.subscription.plan.name
        free = Plan.objects.free()
        return free.name if free else "Free"

    @cached_property
    def limits(self) -> Limits:
        return entitlements_of(self.user)

    @cached_property
    def next_bill(self) -> Bill | None:
        """What is charged next; None where nothing is."""
        mine = self.subscription
        if mine is None or not mine.renews:
            return None
        return bill(renewal_price(mine), mine.country)

    @property
    def can_pay_now(self) -> bool:
        mine = self.subscription
        return mine is not None and self.unfinished is None and may_pay_now(mine, timezone.now())

    @cached_property
    def card(self) -> SavedPaymentMethod | None:
        """What is charged next."""
        return usable_method_of(self.user)

    @cached_property
    def cards(self) -> list[SavedPaymentMethod]:
        return list(SavedPaymentMethod.objects.of_user(self.user).kept().default_first())

    @cached_property
    def offers(self) -> list:
        return offered()

    @cached_property
    def usages(self) -> list[Usage]:
        storage, private = Quota.of(self.user), PrivateModels.of(self.user)
        return [
            Usage("Storage", storage.used, storage.limit, storage.short),
            Usage("Private models", private.used, private.limit, f"{private.used} of {private.limit}"),
        ]

    @property
    def facts(self) -> list[dict[str, str]]:
        days = self.limits.hold_days
        return [
            {"label": "Largest file", "value": round_size(self.limits.max_upload_bytes)},
            {"label": "Statistics go back", "value": period_label(self.limits.analytics_days)},
            {"label": "Proceeds can be paid out after", "value": f"{days} day{'' if days == 1 else 's'}"},
        ]

    @cached_property
    def _standing(self) -> Subscription | None:
        return standing_of(self.user)
