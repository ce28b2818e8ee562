"""BTCPay Server: the gateway against a server of our own that speaks its protocol, and fails as it may."""

import hashlib
import hmac
import json
from decimal import Decimal

import pytest
from django.test import Client

from accounts.tests.factories import UserFactory
from commerce.actions.payments import cancel_payment, refresh_payment, start_payment
from commerce.exceptions import ProviderRefused, ProviderUnavailable
from commerce.gateways import gateway, http
from commerce.gateways.base import RefundProgress
from commerce.models import Payment, ProviderCall, Purchase, WebhookEvent
from commerce.tests.factories import order_of
from commerce.tests.loopback_btcpay import API_KEY, SECRET, STORE_ID, BTCPay
from marketplace.tests.factories import Model3DFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def btcpay():
    server = BTCPay()
    yield server
    server.close()


@pytest.fixture(autouse=True)
def btcpay_settings(settings, btcpay, monkeypatch):
    settings.PAYMENT_CRYPTO = "btcpay"
    settings.BTCPAY_URL, settings.BTCPAY_API_KEY = btcpay.url, API_KEY
    settings.BTCPAY_STORE_ID, settings.BTCPAY_WEBHOOK_SECRET = STORE_ID, SECRET
    monkeypatch.setattr(http, "TIMEOUT", (0.4, 0.4))


@pytest.fixture
def payment():
    model = Model3DFactory(listed=True, price=Decimal("24.00"))
    return order_of(UserFactory(), model, method="crypto").latest_payment()


@pytest.fixture
def started(payment):
    start_payment(payment)
    return payment


@pytest.fixture
def paid(btcpay, started):
    btcpay.bring(started.provider_id, "Settled", paid="24.00")
    return refresh_payment(started)


def send(payload: dict, *, secret: str = SECRET, signature: str | None = None):
    body = json.dumps({"storeId": STORE_ID, "deliveryId": "1", "type": "InvoiceSettled", **payload})
    digest = hmac.new(secret.encode(), body.encode(), hashlib.sha256).hexdigest()
    return Client(enforce_csrf_checks=True).post(
        "/webhooks/btcpay/",
        body,
        content_type="application/json",
        headers={"BTCPay-Sig": f"sha256={digest}" if signature is None else signature},
    )


def test_an_event_with_a_wrong_signature_or_of_another_store_is_refused(started):
    answers = [
        send({"invoiceId": started.provider_id}, secret="other"),
        send({"invoiceId": started.provider_id}, signature=""),
        send({"invoiceId": started.provider_id}, signature="sha256="),
        send({"invoiceId": started.provider_id, "storeId": "another"}),
        send({"type": 5}),
    ]
    assert {answer.status_code for answer in answers} == {400}
    assert not WebhookEvent.objects.exists()


def test_a_payment_is_an_invoice_with_our_reference(btcpay, payment):
    step = start_payment(payment)
    invoice = btcpay.invoices[payment.provider_id]
    assert step.redirect_url == invoice["checkoutLink"]
    assert (invoice["amount"], invoice["currency"]) == ("24.00", "USD")
    assert invoice["metadata"] == {"orderId": str(payment.public_id)}
    assert invoice["checkout"]["redirectURL"].endswith(payment.order.get_absolute_url())


@pytest.mark.parametrize("fault", [500, 503, 429, "slow", "drop", "garbage"])
def test_a_start_without_an_answer_can_be_made_again(btcpay, payment, fault):
    btcpay.faults.append(fault)
    with pytest.raises(ProviderUnavailable):
        start_payment(payment)
    payment.refresh_from_db()
    assert (payment.is_open, payment.provider_id) == (True, "")
    start_payment(payment)
    assert list(btcpay.invoices) == [payment.provider_id]


def test_an_invoice_whose_answer_was_lost_is_found_again(btcpay, payment):
    btcpay.faults.extend([None, "lost"])
    with pytest.raises(ProviderUnavailable):
        start_payment(payment)
    start_payment(payment)
    assert list(btcpay.invoices) == [payment.provider_id]


@pytest.mark.parametrize(
    ("status", "more", "paid", "becomes", "message"),
    [
        ("New", "None", "0", Payment.Status.PENDING, ""),
        (
            "Processing",
            "None",
            "24.00",
            Payment.Status.PENDING,
            "The network has yet to confirm the payment.",
        ),
        ("Settled", "None", "24.00", Payment.Status.COMPLETED, ""),
        ("Settled", "PaidOver", "30.00", Payment.Status.COMPLETED, ""),
        ("Settled", "Marked", "0", Payment.Status.COMPLETED, ""),
        ("Expired", "None", "0", Payment.Status.FAILED, "The invoice was not paid in time."),
        ("Invalid", "None", "24.00", Payment.Status.FAILED, "The payment was not valid."),
    ],
)
def test_an_invoices_state_is_the_payments(btcpay, started, status, more, paid, becomes, message):
    btcpay.bring(started.provider_id, status, more, paid)
    refresh_payment(started)
    assert (started.status, started.failure_message) == (becomes, message)
    assert Purchase.objects.exists() == (becomes == Payment.Status.COMPLETED)


def test_coins_that_come_too_late_count_once_the_network_has_confirmed_them(btcpay, started):
    btcpay.bring(started.provider_id, "Expired", "PaidLate", "24.30")
    btcpay.coins[started.provider_id] = [{"status": "Processing", "value": "0.0004"}]
    assert refresh_payment(started).is_open
    btcpay.coins[started.provider_id] = [{"status": "Settled", "value": "0.0004"}]
    assert refresh_payment(started).status == Payment.Status.COMPLETED


def test_too_few_coins_settle_nothing_and_are_said(btcpay, started):
    btcpay.bring(started.provider_id, "Expired", "PaidPartial", "10.00")
    btcpay.coins[started.provider_id] = [{"status": "Settled", "value": "0.0001"}]
    refresh_payment(started)
    assert started.is_open
    assert started.failure_message == "The provider received 10.00 USD instead of 24.00 USD."
    assert not Purchase.objects.exists()


def test_an_invoice_of_another_amount_settles_nothing(btcpay, started):
    btcpay.invoices[started.provider_id]["amount"] = "2.40"
    btcpay.bring(started.provider_id, "Settled", paid="2.40")
    refresh_payment(started)
    assert started.is_open
    assert "instead of 24.00 USD" in started.failure_message


def test_an_event_has_its_invoice_looked_at_once(btcpay, started, django_capture_on_commit_callbacks):
    """An event says nothing that could be believed: its invoice is asked for."""
    with django_capture_on_commit_callbacks() as callbacks:
        for delivery in ("1", "2", "3"):
            payload = {"deliveryId": delivery, "originalDeliveryId": "1", "invoiceId": started.provider_id}
            assert send(payload).status_code == 200
    assert len(callbacks) == 1
    assert WebhookEvent.objects.get().payment == started
    started.refresh_from_db()
    assert started.is_open


def test_an_event_that_overtakes_the_answer_is_found_by_our_reference(payment):
    send({"invoiceId": "unknown", "metadata": {"orderId": str(payment.public_id)}})
    assert WebhookEvent.objects.get().payment == payment


def test_an_event_of_another_invoice_for_the_payment_is_said(started):
    send({"invoiceId": "another", "metadata": {"orderId": str(started.public_id)}})
    assert "look there" in WebhookEvent.objects.get().error


def test_events_in_the_wrong_order_end_in_the_invoices_state(btcpay, started):
    btcpay.bring(started.provider_id, "Settled", paid="24.00")
    for number, kind in enumerate(("InvoiceSettled", "InvoiceProcessing", "InvoiceCreated")):
        send({"deliveryId": str(number), "type": kind, "invoiceId": started.provider_id})
        refresh_payment(started)
    assert started.status == Payment.Status.COMPLETED


def test_giving_up_makes_the_invoice_invalid(btcpay, started):
    cancel_payment(started)
    started.refresh_from_db()
    assert (started.status, started.failure_message) == (Payment.Status.FAILED, "The payment was cancelled.")
    assert btcpay.invoices[started.provider_id]["status"] == "Invalid"


def test_coins_on_their_way_are_not_given_up(btcpay, started):
    btcpay.bring(started.provider_id, "Processing", paid="24.00")
    cancel_payment(started)
    started.refresh_from_db()
    assert started.is_open
    assert btcpay.invoices[started.provider_id]["status"] == "Processing"
    btcpay.bring(started.provider_id, "Settled", paid="24.00")
    cancel_payment(started)
    started.refresh_from_db()
    assert started.status == Payment.Status.COMPLETED


def test_a_refund_waits_until_the_buyer_has_fetched_it(btcpay, paid):
    state = gateway("btcpay").refund(paid, Decimal("4.00"), key="a")
    pull = btcpay.pulls[state.provider_refund_id]
    assert (pull["amount"], pull["currency"]) == ("4.00", "USD")
    assert (state.progress, state.claim_url) == (RefundProgress.PENDING, pull["viewLink"])
    btcpay.payouts[pull["id"]] = [{"amount": "4.00", "state": "AwaitingPayment"}]
    waiting = gateway("btcpay").fetch_refund(paid, pull["id"])
    assert (waiting.progress, waiting.message) == (
        RefundProgress.PENDING,
        "The payout waits to be sent in BTCPay.",
    )
    btcpay.payouts[pull["id"]] = [{"amount": "4.00", "state": "Completed"}]
    assert gateway("btcpay").refund(paid, Decimal("4.00"), key="a").progress == RefundProgress.SUCCEEDED
    assert len(btcpay.pulls) == 1


def test_a_refund_fetched_in_part_still_waits(btcpay, paid):
    state = gateway("btcpay").refund(paid, Decimal("4.00"), key="a")
    btcpay.payouts[state.provider_refund_id] = [
        {"amount": "1.50", "state": "Completed"},
        {"amount": "2.50", "state": "Cancelled"},
    ]
    again = gateway("btcpay").fetch_refund(paid, state.provider_refund_id)
    assert again.progress == RefundProgress.PENDING


def test_a_refund_that_was_withdrawn_has_failed(btcpay, paid):
    state = gateway("btcpay").refund(paid, Decimal("4.00"), key="a")
    btcpay.pulls[state.provider_refund_id]["archived"] = True
    again = gateway("btcpay").fetch_refund(paid, state.provider_refund_id)
    assert again.progress == RefundProgress.FAILED


def test_a_refund_whose_answer_was_lost_is_the_same_refund(btcpay, paid):
    btcpay.faults.extend([None, "lost"])
    with pytest.raises(ProviderUnavailable):
        gateway("btcpay").refund(paid, Decimal("4.00"), key="a")
    gateway("btcpay").refund(paid, Decimal("4.00"), key="a")
    assert len(btcpay.pulls) == 1


def test_what_was_not_paid_is_not_refunded(started):
    with pytest.raises(ProviderRefused):
        gateway("btcpay").refund(started, Decimal("4.00"), key="a")


def test_a_wrong_key_is_nothing_that_a_buyer_can_mend(payment, settings):
    settings.BTCPAY_API_KEY = "wrong"
    with pytest.raises(ProviderUnavailable):
        start_payment(payment)


def test_calls_are_kept_without_the_key(paid):
    assert ProviderCall.objects.filter(payment=paid, operation="invoices.create").exists()
    text = json.dumps(list(ProviderCall.objects.values_list("question", "answer")))
    assert API_KEY not in text
