"""Stripe with its real SDK against localstripe, a server of its own that speaks Stripe's protocol."""

import json
import socket
import subprocess
import sys
import time
from decimal import Decimal

import pytest
import requests
import stripe
from django.test import Client, RequestFactory

from accounts.tests.factories import UserFactory
from commerce.actions.costs import learn_costs
from commerce.actions.order_payments import cancel_order
from commerce.actions.payments import refresh_payment, start_payment
from commerce.actions.saved_methods import charge_saved, forget_removed, remember, remove
from commerce.exceptions import ProviderRefused, ProviderUnavailable, SignatureInvalid
from commerce.gateways import gateway
from commerce.gateways.base import DisputeProgress, RefundProgress
from commerce.models import Order, Payment, Purchase, SavedPaymentMethod, WebhookEvent
from commerce.tests.factories import order_of
from commerce.tests.loopback import Loopback, Refused
from marketplace.tests.factories import Model3DFactory

KEY, SECRET = "sk_test_of_this_run", "whsec_of_this_run"
GOOD, DECLINED, CONFIRMS = "4242424242424242", "4000000000000341", "4000002500003155"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


# localstripe keeps its state in one file for the whole machine, which another person's run would not let us write.
START = """
import builtins, runpy
from localstripe import resources
resources.open = lambda name, mode: builtins.open("state.pickle", mode)
runpy.run_module("localstripe", run_name="__main__")
"""


@pytest.fixture(scope="module")
def localstripe(tmp_path_factory):
    """The address of a running localstripe."""
    port = free_port()
    log = (tmp_path_factory.mktemp("localstripe") / "log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-c", START, "--port", str(port), "--from-scratch"],
        stdout=log,
        stderr=log,
        cwd=tmp_path_factory.mktemp("localstripe-home"),
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(200):
            try:
                requests.get(f"{address}/js.stripe.com/v3/", timeout=2)
                break
            except requests.ConnectionError:
                assert process.poll() is None, "localstripe ended"
                time.sleep(0.05)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=10)
        log.close()


@pytest.fixture(autouse=True)
def stripe_settings(settings, localstripe):
    settings.PAYMENT_CARD = "stripe"
    settings.STRIPE_API_BASE = localstripe
    settings.STRIPE_SECRET_KEY = KEY
    settings.STRIPE_PUBLISHABLE_KEY = "pk_test_of_this_run"
    settings.STRIPE_WEBHOOK_SECRET = SECRET


@pytest.fixture
def order(db):
    return order_of(UserFactory(), Model3DFactory(listed=True, price=Decimal("24.00")))


@pytest.fixture
def payment(order):
    payment = order.latest_payment()
    start_payment(payment)
    return payment


def intents(address):
    return stripe.StripeClient(KEY, base_addresses={"api": address}).v1.payment_intents


def call(address: str, path: str, **data) -> dict:
    return requests.post(f"{address}/v1/{path}", json=data, auth=(KEY, ""), timeout=10).json()


def pay(address: str, payment: Payment, number: str) -> dict:
    """What Stripe's script does in the browser: a card, attached to the intent, confirmed."""
    card = {"number": number, "exp_month": 12, "exp_year": 2040, "cvc": "123"}
    method = call(address, "payment_methods", type="card", card=card)
    call(address, f"payment_intents/{payment.provider_id}", payment_method=method["id"])
    return call(address, f"payment_intents/{payment.provider_id}/confirm")


def signed(payload: dict, *, secret: str = SECRET, at: int | None = None):
    """Send an event to our webhook as Stripe would."""
    body = json.dumps(payload)
    at = at or int(time.time())
    signature = stripe.WebhookSignature._compute_signature(f"{at}.{body}", secret)
    return Client(enforce_csrf_checks=True).post(
        "/webhooks/stripe/",
        body,
        content_type="application/json",
        headers={"Stripe-Signature": f"t={at},v1={signature}"},
    )


def event(address: str, payment: Payment, kind: str, **changes) -> dict:
    intent = intents(address).retrieve(payment.provider_id).to_dict()
    return {
        "id": f"evt_{kind}_{time.time_ns()}",
        "object": "event",
        "type": kind,
        "data": {"object": {**intent, **changes}},
    }


def test_an_event_with_a_wrong_or_old_signature_is_refused(localstripe, payment):
    pay(localstripe, payment, GOOD)
    good = event(localstripe, payment, "payment_intent.succeeded")
    assert signed(good, secret="whsec_other").status_code == 400
    assert signed(good, at=int(time.time()) - 400).status_code == 400
    assert not WebhookEvent.objects.exists()
    assert not Purchase.objects.exists()


def test_without_a_secret_no_event_is_taken(localstripe, payment, settings):
    settings.STRIPE_WEBHOOK_SECRET = ""
    with pytest.raises(SignatureInvalid):
        gateway("stripe").parse_webhook({"Stripe-Signature": "t=1,v1=x"}, b"{}")


def test_starting_makes_one_intent_with_amount_and_reference(localstripe, payment):
    intent = intents(localstripe).retrieve(payment.provider_id).to_dict()
    assert (intent["amount"], intent["currency"]) == (2400, "usd")
    assert intent["metadata"]["payment"] == str(payment.public_id)
    assert start_payment(payment).client_secret == intent["client_secret"]


def test_currencies_without_cents_are_sent_in_whole_units(localstripe, db, settings):
    settings.CURRENCY = "JPY"
    order = order_of(UserFactory(), Model3DFactory(listed=True, price=Decimal("1200.00")))
    payment = order.latest_payment()
    start_payment(payment)
    assert intents(localstripe).retrieve(payment.provider_id).amount == 1200
    pay(localstripe, payment, GOOD)
    assert refresh_payment(payment).status == Payment.Status.COMPLETED


def test_asking_settles_a_paid_intent(localstripe, order, payment):
    assert refresh_payment(payment).is_open
    pay(localstripe, payment, GOOD)
    assert refresh_payment(payment).status == Payment.Status.COMPLETED
    order.refresh_from_db()
    assert order.is_completed


def test_a_signed_event_settles_and_keeps_no_client_secret(localstripe, payment):
    pay(localstripe, payment, GOOD)
    assert signed(event(localstripe, payment, "payment_intent.succeeded")).status_code == 200
    payment.refresh_from_db()
    assert payment.status == Payment.Status.COMPLETED
    assert "client_secret" not in json.dumps(WebhookEvent.objects.get().payload)


def test_a_declined_card_leaves_the_payment_open_for_another_card(localstripe, payment):
    pay(localstripe, payment, DECLINED)
    refresh_payment(payment)
    assert payment.is_open
    assert "declined" in payment.failure_message
    signed(event(localstripe, payment, "payment_intent.payment_failed"))
    payment.refresh_from_db()
    assert payment.is_open
    assert payment.order.is_open
    assert start_payment(payment).client_secret


def test_a_card_that_asks_for_confirmation_waits_for_it(localstripe, payment):
    intent = pay(localstripe, payment, CONFIRMS)
    assert intent["status"] == "requires_action"
    assert refresh_payment(payment).is_open
    secret = intents(localstripe).retrieve(payment.provider_id).client_secret
    call(
        localstripe,
        f"payment_intents/{payment.provider_id}/_authenticate",
        client_secret=secret,
        success=True,
    )
    assert refresh_payment(payment).status == Payment.Status.COMPLETED


def test_a_wrong_amount_settles_nothing(localstripe, payment):
    pay(localstripe, payment, GOOD)
    signed(event(localstripe, payment, "payment_intent.succeeded", amount=24))
    assert "instead of" in WebhookEvent.objects.get().error
    assert not Purchase.objects.exists()


def test_events_about_other_things_are_kept_and_change_nothing(payment):
    payload = {
        "id": "evt_1",
        "object": "event",
        "type": "charge.updated",
        "data": {"object": {"object": "charge", "id": "ch_1"}},
    }
    assert signed(payload).status_code == 200
    kept = WebhookEvent.objects.get()
    assert (kept.payment, kept.error) == (None, "")
    assert kept.processed_at


def test_an_abandoned_intent_is_cancelled_at_stripe(localstripe, order, payment):
    cancel_order(order)
    assert intents(localstripe).retrieve(payment.provider_id).status == "canceled"
    assert order.status == Order.Status.CANCELLED


def test_cancelling_finds_that_it_was_paid(localstripe, order, payment):
    pay(localstripe, payment, GOOD)
    cancel_order(order)
    assert order.is_completed


def test_a_refund_is_made_at_stripe(localstripe, payment):
    pay(localstripe, payment, GOOD)
    refresh_payment(payment)
    gateway("stripe").refund(payment, Decimal("5.00"), key="a")
    charge = intents(localstripe).retrieve(payment.provider_id).to_dict()["latest_charge"]["id"]
    answer = requests.get(f"{localstripe}/v1/charges/{charge}", auth=(KEY, ""), timeout=10)
    assert answer.json()["amount_refunded"] == 500


def test_an_unknown_intent_is_refused(payment):
    Payment.objects.filter(pk=payment.pk).update(provider_id="pi_unknown")
    payment.refresh_from_db()
    with pytest.raises(ProviderRefused):
        gateway("stripe").fetch(payment)


def test_when_stripe_does_not_answer_the_order_waits_and_can_be_tried_again(
    client, order, settings, localstripe
):
    settings.STRIPE_API_BASE = f"http://127.0.0.1:{free_port()}"
    with pytest.raises(ProviderUnavailable):
        start_payment(order.latest_payment())
    client.force_login(order.buyer)
    page = client.get(f"/checkout/pay/{order.public_id}/")
    assert "The payment could not be prepared." in page.content.decode()
    settings.STRIPE_API_BASE = localstripe
    page = client.get(f"/checkout/pay/{order.public_id}/")
    assert 'id="card-element"' in page.content.decode()


def test_only_the_card_forms_page_may_load_stripes_script(client, order):
    client.force_login(order.buyer)
    policy = client.get(f"/checkout/pay/{order.public_id}/")["Content-Security-Policy"]
    for source in (
        "script-src 'self' https://js.stripe.com",
        "frame-src https://js.stripe.com",
        "https://api.stripe.com",
    ):
        assert source in policy
    assert "stripe" not in client.get("/cart/")["Content-Security-Policy"]


@pytest.mark.django_db
def test_localstripes_own_signed_webhook_settles_the_payment(localstripe, live_server):
    order = order_of(UserFactory(), Model3DFactory(listed=True, price=Decimal("24.00")))
    payment = order.latest_payment()
    start_payment(payment)
    hook = {
        "url": f"{live_server.url}/webhooks/stripe/",
        "secret": SECRET,
        "events": ["payment_intent.succeeded"],
    }
    assert requests.post(f"{localstripe}/_config/webhooks/ours", json=hook, timeout=10).ok
    pay(localstripe, payment, GOOD)
    for _ in range(100):
        payment.refresh_from_db()
        if not payment.is_open:
            break
        time.sleep(0.1)
    assert payment.status == Payment.Status.COMPLETED
    # localstripe sends late, so that events of earlier tests may come in between.
    assert WebhookEvent.objects.get(payment=payment).kind == "payment_intent.succeeded"


def attached_card(address: str, customer: str, number: str = GOOD) -> dict:
    """What Stripe's script makes of the card form where the card is to be kept."""
    card = {"number": number, "exp_month": 2, "exp_year": 2040, "cvc": "123"}
    method = call(address, "payment_methods", type="card", card=card)
    return call(address, f"payment_methods/{method['id']}/attach", customer=customer)


@pytest.fixture
def kept(localstripe, order):
    """A card that the buyer had kept when they paid an order."""

    def pay_and_keep(number: str = GOOD) -> SavedPaymentMethod:
        payment = order.latest_payment()
        Payment.objects.filter(pk=payment.pk).update(save_method=True)
        payment.refresh_from_db()
        start_payment(payment)
        intent = intents(localstripe).retrieve(payment.provider_id).to_dict()
        method = attached_card(localstripe, intent["customer"], number)
        call(localstripe, f"payment_intents/{payment.provider_id}", payment_method=method["id"])
        confirmed = call(localstripe, f"payment_intents/{payment.provider_id}/confirm")
        if confirmed.get("status") == "requires_action":
            secret = confirmed["client_secret"]
            path = f"payment_intents/{payment.provider_id}/_authenticate"
            call(localstripe, path, client_secret=secret, success=True)
        return remember(refresh_payment(payment))

    return pay_and_keep


def another_payment(order) -> Payment:
    return order_of(order.buyer, Model3DFactory(listed=True, price=Decimal("9.00"))).latest_payment()


def test_a_card_is_kept_for_a_customer_without_a_name(localstripe, order, kept):
    saved = kept()
    assert (saved.label, saved.expires.isoformat()) == ("Visa ending in 4242", "2040-02-29")
    customer = requests.get(
        f"{localstripe}/v1/customers/{saved.customer_id}", auth=(KEY, ""), timeout=10
    ).json()
    assert (customer["email"], customer["name"]) == (None, None)
    assert customer["metadata"] == {"account": str(order.buyer_id)}


def test_the_next_card_is_kept_for_the_same_customer(localstripe, order, kept):
    saved = kept()
    payment = another_payment(order)
    Payment.objects.filter(pk=payment.pk).update(save_method=True)
    payment.refresh_from_db()
    start_payment(payment)
    assert intents(localstripe).retrieve(payment.provider_id).customer == saved.customer_id


def test_a_card_that_nobody_wanted_kept_is_not(localstripe, payment):
    pay(localstripe, payment, GOOD)
    assert remember(refresh_payment(payment)) is None


def test_a_card_that_is_gone_from_stripe_is_not_taken_down(localstripe, order):
    payment = order.latest_payment()
    Payment.objects.filter(pk=payment.pk).update(save_method=True)
    payment.refresh_from_db()
    start_payment(payment)
    pay(localstripe, payment, GOOD)
    assert remember(refresh_payment(payment)) is None
    assert not Payment.objects.get(pk=payment.pk).save_method


def test_a_kept_card_is_charged_while_its_holder_is_away(localstripe, order, kept):
    saved = kept()
    payment = another_payment(order)
    assert charge_saved(payment, saved).status == Payment.Status.COMPLETED
    intent = intents(localstripe).retrieve(payment.provider_id)
    assert (intent.amount, intent.customer, intent.payment_method) == (
        900,
        saved.customer_id,
        saved.method_id,
    )


def test_a_kept_card_that_is_declined_fails_and_the_intent_ends(localstripe, order, kept):
    saved = kept()
    declined = attached_card(localstripe, saved.customer_id, DECLINED)
    SavedPaymentMethod.objects.update(method_id=declined["id"])
    saved.refresh_from_db()
    payment = charge_saved(another_payment(order), saved)
    assert payment.status == Payment.Status.FAILED
    assert "declined" in payment.failure_message
    assert intents(localstripe).retrieve(payment.provider_id).status == "canceled"


def test_a_bank_that_wants_the_holder_leaves_the_payment_to_them(localstripe, client, order, kept):
    saved = kept(CONFIRMS)
    payment = charge_saved(another_payment(order), saved)
    assert payment.is_open
    step = start_payment(payment)
    assert step.confirm_with == saved.method_id
    client.force_login(order.buyer)
    page = client.get(f"/checkout/pay/{payment.order.public_id}/").content.decode()
    assert f'data-method="{saved.method_id}"' in page
    assert 'id="card-element"' not in page
    path = f"payment_intents/{payment.provider_id}/_authenticate"
    call(localstripe, path, client_secret=step.client_secret, success=True)
    assert refresh_payment(payment).status == Payment.Status.COMPLETED


def test_a_removed_card_is_detached_at_stripe(localstripe, order, kept):
    saved = kept()
    remove(saved)
    forget_removed()
    answer = requests.get(f"{localstripe}/v1/payment_methods/{saved.method_id}", auth=(KEY, ""), timeout=10)
    assert answer.json()["customer"] is None


def test_what_stripe_keeps_is_told_with_the_payment(localstripe, payment):
    pay(localstripe, payment, GOOD)
    state = gateway("stripe").fetch(payment)
    assert (state.cost, state.charge_id[:3]) == (Decimal("0.00"), "ch_")


def test_a_refund_says_how_far_it_is(localstripe, payment):
    pay(localstripe, payment, GOOD)
    refresh_payment(payment)
    state = gateway("stripe").refund(payment, Decimal("5.00"), key="a")
    assert state.progress == RefundProgress.SUCCEEDED
    assert gateway("stripe").fetch_refund(payment, state.provider_refund_id) == state


def subject_event(kind: str, **subject) -> dict:
    return {"id": f"evt_{time.time_ns()}", "object": "event", "type": kind, "data": {"object": subject}}


def parsed(payload: dict):
    body = json.dumps(payload)
    at = int(time.time())
    signature = stripe.WebhookSignature._compute_signature(f"{at}.{body}", SECRET)
    return gateway("stripe").parse_webhook({"Stripe-Signature": f"t={at},v1={signature}"}, body.encode())


@pytest.mark.parametrize(
    ("kind", "status", "progress"),
    [
        ("refund.created", "pending", RefundProgress.PENDING),
        ("refund.updated", "succeeded", RefundProgress.SUCCEEDED),
        ("refund.failed", "failed", RefundProgress.FAILED),
        ("charge.refund.updated", "canceled", RefundProgress.FAILED),
        ("refund.updated", "requires_action", RefundProgress.PENDING),
    ],
)
def test_news_of_a_refund_say_which_and_how_far(kind, status, progress):
    event = parsed(
        subject_event(
            kind, object="refund", id="re_1", payment_intent="pi_1", charge="ch_1", status=status, amount=500,
            currency="usd", metadata={"key": "a"}, failure_reason="lost_or_stolen_card",
        )
    )  # fmt: skip
    assert (event.provider_id, event.charge_id, event.state) == ("pi_1", "ch_1", None)
    news = event.refund
    assert (news.provider_refund_id, news.key, news.amount) == ("re_1", "a", Decimal("5.00"))
    assert (news.state.progress, news.state.message) == (progress, "lost or stolen card")


@pytest.mark.parametrize(
    ("kind", "status", "progress"),
    [
        ("charge.dispute.created", "needs_response", DisputeProgress.OPENED),
        ("charge.dispute.created", "warning_needs_response", DisputeProgress.OPENED),
        ("charge.dispute.closed", "won", DisputeProgress.WON),
        ("charge.dispute.closed", "warning_closed", DisputeProgress.WON),
        ("charge.dispute.closed", "lost", DisputeProgress.LOST),
        ("charge.dispute.funds_withdrawn", "lost", None),
    ],
)
def test_news_of_a_dispute_say_who_won(kind, status, progress):
    event = parsed(
        subject_event(
            kind, object="dispute", id="dp_1", payment_intent="pi_1", charge="ch_1", status=status, amount=2400,
            currency="usd", reason="product_not_received",
        )
    )  # fmt: skip
    if progress is None:
        assert event.dispute is None
        return
    news = event.dispute
    assert (news.provider_dispute_id, news.state, news.amount) == ("dp_1", progress, Decimal("24.00"))
    assert (event.provider_id, news.reason) == ("pi_1", "product not received")


def test_every_call_is_kept_with_its_key_and_without_secrets(localstripe, payment):
    pay(localstripe, payment, GOOD)
    refresh_payment(payment)
    gateway("stripe").refund(payment, Decimal("5.00"), key="a")
    rows = {row.operation: row for row in payment.calls.all()}
    assert rows["payment_intents.create"].idempotency_key == f"start-{payment.public_id}"
    assert rows["refunds.create"].idempotency_key == "refund-a"
    assert rows["payment_intents.create"].answer["id"] == payment.provider_id
    for row in rows.values():
        assert row.outcome == "answered"
        assert "client_secret" not in json.dumps(row.answer)


def test_a_call_without_an_answer_is_kept_as_such(order, settings):
    settings.STRIPE_API_BASE = f"http://127.0.0.1:{free_port()}"
    payment = order.latest_payment()
    with pytest.raises(ProviderUnavailable):
        start_payment(payment)
    row = payment.calls.get()
    assert (row.outcome, row.answer, row.http_status) == ("unavailable", {}, None)
    assert row.error


def test_what_stripe_keeps_is_learnt_where_a_webhook_settled(localstripe, payment):
    pay(localstripe, payment, GOOD)
    signed(event(localstripe, payment, "payment_intent.succeeded"))
    payment.refresh_from_db()
    assert (payment.status, payment.provider_cost) == (Payment.Status.COMPLETED, None)
    assert learn_costs() == 1
    payment.refresh_from_db()
    assert payment.provider_cost == Decimal("0.00")
    assert learn_costs() == 0


class Stripe(Loopback):
    """As much of Stripe as charges one card; a key that comes again with another question is an error, as there."""

    def __init__(self):
        super().__init__()
        self.charged: dict[str, object] = {}

    def handle(self, method, path, query, headers, body):
        if method == "POST":
            key = headers["Idempotency-Key"]
            if self.charged.setdefault(key, body) != body:
                said = "Keys can only be used with the same parameters."
                raise Refused(400, {"error": {"type": "idempotency_error", "message": said}})
        intent = {"id": "pi_1", "object": "payment_intent", "status": "succeeded", "client_secret": "s"}
        return {**intent, "amount": 2400, "amount_received": 2400, "currency": "usd", "latest_charge": "ch_1"}


@pytest.fixture
def provider(settings):
    provider = Stripe()
    settings.STRIPE_API_BASE = provider.url
    yield provider
    provider.close()


def test_a_charge_whose_answer_was_lost_is_not_taken_for_refused(order, provider):
    """The payer comes to look while a worker's question went unanswered: theirs is another one, under the same key."""
    saved = SavedPaymentMethod.objects.create(
        user=order.buyer, provider="stripe", customer_id="cus_1", method_id="pm_1", label="Visa 4242"
    )
    Payment.objects.update(saved_method=saved)
    provider.faults.append("lost")
    with pytest.raises(ProviderUnavailable):
        charge_saved(order.latest_payment(), saved)
    with pytest.raises(ProviderUnavailable):
        start_payment(order.latest_payment(), request=RequestFactory().get("/"))
    assert order.latest_payment().is_open
    assert charge_saved(order.latest_payment(), saved).status == Payment.Status.COMPLETED
    assert len(provider.charged) == 1
