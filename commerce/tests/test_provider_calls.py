"""What is kept of calls to providers, and what is not."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.tests.factories import UserFactory
from commerce.actions.payments import refresh_payment, start_payment
from commerce.exceptions import ProviderRefused, ProviderUnavailable
from commerce.gateways import gateway, sandbox
from commerce.gateways.recording import recorded, without_secrets
from commerce.keeper import erase
from commerce.models import Payment, ProviderCall
from commerce.tasks import forget_provider_calls
from commerce.tests.factories import order_of, started_payment
from marketplace.tests.factories import Model3DFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def payment():
    return started_payment(order_of(UserFactory(), Model3DFactory(listed=True, price=Decimal("24.00"))))


def test_nothing_is_kept_that_lets_anybody_pay_or_says_who_paid():
    said = {
        "id": "pi_1",
        "client_secret": "s",
        "card": {"number": "4242424242424242", "cvc": "123"},
        "purchase_units": [{"amount": "24.00", "shipping": {"name": "Ana"}}],
        "payer": {"email_address": "ana@example.com"},
        "Authorization": "Bearer x",
    }
    assert without_secrets(said) == {"id": "pi_1", "purchase_units": [{"amount": "24.00"}]}


def test_an_answer_without_end_is_shortened(payment):
    with recorded("sandbox", "fetch", payment=payment, reads=True) as call:
        call.answer = {"text": "x" * 50_000}
    assert len(ProviderCall.objects.latest("pk").answer["shortened"]) == 20_000


def test_a_call_is_written_down_before_its_question_is_sent(payment):
    with recorded("stripe", "refund", payment=payment, key="k", question={"amount": 5}):
        row = ProviderCall.objects.latest("pk")
        assert (row.outcome, row.idempotency_key, row.question) == ("asked", "k", {"amount": 5})
    row.refresh_from_db()
    assert row.outcome == ProviderCall.Outcome.ANSWERED
    assert row.milliseconds is not None


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (ProviderRefused("No."), ProviderCall.Outcome.REFUSED),
        (ProviderUnavailable("Later."), ProviderCall.Outcome.UNAVAILABLE),
        (ValueError("What?"), ProviderCall.Outcome.UNAVAILABLE),
    ],
)
def test_a_call_that_went_wrong_says_how(payment, error, outcome):
    with pytest.raises(type(error)), recorded("stripe", "refund", payment=payment):
        raise error
    row = ProviderCall.objects.latest("pk")
    assert row.outcome == outcome
    assert str(error) in row.error


def test_each_call_that_changes_something_is_kept_with_its_key(payment):
    sandbox.pay(payment.provider_id, sandbox.CARD_SUCCEEDS)
    refresh_payment(payment)
    gateway("sandbox").refund(payment, Decimal("4.00"), key="a")
    calls = list(payment.calls.order_by("pk").values_list("operation", "idempotency_key", "outcome"))
    assert calls == [
        ("start", f"start-{payment.public_id}", "answered"),
        ("fetch", "", "answered"),
        ("refund", "refund-a", "answered"),
    ]


def test_a_refused_refund_is_kept_too(payment):
    with pytest.raises(ProviderRefused):
        gateway("sandbox").refund(payment, Decimal("4.00"), key="a")
    assert payment.calls.get(operation="refund").outcome == ProviderCall.Outcome.REFUSED


def test_the_same_answer_again_and_again_is_one_row(payment):
    for _ in range(5):
        refresh_payment(payment)
    assert payment.calls.get(operation="fetch").times == 5
    sandbox.pay(payment.provider_id, sandbox.CARD_SUCCEEDS)
    refresh_payment(payment)
    assert payment.calls.filter(operation="fetch").count() == 2


def test_starting_again_is_not_asked_again(payment):
    start_payment(payment)
    assert payment.calls.get().operation == "start"


def test_old_calls_are_forgotten(payment, settings):
    ProviderCall.objects.update(
        asked_at=timezone.now() - timedelta(days=settings.PROVIDER_CALLS_KEPT_DAYS + 1)
    )
    refresh_payment(payment)
    forget_provider_calls()
    assert payment.calls.get().operation == "fetch"


def test_a_deleted_account_leaves_nothing_in_them(payment):
    sandbox.pay(payment.provider_id, sandbox.CARD_SUCCEEDS)
    refresh_payment(payment)
    erase(payment.payer)
    assert not ProviderCall.objects.exclude(question={}, answer={}).exists()
    assert Payment.objects.exists()
