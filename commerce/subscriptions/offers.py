"""What the pricing page shows, and to whom it offers what."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.urls import reverse

from commerce.actions.subscriptions.standing import standing_of
from commerce.actions.subscriptions.subscribing import may_try
from commerce.models import Interval, Plan, Subscription
from commerce.money import round_money
from commerce.subscriptions.pricing import is_up
from marketplace.model_statistics import period_label


@dataclass(frozen=True)
class Offer:
    """A plan as a card: what it costs, and what the person who looks can do. `state` marks what they have."""

    plan: Plan
    price: Decimal
    by_month: Decimal
    label: str = ""
    url: str = ""
    state: str = ""
    is_main: bool = False

    @property
    def is_current(self) -> bool:
        return bool(self.state)


def round_size(size: int) -> str:
    """As people say it: without a decimal that is 0."""
    return filesizeformat(size).replace(".0\xa0", "\xa0")


def interval_of(text: str | None) -> str:
    """Months, unless the address says years."""
    return Interval.YEAR if text == Interval.YEAR else Interval.MONTH


class PricingPage:
    """The plans that are offered, for months or for years, to this person."""

    def __init__(self, user, interval: str) -> None:
        self.user = user
        self.interval = interval

    @cached_property
    def plans(self) -> list[Plan]:
        return list(Plan.objects.offered())

    @cached_property
    def subscription(self) -> Subscription | None:
        """What gives the person a plan now."""
        found = standing_of(self.user) if self.user.is_authenticated else None
        return found if found is not None and found.is_live else None

    @cached_property
    def offers(self) -> list[Offer]:
        return [self._offer(plan) for plan in self.plans]

    @property
    def most_saved(self) -> int:
        """In percent, by paying for a year."""
        return max((plan.saving_percent for plan in self.plans if not plan.is_free), default=0)

    @property
    def is_off_the_list(self) -> bool:
        """Whether the person has a plan that is not offered any more."""
        return self.subscription is not None and not self.subscription.plan.is_active

    @property
    def comparison(self) -> list[tuple[str, list[str]]]:
        """A row for everything that differs, and for what people ask whether it does."""
        limits = [plan.limits for plan in self.plans]
        return [
            ("Largest file", [round_size(each.max_upload_bytes) for each in limits]),
            ("Storage", [round_size(each.storage_bytes) for each in limits]),
            ("Private models", [f"{each.private_models:,}" for each in limits]),
            ("Statistics go back", [period_label(each.analytics_days) for each in limits]),
            ("Proceeds can be paid out after", [_days(each.hold_days) for each in limits]),
            ("Our fee on a sale", [f"{settings.PLATFORM_FEE_PERCENT.normalize():f} %"] * len(limits)),
            ("Free trial", [_days(plan.trial_days) if plan.trial_days else "–" for plan in self.plans]),
        ]

    @cached_property
    def _may_try(self) -> bool:
        return not self.user.is_authenticated or (self.subscription is None and may_try(self.user))

    def _offer(self, plan: Plan) -> Offer:
        price = plan.price(self.interval)
        by_month = round_money(price / Interval(self.interval).months)
        label, url, state = self._free(plan) if plan.is_free else self._paid(plan)
        # One button of the page stands out: the first plan that costs something, for those who have none.
        first_paid = next((each for each in self.plans if not each.is_free), None)
        is_main = self.subscription is None and plan == first_paid
        return Offer(plan, price, by_month, label, url, state, is_main)

    def _free(self, plan: Plan) -> tuple[str, str, str]:
        if not self.user.is_authenticated:
            return "Create an account", reverse("account_signup"), ""
        if self.subscription is None:
            return "", "", "Your plan"
        if self.subscription.state == Subscription.State.CANCELLED:
            return "", "", "After your plan ends"
        return f"Go back to {plan.name}", reverse("commerce:plan_cancellation"), ""

    def _paid(self, plan: Plan) -> tuple[str, str, str]:
        url = f"{reverse('commerce:plan_order', args=[plan.slug])}?per={self.interval}"
        mine = self.subscription
        if mine is None:
            trial = plan.trial_days if self._may_try else 0
            return (f"Try it for {_days(trial)}" if trial else f"Subscribe to {plan.name}"), url, ""
        if (mine.plan_id, mine.interval) == (plan.pk, self.interval):
            state = "Your trial" if mine.is_on_trial else "Your plan"
            return "See your plan", reverse("commerce:plan"), state
        if (mine.next_plan_id, mine.next_interval) == (plan.pk, self.interval):
            return "See your plan", reverse("commerce:plan"), "Your next plan"
        if mine.state in (Subscription.State.CANCELLED, Subscription.State.PAST_DUE):
            return "See your plan", reverse("commerce:plan"), ""
        if mine.plan_id == plan.pk:
            return f"Change to {Interval(self.interval).adverb} payment", url, ""
        verb = "Change up" if is_up(mine, plan, self.interval) else "Change"
        return f"{verb} to {plan.name}", url, ""


def _days(number: int) -> str:
    return f"{number} day{'' if number == 1 else 's'}"
