"""What goes wrong between buyers, providers, workers and the database: never charged twice, never lost, never used up
twice, and always a state that a person can see and that reconciling settles.
"""

import io
import json
import threading
import time
import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from accounts.models import User
from accounts.tests.factories import UserFactory
from commerce.actions import webhooks
from commerce.actions.order_payments import cancel_order
from commerce.actions.ordering import place_order
from commerce.actions.payments import refresh_payment, start_payment
from commerce.actions.reconciling import reconcile
from commerce.exceptions import CheckoutChanged, CommerceError, PaymentStarting, ProviderUnavailable
from commerce.gateways import sandbox
from commerce.gateways.base import Event, Gateway, PaymentState, ProviderState
from commerce.ledger import balance, balance_of
from commerce.models import CouponUse, LedgerMovement, Order, Payment, Purchase, SandboxCharge, Transaction
from commerce.tests.concurrency import at_once
from commerce.tests.factories import BILLING, coupon_of, order_of, put_into_cart, shown, started_payment
from commerce.tests.faults import (
    SlowProvider,
    cut_all_connections,
    kill,
    kill_while_it_waits_for,
    process,
    wait_until,
)
from commerce.tests.test_payments import reloaded
from marketplace.tests.factories import Model3DFactory

threaded = pytest.mark.django_db(transaction=True)


def audited() -> None:
    """No cent is out of place, and nothing is left on its way."""
    SandboxCharge.objects.update(updated_at=timezone.now() - timedelta(hours=1))
    call_command("audit_ledger", stdout=io.StringIO())


def model_for(price="24.00", **fields):
    return Model3DFactory(listed=True, price=Decimal(price), **fields)


def place(buyer, model, *, key=None, coupon=None) -> Order:
    return place_order(
        buyer=buyer,
        checkout_key=key or uuid.uuid4(),
        shown=shown(model, coupon=coupon),
        billing=BILLING,
        method="card",
        coupon_code=coupon.code if coupon else "",
    )


# A coupon that everybody wants


def use_a_coupon(*, attempts: int, at_a_time: int, people: int) -> None:
    """Everybody has another model in the cart and tries again and again; some pay, some are declined, some leave."""
    coupon, model = coupon_of(20, "RUSH", max_uses=10), model_for()
    buyers = UserFactory.create_batch(people)
    for buyer in buyers:
        put_into_cart(buyer, model)

    def attempt(number):
        buyer = buyers[number % people]
        try:
            order = place(buyer, model, coupon=coupon)
        except CheckoutChanged:
            return "refused"
        payment = order.latest_payment()
        start_payment(payment)
        if number % 3:
            sandbox.pay(
                payment.provider_id, sandbox.CARD_SUCCEEDS if number % 3 == 1 else sandbox.CARD_DECLINED
            )
            refresh_payment(payment)
        return payment.status

    outcomes = at_once(attempt, attempts, threads=at_a_time)
    assert not [one for one in outcomes if isinstance(one, Exception) and not isinstance(one, CommerceError)]
    used = CouponUse.objects.used()
    assert CouponUse.objects.counted().count() <= 10
    assert (
        used.values("user").distinct().count()
        == used.count()
        == Order.objects.filter(status="completed").count()
    )
    assert Purchase.objects.count() == used.count()
    assert set(Transaction.objects.completed().values_list("amount", flat=True)) <= {Decimal("19.20")}
    # What declined and abandoned orders held is free again: in the end all ten are used.
    for order in Order.objects.payable():
        cancel_order(order)
    owners = set(Purchase.objects.values_list("user", flat=True))
    for buyer in [one for one in buyers if one.pk not in owners][: 10 - used.count()]:
        payment = started_payment(place(buyer, model, coupon=coupon))
        sandbox.pay(payment.provider_id, sandbox.CARD_SUCCEEDS)
        refresh_payment(payment)
    assert used.all().count() == 10
    with pytest.raises(CheckoutChanged, match="as often as it may be"):
        place(next(one for one in buyers if not one.purchases.exists()), model, coupon=coupon)
    audited()


@pytest.mark.full
@threaded
def test_a_coupon_with_ten_uses_left_is_used_ten_times_by_many_at_once():
    use_a_coupon(attempts=120, at_a_time=20, people=30)


@threaded
@pytest.mark.full
def test_a_coupon_with_ten_uses_left_is_used_ten_times_by_a_thousand_attempts_fifty_at_once():
    use_a_coupon(attempts=1000, at_a_time=50, people=100)


# Double submits and two tabs


@pytest.mark.full
@threaded
def test_one_checkout_sent_twice_and_paid_twice_is_one_charge():
    buyer, model, key = UserFactory(), model_for(), uuid.uuid4()
    put_into_cart(buyer, model)

    def submit_and_pay(number):
        payment = place(buyer, model, key=key).latest_payment()
        try:
            start_payment(payment)
        except (PaymentStarting, CommerceError):
            return None
        sandbox.pay(payment.provider_id, sandbox.CARD_SUCCEEDS)
        return refresh_payment(payment).status

    at_once(submit_and_pay, 16, threads=8)
    reconcile()
    assert SandboxCharge.objects.get().status == "succeeded"
    assert Purchase.objects.get().user == buyer
    assert LedgerMovement.objects.count() == 1
    audited()


@pytest.mark.full
@threaded
def test_two_tabs_that_are_paid_at_once_take_the_money_once_or_give_it_back():
    for _ in range(4):
        buyer, model = UserFactory(), model_for()
        put_into_cart(buyer, model)
        first = started_payment(place(buyer, model))

        def tab(number, buyer=buyer, model=model, first=first):
            if number == 0:
                sandbox.pay(first.provider_id, sandbox.CARD_SUCCEEDS)
                return refresh_payment(first).status
            payment = place(buyer, model).latest_payment()
            start_payment(payment)
            sandbox.pay(payment.provider_id, sandbox.CARD_SUCCEEDS)
            return refresh_payment(payment).status

        at_once(tab, 2, threads=2)
        reconcile()
        assert buyer.purchases.count() == 1
        taken = SandboxCharge.objects.filter(
            reference__in=map(str, buyer.payments.values_list("public_id", flat=True))
        )
        paid = 24 * taken.filter(status="succeeded").count()
        assert -balance("buyer", owner=buyer) == paid
        assert balance("due", owner=buyer) == paid - 24
    audited()


# Webhooks in any order


states = st.sampled_from(
    [PaymentState.PENDING, PaymentState.SUCCEEDED, PaymentState.FAILED, PaymentState.CANCELLED]
)


@hypothesis_settings(deadline=None, max_examples=25)
@given(st.lists(st.tuples(states, st.integers(1, 3)), min_size=1, max_size=6))
@pytest.mark.django_db
def test_whatever_order_events_come_in_and_how_often_the_end_is_the_same(told):
    payment = started_payment(order_of(UserFactory(), model_for()))
    for number, (state, times) in enumerate(told):
        said = ProviderState(state, payment.amount, payment.currency, "As the bank says.")
        event = Event(
            f"{payment.pk}-{number}",
            "news",
            provider_id=payment.provider_id,
            reference=str(payment.public_id),
            state=said,
        )
        for _ in range(times):
            webhooks.receive("sandbox", event)
    said = {state for state, _ in told}
    payment.refresh_from_db()
    order = payment.order
    if PaymentState.SUCCEEDED in said:
        assert (payment.status, order.status) == ("completed", "completed")
        assert payment.movements.count() == Purchase.objects.filter(transaction__order=order).count() == 1
    elif said != {PaymentState.PENDING}:
        assert (payment.status, order.status, payment.movements.count()) == ("failed", "failed", 0)
    else:
        assert payment.is_open


@pytest.mark.django_db
def test_an_event_that_anybody_could_have_written_is_refused_and_not_kept(client):
    payment = started_payment(order_of(UserFactory(), model_for()))
    charge = {"id": payment.provider_id, "reference": str(payment.public_id), "status": "succeeded",
              "amount": 2400, "currency": "USD", "message": ""}  # fmt: skip
    body = json.dumps({"id": str(uuid.uuid4()), "kind": "charge.succeeded", "charge": charge})
    for signature in ("", "t=1,v1=00", f"t={int(time.time())},v1=" + "0" * 64, "nonsense"):
        answer = client.post(
            reverse("commerce:webhook", args=["sandbox"]), body, content_type="application/json",
            headers={sandbox.SIGNATURE_HEADER: signature},
        )  # fmt: skip
        assert answer.status_code == 400
    assert not webhooks.WebhookEvent.objects.exists()
    assert reloaded(payment).is_open
    assert not Purchase.objects.exists()


# A provider that is down, or answers after we have given up


@pytest.fixture
def provider(settings, monkeypatch):
    running = SlowProvider()
    settings.PAYMENT_CARD = "stripe"
    settings.STRIPE_API_BASE = running.address
    settings.STRIPE_SECRET_KEY, settings.STRIPE_PUBLISHABLE_KEY = "sk_test_x", "pk_test_x"
    settings.STRIPE_WEBHOOK_SECRET = "whsec_x"
    monkeypatch.setattr(Gateway, "TIMEOUT_SECONDS", 0.5)
    yield running
    running.close()


def payment_at(provider) -> Payment:
    payment = order_of(UserFactory(), model_for()).latest_payment()
    start_payment(payment)
    return payment


@pytest.mark.django_db
def test_a_provider_that_is_down_leaves_an_order_that_can_be_paid_later(provider, client):
    order = order_of(UserFactory(), model_for())
    provider.is_down = True
    with pytest.raises(ProviderUnavailable):
        start_payment(order.latest_payment())
    client.force_login(order.buyer)
    page = reverse("commerce:pay", args=[order.public_id])
    assert "does not answer" in client.get(page).content.decode()
    provider.is_down = False
    assert provider.intents == {}
    assert "pi_1_secret" in client.get(page).content.decode()
    provider.pay("pi_1")
    reconcile()
    assert reloaded(order).is_completed
    assert LedgerMovement.objects.count() == 1


@pytest.mark.full
@pytest.mark.django_db
def test_a_provider_that_answers_too_late_is_charged_at_once_and_not_twice(provider):
    order = order_of(UserFactory(), model_for())
    provider.delay = 1.5
    with pytest.raises(ProviderUnavailable):
        start_payment(order.latest_payment())
    assert list(provider.intents) == ["pi_1"]  # it has done what we asked for
    provider.delay = 0
    assert start_payment(order.latest_payment()).client_secret == "pi_1_secret"
    provider.pay("pi_1")
    reconcile()
    assert list(provider.intents) == ["pi_1"]
    assert reloaded(order).is_completed


@pytest.mark.django_db
def test_an_order_whose_cancelling_is_answered_too_late_stays_until_the_provider_is_asked(provider):
    payment = payment_at(provider)
    provider.pay(payment.provider_id)
    provider.delay = 1.5
    with pytest.raises(ProviderUnavailable):
        cancel_order(payment.order)
    assert reloaded(payment.order).is_open
    provider.delay = 0
    reconcile()
    assert reloaded(payment.order).is_completed


@pytest.mark.django_db
def test_a_payment_that_a_provider_never_answers_about_is_shown_to_a_person(provider):
    payment = payment_at(provider)
    provider.is_down = True
    Payment.objects.update(created_at=timezone.now() - timedelta(days=2))
    out = io.StringIO()
    call_command("reconcile_payments", stdout=out)
    assert "Payments that could not be given up: 1." in out.getvalue()
    assert str(payment.public_id) in out.getvalue()
    provider.is_down = False
    call_command("reconcile_payments", stdout=out)
    assert "Nothing is stuck." in out.getvalue()
    assert provider.intents["pi_1"]["status"] == "canceled"


# A process that is killed


@pytest.mark.full
@threaded
def test_a_worker_killed_between_the_charge_and_its_record_loses_nothing():
    payment = started_payment(order_of(UserFactory(), model_for()))
    sandbox.pay(payment.provider_id, sandbox.CARD_SUCCEEDS)
    seller = payment.order.transactions.get().seller
    # People's figures change last: by then purchase, ledger and order are written, and nothing is committed.
    kill_while_it_waits_for(
        User.objects.filter(pk=seller.pk),
        "from commerce.models import Payment\n"
        "from commerce.actions.payments import refresh_payment\n"
        f"refresh_payment(Payment.objects.get(pk={payment.pk}))",
    )
    assert reloaded(payment).is_open
    assert not Purchase.objects.exists()
    assert not LedgerMovement.objects.exists()
    assert reconcile().ended == 1
    assert reloaded(payment).status == Payment.Status.COMPLETED
    assert Purchase.objects.count() == LedgerMovement.objects.count() == 1
    assert balance_of(seller).total == Decimal("22.20")
    assert reloaded(seller).total_sales == 1
    audited()


@pytest.mark.full
@threaded
def test_a_worker_killed_while_the_provider_answers_charges_nobody_twice(provider):
    order = order_of(UserFactory(), model_for())
    payment = order.latest_payment()
    provider.delay = 20
    child = process(
        "from commerce.models import Payment\n"
        "from commerce.actions.payments import start_payment\n"
        f"start_payment(Payment.objects.get(pk={payment.pk}))",
        PAYMENT_CARD="stripe",
        STRIPE_API_BASE=provider.address,
        STRIPE_SECRET_KEY="sk_test_x",
    )
    wait_until(lambda: provider.intents, "the provider is asked", child)
    kill(child)
    provider.delay = 0
    assert not reloaded(payment).provider_id
    with pytest.raises(PaymentStarting):
        start_payment(payment)
    # Its lease runs out.
    Payment.objects.update(starting_until=timezone.now() - timedelta(seconds=1))
    assert start_payment(reloaded(payment)).client_secret == "pi_1_secret"
    provider.pay("pi_1")
    reconcile()
    assert list(provider.intents) == ["pi_1"]
    assert Purchase.objects.count() == LedgerMovement.objects.count() == 1


# A database that goes away in the middle


@pytest.mark.full
@threaded
def test_a_database_that_restarts_in_the_middle_of_checkouts_leaves_each_bought_once(stack_of_session):
    for stack in stack_of_session:
        # What other tests left running would lose its connections as well.
        stack.stop()
    buyers = UserFactory.create_batch(6)
    models = [model_for() for _ in buyers]
    keys = [uuid.uuid4() for _ in buyers]
    for buyer, model in zip(buyers, models, strict=True):
        put_into_cart(buyer, model)
    broken, done = [], threading.Event()

    def again_and_again(call):
        """As a person does who sees an error page and sends the form again."""
        while True:
            try:
                return call()
            except DatabaseError as error:
                broken.append(error)
                connection.close()

    def buy(number):
        def once():
            payment = place(buyers[number], models[number], key=keys[number]).latest_payment()
            if payment.is_open:
                Payment.objects.filter(pk=payment.pk).update(starting_until=None)
                start_payment(payment)
                sandbox.pay(payment.provider_id, sandbox.CARD_SUCCEEDS)
                refresh_payment(payment)
            return payment.status

        return again_and_again(once)

    def cut():
        # Ever more rarely: on a slow machine nobody would come to an end between two cuts of the same distance.
        pause = 0.1
        while not done.wait(pause):
            again_and_again(cut_all_connections)
            pause *= 1.2
        connection.close()

    restarts = threading.Thread(target=cut)
    restarts.start()
    try:
        outcomes = at_once(buy, len(buyers), threads=len(buyers))
    finally:
        done.set()
        restarts.join()
    connection.close()
    assert broken, "no connection broke: the test shows nothing"
    assert outcomes == ["completed"] * len(buyers)
    reconcile()
    assert Order.objects.filter(status="completed").count() == Order.objects.count() == len(buyers)
    assert Purchase.objects.count() == LedgerMovement.objects.count() == len(buyers)
    assert (
        SandboxCharge.objects.filter(status="succeeded").count()
        == SandboxCharge.objects.count()
        == len(buyers)
    )
    audited()
