"""Anything that a person, a card, a provider and time can do to a subscription, in any order."""

from contextlib import suppress
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from accounts.tests.factories import UserFactory
from commerce.actions.payments import settle
from commerce.actions.subscriptions.changing import change, withdraw_change
from commerce.actions.subscriptions.ending import cancel, resume
from commerce.actions.subscriptions.renewing import remind, renew_due
from commerce.actions.subscriptions.standing import standing_of
from commerce.actions.subscriptions.subscribing import pay_now, start_trial
from commerce.auditing.check import failures
from commerce.auditing.checks.plans import CHECKS
from commerce.exceptions import CommerceError
from commerce.gateways.sandbox.sources import CARD_DECLINED, CARD_DECLINED_LATER, CARD_SUCCEEDS
from commerce.ledger import balance
from commerce.models import (
    Interval,
    LedgerEntry,
    Payment,
    Plan,
    SandboxCharge,
    Subscription,
    SubscriptionPeriod,
    TaxRate,
)
from commerce.subscriptions.billing import bill
from commerce.subscriptions.pricing import change_to, renewal_price
from commerce.tests.factories import received
from commerce.tests.plans import COUNTRY, Clock, assert_limits_match, begin, charged, first_plans, pay

pytestmark = pytest.mark.django_db
State = Subscription.State
Kind = SubscriptionPeriod.Kind

slugs = st.sampled_from(["pro", "studio"])
intervals = st.sampled_from(list(Interval))
cards = st.sampled_from([CARD_SUCCEEDS, CARD_SUCCEEDS, CARD_DECLINED_LATER, CARD_DECLINED])
steps = st.one_of(
    st.tuples(st.just("subscribe"), slugs, intervals, cards),
    st.tuples(st.just("leave"), slugs, intervals),
    st.tuples(st.just("try_it"), slugs, intervals),
    st.tuples(st.just("change"), slugs, intervals),
    st.tuples(st.just("pay"), cards),
    st.tuples(st.sampled_from(["withdraw", "cancel", "resume", "beat", "late_money"])),
    st.tuples(st.just("wait"), st.sampled_from([0, 1, 2, 5, 14, 31, 100, 366])),
    st.tuples(st.just("dearer"), slugs, st.sampled_from(["9.00", "12.00", "19.00", "39.00", "49.00"])),
)


class Story:
    """One person, and what happens to their plan."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.person = UserFactory(creator=True)
        self.plans = first_plans()

    def subscribe(self, slug, interval, card):
        pay(begin(self.person, self._plan(slug), interval), card)

    def leave(self, slug, interval):
        """Begun, and never paid."""
        begin(self.person, self._plan(slug), interval)

    def try_it(self, slug, interval):
        start_trial(user=self.person, plan=self._plan(slug), interval=interval, country=COUNTRY)

    def change(self, slug, interval):
        mine, plan = standing_of(self.person), self._plan(slug)
        shown = Decimal(0)
        if mine is not None and mine.is_live:
            shown = bill(change_to(mine, plan, interval, self.clock.now).amount, COUNTRY).total
        change(user=self.person, plan=plan, interval=interval, shown=shown)

    def pay(self, card):
        mine = standing_of(self.person)
        shown = bill(renewal_price(mine), COUNTRY).total if mine else Decimal(0)
        pay(pay_now(user=self.person, method="card", shown=shown), card)

    def withdraw(self):
        withdraw_change(user=self.person)

    def cancel(self):
        cancel(user=self.person)

    def resume(self):
        resume(user=self.person)

    def wait(self, days):
        """Beat looks in every so often."""
        for _ in range(0, days, 5):
            self.clock.go(days=min(days, 5))
            self.beat()

    def beat(self):
        remind()
        renew_due()
        # What was due has been done, whatever came of it.
        assert not Subscription.objects.due(self.clock.now).exists()

    def late_money(self):
        payment = Payment.objects.filter(status=Payment.Status.FAILED).order_by("pk").first()
        if payment is not None:
            settle(payment, received(payment))

    def dearer(self, slug, price):
        Plan.objects.filter(slug=slug).update(price_monthly=price)

    def _plan(self, slug) -> Plan:
        return Plan.objects.get(slug=slug)

    def check(self) -> None:
        assert_limits_match(self.person)
        assert Subscription.objects.of_user(self.person).standing().count() <= 1
        paid = SubscriptionPeriod.objects.of_user(self.person).paid().select_related("follows", "payment")
        for period in paid:
            assert period.amount <= period.price
            if period.kind == Kind.RENEWAL:
                # No time twice.
                assert period.start >= period.follows.end
        for subscription in Subscription.objects.of_user(self.person):
            chain = [period.follows_id for period in paid if period.subscription_id == subscription.pk]
            assert len(chain) == len(set(chain))
        # Every cent that came pays for a period or is due to be sent back; the books say the same.
        assert charged(self.person) == sum((period.total for period in paid), Decimal(0))
        books = balance(LedgerEntry.Account.PLANS) + balance(LedgerEntry.Account.TAX)
        assert books == charged(self.person)
        due = Payment.objects.aggregate(total=Sum("refund_due_amount"))["total"] or 0
        assert due == balance(LedgerEntry.Account.DUE)
        for mine in Subscription.objects.of_user(self.person).live():
            assert mine.due_at is not None
            if mine.state in (State.ACTIVE, State.PAST_DUE):
                assert mine.is_on_trial or paid.filter(subscription=mine).exists()

        for check, found in failures(CHECKS):
            assert found == [], check.says

    def check_nothing_was_taken_twice(self) -> None:
        """The provider's own records: everything that it took is known here."""
        taken = SandboxCharge.objects.filter(status=SandboxCharge.Status.SUCCEEDED)
        ids = {str(charge.charge_id) for charge in taken}
        known = Payment.objects.filter(provider_id__in=ids)
        assert known.count() == len(ids)
        assert all(payment.is_received for payment in known)


def tell(monkeypatch, story, percent: int = 0) -> None:
    clock = Clock()
    with monkeypatch.context() as patched, transaction.atomic():
        patched.setattr("django.utils.timezone.now", clock)
        if percent:
            TaxRate.objects.create(country=COUNTRY, percent=Decimal(percent), valid_from="2020-01-01")
        one = Story(clock)
        for name, *arguments in story:
            with suppress(CommerceError):
                getattr(one, name)(*arguments)
            one.check()
        one.check_nothing_was_taken_twice()
        transaction.set_rollback(True)


def settings_of(examples: int):
    return hypothesis_settings(
        max_examples=examples,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )


@given(story=st.lists(steps, max_size=12))
@settings_of(12)
def test_limits_match_the_state_and_no_time_is_charged_twice(db, monkeypatch, story):
    tell(monkeypatch, story, percent=21)


@pytest.mark.full
@pytest.mark.parametrize("percent", [0, 21])
@given(story=st.lists(steps, max_size=25))
@settings_of(150)
def test_limits_match_the_state_in_long_stories_too(db, monkeypatch, percent, story):
    tell(monkeypatch, story, percent)
