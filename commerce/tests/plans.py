"""Plans and subscriptions for tests, made by the same calls as on the site; and a clock that they can set."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from importlib import import_module

from django.apps import apps

from accounts.entitlements import entitlements_of, everybodys_limits
from commerce.actions.payments import refresh_payment, start_payment
from commerce.actions.saved_methods import remember
from commerce.actions.subscriptions.subscribing import subscribe
from commerce.gateways import sandbox
from commerce.gateways.sandbox.sources import CARD_SUCCEEDS
from commerce.models import Interval, Payment, Plan, Subscription, SubscriptionPeriod
from commerce.subscriptions.billing import bill

COUNTRY = "US"
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


class Clock:
    """What time it is, everywhere; moved by hand."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def go(self, **time) -> datetime:
        self.now += timedelta(**time)
        return self.now

    def to(self, now: datetime) -> datetime:
        self.now = now
        return now


def first_plans() -> dict[str, Plan]:
    """The plans that the site starts with, also after a test has emptied every table."""
    import_module("commerce.migrations.0005_first_plans").make_plans(apps, None)
    return Plan.objects.in_bulk(field_name="slug")


def begin(user, plan: Plan, interval: str = Interval.MONTH, *, method: str = "card", **options) -> Payment:
    shown = options.pop("shown", bill(plan.price(interval), COUNTRY).total)
    return subscribe(
        user=user, plan=plan, interval=interval, method=method, country=COUNTRY, shown=shown, **options
    )


def pay(payment: Payment, card=CARD_SUCCEEDS) -> Payment:
    """As its payer does on the provider's page, and what follows."""
    start_payment(payment)
    payment.refresh_from_db()
    sandbox.pay(payment.provider_id, card)
    refresh_payment(payment)
    if payment.is_received:
        remember(payment)
    payment.refresh_from_db()
    return payment


def subscribed(user, plan: Plan, interval: str = Interval.MONTH, card=CARD_SUCCEEDS) -> Subscription:
    """A subscription whose first period is paid with a card that is kept."""
    payment = pay(begin(user, plan, interval), card)
    assert payment.is_received
    return of(user)


def of(user) -> Subscription:
    """The newest subscription of a person, as it is now."""
    found = Subscription.objects.of_user(user).select_related("user", "plan", "next_plan")
    return found.newest_first().first()


def paid_periods(subscription: Subscription) -> list[SubscriptionPeriod]:
    return list(subscription.periods.paid().order_by("pk"))


def charged(user) -> Decimal:
    """Everything that a person's payments have taken and that was not kept as due."""
    return sum(
        (
            payment.amount - payment.refund_due_amount
            for payment in user.payments.all()
            if payment.is_received
        ),
        Decimal(0),
    )


def assert_limits_match(user) -> None:
    """What the person may use is what their plan gives, or else what everybody has."""
    live = Subscription.objects.of_user(user).live().select_related("plan").first()
    assert entitlements_of(user) == (live.plan.limits if live else everybodys_limits())
