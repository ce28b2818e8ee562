"""Giving back what was paid for a time with a plan: who may, how much, and what becomes of the plan."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from accounts.tests.factories import UserFactory
from commerce.actions import refunds
from commerce.actions.disputes import apply_dispute
from commerce.actions.subscriptions.refunding import refund_period, unused_part
from commerce.actions.subscriptions.subscribing import start_trial
from commerce.auditing import CHECKS, failures
from commerce.exceptions import RefundNotPossible
from commerce.gateways.base import DisputeNews, DisputeProgress
from commerce.ledger import balance
from commerce.models import Interval, LedgerEntry, Refund, Subscription
from commerce.tests.factories import tax_of
from commerce.tests.plans import COUNTRY, assert_limits_match, first_plans, of, paid_periods, subscribed
from commerce.tests.refunding import failed, reloaded, scripted, succeeded
from commerce.tests.test_bounties_admin import SUBMITTED, in_role
from core.models import OutgoingMail

pytestmark = pytest.mark.django_db
PLANS, TAX, BUYER = LedgerEntry.Account.PLANS, LedgerEntry.Account.TAX, LedgerEntry.Account.BUYER
State = Subscription.State


@pytest.fixture
def plans(db):
    tax_of("21", country=COUNTRY)
    return first_plans()


@pytest.fixture
def subscription(plans):
    return subscribed(UserFactory(), plans["pro"])


def give_back(subscription, **options) -> Refund:
    options = {"text": "It did not work for you.", "only_unused": False, "ends": True} | options
    return refund_period(subscription=reloaded(subscription), by=UserFactory(staff=True), **options)


def nothing_is_out_of_place() -> None:
    own = [check for check in CHECKS if "sandbox" not in check.says]
    assert [str(one) for _, found in failures(own) for one in found] == []


def test_moderators_refund_nothing_and_support_and_finance_do(subscription, client):
    page = reverse("admin:commerce_subscription_refund", args=[subscription.pk])
    filled = {"part": "all", "then": "ends", "text": "Sorry.", **SUBMITTED}
    client.force_login(in_role("Moderators"))
    assert client.post(page, filled).status_code == 403
    for role in ("Support agents", "Finance"):
        client.force_login(in_role(role))
        client.post(page, {**filled, "text": ""})
        assert not Refund.objects.exists()
        client.post(page, filled)
        assert Refund.objects.get().ends_plan
        Refund.objects.all().delete()


def test_a_trial_a_contested_payment_and_one_that_goes_back_already_are_refused(subscription, plans):
    trying = UserFactory()
    start_trial(user=trying, plan=plans["pro"], interval=Interval.MONTH, country=COUNTRY)
    with pytest.raises(RefundNotPossible, match="Nothing was paid"):
        give_back(of(trying))
    with pytest.raises(RefundNotPossible, match="their own"):
        refund_period(
            subscription=subscription, by=subscription.user, text="For me.", only_unused=False, ends=False
        )
    with pytest.raises(RefundNotPossible, match="Say why"):
        give_back(subscription, text=" ")
    (period,) = paid_periods(subscription)
    opened = DisputeNews("dp_1", DisputeProgress.OPENED, period.total, "")
    apply_dispute(period.payment, opened)
    with pytest.raises(RefundNotPossible, match="bank"):
        give_back(subscription)
    apply_dispute(period.payment, DisputeNews("dp_1", DisputeProgress.WON, period.total, ""))
    give_back(subscription)
    with pytest.raises(RefundNotPossible, match="under way"):
        give_back(subscription)


def test_all_of_it_goes_back_and_the_plan_with_it_once_it_has(subscription, monkeypatch):
    (period,) = paid_periods(subscription)
    refund = give_back(subscription)
    assert of(subscription.user).state == State.ACTIVE and balance(PLANS) == period.amount
    provider = scripted(monkeypatch, succeeded())
    refunds.send(refund.pk)
    assert provider.asked == [(refund.provider_key, period.total)]
    assert [balance(account) for account in (PLANS, TAX, BUYER)] == [0, 0, 0]
    assert of(subscription.user).state == State.EXPIRED and reloaded(period).is_reversed
    assert reloaded(period.payment).status == "refunded"
    assert_limits_match(subscription.user)
    mails = OutgoingMail.objects.filter(recipient=subscription.user, kind="commerce/refund")
    assert mails.count() == 2 and "It did not work for you." in mails.order_by("pk").first().text
    nothing_is_out_of_place()


def test_one_that_goes_on_goes_on(subscription, monkeypatch):
    scripted(monkeypatch, succeeded())
    refunds.send(give_back(subscription, ends=False).pk)
    assert of(subscription.user).state == State.ACTIVE and balance(PLANS) == 0
    assert_limits_match(subscription.user)
    nothing_is_out_of_place()


def test_one_that_cannot_be_sent_changes_nothing_and_is_sent_again(subscription, monkeypatch):
    scripted(monkeypatch, failed(), succeeded("re_2"))
    refund = give_back(subscription)
    refunds.send(refund.pk)
    assert reloaded(refund).status == "failed" and of(subscription.user).state == State.ACTIVE
    nothing_is_out_of_place()
    refunds.restart(refund=reloaded(refund), by=UserFactory())
    refunds.send(refund.pk)
    assert of(subscription.user).state == State.EXPIRED and balance(PLANS) == 0
    nothing_is_out_of_place()


def test_for_what_is_left_goes_back_in_proportion_and_the_rest_only_once(subscription, monkeypatch):
    (period,) = paid_periods(subscription)
    halfway = period.start + (period.end - period.start) / 2
    part = unused_part(period, halfway)
    assert Decimal(0) < part < period.total
    scripted(monkeypatch, succeeded(), succeeded("re_2"))
    refunds.send(give_back(subscription, only_unused=True, ends=False, now=halfway).pk)
    assert reloaded(period.payment).status == "partially_refunded"
    refunds.send(give_back(subscription).pk)
    assert [balance(account) for account in (PLANS, TAX, BUYER)] == [0, 0, 0]
    nothing_is_out_of_place()


def test_the_receipt_of_what_was_paid_back_is_still_there_for_its_payer_alone(
    subscription, client, monkeypatch
):
    scripted(monkeypatch, succeeded())
    refunds.send(give_back(subscription).pk)
    monkeypatch.undo()
    page = reverse("commerce:plan_receipt", args=[subscription.periods.get().public_id])
    client.force_login(UserFactory())
    assert client.get(page).status_code == 404
    client.force_login(subscription.user)
    assert client.get(page).status_code == 200
    assert "Paid back" in client.get(reverse("commerce:plan")).text


@hypothesis_settings(
    max_examples=30,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(hours=st.integers(-48, 24 * 40))
def test_what_is_left_is_never_below_nothing_nor_above_what_was_paid(subscription, hours):
    (period,) = paid_periods(subscription)
    now = period.start + timedelta(hours=hours)
    part = unused_part(period, now)
    assert 0 <= part <= period.total
    assert part >= unused_part(period, now + timedelta(days=1))
    if now >= period.end + timedelta(days=1):
        assert part == 0
