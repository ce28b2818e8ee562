"""Getting a plan, changing it, cancelling it: what is refused, what it costs, and that limits follow."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from accounts.models import Notification
from accounts.tests.factories import UserFactory
from commerce.actions.payments import cancel_payment, fail_payment, settle, try_again
from commerce.actions.plans import save_plan
from commerce.actions.subscriptions.changing import change, withdraw_change
from commerce.actions.subscriptions.ending import cancel, end_for_good, extend, resume
from commerce.actions.subscriptions.subscribing import pay_now, start_trial
from commerce.exceptions import CheckoutChanged, PaymentNotPossible, SubscriptionRefused
from commerce.gateways.sandbox.sources import CARD_DECLINED, CARD_DECLINED_LATER
from commerce.ledger import balance
from commerce.models import (
    Interval,
    LedgerEntry,
    LedgerMovement,
    Payment,
    Plan,
    Subscription,
    SubscriptionPeriod,
    TaxRate,
)
from commerce.subscriptions.billing import bill
from commerce.subscriptions.calendar import days_left, days_of, period_end
from commerce.subscriptions.pricing import change_to
from commerce.tests.factories import received
from commerce.tests.plans import (
    COUNTRY,
    NOON,
    assert_limits_match,
    begin,
    charged,
    first_plans,
    of,
    paid_periods,
    pay,
    subscribed,
)
from core.models import AuditEntry, OutgoingMail

pytestmark = pytest.mark.django_db
State = Subscription.State
MONTH, YEAR = Interval.MONTH, Interval.YEAR


@pytest.fixture
def plans():
    return first_plans()


@pytest.fixture
def person():
    return UserFactory(creator=True)


def changed(person, plan, interval=MONTH, **options):
    """Change for what it costs now."""
    shown = bill(change_to(of(person), plan, interval, timezone.now()).amount, COUNTRY).total
    return change(user=person, plan=plan, interval=interval, shown=shown, **options)


# ---------------------------------------------------------------------------------------------- refused


@pytest.mark.parametrize("slug", ["free", "pro"])
def test_what_is_free_or_not_offered_cannot_be_subscribed_to(plans, person, slug):
    Plan.objects.filter(slug="pro").update(is_active=False)
    plan = Plan.objects.get(slug=slug)
    with pytest.raises(SubscriptionRefused, match="cannot be subscribed"):
        begin(person, plan)
    with pytest.raises(SubscriptionRefused, match="cannot be subscribed"):
        start_trial(user=person, plan=plan, interval=MONTH, country=COUNTRY)
    assert not Subscription.objects.exists()


def test_a_price_that_was_not_shown_is_not_charged(plans, person):
    with pytest.raises(CheckoutChanged, match=r"\$12.00 now instead of \$11.00"):
        begin(person, plans["pro"], shown=Decimal("11.00"))
    assert not Payment.objects.exists()


def test_a_method_that_nobody_takes_is_refused(plans, person, settings):
    settings.PAYMENT_PAYPAL = ""
    with pytest.raises(PaymentNotPossible, match="Choose how to pay"):
        begin(person, plans["pro"], method="paypal")
    assert not Subscription.objects.exists()


def test_who_has_a_plan_cannot_subscribe_or_try_again(plans, person):
    subscribed(person, plans["pro"])
    with pytest.raises(SubscriptionRefused, match="You have Pro already"):
        begin(person, plans["studio"])
    with pytest.raises(SubscriptionRefused, match="You have Pro already"):
        start_trial(user=person, plan=plans["studio"], interval=MONTH, country=COUNTRY)


def test_nobody_tries_twice(plans, person):
    start_trial(user=person, plan=plans["pro"], interval=MONTH, country=COUNTRY)
    end_for_good(person)
    with pytest.raises(SubscriptionRefused, match="had your trial already"):
        start_trial(user=person, plan=plans["studio"], interval=MONTH, country=COUNTRY)


def test_who_has_no_plan_can_neither_change_nor_cancel_nor_resume_nor_pay(plans, person):
    for call in (
        lambda: change(user=person, plan=plans["pro"], interval=MONTH, shown=Decimal(0)),
        lambda: cancel(user=person),
        lambda: resume(user=person),
        lambda: pay_now(user=person, method="card", shown=Decimal(0)),
    ):
        with pytest.raises(SubscriptionRefused):
            call()


def test_a_change_to_what_one_has_is_refused(plans, person):
    subscribed(person, plans["pro"])
    with pytest.raises(SubscriptionRefused, match="You have Pro already"):
        change(user=person, plan=plans["pro"], interval=MONTH, shown=Decimal(0))


def test_a_change_is_refused_while_cancelled_and_while_a_renewal_is_due(plans, person, clock):
    subscription = subscribed(person, plans["pro"])
    cancel(user=person)
    with pytest.raises(SubscriptionRefused, match="Resume it first"):
        change(user=person, plan=plans["studio"], interval=MONTH, shown=Decimal(0))
    resume(user=person)
    clock.to(subscription.period_end)
    with pytest.raises(SubscriptionRefused, match="being renewed"):
        change(user=person, plan=plans["studio"], interval=MONTH, shown=Decimal(0))


@pytest.mark.parametrize(
    ("constraint", "wrong"),
    [
        ("subscription_one_standing", {}),
        ("subscription_price_positive", {"state": "expired", "price": 0}),
        ("subscription_live_has_period", {"state": "active"}),
        ("subscription_expired_has_time", {"state": "expired"}),
        ("subscription_next_is_whole", {"state": "expired", "next_interval": "year"}),
        ("subscription_anchor_is_a_day", {"state": "expired", "anchor_day": 32}),
    ],
)
def test_the_database_refuses_a_subscription_that_makes_no_sense(plans, person, constraint, wrong):
    subscribed(person, plans["pro"])
    fields = {"state": "incomplete", "price": Decimal(12)} | wrong
    if fields["state"] == "expired" and "expired_has_time" not in constraint:
        fields["ended_at"] = timezone.now()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Subscription.objects.create(user=person, plan=plans["pro"], interval=MONTH, **fields)


# ---------------------------------------------------------------------------------------------- getting one


def test_the_first_payment_gives_the_plan_and_tells_and_posts_it(plans, person, clock):
    payment = begin(person, plans["pro"])
    subscription = of(person)
    assert (subscription.state, payment.amount) == (State.INCOMPLETE, Decimal("12.00"))
    assert_limits_match(person)

    pay(payment)
    subscription = of(person)
    assert (subscription.state, subscription.period_start) == (State.ACTIVE, NOON)
    assert subscription.period_end == datetime(2026, 4, 10, 12, tzinfo=UTC)
    assert_limits_match(person)
    [period] = paid_periods(subscription)
    assert (period.amount, period.payment, period.paid_at) == (Decimal("12.00"), payment, NOON)
    movement = LedgerMovement.objects.get(key=f"plan:{payment.pk}")
    assert sum(entry.amount for entry in movement.entries.all()) == 0
    assert balance(LedgerEntry.Account.PLANS) == Decimal("12.00")
    mail = OutgoingMail.objects.get(kind="commerce/plan_news")
    assert mail.subject == "Welcome to Pro"
    assert "$12.00" in mail.text
    assert Notification.objects.get(kind="subscription").title == "Welcome to Pro"
    assert person.saved_payment_methods.get().last4 == "4242"


def test_the_same_again_is_the_same_payment_and_another_choice_gives_it_up(plans, person):
    first = begin(person, plans["pro"])
    assert begin(person, plans["pro"]) == first
    second = begin(person, plans["studio"])
    first.refresh_from_db()
    assert (first.status, second.amount) == (Payment.Status.FAILED, Decimal("39.00"))
    assert Subscription.objects.of_user(person).standing().count() == 1


def test_a_declined_card_gives_nothing_and_another_one_may_follow(plans, person):
    declined = pay(begin(person, plans["pro"]), CARD_DECLINED)
    assert declined.status == Payment.Status.FAILED
    assert_limits_match(person)
    pay(try_again(declined, method="card"))
    assert of(person).state == State.ACTIVE
    assert Subscription.objects.count() == 1


def test_a_payment_that_is_given_up_leaves_no_plan(plans, person):
    payment = begin(person, plans["pro"])
    cancel_payment(payment)
    assert of(person).state == State.EXPIRED
    assert not OutgoingMail.objects.exists()


def test_money_that_comes_after_giving_up_gives_the_plan_all_the_same(plans, person, clock):
    payment = begin(person, plans["pro"])
    cancel_payment(payment)
    clock.go(hours=5)
    assert settle(payment, received(payment)) == ""
    subscription = of(person)
    assert (subscription.state, subscription.period_start) == (State.ACTIVE, clock.now)
    assert_limits_match(person)


def test_money_for_a_plan_given_up_for_another_one_is_due_to_be_sent_back(plans, person):
    first = begin(person, plans["pro"])
    subscribed(person, plans["studio"])
    assert "is to be refunded" in settle(first, received(first))
    first.refresh_from_db()
    assert (first.status, first.refund_due_amount) == (Payment.Status.REFUND_DUE, Decimal("12.00"))
    assert of(person).plan == plans["studio"]


def test_tax_of_the_country_is_added_and_posted_apart(plans, person):
    TaxRate.objects.create(country=COUNTRY, percent=Decimal(21), valid_from="2020-01-01")
    subscription = subscribed(person, plans["pro"])
    [period] = paid_periods(subscription)
    assert (period.amount, period.tax_amount, period.total) == (
        Decimal("12.00"),
        Decimal("2.52"),
        Decimal("14.52"),
    )
    assert balance(LedgerEntry.Account.TAX) == Decimal("2.52")
    assert balance(LedgerEntry.Account.PLANS) == Decimal("12.00")


def test_tax_that_is_in_the_price_is_taken_out_of_it(plans, person, settings):
    settings.PRICES_INCLUDE_TAX = True
    TaxRate.objects.create(country=COUNTRY, percent=Decimal(20), valid_from="2020-01-01")
    [period] = paid_periods(subscribed(person, plans["pro"]))
    assert (period.amount, period.tax_amount, period.total) == (
        Decimal("10.00"),
        Decimal("2.00"),
        Decimal("12.00"),
    )


def test_a_trial_gives_everything_for_nothing_and_paying_in_it_loses_no_day(plans, person, clock):
    start_trial(user=person, plan=plans["pro"], interval=MONTH, country=COUNTRY)
    assert_limits_match(person)
    trial_end = NOON + timedelta(days=14)
    clock.go(days=3)
    pay(pay_now(user=person, method="card", shown=Decimal("12.00")))
    subscription = of(person)
    assert (subscription.state, subscription.period_start) == (State.ACTIVE, trial_end)
    assert subscription.period_end == datetime(2026, 4, 24, 12, tzinfo=UTC)
    assert charged(person) == Decimal("12.00")


def test_in_a_trial_every_change_is_at_once_and_free(plans, person):
    start_trial(user=person, plan=plans["pro"], interval=MONTH, country=COUNTRY)
    for plan, interval in ((plans["studio"], YEAR), (plans["pro"], MONTH)):
        assert changed(person, plan, interval) is None
        assert (of(person).plan, of(person).interval) == (plan, interval)
        assert_limits_match(person)
    assert charged(person) == 0


# ---------------------------------------------------------------------------------------------- changing


def test_changing_up_costs_the_difference_for_the_days_left_at_once(plans, person, clock):
    subscription = subscribed(person, plans["pro"])
    clock.go(days=16)
    payment = changed(person, plans["studio"])
    # 15 of 31 days are left: (39 - 12) * 15 / 31
    assert (payment.amount, payment.is_received) == (Decimal("13.06"), True)
    after = of(person)
    assert (after.plan, after.price, after.period_end) == (
        plans["studio"],
        Decimal("39.00"),
        subscription.period_end,
    )
    assert_limits_match(person)


def test_a_change_that_the_kept_card_declines_can_be_paid_by_another(plans, person):
    subscribed(person, plans["pro"], card=CARD_DECLINED_LATER)
    payment = changed(person, plans["studio"])
    assert payment.status == Payment.Status.FAILED
    assert of(person).plan == plans["pro"]
    pay(try_again(payment, method="card"))
    assert of(person).plan == plans["studio"]
    assert_limits_match(person)


def test_from_months_to_years_a_year_begins_less_what_is_left(plans, person, clock):
    subscribed(person, plans["pro"])
    clock.go(days=16)
    payment = changed(person, plans["pro"], YEAR)
    assert payment.amount == Decimal("120.00") - Decimal("5.81")
    after = of(person)
    assert (after.period_start, after.period_end) == (clock.now, datetime(2027, 3, 26, 12, tzinfo=UTC))


@pytest.mark.parametrize(("slug", "interval"), [("pro", YEAR), ("studio", MONTH), ("pro", MONTH)])
def test_less_begins_when_what_is_paid_ends_and_can_be_taken_back(plans, person, slug, interval):
    subscribed(person, plans["studio"], YEAR)
    assert changed(person, plans[slug], interval) is None
    after = of(person)
    assert (after.plan, after.next_plan, after.next_interval) == (plans["studio"], plans[slug], interval)
    assert charged(person) == Decimal("390.00")
    assert_limits_match(person)
    withdraw_change(user=person)
    assert of(person).next_plan is None


def test_an_amount_that_was_not_shown_changes_nothing(plans, person):
    subscribed(person, plans["pro"])
    with pytest.raises(CheckoutChanged):
        change(user=person, plan=plans["studio"], interval=MONTH, shown=Decimal("1.00"))
    assert of(person).plan == plans["pro"]
    assert charged(person) == Decimal("12.00")


def test_money_for_a_change_that_was_overtaken_is_due(plans, person):
    subscribed(person, plans["pro"], card=CARD_DECLINED_LATER)
    late = changed(person, plans["studio"])
    person.saved_payment_methods.all().update(removed_at=timezone.now(), is_default=False)
    pay(changed(person, plans["pro"], YEAR))
    assert "is to be refunded" in settle(late, received(late))
    assert (of(person).plan, of(person).interval) == (plans["pro"], YEAR)


DAYS = st.integers(min_value=0, max_value=800)
# The first date that is drawn loads the calendars of all time zones.
patiently = hypothesis_settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
PRICES = st.decimals(min_value=Decimal("0.50"), max_value=Decimal("99999.99"), places=2)


@patiently
@given(started=st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1)), day=DAYS, old=PRICES, new=PRICES)  # noqa: DTZ001
def test_a_change_up_never_costs_less_than_nothing_or_more_than_the_difference(started, day, old, new):
    start = started.replace(tzinfo=UTC)
    end = period_end(start, MONTH, start.day)
    now = min(start + timedelta(days=day % 31), end - timedelta(seconds=1))
    less = Plan(pk=1, rank=1, price_monthly=old, price_yearly=old)
    more = Plan(pk=2, rank=2, price_monthly=new, price_yearly=new)
    subscription = Subscription(
        plan=less, interval=MONTH, price=old, state=State.ACTIVE, period_start=start, period_end=end
    )
    up = change_to(subscription, more, MONTH, now)
    assert 0 <= up.amount <= max(new - old, 0)
    assert up.at_once
    longer = change_to(subscription, more, YEAR, now)
    assert max(new - old, 0) - Decimal("0.50") <= longer.amount <= new
    subscription.plan, subscription.price = more, new
    down = change_to(subscription, less, MONTH, now)
    assert (down.at_once, down.amount, down.start) == (False, 0, end)


@patiently
@given(st.datetimes(datetime(2024, 1, 1), datetime(2035, 1, 1)), st.sampled_from(Interval))  # noqa: DTZ001
def test_periods_follow_each_other_on_their_day_of_the_month(started, interval):
    start = begin_at = started.replace(tzinfo=UTC)
    for _ in range(14):
        end = period_end(begin_at, interval, start.day)
        assert end > begin_at
        assert end.day == start.day or (end + timedelta(days=1)).day == 1
        assert end.timetz() == start.timetz()
        assert days_left(begin_at, end, begin_at) == days_of(begin_at, end) > 27
        begin_at = end


# ---------------------------------------------------------------------------------------------- ending


def test_cancelling_keeps_what_is_paid_and_resuming_undoes_it(plans, person):
    subscribed(person, plans["pro"])
    for _ in range(2):
        cancel(user=person)
    assert of(person).state == State.CANCELLED
    assert_limits_match(person)
    for _ in range(2):
        resume(user=person)
    assert (of(person).state, of(person).cancelled_at) == (State.ACTIVE, None)
    assert Notification.objects.filter(kind="subscription").count() == 3


def test_a_cancelled_trial_is_a_trial_again_when_resumed(plans, person):
    start_trial(user=person, plan=plans["pro"], interval=MONTH, country=COUNTRY)
    cancel(user=person)
    resume(user=person)
    assert of(person).state == State.TRIALING


def test_what_has_ended_is_not_resumed(plans, person, clock):
    subscription = subscribed(person, plans["pro"])
    cancel(user=person)
    clock.to(subscription.period_end)
    with pytest.raises(SubscriptionRefused, match="has ended"):
        resume(user=person)


def test_money_that_comes_after_cancelling_is_due(plans, person):
    subscribed(person, plans["pro"], card=CARD_DECLINED_LATER)
    payment = changed(person, plans["studio"])
    cancel(user=person)
    assert "is to be refunded" in settle(payment, received(payment))
    assert of(person).plan == plans["pro"]


def test_the_end_of_an_account_ends_its_plan_and_money_that_comes_later_is_due(plans, person):
    payment = begin(person, plans["pro"])
    end_for_good(person)
    end_for_good(person)
    type(person).objects.filter(pk=person.pk).update(deleted_at=timezone.now())
    assert "is to be refunded" in settle(payment, received(payment))
    assert of(person).state == State.EXPIRED


def test_days_that_are_given_move_the_end_and_are_written_down(plans, person):
    subscription = subscribed(person, plans["pro"])
    admin = UserFactory(admin=True)
    with pytest.raises(ValueError, match="Between 1 and 366"):
        extend(subscription=subscription, days=0, by=admin)
    extend(subscription=subscription, days=10, by=admin)
    assert of(person).period_end == subscription.period_end + timedelta(days=10)
    assert AuditEntry.objects.get(action="subscription.extend").data == {"days": 10}
    end_for_good(person)
    with pytest.raises(SubscriptionRefused, match="has ended"):
        extend(subscription=subscription, days=10, by=admin)


def test_new_limits_of_a_plan_are_everybodys_who_has_it_and_nobody_elses(plans, person):
    other = UserFactory()
    subscribed(person, plans["pro"])
    subscribed(other, plans["studio"])
    pro = plans["pro"]
    pro.storage_bytes *= 2
    save_plan(plan=pro, by=UserFactory(admin=True))
    assert_limits_match(person)
    assert_limits_match(other)
    assert "storage_bytes" in AuditEntry.objects.get(action="plan.change").data


def test_failing_twice_or_after_it_was_paid_changes_nothing(plans, person):
    payment = begin(person, plans["pro"])
    for _ in range(2):
        fail_payment(payment, "No money.")
    assert SubscriptionPeriod.objects.get().state == SubscriptionPeriod.State.FAILED
    payment = pay(begin(person, plans["pro"]))
    fail_payment(payment, "No money.")
    assert of(person).state == State.ACTIVE


@pytest.mark.parametrize("trial", [True, False])
def test_days_that_were_given_while_the_next_period_is_being_paid_are_not_lost(plans, person, trial):
    if trial:
        start_trial(user=person, plan=plans["pro"], interval=MONTH, country=COUNTRY)
    else:
        subscribed(person, plans["pro"])
        now = timezone.now()
        ends = {"period_start": now - timedelta(days=20), "period_end": now + timedelta(days=10)}
        Subscription.objects.update(**ends, due_at=ends["period_end"])
    payment = pay_now(user=person, method="card", shown=bill(of(person).price, COUNTRY).total)
    extend(subscription=of(person), days=30, by=UserFactory(staff=True))
    given = of(person).period_end
    pay(payment)
    period = paid_periods(of(person))[-1]
    assert (of(person).period_start, period.start) == (given, given)
    assert of(person).period_end == period.end == period_end(given, MONTH, given.day)
