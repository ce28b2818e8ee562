"""The sandbox's own pages, one look a method, and the page on which a payment's later fate is decided."""

import uuid
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.tests.factories import UserFactory
from commerce.actions.payments import refresh_payment
from commerce.gateways import gateway, sandbox
from commerce.gateways.sandbox import sources
from commerce.models import SandboxCharge, SandboxDispute, SandboxRefund
from commerce.tests.factories import order_of, started_payment
from marketplace.tests.factories import Model3DFactory

pytestmark = pytest.mark.django_db


def payment_by(method: str = "card"):
    order = order_of(UserFactory(), Model3DFactory(listed=True, price=Decimal("24.00")), method=method)
    return started_payment(order)


def page_of(payment, name: str = "pay") -> str:
    return reverse(f"commerce:sandbox_{name}", args=[payment.provider_id])


def text(response) -> str:
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize("name", ["pay", "confirm", "charge"])
def test_an_unknown_payment_has_no_pages(client, name):
    assert client.get(reverse(f"commerce:sandbox_{name}", args=[uuid.uuid4()])).status_code == 404


@pytest.mark.parametrize(
    ("method", "field", "wrong"),
    [
        ("card", "card", "pays@sandbox.test"),
        ("paypal", "account", "4242424242424242"),
        ("crypto", "wallet", "4242424242424242"),
    ],
)
def test_each_method_takes_only_what_is_its_own(client, method, field, wrong):
    payment = payment_by(method)
    for data in ({}, {field: wrong}, {"card": "1"}):
        answer = client.post(page_of(payment), data)
        assert answer.status_code == 422
        assert f"Choose one of the test {field}s." in text(answer)
    assert SandboxCharge.objects.get().is_waiting


@pytest.mark.parametrize(
    ("method", "field", "source"),
    [
        ("card", "card", sources.CARD_SUCCEEDS),
        ("paypal", "account", sources.ACCOUNT_PAYS),
        ("crypto", "wallet", sources.WALLET_PAYS),
    ],
)
def test_each_methods_page_names_what_pays_and_takes_it(client, method, field, source):
    payment = payment_by(method)
    page = text(client.get(page_of(payment)))
    for known in sandbox.SOURCES[method]:
        assert known.outcome in page.replace("&#x27;", "'")
    client.post(page_of(payment), {field: source.number})
    assert SandboxCharge.objects.get().status == SandboxCharge.Status.SUCCEEDED


def test_an_invoice_in_coins_shows_what_to_send_and_where(client):
    page = text(client.get(page_of(payment_by("crypto"))))
    assert "0.00040000 TBTC" in page
    assert "tb1q" in page
    assert "data:image/svg+xml" in page


def test_a_slow_payment_leads_back_to_the_shop_which_waits(client):
    payment = payment_by()
    client.force_login(payment.payer)
    answer = client.post(page_of(payment), {"card": sources.CARD_SLOW.number}, follow=True)
    assert "Waiting for your payment" in text(answer)


def test_a_phone_that_is_not_answered_confirms_nothing(client):
    payment = payment_by("paypal")
    asked = client.post(page_of(payment), {"account": sources.ACCOUNT_CONFIRMS.number}, follow=True)
    assert "Confirm on your phone" in text(asked)
    client.post(page_of(payment, "confirm"), {"reject": "1"})
    refresh_payment(payment)
    assert payment.failure_message == "The payment was not confirmed on your phone."


def test_the_pages_of_an_unpaid_charge_offer_nothing_that_needs_money(client):
    payment = payment_by()
    page = text(client.get(page_of(payment, "charge")))
    assert "Only what was received can be contested." in page
    for button in ("contest", "again"):
        answer = client.post(page_of(payment, "charge"), {button: "1"})
        assert answer.status_code == 422
    assert SandboxCharge.objects.count() == 1


def test_anothers_refund_or_dispute_is_not_decided_here(client):
    payment, other = payment_by(), payment_by()
    sandbox.pay(other.provider_id, sources.CARD_SUCCEEDS)
    dispute = sandbox.contest(other.provider_id)
    for said in ({"lost": str(dispute.dispute_id)}, {"fails": str(uuid.uuid4())}, {"won": "x"}):
        assert client.post(page_of(payment, "charge"), said).status_code == 404
    assert SandboxDispute.objects.get().status == SandboxDispute.Status.OPENED


def test_a_payment_is_contested_and_decided_on_its_page(client):
    payment = payment_by()
    sandbox.pay(payment.provider_id, sources.CARD_SUCCEEDS)
    page = page_of(payment, "charge")
    client.post(page, {"contest": "1", "reason": "<b>Not mine</b>" + "x" * 400})
    shown = text(client.get(page))
    assert "&lt;b&gt;Not mine" in shown
    dispute = SandboxDispute.objects.get()
    assert len(dispute.reason) == 200
    client.post(page, {"lost": str(dispute.dispute_id)})
    assert "Decided for the payer" in text(client.get(page))


def test_a_pending_refund_is_let_through_on_the_page(client):
    payment = payment_by("crypto")
    sandbox.pay(payment.provider_id, sources.WALLET_PAYS)
    refresh_payment(payment)
    gateway("sandbox").refund(payment, Decimal("4.00"), key="a")
    page = page_of(payment, "charge")
    assert "Let it through" in text(client.get(page))
    client.post(page, {"succeeds": str(SandboxRefund.objects.get().refund_id)})
    assert SandboxRefund.objects.get().status == SandboxRefund.Status.SUCCEEDED


def test_the_money_is_taken_again_and_arrives_at_once_where_the_page_says_so(client):
    payment = payment_by()
    sandbox.pay(payment.provider_id, sources.CARD_SLOW)
    page = page_of(payment, "charge")
    client.post(page, {"arrive": "1"})
    assert SandboxCharge.objects.get().status == SandboxCharge.Status.SUCCEEDED
    client.post(page, {"again": "1"})
    double = SandboxCharge.objects.get(double_of__isnull=False)
    assert str(double.charge_id) in text(client.get(page))
    assert (
        client.post(reverse("commerce:sandbox_charge", args=[double.charge_id]), {"again": "1"}).status_code
        == 422
    )
