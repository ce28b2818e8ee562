"""A payment for a plan that is contested at a bank: the plan stays while it decides, and ends with what it takes."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from accounts.entitlements import entitlements_of, everybodys_limits
from accounts.models import Notification
from accounts.tests.factories import UserFactory
from commerce.actions.disputes import apply_dispute
from commerce.actions.subscriptions.changing import change
from commerce.actions.subscriptions.renewing import renew_due
from commerce.auditing import CHECKS, failures
from commerce.gateways.base import DisputeNews, DisputeProgress
from commerce.ledger import balance
from commerce.models import Interval, LedgerEntry, Subscription
from commerce.subscriptions.pricing import change_to
from commerce.tests.factories import tax_of
from commerce.tests.plans import COUNTRY, assert_limits_match, first_plans, of, paid_periods, subscribed
from commerce.tests.refunding import reloaded

pytestmark = pytest.mark.django_db
PLANS, FEE, BUYER, TAX = (
    *(LedgerEntry.Account.PLANS, LedgerEntry.Account.FEE, LedgerEntry.Account.BUYER, LedgerEntry.Account.TAX),
)
OPENED, WON, LOST = DisputeProgress.OPENED, DisputeProgress.WON, DisputeProgress.LOST
State = Subscription.State


@pytest.fixture
def plans(db):
    return first_plans()


@pytest.fixture
def user(db):
    return UserFactory()


def bank(period, state, amount=None, number="dp_1") -> str:
    amount = period.total if amount is None else Decimal(amount)
    return apply_dispute(period.payment, DisputeNews(number, state, amount, "unrecognized"))


def only_period(subscription):
    (period,) = paid_periods(subscription)
    return period


def nothing_is_out_of_place() -> None:
    own = [check for check in CHECKS if "sandbox" not in check.says]
    assert [str(one) for _, found in failures(own) for one in found] == []


def test_while_the_bank_decides_the_plan_stays_and_nobody_is_charged(user, plans, clock):
    subscription = subscribed(user, plans["pro"])
    bank(only_period(subscription), OPENED)
    assert of(user).state == State.ACTIVE
    clock.to(of(user).period_end)
    renew_due(clock())
    now = of(user)
    assert now.state == State.PAST_DUE and now.periods.count() == 1
    assert_limits_match(user)
    bank(only_period(subscription), WON)
    clock.to(of(user).due_at)
    renew_due(clock())
    assert of(user).state == State.ACTIVE and len(paid_periods(subscription)) == 2
    nothing_is_out_of_place()


def test_one_that_is_lost_ends_the_plan_and_comes_out_of_plans(user, plans):
    tax_of("21", country=COUNTRY)
    subscription = subscribed(user, plans["pro"])
    period = only_period(subscription)
    assert balance(PLANS) == period.amount and balance(TAX) == period.tax_amount > 0
    bank(period, OPENED)
    for _ in range(2):
        assert bank(period, LOST) == ""
    assert [balance(account) for account in (PLANS, TAX, FEE, BUYER)] == [0, 0, 0, 0]
    assert of(user).state == State.EXPIRED and reloaded(period).is_reversed
    assert entitlements_of(user) == everybodys_limits()
    assert reloaded(period.payment).status == "refunded"
    titles = Notification.objects.filter(user=user).values_list("title", flat=True)
    assert f"Your {plans['pro'].name} has ended" in titles
    nothing_is_out_of_place()


def test_a_part_that_is_lost_leaves_the_plan(user, plans):
    subscription = subscribed(user, plans["pro"])
    period = only_period(subscription)
    bank(period, LOST, "1.00")
    assert of(user).state == State.ACTIVE
    assert balance(PLANS) == period.amount - 1 and balance(FEE) == 0
    assert reloaded(period.payment).status == "partially_refunded"
    nothing_is_out_of_place()


def test_a_time_that_has_passed_takes_nothing_from_the_one_that_was_paid_since(user, plans, clock):
    subscription = subscribed(user, plans["pro"])
    first = only_period(subscription)
    clock.to(of(user).period_end)
    renew_due(clock())
    assert len(paid_periods(subscription)) == 2
    bank(first, LOST)
    assert of(user).state == State.ACTIVE
    assert balance(PLANS) == paid_periods(subscription)[1].amount and balance(FEE) == 0
    assert_limits_match(user)
    nothing_is_out_of_place()


def upgraded(user, plans, clock, plan="studio", interval=Interval.MONTH):
    """Its two periods: what was paid first, and the change."""
    subscription = subscribed(user, plans["pro"])
    clock.go(days=3)
    wanted = change_to(of(user), plans[plan], interval, clock())
    change(user=user, plan=plans[plan], interval=interval, shown=wanted.amount)
    first, second = paid_periods(subscription)
    return first, second


@pytest.mark.parametrize(("plan", "interval"), [("studio", Interval.MONTH), ("pro", Interval.YEAR)])
def test_a_change_to_more_that_is_lost_gives_back_what_was_there_before(user, plans, clock, plan, interval):
    first, second = upgraded(user, plans, clock, plan, interval)
    bank(second, LOST)
    now = of(user)
    assert (now.state, now.plan, now.interval, now.price) == (
        State.ACTIVE, plans["pro"], Interval.MONTH, first.price,
    )  # fmt: skip
    assert now.period_end == first.end == now.due_at
    assert balance(PLANS) == first.amount and balance(FEE) == 0
    assert_limits_match(user)
    nothing_is_out_of_place()
    clock.to(now.period_end)
    renew_due(clock())
    assert of(user).state == State.ACTIVE and of(user).period_end > first.end


def test_what_a_change_rests_on_takes_the_change_along(user, plans, clock):
    first, second = upgraded(user, plans, clock)
    bank(first, LOST)
    assert of(user).state == State.EXPIRED
    assert {reloaded(one).is_reversed for one in (first, second)} == {True}
    # What was paid for the change stays with us: nobody has taken it back.
    assert balance(PLANS) == second.amount and balance(FEE) == 0
    nothing_is_out_of_place()


def test_a_plan_that_has_ended_stays_so(user, plans, clock):
    subscription = subscribed(user, plans["pro"])
    period = only_period(subscription)
    Subscription.objects.filter(pk=subscription.pk).update(state=State.CANCELLED, cancelled_at=clock())
    clock.to(of(user).period_end)
    renew_due(clock())
    assert of(user).state == State.EXPIRED
    bank(period, LOST)
    assert of(user).state == State.EXPIRED and balance(PLANS) == balance(FEE) == 0
    nothing_is_out_of_place()


def test_who_lost_a_plan_may_subscribe_again(user, plans):
    subscription = subscribed(user, plans["pro"])
    bank(only_period(subscription), LOST)
    subscribed(user, plans["studio"])
    assert_limits_match(user)
    nothing_is_out_of_place()


@hypothesis_settings(
    max_examples=8,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    steps=st.lists(
        st.tuples(st.sampled_from([OPENED, WON, LOST]), st.booleans(), st.integers(1, 3000)),
        min_size=1,
        max_size=4,
    )
)
def test_in_any_order_the_books_balance_and_limits_are_those_of_the_plan(plans, clock, steps):
    user = UserFactory()
    periods = upgraded(user, plans, clock)
    for state, is_change, cents in steps:
        period = periods[is_change]
        bank(period, state, min(period.total, Decimal(cents) / 100), number=f"dp_{period.pk}")
        assert_limits_match(user)
        nothing_is_out_of_place()
