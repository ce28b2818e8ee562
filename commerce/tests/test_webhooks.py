import json
import time
import uuid
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from accounts.tests.factories import UserFactory
from commerce.gateways import sandbox
from commerce.gateways.sandbox import SIGNATURE_HEADER, sign, webhook_body
from commerce.models import Order, Payment, Purchase, SandboxEvent, WebhookEvent
from commerce.tests.concurrency import at_once
from commerce.tests.factories import order_of, started_payment
from marketplace.tests.factories import Model3DFactory

pytestmark = pytest.mark.django_db
URL = "/webhooks/sandbox/"


@pytest.fixture
def payment(db):
    return started_payment(order_of(UserFactory(), Model3DFactory(listed=True, price=Decimal("24.00"))))


def send(body: bytes, *, signature: str | None = None, at: int | None = None):
    """A provider's request: no session, no token."""
    signature = signature if signature is not None else sign(body, at or int(time.time()))
    client = Client(enforce_csrf_checks=True)
    return client.post(URL, body, content_type="application/json", headers={SIGNATURE_HEADER: signature})


def event_of(payment, status: str, **changes) -> bytes:
    charge = {
        "id": payment.provider_id,
        "reference": str(payment.public_id),
        "status": status,
        "amount": 2400,
        "currency": "USD",
        "message": "",
        **changes,
    }
    return json.dumps({"id": str(uuid.uuid4()), "kind": f"charge.{status}", "charge": charge}).encode()


def assert_nothing_settled(payment) -> None:
    payment.refresh_from_db()
    assert payment.is_open
    assert not Purchase.objects.exists()


@pytest.mark.parametrize("signature", ["", "nonsense", "t=1", "t=abc,v1=def", "v1=,t="])
def test_an_unsigned_event_is_refused_and_not_kept(payment, signature):
    assert send(event_of(payment, "succeeded"), signature=signature).status_code == 400
    assert not WebhookEvent.objects.exists()
    assert_nothing_settled(payment)


def test_an_event_signed_for_another_body_is_refused(payment):
    other = sign(event_of(payment, "declined"), int(time.time()))
    assert send(event_of(payment, "succeeded"), signature=other).status_code == 400
    assert_nothing_settled(payment)


def test_an_old_signature_is_refused(payment):
    assert send(event_of(payment, "succeeded"), at=int(time.time()) - 301).status_code == 400
    assert_nothing_settled(payment)


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"{}", b"\xff", b'{"id": 1, "charge": []}'])
def test_a_signed_body_that_is_no_event_is_refused(payment, body):
    assert send(body).status_code == 400


@pytest.mark.parametrize("provider", ["stripe", "nobody"])
def test_providers_that_are_not_offered_have_no_address(client, provider):
    assert client.post(f"/webhooks/{provider}/", b"{}", content_type="application/json").status_code == 404


def test_a_get_is_refused(client):
    assert client.get(URL).status_code == 405


def test_an_event_for_an_unknown_payment_is_kept_as_an_error(payment):
    body = event_of(payment, "succeeded", id=str(uuid.uuid4()), reference=str(uuid.uuid4()))
    assert send(body).status_code == 200
    assert WebhookEvent.objects.get().error == "No such payment."
    assert_nothing_settled(payment)


def test_an_event_that_names_our_payment_but_another_charge_settles_nothing(payment):
    assert send(event_of(payment, "succeeded", id=str(uuid.uuid4()))).status_code == 200
    assert_nothing_settled(payment)


@pytest.mark.parametrize("wrong", [{"amount": 24}, {"amount": 2401}, {"currency": "EUR"}])
def test_a_wrong_amount_is_kept_as_an_error_and_settles_nothing(payment, wrong):
    assert send(event_of(payment, "succeeded", **wrong)).status_code == 200
    assert "instead of" in WebhookEvent.objects.get().error
    assert_nothing_settled(payment)


def test_a_signed_event_settles_the_payment(payment):
    assert send(event_of(payment, "succeeded")).status_code == 200
    payment.refresh_from_db()
    assert payment.status == Payment.Status.COMPLETED
    event = WebhookEvent.objects.get()
    assert (event.payment, event.error) == (payment, "")
    assert event.processed_at


def test_a_replayed_event_changes_nothing(payment):
    body = event_of(payment, "succeeded")
    for _ in range(3):
        assert send(body).status_code == 200
    assert WebhookEvent.objects.count() == Purchase.objects.count() == 1


def test_failed_after_succeeded_leaves_the_order_completed(payment):
    send(event_of(payment, "succeeded"))
    send(event_of(payment, "declined"))
    payment.refresh_from_db()
    assert payment.status == Payment.Status.COMPLETED
    assert Order.objects.get().is_completed


def test_succeeded_before_created_settles_and_created_changes_nothing(payment):
    send(event_of(payment, "succeeded"))
    send(event_of(payment, "created"))
    payment.refresh_from_db()
    assert payment.status == Payment.Status.COMPLETED


def test_an_event_that_overtakes_the_providers_answer_is_found_by_our_reference(payment):
    provider_id = payment.provider_id
    Payment.objects.update(provider_id="")
    send(event_of(payment, "succeeded", id=provider_id))
    payment.refresh_from_db()
    assert payment.status == Payment.Status.COMPLETED


def test_the_sandbox_announces_what_happened_and_signs_it(payment):
    sandbox.pay(payment.provider_id, sandbox.CARD_SUCCEEDS)
    assert send(webhook_body(SandboxEvent.objects.get())).status_code == 200
    payment.refresh_from_db()
    assert payment.status == Payment.Status.COMPLETED


@pytest.mark.django_db(transaction=True)
def test_the_same_event_many_times_at_once_is_handled_once():
    payment = started_payment(order_of(UserFactory(), Model3DFactory(listed=True, price=Decimal("24.00"))))
    body = event_of(payment, "succeeded")
    outcomes = at_once(lambda number: send(body).status_code, 16, threads=8)
    assert set(outcomes) == {200}
    assert WebhookEvent.objects.count() == Purchase.objects.count() == 1


def test_the_address_is_what_the_sandbox_calls():
    assert reverse("commerce:webhook", args=["sandbox"]) == URL
