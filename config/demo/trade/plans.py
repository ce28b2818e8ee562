"""Who of the demo has a plan: one paid and renewed, one just begun, and one on trial."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from django.utils import timezone

from accounts.models import User
from commerce.actions.subscriptions.renewing import renew_due
from commerce.actions.subscriptions.subscribing import start_trial, subscribe
from commerce.models import Interval, Payment, Plan, Subscription
from commerce.subscriptions.billing import bill
from config.demo.catalogue.trade import VISA
from config.demo.trade.shop import Deed, Shop, hear, pay

# By name: which plan, since how many days, and where they live.
PAID = {"creator": ("pro", 40, "SE"), "tomasz_wilk": ("studio", 12, "PL")}
ON_TRIAL = {"amara_okafor": ("pro", 5, "NG")}


def deeds_of(shop: Shop) -> Iterator[Deed]:
    for name, (slug, days, country) in PAID.items():
        yield from _deed(
            shop, name, days, lambda *who, country=country, slug=slug: _begin(*who, slug, country)
        )
        # Whose month is over by then pays for the next one.
        yield from _deed(shop, name, days - 32, _renew)
    for name, (slug, days, country) in ON_TRIAL.items():
        yield from _deed(shop, name, days, lambda *who, country=country, slug=slug: _try(*who, slug, country))


def _deed(shop: Shop, name: str, days: int, do: Callable[[User], object]) -> Iterator[Deed]:
    if name in shop.people and days > 0:
        yield Deed(shop.ago(days), lambda: do(shop.people[name]))


def _plan(slug: str) -> Plan | None:
    return Plan.objects.offered().paid().filter(slug=slug).first()


def _begin(person: User, slug: str, country: str) -> None:
    plan = _plan(slug)
    if plan is None or Subscription.objects.of_user(person).exists():
        return
    payment = subscribe(
        user=person,
        plan=plan,
        interval=Interval.MONTH,
        method=Payment.Method.CARD,
        country=country,
        shown=bill(plan.price(Interval.MONTH), country).total,
    )
    pay(payment, VISA)


def _renew(person: User) -> None:
    """By the card that was kept, as beat has it done."""
    if not Subscription.objects.of_user(person).due(timezone.now()).exists():
        return
    renew_due()
    for payment in Payment.objects.filter(payer=person, created_at__gte=timezone.now() - timedelta(hours=1)):
        hear(payment)


def _try(person: User, slug: str, country: str) -> None:
    plan = _plan(slug)
    if plan and plan.trial_days and not Subscription.objects.of_user(person).exists():
        start_trial(user=person, plan=plan, interval=Interval.MONTH, country=country)
