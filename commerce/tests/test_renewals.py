"""What beat does about subscriptions: renewals charged once, failures tried again, people told before."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.models import Notification
from accounts.tests.factories import UserFactory
from commerce.actions.payments import refresh_payment, settle
from commerce.actions.plans import save_plan
from commerce.actions.saved_methods import make_default, remember, remove
from commerce.actions.subscriptions import renewing
from commerce.actions.subscriptions.changing import change
from commerce.actions.subscriptions.ending import cancel
from commerce.actions.subscriptions.renewing import remind, renew_due
from commerce.actions.subscriptions.standing import usable_method_of
from commerce.actions.subscriptions.subscribing import pay_now, start_trial
from commerce.exceptions import ProviderUnavailable
from commerce.gateways import sandbox
from commerce.gateways.sandbox.gateway import SandboxGateway
from commerce.gateways.sandbox.sources import CARD_CONFIRMS, CARD_DECLINED_LATER
from commerce.models import Interval, Payment, SandboxCharge, Subscription, SubscriptionPeriod
from commerce.tests.concurrency import at_once
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
from core.models import OutgoingMail

State = Subscription.State
MONTH, YEAR = Interval.MONTH, Interval.YEAR
pytestmark = pytest.mark.django_db


@pytest.fixture
def plans():
    return first_plans()


@pytest.fixture
def person():
    return UserFactory(creator=True)


def subjects() -> list[str]:
    return list(OutgoingMail.objects.order_by("pk").values_list("subject", flat=True))


def raise_price(plan, to: str) -> None:
    plan.price_monthly = Decimal(to)
    save_plan(plan=plan, by=UserFactory(admin=True))


def test_nothing_is_renewed_before_its_time(plans, person, clock):
    subscription = subscribed(person, plans["pro"])
    clock.to(subscription.period_end - timedelta(seconds=1))
    assert renew_due() == 0
    assert charged(person) == Decimal("12.00")


def test_a_period_that_ends_is_followed_by_one_that_is_charged_once(plans, person, clock):
    subscription = subscribed(person, plans["pro"])
    clock.to(subscription.period_end + timedelta(minutes=3))
    for _ in range(3):
        renew_due()
    after = of(person)
    assert (after.state, after.period_start) == (State.ACTIVE, subscription.period_end)
    assert after.period_end == datetime(2026, 5, 10, 12, tzinfo=UTC)
    assert charged(person) == Decimal("24.00")
    first, second = paid_periods(after)
    assert (second.follows, second.kind) == (first, SubscriptionPeriod.Kind.RENEWAL)
    assert subjects() == ["Welcome to Pro", "Pro is renewed until 10 May 2026"]


def test_a_failed_renewal_is_tried_after_1_3_and_5_days_then_the_plan_ends(plans, person, clock):
    subscription = subscribed(person, plans["pro"], card=CARD_DECLINED_LATER)
    due = subscription.period_end
    tried = []
    for _ in range(8 * 4):
        clock.go(hours=6) if clock.now >= due else clock.to(due)
        before = SubscriptionPeriod.objects.count()
        renew_due()
        if SubscriptionPeriod.objects.count() > before:
            tried.append(clock.now - due)
            assert_limits_match(person)
    assert tried == [timedelta(0), timedelta(days=1), timedelta(days=3), timedelta(days=5)]
    assert of(person).state == State.EXPIRED
    assert charged(person) == Decimal("12.00")
    assert_limits_match(person)
    failed = "The payment for Pro failed"
    assert subjects() == ["Welcome to Pro", failed, failed, failed, "Your Pro has ended"]


def test_an_overdue_period_can_be_paid_by_hand_and_begins_where_the_last_one_ended(plans, person, clock):
    subscription = subscribed(person, plans["pro"], card=CARD_DECLINED_LATER)
    clock.to(subscription.period_end)
    renew_due()
    assert of(person).state == State.PAST_DUE
    clock.go(days=2)
    pay(pay_now(user=person, method="card", shown=Decimal("12.00")))
    after = of(person)
    assert (after.state, after.period_start) == (State.ACTIVE, subscription.period_end)
    assert (after.attempts, after.overdue_since) == (0, None)


def test_the_card_that_settled_what_was_overdue_is_charged_from_then_on_until_another_is_chosen(
    plans,
    person,
    clock,
):
    subscription = subscribed(person, plans["pro"], card=CARD_DECLINED_LATER)
    old = person.saved_payment_methods.get()
    # Rows are stamped by the real clock.
    type(old).objects.update(updated_at=clock.now)
    clock.to(subscription.period_end)
    renew_due()
    pay(pay_now(user=person, method="card", shown=Decimal("12.00")))
    assert usable_method_of(person).last4 == "4242"
    clock.to(of(person).period_end)
    renew_due()
    assert of(person).state == State.ACTIVE
    clock.go(minutes=1)
    make_default(old)
    assert usable_method_of(person) == old


def test_money_that_comes_late_for_a_try_that_failed_pays_for_the_period_and_only_once(plans, person, clock):
    subscription = subscribed(person, plans["pro"], card=CARD_DECLINED_LATER)
    clock.to(subscription.period_end)
    renew_due()
    late = Payment.objects.get(status=Payment.Status.FAILED)
    by_hand = pay_now(user=person, method="card", shown=Decimal("12.00"))
    assert settle(late, received(late)) == ""
    assert of(person).state == State.ACTIVE
    assert "is to be refunded" in settle(by_hand, received(by_hand))
    assert charged(person) == Decimal("24.00")


def test_without_a_card_a_renewal_fails_and_a_trial_ends(plans, person, clock):
    subscription = subscribed(person, plans["pro"])
    remove(person.saved_payment_methods.get())
    other = UserFactory()
    start_trial(user=other, plan=plans["studio"], interval=MONTH, country=COUNTRY)
    clock.to(subscription.period_end)
    renew_due()
    assert (of(person).state, of(person).attempts) == (State.PAST_DUE, 1)
    assert of(other).state == State.EXPIRED
    assert_limits_match(other)
    assert "Your trial of Studio has ended" in subjects()


def test_a_trial_with_a_card_goes_on_when_it_ends(plans, person, clock):
    subscribed(person, plans["pro"])
    cancel(user=person)
    clock.to(of(person).period_end)
    renew_due()
    start_trial(user=person, plan=plans["studio"], interval=MONTH, country=COUNTRY)
    clock.go(days=14)
    renew_due()
    after = of(person)
    assert (after.state, after.price) == (State.ACTIVE, Decimal("39.00"))
    assert after.period_start == after.trial_ends_at
    assert_limits_match(person)


def test_what_was_cancelled_ends_uncharged(plans, person, clock):
    subscription = subscribed(person, plans["pro"])
    cancel(user=person)
    clock.to(subscription.period_end)
    renew_due()
    assert of(person).state == State.EXPIRED
    assert charged(person) == Decimal("12.00")
    assert_limits_match(person)


@pytest.mark.parametrize("standing", [{"is_active": False}, {"deletion_due_at": NOON}])
def test_who_is_suspended_or_about_to_go_is_not_charged(plans, person, clock, standing):
    subscription = subscribed(person, plans["pro"])
    type(person).objects.filter(pk=person.pk).update(**standing)
    clock.to(subscription.period_end)
    renew_due()
    assert of(person).state == State.EXPIRED
    assert charged(person) == Decimal("12.00")


def test_a_bank_that_wants_to_ask_is_waited_for_a_day(plans, person, clock):
    payment = begin(person, plans["pro"])
    pay(payment, CARD_CONFIRMS)
    sandbox.finish(payment.provider_id, SandboxCharge.Status.SUCCEEDED)
    refresh_payment(payment)
    pay_again_card(payment)
    clock.to(of(person).period_end)
    renew_due()
    subscription = of(person)
    waiting = subscription.waiting_period()
    assert (subscription.state, waiting.payment.is_open) == (State.PAST_DUE, True)
    mail = OutgoingMail.objects.order_by("-pk").first()
    assert "wants you to confirm" in mail.subject
    assert f"/payments/{waiting.payment.public_id}/" in mail.text
    assert_limits_match(person)
    sandbox.finish(waiting.payment.provider_id, SandboxCharge.Status.SUCCEEDED)
    refresh_payment(waiting.payment)
    assert of(person).state == State.ACTIVE


def test_what_nobody_confirms_counts_as_failed_and_is_tried_again(plans, person, clock):
    payment = begin(person, plans["pro"])
    pay(payment, CARD_CONFIRMS)
    sandbox.finish(payment.provider_id, SandboxCharge.Status.SUCCEEDED)
    refresh_payment(payment)
    pay_again_card(payment)
    clock.to(of(person).period_end)
    renew_due()
    clock.go(hours=24)
    renew_due()
    subscription = of(person)
    assert (subscription.state, subscription.attempts) == (State.PAST_DUE, 1)
    assert subscription.waiting_period() is None
    clock.to(subscription.due_at)
    renew_due()
    assert of(person).waiting_period() is not None


def pay_again_card(payment) -> None:
    """The card of a payment that was confirmed is kept."""
    payment.refresh_from_db()
    assert remember(payment) is not None


def test_a_worker_killed_between_charge_and_record_never_charges_twice(plans, person, clock, monkeypatch):
    subscription = subscribed(person, plans["pro"])
    clock.to(subscription.period_end)
    real = SandboxGateway.charge_saved

    def dies(*args, **options):
        real(*args, **options)
        raise SystemExit

    monkeypatch.setattr(SandboxGateway, "charge_saved", dies)
    with pytest.raises(SystemExit):
        renew_due()
    monkeypatch.setattr(SandboxGateway, "charge_saved", real)
    assert renew_due() == 0
    # A little later another one goes on with what it left.
    clock.go(minutes=11)
    renew_due()
    assert of(person).state == State.ACTIVE
    assert charged(person) == Decimal("24.00")
    assert SandboxCharge.objects.filter(status=SandboxCharge.Status.SUCCEEDED).count() == 2


def test_a_provider_that_does_not_answer_is_asked_again_soon_about_the_same_payment(
    plans,
    person,
    clock,
    monkeypatch,
):
    subscription = subscribed(person, plans["pro"])
    clock.to(subscription.period_end)
    real = SandboxGateway.charge_saved

    def away(*args, **options):
        raise ProviderUnavailable("It does not answer.")

    monkeypatch.setattr(SandboxGateway, "charge_saved", away)
    renew_due()
    assert (of(person).state, of(person).attempts) == (State.ACTIVE, 0)
    assert_limits_match(person)
    monkeypatch.setattr(SandboxGateway, "charge_saved", real)
    assert renew_due() == 0
    clock.go(minutes=10)
    renew_due()
    assert charged(person) == Decimal("24.00")
    assert SubscriptionPeriod.objects.count() == 2


def test_time_that_has_wholly_passed_is_not_charged(plans, person, clock):
    subscription = subscribed(person, plans["pro"])
    clock.to(subscription.period_end + timedelta(days=100))
    renew_due()
    after = of(person)
    assert (after.period_start, charged(person)) == (clock.now, Decimal("24.00"))


def test_a_change_that_was_planned_happens_with_the_renewal(plans, person, clock):
    subscription = subscribed(person, plans["studio"])
    change(user=person, plan=plans["pro"], interval=MONTH, shown=Decimal(0))
    clock.to(subscription.period_end)
    renew_due()
    after = of(person)
    assert (after.plan, after.price, after.next_plan) == (plans["pro"], Decimal("12.00"), None)
    assert_limits_match(person)
    assert "As you wished, Studio became Pro." in OutgoingMail.objects.order_by("-pk").first().text


def test_one_that_fails_does_not_keep_the_others_waiting(plans, clock, monkeypatch):
    people = [UserFactory() for _ in range(3)]
    for one in people:
        subscribed(one, plans["pro"])
    real = renewing.renew

    def breaks(subscription, now):
        if subscription.user_id == people[0].pk:
            raise RuntimeError
        real(subscription, now)

    monkeypatch.setattr(renewing, "renew", breaks)
    clock.to(of(people[0]).period_end)
    assert renew_due() == 3
    assert [charged(one) for one in people] == [Decimal("12.00"), Decimal("24.00"), Decimal("24.00")]


# ---------------------------------------------------------------------------------------------- told before


def test_a_higher_price_is_told_a_week_before_and_asked_from_then_on(plans, person, clock):
    subscription = subscribed(person, plans["pro"])
    raise_price(plans["pro"], "15.00")
    clock.to(subscription.period_end - timedelta(days=8))
    assert remind() == 0
    clock.go(days=1)
    assert [remind(), remind()] == [1, 0]
    assert subjects()[-1] == "Pro costs $15.00 a month from 10 April 2026 on"
    clock.to(subscription.period_end)
    renew_due()
    assert charged(person) == Decimal("27.00")


def test_a_higher_price_that_was_not_told_is_not_asked(plans, person, clock):
    subscription = subscribed(person, plans["pro"])
    clock.to(subscription.period_end - timedelta(days=7))
    remind()
    raise_price(plans["pro"], "15.00")
    clock.go(days=6)
    assert remind() == 0
    clock.to(subscription.period_end)
    renew_due()
    assert (charged(person), of(person).price) == (Decimal("24.00"), Decimal("12.00"))


def test_a_higher_price_that_could_only_be_told_too_late_is_not_asked(plans, person, clock):
    subscription = subscribed(person, plans["pro"])
    raise_price(plans["pro"], "15.00")
    clock.to(subscription.period_end - timedelta(hours=5))
    remind()
    clock.to(subscription.period_end)
    renew_due()
    assert charged(person) == Decimal("24.00")


def test_a_lower_price_is_asked_at_once_from_the_next_period_on(plans, person, clock):
    subscription = subscribed(person, plans["pro"])
    raise_price(plans["pro"], "10.00")
    clock.to(subscription.period_end)
    renew_due()
    assert (charged(person), of(person).price) == (Decimal("22.00"), Decimal("10.00"))


def test_the_end_of_a_trial_and_the_renewal_of_a_year_are_told_before(plans, person, clock):
    other = UserFactory()
    start_trial(user=person, plan=plans["pro"], interval=MONTH, country=COUNTRY)
    subscribed(other, plans["pro"], YEAR)
    clock.go(days=11)
    assert remind() == 1
    assert subjects()[-1] == "Your trial of Pro ends on 24 March 2026"
    clock.to(of(other).period_end - timedelta(days=7))
    renew_due()
    remind()
    assert subjects()[-1] == "Pro is renewed on 10 March 2027"


# ---------------------------------------------------------------------------------------------- at once


@pytest.mark.full
@pytest.mark.django_db(transaction=True)
def test_the_renewal_run_many_times_at_once_charges_each_once():
    plans = first_plans()
    people = [UserFactory() for _ in range(6)]
    for one in people:
        subscribed(one, plans["pro"])
    now = timezone.now() + timedelta(days=40)
    assert [
        error for error in at_once(lambda _: renew_due(now), 8, threads=8) if isinstance(error, Exception)
    ] == []
    for one in people:
        assert charged(one) == Decimal("24.00")
        assert_limits_match(one)
    assert SandboxCharge.objects.filter(status=SandboxCharge.Status.SUCCEEDED).count() == 12


@pytest.mark.django_db(transaction=True)
def test_two_tabs_that_subscribe_at_once_get_one_payment():
    plans, person = first_plans(), UserFactory()
    payments = at_once(lambda _: begin(person, plans["pro"]), 8, threads=8)
    assert len({payment.pk for payment in payments}) == 1
    assert Subscription.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_tabs_that_want_different_plans_at_once_leave_one_subscription():
    plans, person = first_plans(), UserFactory()
    at_once(lambda number: begin(person, plans["pro" if number % 2 else "studio"]), 6, threads=6)
    assert Subscription.objects.of_user(person).standing().count() == 1
    assert Payment.objects.filter(status=Payment.Status.PENDING).count() == 1


@pytest.mark.django_db(transaction=True)
def test_changes_at_once_are_charged_once():
    plans, person = first_plans(), UserFactory()
    subscribed(person, plans["pro"])
    at_once(
        lambda _: change(user=person, plan=plans["studio"], interval=MONTH, shown=Decimal("27.00")),
        6,
        threads=6,
    )
    assert charged(person) == Decimal("39.00")
    assert of(person).plan == plans["studio"]
    assert_limits_match(person)


def test_notifications_say_the_same_as_the_mails(plans, person):
    subscribed(person, plans["pro"])
    assert list(Notification.objects.values_list("title", flat=True)) == subjects()
