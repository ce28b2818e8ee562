"""PayPal: the gateway against a server of our own that speaks its protocol, and fails as it may."""

import json
from decimal import Decimal

import pytest
from django.test import Client

from accounts.tests.factories import UserFactory
from commerce.actions.costs import learn_costs
from commerce.actions.payments import cancel_payment, refresh_payment, start_payment
from commerce.exceptions import ProviderRefused, ProviderUnavailable
from commerce.gateways import gateway, http
from commerce.gateways.base import DisputeProgress, RefundProgress
from commerce.gateways.paypal import api, reading
from commerce.models import LedgerMovement, Payment, ProviderCall, Purchase, WebhookEvent
from commerce.tests.factories import order_of
from commerce.tests.loopback_paypal import CLIENT_ID, CLIENT_SECRET, WEBHOOK_ID, PayPal
from marketplace.tests.factories import Model3DFactory

pytestmark = pytest.mark.django_db
FAULTS = [500, 503, 429, "slow", "drop", "garbage"]


@pytest.fixture
def paypal():
    server = PayPal()
    yield server
    server.close()


@pytest.fixture(autouse=True)
def paypal_settings(settings, paypal, monkeypatch):
    settings.PAYMENT_PAYPAL = "paypal"
    settings.PAYPAL_API_BASE = paypal.url
    settings.PAYPAL_CLIENT_ID, settings.PAYPAL_CLIENT_SECRET = CLIENT_ID, CLIENT_SECRET
    settings.PAYPAL_WEBHOOK_ID = WEBHOOK_ID
    monkeypatch.setattr(http, "TIMEOUT", (0.4, 0.4))
    api._tokens.clear()


@pytest.fixture
def payment():
    model = Model3DFactory(listed=True, price=Decimal("24.00"))
    return order_of(UserFactory(), model, method="paypal").latest_payment()


@pytest.fixture
def started(payment):
    start_payment(payment)
    return payment


@pytest.fixture
def paid(paypal, started):
    paypal.approve(started.provider_id)
    return refresh_payment(started)


def send(kind: str, resource: dict, *, event_id: str = "WH-1", signature: str = "good", **changes):
    """An event, sent as PayPal does."""
    headers = {
        "Paypal-Auth-Algo": "SHA256withRSA",
        "Paypal-Cert-Url": "https://api.paypal.com/v1/notifications/certs/CERT",
        "Paypal-Transmission-Id": "1",
        "Paypal-Transmission-Sig": signature,
        "Paypal-Transmission-Time": "2026-01-01T00:00:00Z",
        **changes,
    }
    body = json.dumps({"id": event_id, "event_type": kind, "resource": resource})
    client = Client(enforce_csrf_checks=True)
    return client.post("/webhooks/paypal/", body, content_type="application/json", headers=headers)


def test_an_event_that_paypal_did_not_send_is_refused_and_not_kept(paypal, started):
    paypal.approve(started.provider_id)
    refused = [
        send("CHECKOUT.ORDER.APPROVED", {"id": started.provider_id}, signature="bad"),
        send("CHECKOUT.ORDER.APPROVED", {"id": started.provider_id}, **{"Paypal-Transmission-Id": ""}),
        send("CHECKOUT.ORDER.APPROVED", {"no": "id"}),
    ]
    assert {answer.status_code for answer in refused} == {400}
    assert not WebhookEvent.objects.exists()


@pytest.mark.parametrize("fault", [500, "slow", "drop"])
def test_an_event_that_could_not_be_checked_is_to_be_sent_again(paypal, started, fault):
    paypal.faults.append(fault)
    assert send("CHECKOUT.ORDER.APPROVED", {"id": started.provider_id}).status_code == 503
    assert not WebhookEvent.objects.exists()
    assert send("CHECKOUT.ORDER.APPROVED", {"id": started.provider_id}).status_code == 200


def test_the_event_goes_back_to_be_checked_as_it_came(paypal, started):
    send("CHECKOUT.ORDER.APPROVED", {"id": started.provider_id, "odd": "ü\u2028"})
    _, path, _, body = paypal.asked[-1]
    assert path == "/v1/notifications/verify-webhook-signature"
    assert body["webhook_event"]["resource"]["odd"] == "ü\u2028"
    assert body["webhook_id"] == WEBHOOK_ID


def test_a_payment_is_an_order_that_the_buyer_approves_and_we_capture(paypal, payment):
    step = start_payment(payment)
    order = paypal.orders[payment.provider_id]
    assert step.redirect_url == f"{paypal.url}/checkoutnow?token={payment.provider_id}"
    unit = order["purchase_units"][0]
    assert unit["amount"] == {"currency_code": "USD", "value": "24.00"}
    assert unit["custom_id"] == str(payment.public_id)
    assert refresh_payment(payment).is_open
    paypal.approve(payment.provider_id)
    assert refresh_payment(payment).status == Payment.Status.COMPLETED
    assert payment.provider_cost == Decimal("1.14")
    assert payment.provider_charge_id == paypal.capture_of(payment.provider_id)["id"]
    assert Purchase.objects.count() == 1


def test_currencies_without_cents_are_written_without_them(paypal, settings):
    settings.CURRENCY = "JPY"
    model = Model3DFactory(listed=True, price=Decimal("1200.00"))
    payment = order_of(UserFactory(), model, method="paypal").latest_payment()
    start_payment(payment)
    unit = paypal.orders[payment.provider_id]["purchase_units"][0]
    assert unit["amount"] == {"currency_code": "JPY", "value": "1200"}
    paypal.approve(payment.provider_id)
    assert refresh_payment(payment).status == Payment.Status.COMPLETED


@pytest.mark.parametrize("fault", FAULTS)
def test_a_start_without_an_answer_can_be_made_again(paypal, payment, fault):
    paypal.faults.append(fault)
    with pytest.raises(ProviderUnavailable):
        start_payment(payment)
    payment.refresh_from_db()
    assert (payment.is_open, payment.provider_id) == (True, "")
    start_payment(payment)
    assert payment.provider_id in paypal.orders


def test_a_start_whose_answer_was_lost_is_the_same_order(paypal, payment):
    paypal.faults.append("lost")
    with pytest.raises(ProviderUnavailable):
        start_payment(payment)
    start_payment(payment)
    assert list(paypal.orders) == [payment.provider_id]


@pytest.mark.parametrize("fault", [*FAULTS, "lost"])
def test_a_capture_without_an_answer_takes_the_money_once(paypal, started, fault):
    paypal.approve(started.provider_id)
    paypal.faults.extend([None, fault])
    with pytest.raises(ProviderUnavailable):
        refresh_payment(started)
    started.refresh_from_db()
    assert started.is_open
    assert refresh_payment(started).status == Payment.Status.COMPLETED
    assert Purchase.objects.count() == 1


def test_an_order_that_was_captured_before_is_not_captured_again(paypal, started):
    paypal.approve(started.provider_id)
    paypal._capture(paypal.orders[started.provider_id])
    paypal.orders[started.provider_id]["status"] = "APPROVED"
    assert refresh_payment(started).status == Payment.Status.COMPLETED
    assert paypal.count("POST", "/capture") == 0


@pytest.mark.parametrize("issue", ["INSTRUMENT_DECLINED", "PAYER_CANNOT_PAY"])
def test_a_declined_payment_fails_and_can_be_tried_again(paypal, started, issue):
    paypal.approve(started.provider_id)
    paypal.declines = issue
    assert refresh_payment(started).status == Payment.Status.FAILED
    assert started.failure_message == "PayPal declined the payment."
    assert not Purchase.objects.exists()


def test_a_refusal_that_nobody_foresaw_leaves_the_payment_as_it_is(paypal, started):
    paypal.approve(started.provider_id)
    paypal.declines = "SOMETHING_NEW"
    with pytest.raises(ProviderRefused):
        refresh_payment(started)
    started.refresh_from_db()
    assert started.is_open


def test_a_payment_under_review_waits_for_paypals_word(paypal, started):
    paypal.approve(started.provider_id)
    paypal.captures_wait = True
    refresh_payment(started)
    assert started.is_open
    capture = paypal.capture_of(started.provider_id)
    capture["status"] = "COMPLETED"
    for _ in range(2):
        assert send("PAYMENT.CAPTURE.COMPLETED", capture).status_code == 200
    started.refresh_from_db()
    assert started.status == Payment.Status.COMPLETED
    assert WebhookEvent.objects.get().error == ""
    assert Purchase.objects.count() == 1


def test_denied_after_completed_changes_nothing(paypal, paid):
    capture = {**paypal.capture_of(paid.provider_id), "status": "DECLINED"}
    send("PAYMENT.CAPTURE.DENIED", capture)
    paid.refresh_from_db()
    assert paid.status == Payment.Status.COMPLETED


def test_a_capture_of_another_amount_settles_nothing(paypal, started):
    paypal.approve(started.provider_id)
    paypal.orders[started.provider_id]["purchase_units"][0]["amount"]["value"] = "2.40"
    refresh_payment(started)
    assert started.is_open
    assert started.failure_message == "The provider received 2.40 USD instead of 24.00 USD."
    assert not Purchase.objects.exists()


def test_word_of_an_approval_has_the_order_looked_at(paypal, started, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        send("CHECKOUT.ORDER.APPROVED", {"id": started.provider_id})
    assert len(callbacks) == 1
    assert WebhookEvent.objects.get().payment == started


def test_an_order_that_paypal_has_forgotten_was_not_paid(paypal, started):
    paypal.orders.clear()
    assert refresh_payment(started).status == Payment.Status.FAILED


def test_giving_up_asks_first_whether_it_was_paid(paypal, started):
    cancel_payment(started)
    started.refresh_from_db()
    assert started.status == Payment.Status.FAILED
    assert paypal.count("POST", "/capture") == 0


def test_giving_up_what_was_paid_meanwhile_settles_it(paypal, started):
    paypal.approve(started.provider_id)
    paypal._capture(paypal.orders[started.provider_id])
    cancel_payment(started)
    started.refresh_from_db()
    assert started.status == Payment.Status.COMPLETED


@pytest.mark.parametrize(
    ("status", "progress"),
    [
        ("COMPLETED", RefundProgress.SUCCEEDED),
        ("PENDING", RefundProgress.PENDING),
        ("FAILED", RefundProgress.FAILED),
        ("CANCELLED", RefundProgress.FAILED),
    ],
)
def test_a_refund_is_made_once_a_key_and_says_how_far_it_is(paypal, paid, status, progress):
    paypal.refund_status = status
    first = gateway("paypal").refund(paid, Decimal("4.00"), key="a")
    assert gateway("paypal").refund(paid, Decimal("4.00"), key="a") == first
    assert (first.progress, len(paypal.refunds)) == (progress, 1)
    assert gateway("paypal").fetch_refund(paid, first.provider_refund_id) == first


def test_a_refund_whose_answer_was_lost_is_the_same_refund(paypal, paid):
    paypal.faults.append("lost")
    with pytest.raises(ProviderUnavailable):
        gateway("paypal").refund(paid, Decimal("4.00"), key="a")
    gateway("paypal").refund(paid, Decimal("4.00"), key="a")
    assert len(paypal.refunds) == 1


def test_more_than_was_received_is_not_refunded(paid):
    with pytest.raises(ProviderRefused):
        gateway("paypal").refund(paid, Decimal("24.01"), key="a")


def test_what_was_never_taken_is_not_refunded(started):
    with pytest.raises(ProviderRefused):
        gateway("paypal").refund(started, Decimal("1.00"), key="a")


def test_news_of_refunds_and_disputes_find_their_payment(paypal, paid):
    state = gateway("paypal").refund(paid, Decimal("4.00"), key="a")
    send("PAYMENT.CAPTURE.REFUNDED", paypal.refunds[state.provider_refund_id], event_id="WH-2")
    dispute = {
        "dispute_id": "PP-1",
        "status": "OPEN",
        "reason": "MERCHANDISE_OR_SERVICE_NOT_RECEIVED",
        "dispute_amount": {"currency_code": "USD", "value": "24.00"},
        "disputed_transactions": [{"seller_transaction_id": paid.provider_charge_id}],
    }
    send("CUSTOMER.DISPUTE.CREATED", dispute, event_id="WH-3")
    assert [row.payment for row in WebhookEvent.objects.order_by("pk")] == [paid, paid]


@pytest.mark.parametrize(
    ("status", "outcome", "progress"),
    [
        ("OPEN", None, DisputeProgress.OPENED),
        ("RESOLVED", "RESOLVED_SELLER_FAVOUR", DisputeProgress.WON),
        ("RESOLVED", "CANCELED_BY_BUYER", DisputeProgress.WON),
        ("RESOLVED", "RESOLVED_BUYER_FAVOUR", DisputeProgress.LOST),
        ("RESOLVED", "ACCEPTED", DisputeProgress.LOST),
    ],
)
def test_a_dispute_says_who_won(status, outcome, progress):
    from_paypal = {
        "dispute_id": "PP-1",
        "status": status,
        "reason": "UNAUTHORISED",
        "dispute_amount": {"currency_code": "USD", "value": "24.00"},
        "dispute_outcome": {"outcome_code": outcome} if outcome else None,
    }
    news = reading.dispute_news_of(from_paypal)
    assert (news.state, news.amount, news.reason) == (progress, Decimal("24.00"), "Unauthorised")


def test_a_withdrawn_token_is_asked_for_anew(paypal, payment):
    start_payment(payment)
    paypal.tokens.clear()
    assert refresh_payment(payment).is_open
    assert paypal.count("POST", "/oauth2/token") == 2


def test_wrong_keys_are_nothing_that_a_buyer_can_mend(paypal, payment, settings):
    settings.PAYPAL_CLIENT_SECRET = "wrong"
    with pytest.raises(ProviderUnavailable):
        start_payment(payment)
    payment.refresh_from_db()
    assert payment.is_open


def test_calls_are_kept_with_their_keys_and_without_secrets_and_names(paypal, paid):
    text = json.dumps(list(ProviderCall.objects.values_list("question", "answer")))
    for secret in (CLIENT_SECRET, *paypal.tokens, "payer@private.example"):
        assert secret not in text
    keys = dict(ProviderCall.objects.filter(payment=paid).values_list("operation", "idempotency_key"))
    assert keys["orders.create"] == f"start-{paid.public_id}"
    assert keys["orders.capture"] == f"capture-{paid.public_id}"


def test_paypal_without_its_keys_is_not_set_up(client, settings):
    settings.PAYPAL_WEBHOOK_ID = ""
    assert client.post("/webhooks/paypal/", b"{}", content_type="application/json").status_code == 404


def test_a_cost_that_came_later_is_posted_once(paypal, paid):
    Payment.objects.filter(pk=paid.pk).update(provider_cost=None)
    costs = LedgerMovement.objects.filter(key=f"cost:{paid.pk}")
    assert costs.count() == 1
    assert learn_costs() == 1
    paid.refresh_from_db()
    assert (paid.provider_cost, costs.count()) == (Decimal("1.14"), 1)


def test_a_provider_that_is_away_is_asked_for_costs_later(paypal, paid):
    Payment.objects.filter(pk=paid.pk).update(provider_cost=None)
    paypal.faults.append(500)
    assert learn_costs() == 0
    assert learn_costs() == 1
