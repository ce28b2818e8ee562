"""Payments that pay for something other than an order: the calls, and the page."""

from dataclasses import dataclass, field
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.tests.factories import UserFactory
from commerce.actions.payments import begin_payment, cancel_payment, settle, start_payment, try_again
from commerce.actions.reconciling import settle_pending
from commerce.exceptions import PaymentNotPossible
from commerce.gateways import sandbox
from commerce.models import Payment
from commerce.purposes import Purpose, Settlement, base
from commerce.tests.factories import order_of, received
from commerce.tests.test_payments import age
from marketplace.tests.factories import Model3DFactory

THING = "/the-thing/"


@dataclass
class Thing(Purpose):
    """Something that is paid for, and remembers what happened to its payments."""

    name = Payment.Purpose.BOUNTY
    happened: list[str] = field(default_factory=list)
    settlement: Settlement = field(default_factory=Settlement)
    current: Payment | None = None

    def subject_lock(self, payment):
        """Nothing in the database stands for it."""

    def settle(self, payment, now):
        self.happened.append("settled")
        return self.settlement

    def failed(self, payment):
        self.happened.append("failed")

    def given_up(self, payment):
        self.happened.append("given up")

    def describe(self, payment):
        return "The thing"

    def return_url(self, payment):
        return THING

    def can_be_tried_again(self, payment):
        return self.current == payment

    def replaced(self, payment, by):
        self.current = by


@pytest.fixture
def thing(monkeypatch):
    thing = Thing()
    monkeypatch.setitem(base._purposes, thing.name, thing)
    return thing


@pytest.fixture
def payer(db):
    return UserFactory()


@pytest.fixture
def payment(thing, payer):
    thing.current = begin_payment(payer=payer, purpose=thing.name, amount=Decimal("80.00"), method="card")
    return thing.current


def page(payment, name="payment"):
    return reverse(f"commerce:{name}", args=[payment.public_id])


def pay_at_sandbox(payment, card) -> None:
    start_payment(payment)
    sandbox.pay(payment.provider_id, card)
    payment.refresh_from_db()


@pytest.mark.parametrize("amount", ["0", "-1", "NaN", "Infinity", "1.005", "-0.00"])
def test_nothing_but_a_positive_amount_with_two_places_can_be_paid(thing, payer, amount):
    with pytest.raises(ValueError, match="nothing that can be paid"):
        begin_payment(payer=payer, purpose=thing.name, amount=Decimal(amount), method="card")
    assert not Payment.objects.exists()


def test_a_way_to_pay_that_is_not_offered_is_refused(thing, payer):
    with pytest.raises(PaymentNotPossible):
        begin_payment(payer=payer, purpose=thing.name, amount=Decimal("1.00"), method="cheque")


@pytest.mark.parametrize(("purpose", "has_order"), [("order", False), ("bounty", True)])
def test_the_database_wants_an_order_exactly_where_one_is_paid(payer, purpose, has_order):
    order = order_of(payer, Model3DFactory(listed=True)) if has_order else None
    with pytest.raises(IntegrityError, match="payment_order_where_for_an_order"), transaction.atomic():
        Payment.objects.create(
            payer=payer,
            purpose=purpose,
            order=order,
            method="card",
            provider="sandbox",
            amount=1,
            currency="USD",
        )


def test_settling_asks_what_is_paid_for_once(thing, payment):
    for _ in range(3):
        assert settle(payment, received(payment)) == ""
    payment.refresh_from_db()
    assert payment.status == Payment.Status.COMPLETED
    assert thing.happened == ["settled"]


def test_what_bought_nothing_is_due(thing, payment):
    thing.settlement = Settlement("Nobody wants it any more.", payment.amount)
    assert "Nobody wants it" in settle(payment, received(payment))
    payment.refresh_from_db()
    assert (payment.status, payment.refund_due_amount) == (Payment.Status.REFUND_DUE, Decimal("80.00"))


def test_a_payment_given_up_can_not_be_made_any_more(thing, payment):
    start_payment(payment)
    cancel_payment(payment)
    assert thing.happened == ["failed", "given up"]
    assert sandbox.pay(payment.provider_id, sandbox.CARD_SUCCEEDS).status == "cancelled"


def test_a_payment_that_was_made_meanwhile_is_not_given_up(thing, payment):
    pay_at_sandbox(payment, sandbox.CARD_SUCCEEDS)
    cancel_payment(payment)
    assert thing.happened == ["settled"]


def test_a_payment_that_nobody_made_within_a_day_is_given_up(thing, payment):
    age(payment, 25)
    settle_pending()
    assert thing.happened == ["failed", "given up"]


def test_a_failed_payment_is_replaced_once(thing, payment):
    pay_at_sandbox(payment, sandbox.CARD_DECLINED)
    settle_pending()
    second = try_again(payment, method="card")
    assert (second.amount, second.payer, thing.current) == (payment.amount, payment.payer, second)
    with pytest.raises(PaymentNotPossible):
        try_again(payment, method="card")
    assert try_again(second, method="card") == second
    assert Payment.objects.count() == 2


def test_the_page_is_nobody_elses(client, payment):
    for user in (UserFactory(), UserFactory(moderator=True)):
        client.force_login(user)
        for name in ("payment", "payment_state"):
            assert client.get(page(payment, name)).status_code == 404
        assert client.post(page(payment, "cancel_payment")).status_code == 404


def test_the_page_leads_to_the_provider_and_back(client, thing, payer, payment):
    client.force_login(payer)
    shown = client.get(page(payment))
    assert "The thing" in shown.content.decode()
    at_provider = client.post(page(payment))
    payment.refresh_from_db()
    assert at_provider["Location"] == reverse("commerce:sandbox_pay", args=[payment.provider_id])
    waiting = client.get(page(payment, "payment_state")).content.decode()
    assert "Waiting for your payment" in waiting
    charge = sandbox.pay(payment.provider_id, sandbox.CARD_SUCCEEDS)
    assert charge.return_url.endswith(page(payment, "payment_state"))
    settle_pending()
    assert client.get(page(payment, "payment_state"))["Location"] == THING
    assert client.get(page(payment))["Location"] == THING


def test_the_page_says_that_another_amount_has_arrived(client, payer, payment):
    client.force_login(payer)
    pay_at_sandbox(payment, sandbox.sources.WALLET_SHORT)
    waiting = page(payment, "payment_state")
    assert "Another amount has arrived" in client.get(waiting).content.decode()
    assert client.get(page(payment))["Location"] == waiting


def test_the_page_offers_another_try_after_a_declined_card(client, thing, payer, payment):
    client.force_login(payer)
    pay_at_sandbox(payment, sandbox.CARD_DECLINED)
    assert "The card was declined." in client.get(page(payment)).content.decode()
    refused = client.post(page(payment), {"method": "cheque"})
    assert "Choose how to pay." in refused.content.decode()
    assert Payment.objects.count() == 1
    client.post(page(payment), {"method": "card"})
    assert thing.current != payment
    assert thing.current.provider_id


def test_the_page_of_a_payment_that_was_replaced_offers_no_other_try(client, thing, payer, payment):
    client.force_login(payer)
    pay_at_sandbox(payment, sandbox.CARD_DECLINED)
    settle_pending()
    thing.current = None
    shown = client.get(page(payment)).content.decode()
    assert "This payment has ended." in shown
    assert "Try again" not in shown
    assert "Try again" not in client.get(page(payment, "payment_state")).content.decode()


def test_cancelling_leads_back_to_the_thing(client, thing, payer, payment):
    client.force_login(payer)
    assert client.post(page(payment, "cancel_payment"))["Location"] == THING
    assert thing.happened == ["failed", "given up"]


def test_the_payment_of_an_order_is_on_the_orders_page(client, payer):
    order = order_of(payer, Model3DFactory(listed=True))
    client.force_login(payer)
    answer = client.get(page(order.latest_payment()))
    assert answer["Location"] == reverse("commerce:pay", args=[order.public_id])
