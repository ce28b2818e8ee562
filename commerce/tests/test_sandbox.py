"""The sandbox as a provider: every outcome of every method, and what happens to the money afterwards."""

import json
import time
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.tests.factories import UserFactory
from commerce.actions import webhooks
from commerce.actions.payments import cancel_payment, refresh_payment
from commerce.actions.refunds import refund_due, send
from commerce.exceptions import ProviderRefused
from commerce.gateways import gateway, sandbox
from commerce.gateways.base import DisputeProgress, RefundProgress
from commerce.gateways.sandbox import sources
from commerce.models import Payment, Purchase, SandboxCharge, SandboxDispute, SandboxEvent, SandboxRefund
from commerce.tests.factories import order_of, started_payment
from marketplace.tests.factories import Model3DFactory

pytestmark = pytest.mark.django_db


def payment_by(method: str = "card") -> Payment:
    order = order_of(UserFactory(), Model3DFactory(listed=True, price=Decimal("24.00")), method=method)
    return started_payment(order)


@pytest.fixture
def payment():
    return payment_by()


@pytest.fixture
def paid(payment):
    sandbox.pay(payment.provider_id, sources.CARD_SUCCEEDS)
    return refresh_payment(payment)


def deliver(event: SandboxEvent):
    """What the site makes of the sandbox's webhook."""
    body = sandbox.webhook_body(event)
    headers = {sandbox.SIGNATURE_HEADER: sandbox.sign(body, int(time.time()))}
    return webhooks.receive("sandbox", gateway("sandbox").parse_webhook(headers, body))


def parsed(kind: str):
    body = sandbox.webhook_body(SandboxEvent.objects.get(kind=kind))
    headers = {sandbox.SIGNATURE_HEADER: sandbox.sign(body, int(time.time()))}
    return gateway("sandbox").parse_webhook(headers, body)


def expire(charge: SandboxCharge) -> None:
    SandboxCharge.objects.filter(pk=charge.pk).update(arrives_at=timezone.now() - timedelta(seconds=1))


DECLINED = {
    "card": ("The card was declined.", sources.CARD_DECLINED),
    "paypal": ("PayPal declined the payment: the account has no money.", sources.ACCOUNT_DECLINED),
    "crypto": ("Nothing arrived before the invoice expired.", sources.WALLET_DECLINED),
}


@pytest.mark.parametrize("method", DECLINED)
def test_what_is_declined_fails_and_says_why(method):
    payment = payment_by(method)
    message, source = DECLINED[method]
    sandbox.pay(payment.provider_id, source)
    refresh_payment(payment)
    assert (payment.status, payment.failure_message) == (Payment.Status.FAILED, message)
    assert not Purchase.objects.exists()


PAYING = {"card": sources.CARD_SUCCEEDS, "paypal": sources.ACCOUNT_PAYS, "crypto": sources.WALLET_PAYS}


@pytest.mark.parametrize("method", PAYING)
def test_what_pays_settles(method):
    payment = payment_by(method)
    sandbox.pay(payment.provider_id, PAYING[method])
    assert refresh_payment(payment).status == Payment.Status.COMPLETED
    assert Purchase.objects.count() == 1


@pytest.mark.parametrize("source", [sources.CARD_CONFIRMS, sources.ACCOUNT_CONFIRMS])
def test_what_asks_waits_for_its_payers_answer(source):
    payment = payment_by(source.method)
    sandbox.pay(payment.provider_id, source)
    assert gateway("sandbox").fetch(payment).needs_confirmation
    assert refresh_payment(payment).is_open
    sandbox.finish(payment.provider_id, SandboxCharge.Status.SUCCEEDED)
    assert refresh_payment(payment).status == Payment.Status.COMPLETED


@pytest.mark.parametrize("source", [sources.CARD_SLOW, sources.ACCOUNT_SLOW, sources.WALLET_SLOW])
def test_what_is_slow_arrives_when_its_time_has_come(source):
    payment = payment_by(source.method)
    charge = sandbox.pay(payment.provider_id, source)
    assert charge.arrives_at > timezone.now()
    assert refresh_payment(payment).is_open
    assert not SandboxEvent.objects.exists()
    expire(charge)
    assert refresh_payment(payment).status == Payment.Status.COMPLETED
    assert SandboxEvent.objects.get().kind == "charge.succeeded"


def test_what_is_on_its_way_cannot_be_called_off(payment):
    charge = sandbox.pay(payment.provider_id, sources.CARD_SLOW)
    cancel_payment(payment)
    payment.refresh_from_db()
    assert payment.is_open
    expire(charge)
    assert refresh_payment(payment).status == Payment.Status.COMPLETED


def test_too_few_coins_settle_nothing():
    payment = payment_by("crypto")
    sandbox.pay(payment.provider_id, sources.WALLET_SHORT)
    refresh_payment(payment)
    assert payment.is_open
    assert payment.failure_message == "The provider received 12.00 USD instead of 24.00 USD."
    assert not Purchase.objects.exists()


@pytest.mark.parametrize("source", [sources.CARD_TWICE, sources.ACCOUNT_TWICE, sources.WALLET_TWICE])
@pytest.mark.parametrize("double_comes_first", [False, True])
def test_what_pays_twice_settles_once_and_the_rest_is_due(source, double_comes_first):
    payment = payment_by(source.method)
    sandbox.pay(payment.provider_id, source)
    events = list(SandboxEvent.objects.order_by("-pk" if double_comes_first else "pk"))
    assert [event.kind for event in events] == ["charge.succeeded"] * 2
    for event in [*events, *events]:
        deliver(event)
    payment.refresh_from_db()
    assert payment.status == Payment.Status.COMPLETED
    double = Payment.objects.get(double_of=payment)
    assert (double.status, double.refund_due_amount) == (Payment.Status.REFUND_DUE, Decimal("24.00"))
    assert payment.order.latest_payment() == payment
    assert Purchase.objects.count() == 1


def test_what_was_taken_twice_is_sent_back_once(payment):
    sandbox.pay(payment.provider_id, sources.CARD_TWICE)
    for event in SandboxEvent.objects.order_by("pk"):
        deliver(event)
    double = Payment.objects.get(double_of=payment)
    send(refund_due(double, by=UserFactory(admin=True)).pk)
    double.refresh_from_db()
    assert (double.status, double.refund_due_amount) == (Payment.Status.REFUNDED, 0)
    assert SandboxCharge.objects.get(double_of__isnull=False).refunded == 2400
    assert SandboxCharge.objects.get(double_of__isnull=True).refunded == 0


def test_two_payments_that_bought_something_are_refused_by_the_database(paid):
    with pytest.raises(IntegrityError, match="payment_order_paid_once"), transaction.atomic():
        Payment.objects.create(
            payer=paid.payer, order=paid.order, method="card", provider="sandbox", amount=24, currency="USD",
            status="completed", completed_at=timezone.now(),
        )  # fmt: skip


def test_no_more_is_refunded_than_was_received(paid):
    for amount in (Decimal("24.01"), Decimal("0.00"), Decimal("-1.00")):
        with pytest.raises(ProviderRefused):
            gateway("sandbox").refund(paid, amount, key="a")
    assert not SandboxRefund.objects.exists()


def test_a_refund_is_made_once_a_key_and_told_by_webhook(paid):
    first = gateway("sandbox").refund(paid, Decimal("20.00"), key="a")
    assert gateway("sandbox").refund(paid, Decimal("20.00"), key="a") == first
    assert first.progress == RefundProgress.SUCCEEDED
    assert gateway("sandbox").fetch_refund(paid, first.provider_refund_id) == first
    event = parsed("refund.succeeded")
    assert (event.state, event.provider_id) == (None, paid.provider_id)
    assert (event.refund.key, event.refund.amount, event.refund.state) == ("a", Decimal("20.00"), first)


@pytest.mark.parametrize("succeeds", [True, False])
def test_a_refund_that_takes_time_ends_as_the_bank_decides(payment, succeeds):
    sandbox.pay(payment.provider_id, sources.CARD_REFUND_PENDING)
    refresh_payment(payment)
    state = gateway("sandbox").refund(payment, Decimal("24.00"), key="a")
    assert state.progress == RefundProgress.PENDING
    assert SandboxCharge.objects.get().refunded == 2400
    for _ in range(2):
        sandbox.decide_refund(state.provider_refund_id, succeeds=succeeds)
        sandbox.decide_refund(state.provider_refund_id, succeeds=not succeeds)
    again = gateway("sandbox").refund(payment, Decimal("24.00"), key="a")
    assert again.progress == (RefundProgress.SUCCEEDED if succeeds else RefundProgress.FAILED)
    assert SandboxCharge.objects.get().refunded == (2400 if succeeds else 0)
    assert parsed(f"refund.{again.progress}").refund.state == again


def test_a_refund_that_fails_takes_nothing_of_the_charge(payment):
    sandbox.pay(payment.provider_id, sources.CARD_REFUND_FAILS)
    refresh_payment(payment)
    state = gateway("sandbox").refund(payment, Decimal("24.00"), key="a")
    assert (state.progress, state.message) == (RefundProgress.FAILED, "The bank returned the money.")
    assert SandboxCharge.objects.get().refunded == 0


def test_coins_are_sent_back_only_when_somebody_fetches_them():
    payment = payment_by("crypto")
    sandbox.pay(payment.provider_id, sources.WALLET_PAYS)
    refresh_payment(payment)
    assert gateway("sandbox").refund(payment, Decimal("24.00"), key="a").progress == RefundProgress.PENDING


def test_only_what_was_received_can_be_contested(payment):
    with pytest.raises(ProviderRefused):
        sandbox.contest(payment.provider_id)
    assert not SandboxDispute.objects.exists()


def test_what_the_bank_decides_about_is_not_refunded_as_well(paid):
    dispute = sandbox.contest(paid.provider_id)
    with pytest.raises(ProviderRefused, match="contests"):
        gateway("sandbox").refund(paid, Decimal("24.00"), key="1")
    sandbox.decide_dispute(dispute.dispute_id, merchant_wins=True)
    assert gateway("sandbox").refund(paid, Decimal("24.00"), key="1").progress == RefundProgress.SUCCEEDED


@pytest.mark.parametrize(
    ("merchant_wins", "outcome"), [(True, DisputeProgress.WON), (False, DisputeProgress.LOST)]
)
def test_a_dispute_is_opened_once_and_decided_once(paid, merchant_wins, outcome):
    dispute = sandbox.contest(paid.provider_id, "Not what was shown.")
    assert sandbox.contest(paid.provider_id, "Again.") == dispute
    opened = parsed("dispute.opened")
    assert (opened.state, opened.dispute.state) == (None, DisputeProgress.OPENED)
    assert (opened.dispute.amount, opened.dispute.reason) == (Decimal("24.00"), "Not what was shown.")
    sandbox.decide_dispute(dispute.dispute_id, merchant_wins=merchant_wins)
    sandbox.decide_dispute(dispute.dispute_id, merchant_wins=not merchant_wins)
    assert parsed(f"dispute.{outcome}").dispute.state == outcome
    assert SandboxEvent.objects.filter(kind__startswith="dispute.").count() == 2


def test_news_of_a_dispute_finds_its_payment(paid):
    sandbox.contest(paid.provider_id)
    row = deliver(SandboxEvent.objects.get(kind="dispute.opened"))
    assert (row.payment, row.error) == (paid, "")


def test_news_of_a_payment_that_nobody_knows_are_kept_with_that(paid):
    event = SandboxEvent.objects.get()
    event.payload["charge"] |= {"id": "gone", "reference": "nobody"}
    assert deliver(event).error == "No such payment."


@pytest.mark.parametrize("part", ["refund", "dispute"])
def test_a_signed_event_without_its_part_is_refused(paid, part):
    event = SandboxEvent(charge=SandboxCharge.objects.get(), kind=f"{part}.opened", payload={})
    event.payload = {"charge": SandboxEvent.objects.get().payload["charge"]}
    body = json.dumps({"id": "1", "kind": event.kind, **event.payload}).encode()
    headers = {sandbox.SIGNATURE_HEADER: sandbox.sign(body, int(time.time()))}
    with pytest.raises(Exception, match="not one of the sandbox's"):
        gateway("sandbox").parse_webhook(headers, body)
