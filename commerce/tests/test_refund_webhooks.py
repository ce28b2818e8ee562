"""Refunds and disputes as the sandbox brings them: its own records, signed events over the site's own address."""

import json
import time
from decimal import Decimal

import pytest
from django.test import Client

from accounts.tests.factories import UserFactory
from commerce.actions import refunds
from commerce.actions.payments import settle
from commerce.auditing.check import failures
from commerce.auditing.checks import CHECKS
from commerce.gateways import sandbox
from commerce.gateways.sandbox import SIGNATURE_HEADER, afterwards, sign, sources, webhook_body
from commerce.ledger import balance_of
from commerce.models import (
    Dispute,
    Purchase,
    Refund,
    SandboxDispute,
    SandboxEvent,
    SandboxRefund,
    WebhookEvent,
)
from commerce.tests.factories import order_of, received, started_payment
from commerce.tests.refunding import reloaded
from marketplace.tests.factories import Model3DFactory

pytestmark = pytest.mark.django_db


def bought_with(card) -> Purchase:
    order = order_of(UserFactory(), Model3DFactory(listed=True, price=Decimal("24.00")))
    payment = started_payment(order)
    sandbox.pay(payment.provider_id, card)
    settle(payment, received(payment))
    return order.transactions.get().purchase


def deliver(kind: str) -> None:
    """Every event of the kind, twice, as providers do."""
    for event in SandboxEvent.objects.filter(kind__startswith=kind).order_by("pk"):
        body = webhook_body(event)
        for _ in range(2):
            client = Client(enforce_csrf_checks=True)
            headers = {SIGNATURE_HEADER: sign(body, int(time.time()))}
            answer = client.post("/webhooks/sandbox/", body, content_type="application/json", headers=headers)
            assert answer.status_code == 200


def assert_every_cent_in_its_place() -> None:
    assert [str(one) for _check, found in failures(CHECKS) for one in found] == []


def test_a_refund_that_takes_its_time_ends_with_the_banks_word():
    purchase = bought_with(sources.CARD_REFUND_PENDING)
    made = refunds.ask(purchase=purchase, by=purchase.user, reason=Refund.Reason.MISTAKE)
    refunds.send(made.pk)
    deliver("refund")
    assert reloaded(made).status == Refund.Status.SENDING
    assert reloaded(purchase).is_active
    afterwards.decide_refund(SandboxRefund.objects.get().refund_id, succeeds=True)
    deliver("refund")
    assert reloaded(made).is_completed
    assert not reloaded(purchase).is_active
    assert balance_of(purchase.transaction.seller).total == 0
    assert_every_cent_in_its_place()


@pytest.mark.parametrize("card", [sources.CARD_REFUND_FAILS, sources.CARD_REFUND_PENDING])
def test_a_refund_that_the_bank_returns_changes_nothing(card):
    purchase = bought_with(card)
    made = refunds.ask(purchase=purchase, by=purchase.user, reason=Refund.Reason.MISTAKE)
    refunds.send(made.pk)
    afterwards.decide_refund(SandboxRefund.objects.get().refund_id, succeeds=False)
    deliver("refund")
    assert reloaded(made).status == Refund.Status.FAILED
    assert reloaded(purchase).is_downloadable
    assert balance_of(purchase.transaction.seller).total == Decimal("22.20")
    assert_every_cent_in_its_place()


def test_an_event_about_a_refund_that_nobody_asked_for_is_kept_with_what_is_wrong():
    purchase = bought_with(sources.CARD_SUCCEEDS)
    payment = purchase.transaction.order.payments.get()
    afterwards.refund(payment.provider_id, 500, key="by hand")
    deliver("refund")
    assert "nobody here has asked for it" in WebhookEvent.objects.get(kind="refund.succeeded").error
    assert reloaded(payment).status == "completed"


@pytest.mark.parametrize("merchant_wins", [True, False])
def test_a_dispute_holds_the_proceeds_until_the_bank_decides(merchant_wins):
    purchase = bought_with(sources.CARD_SUCCEEDS)
    seller = purchase.transaction.seller
    afterwards.contest(purchase.transaction.order.payments.get().provider_id)
    deliver("dispute")
    held = balance_of(seller)
    assert (held.held, held.available + held.on_hold) == (Decimal("22.20"), 0)
    assert_every_cent_in_its_place()
    afterwards.decide_dispute(SandboxDispute.objects.get().dispute_id, merchant_wins=merchant_wins)
    deliver("dispute")
    after = balance_of(seller)
    assert after.held == 0
    assert after.total == (Decimal("22.20") if merchant_wins else 0)
    assert reloaded(purchase).is_active == merchant_wins
    assert Dispute.objects.get().status == ("won" if merchant_wins else "lost")
    assert_every_cent_in_its_place()


def test_a_forged_refund_event_is_refused():
    purchase = bought_with(sources.CARD_SUCCEEDS)
    made = refunds.ask(purchase=purchase, by=purchase.user, reason=Refund.Reason.MISTAKE)
    payment = purchase.transaction.order.payments.get()
    charge = {"id": payment.provider_id, "reference": str(payment.public_id), "status": "succeeded", "amount": 2400,
              "currency": "USD", "message": ""}  # fmt: skip
    told = {"id": "1", "key": made.provider_key, "status": "succeeded", "amount": 2400, "message": ""}
    body = json.dumps({"id": "evil", "kind": "refund.succeeded", "charge": charge, "refund": told}).encode()
    headers = {SIGNATURE_HEADER: "t=1,v1=0"}
    answer = Client().post("/webhooks/sandbox/", body, content_type="application/json", headers=headers)
    assert answer.status_code == 400
    assert reloaded(made).status == Refund.Status.APPROVED


def test_later_sales_make_up_for_a_refund_of_what_was_paid_out():
    purchase = bought_with(sources.CARD_SUCCEEDS)
    seller = purchase.transaction.seller
    made = refunds.refund(transaction=purchase.transaction, amount=Decimal("10.00"), text="Sorry.")
    refunds.send(made.pk)
    balance = balance_of(seller)
    # What is on hold is lowered first: the refund carries the sale's own date.
    assert (balance.available, balance.on_hold) == (0, Decimal("12.95"))
    assert_every_cent_in_its_place()
