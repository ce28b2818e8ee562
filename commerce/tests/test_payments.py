import uuid
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.models import Notification
from accounts.tests.factories import UserFactory
from commerce.actions.order_payments import cancel_order, pay_again
from commerce.actions.payments import apply_state, refresh_payment, settle, start_payment
from commerce.actions.reconciling import settle_pending
from commerce.actions.refunds import refund_due, send
from commerce.actions.telling import tell_of
from commerce.exceptions import (
    CheckoutChanged,
    PaymentNotPossible,
    PaymentStarting,
    ProviderRefused,
    RefundNotPossible,
)
from commerce.gateways import gateway, sandbox
from commerce.gateways.base import PaymentState, ProviderState
from commerce.models import CartItem, Order, Payment, Purchase, SandboxCharge, Transaction
from commerce.tasks import finish_order
from commerce.tests.concurrency import at_once
from commerce.tests.factories import order_of, paid_order, received, started_payment
from core.models import AuditEntry, OutgoingMail
from marketplace.models import DailyStats, Model3D
from marketplace.tests.factories import Model3DFactory


@pytest.fixture
def buyer(db):
    return UserFactory()


@pytest.fixture
def model(db):
    return Model3DFactory(listed=True, price=Decimal("24.00"), title="Walnut desk")


@pytest.fixture
def order(buyer, model):
    return order_of(buyer, model)


@pytest.fixture
def payment(order):
    return started_payment(order)


def reloaded(thing):
    thing.refresh_from_db()
    return thing


def age(payment, hours: int) -> None:
    past = timezone.now() - timedelta(hours=hours)
    Payment.objects.filter(pk=payment.pk).update(created_at=past, check_at=past)


@pytest.mark.parametrize(
    "wrong", [{"amount": Decimal("0.24")}, {"amount": Decimal("24.01")}, {"currency": "JPY"}]
)
def test_a_wrong_amount_or_currency_settles_nothing(order, payment, wrong):
    assert "instead of 24.00 USD" in settle(payment, replace(received(payment), **wrong))
    assert reloaded(payment).is_open
    assert reloaded(order).is_open
    assert not Purchase.objects.exists()
    assert AuditEntry.objects.filter(action="payment.wrong_amount").count() == 1


def test_a_wrong_amount_is_reported_once(payment):
    for _ in range(3):
        settle(payment, replace(received(payment), amount=Decimal("1.00")))
    assert AuditEntry.objects.count() == 1


def test_settling_hands_over_and_counts_once_however_often_it_is_called(buyer, model, order, payment):
    for _ in range(3):
        assert settle(payment, received(payment)) == ""
    assert reloaded(order).is_completed
    assert reloaded(payment).status == Payment.Status.COMPLETED
    purchase = Purchase.objects.get()
    assert (purchase.user, purchase.model, purchase.file_version) == (
        buyer,
        model,
        model.current_file.version,
    )
    assert order.transactions.get().payment_status == Transaction.PaymentStatus.COMPLETED
    assert reloaded(model).sales_count == 1
    assert (reloaded(model.creator).total_sales, reloaded(buyer).purchases_count) == (1, 1)
    day = DailyStats.objects.get(model=model)
    assert (day.sales, day.revenue) == (1, Decimal("24.00"))
    assert not CartItem.objects.exists()


def test_settling_tells_buyer_and_seller_once(buyer, model, order, payment):
    settle(payment, received(payment))
    assert not OutgoingMail.objects.exists() and not Notification.objects.exists()
    for _ in range(2):
        finish_order(order.pk)
    receipt, sale = OutgoingMail.objects.order_by("kind")
    assert (receipt.kind, sale.kind, sale.recipient) == ("commerce/receipt", "commerce/sale", model.creator)
    assert "$24.00" in receipt.text
    assert "Walnut desk" in receipt.html
    assert "$22.20" in sale.text
    assert Notification.objects.get().user == model.creator


def test_a_seller_without_an_address_is_told_on_the_site(model, order, payment):
    type(model.creator).objects.filter(pk=model.creator_id).update(email="")
    assert settle(payment, received(payment)) == ""
    finish_order(order.pk)
    assert Notification.objects.count() == 1
    assert not OutgoingMail.objects.filter(kind="commerce/sale").exists()


def test_several_sellers_get_one_message_each(buyer):
    ana, ben = UserFactory(creator=True), UserFactory(creator=True)
    models = [Model3DFactory(listed=True, creator=creator) for creator in (ana, ana, ben)]
    finish_order(paid_order(buyer, *models).pk)
    assert sorted(OutgoingMail.objects.filter(kind="commerce/sale").values_list("recipient", flat=True)) == [
        ana.pk,
        ben.pk,
    ]
    assert reloaded(ana).total_sales == 2


def test_failed_after_succeeded_changes_nothing(order, payment):
    settle(payment, received(payment))
    apply_state(payment, ProviderState(PaymentState.FAILED, payment.amount, "USD", "late"))
    assert reloaded(payment).status == Payment.Status.COMPLETED
    assert reloaded(order).is_completed


def test_succeeded_after_failed_completes_the_order(order, payment):
    apply_state(payment, ProviderState(PaymentState.FAILED, payment.amount, "USD", "declined"))
    assert reloaded(order).status == Order.Status.FAILED
    assert settle(payment, received(payment)) == ""
    assert reloaded(order).is_completed
    assert order.transactions.get().is_completed


def test_money_that_comes_after_cancelling_completes_the_order(order, payment):
    cancel_order(order)
    assert reloaded(order).status == Order.Status.CANCELLED
    settle(payment, received(payment))
    assert reloaded(order).is_completed


def test_a_model_withdrawn_after_ordering_is_delivered(order, payment, model):
    model.deleted_at, model.is_published = timezone.now(), False
    model.save()
    settle(payment, received(payment))
    assert Purchase.objects.get().model == model


def test_an_order_paid_twice_owes_the_second_payment(order, payment):
    apply_state(payment, ProviderState(PaymentState.FAILED, payment.amount, "USD", "declined"))
    second = pay_again(reloaded(order), method="card")
    start_payment(second)
    settle(second, received(second))
    assert "already" in settle(payment, received(payment))
    assert reloaded(payment).status == Payment.Status.REFUND_DUE
    assert payment.refund_due_amount == Decimal("24.00")
    assert reloaded(second).status == Payment.Status.COMPLETED
    assert AuditEntry.objects.get().action == "payment.refund_due"
    assert Purchase.objects.count() == 1


def test_a_model_owned_from_elsewhere_is_not_delivered_and_its_amount_is_owed(buyer, model, order, payment):
    other = Model3DFactory(listed=True, price=Decimal("6.00"))
    both = Order.objects.get(pk=order.pk)
    Transaction.objects.create(
        order=both, buyer=buyer, seller=other.creator, model=other, title=other.title, license=other.license,
        amount=6, platform_fee=0, seller_amount=6, payment_method="card",
    )  # fmt: skip
    Order.objects.filter(pk=order.pk).update(subtotal=30, total=30)
    Payment.objects.filter(pk=payment.pk).update(amount=30)
    owned_by_hand(buyer, model)
    payment.refresh_from_db()
    assert "Walnut desk" in settle(payment, received(payment))
    assert reloaded(both).is_completed
    assert (reloaded(payment).status, payment.refund_due_amount) == (
        Payment.Status.COMPLETED,
        Decimal("24.00"),
    )
    assert Purchase.objects.filter(user=buyer).count() == 2
    assert both.transactions.get(model=model).payment_status == Transaction.PaymentStatus.FAILED


def test_an_order_of_which_everything_is_owned_is_owed_in_full(buyer, model, order, payment):
    owned_by_hand(buyer, model)
    settle(payment, received(payment))
    assert reloaded(order).status == Order.Status.CANCELLED
    assert (reloaded(payment).status, payment.refund_due_amount) == (
        Payment.Status.REFUND_DUE,
        Decimal("24.00"),
    )
    assert not OutgoingMail.objects.exists()


def owned_by_hand(buyer, model) -> Purchase:
    """A purchase through another order, as two providers settling at once would make it."""
    other = Order.objects.create(
        buyer=buyer, checkout_key=uuid.uuid4(), currency="USD", subtotal=0, total=0,
        billing_name="x", billing_email="x@example.com", terms_accepted_at=timezone.now(),
        status="completed", completed_at=timezone.now(),
    )  # fmt: skip
    line = Transaction.objects.create(
        order=other, buyer=buyer, seller=model.creator, model=model, title=model.title, license=model.license,
        amount=0, platform_fee=0, seller_amount=0, payment_method="none", payment_status="completed",
    )  # fmt: skip
    return Purchase.objects.create(user=buyer, model=model, transaction=line)


def test_only_what_is_due_can_be_refunded(payment):
    settle(payment, received(payment))
    with pytest.raises(RefundNotPossible):
        refund_due(reloaded(payment), by=UserFactory())
    assert SandboxCharge.objects.get().refunded == 0


def test_what_is_due_is_refunded_once(buyer, model, order, payment):
    sandbox.pay(payment.provider_id, sandbox.CARD_SUCCEEDS)
    owned_by_hand(buyer, model)
    settle(payment, received(payment))
    by = UserFactory(admin=True)
    send(refund_due(reloaded(payment), by=by).pk)
    assert (reloaded(payment).status, payment.refund_due_amount) == (Payment.Status.REFUNDED, 0)
    assert SandboxCharge.objects.get().refunded == 2400
    assert AuditEntry.objects.filter(actor=by, action="payment.refund_due").count() == 1
    with pytest.raises(RefundNotPossible):
        refund_due(payment, by=by)


def test_the_sandbox_refunds_no_more_than_it_received(payment):
    sandbox.pay(payment.provider_id, sandbox.CARD_SUCCEEDS)
    with pytest.raises(ProviderRefused):
        gateway("sandbox").refund(payment, Decimal("24.01"), key="a")
    gateway("sandbox").refund(payment, Decimal("20.00"), key="b")
    gateway("sandbox").refund(payment, Decimal("20.00"), key="b")
    with pytest.raises(ProviderRefused):
        gateway("sandbox").refund(payment, Decimal("20.00"), key="c")
    assert SandboxCharge.objects.get().refunded == 2000


def test_starting_twice_is_one_payment_at_the_provider(order):
    first = start_payment(order.latest_payment())
    assert start_payment(order.latest_payment()) == first
    assert SandboxCharge.objects.count() == 1


def test_a_payment_that_is_being_started_is_not_started_beside(order):
    payment = order.latest_payment()
    Payment.objects.filter(pk=payment.pk).update(starting_until=timezone.now() + timedelta(seconds=30))
    with pytest.raises(PaymentStarting):
        start_payment(payment)
    assert not SandboxCharge.objects.exists()


def test_a_start_that_never_ended_is_done_again(order):
    payment = order.latest_payment()
    Payment.objects.filter(pk=payment.pk).update(starting_until=timezone.now() - timedelta(seconds=1))
    assert start_payment(payment).redirect_url
    assert SandboxCharge.objects.count() == 1


def test_a_completed_order_cannot_be_paid_again(order, payment):
    settle(payment, received(payment))
    with pytest.raises(PaymentNotPossible):
        pay_again(order, method="card")
    with pytest.raises(PaymentNotPossible):
        start_payment(reloaded(payment))


def test_a_failed_order_is_paid_again_with_a_new_payment(order, payment):
    sandbox.pay(payment.provider_id, sandbox.CARD_DECLINED)
    assert refresh_payment(payment).failure_message == "The card was declined."
    second = pay_again(reloaded(order), method="card")
    assert second.pk != payment.pk
    assert reloaded(order).is_open
    start_payment(second)
    sandbox.pay(second.provider_id, sandbox.CARD_SUCCEEDS)
    refresh_payment(second)
    assert reloaded(order).is_completed


def test_a_failed_order_whose_price_changed_needs_a_new_checkout(order, payment, model):
    sandbox.pay(payment.provider_id, sandbox.CARD_DECLINED)
    refresh_payment(payment)
    Model3D.objects.filter(pk=model.pk).update(price=Decimal("30.00"))
    with pytest.raises(CheckoutChanged, match=r"30\.00"):
        pay_again(reloaded(order), method="card")
    assert Payment.objects.count() == 1


def test_an_order_that_was_paid_meanwhile_is_not_cancelled(order, payment):
    sandbox.pay(payment.provider_id, sandbox.CARD_SUCCEEDS)
    cancel_order(order)
    assert reloaded(order).is_completed


def test_a_cancelled_order_can_not_be_paid_at_the_sandbox(order, payment):
    cancel_order(order)
    assert sandbox.pay(payment.provider_id, sandbox.CARD_SUCCEEDS).status == SandboxCharge.Status.CANCELLED


def test_asking_settles_a_payment_whose_webhook_never_came(order, payment):
    sandbox.pay(payment.provider_id, sandbox.CARD_SUCCEEDS)
    Payment.objects.update(check_at=timezone.now())
    assert settle_pending() == 1
    assert reloaded(order).is_completed


def test_a_payment_is_asked_about_ever_less_often(payment):
    times = []
    for _ in range(9):
        Payment.objects.update(check_at=timezone.now())
        settle_pending()
        times.append(round((reloaded(payment).check_at - timezone.now()).total_seconds() / 60))
    assert times == [1, 2, 4, 8, 16, 32, 64, 64, 64]
    assert settle_pending() == 0


def test_a_payment_that_nobody_made_within_a_day_is_given_up(order, payment):
    age(payment, 25)
    settle_pending()
    assert reloaded(payment).status == Payment.Status.FAILED
    assert reloaded(order).status == Order.Status.CANCELLED
    assert SandboxCharge.objects.get().status == SandboxCharge.Status.CANCELLED


def test_a_payment_never_started_is_given_up_too(order):
    age(order.latest_payment(), 25)
    settle_pending()
    assert reloaded(order).status == Order.Status.CANCELLED


def test_one_payment_that_cannot_be_asked_about_does_not_keep_the_others(buyer, order, payment):
    lost = started_payment(order_of(UserFactory(), Model3DFactory(listed=True)))
    Payment.objects.filter(pk=lost.pk).update(provider_id="gone", check_at=timezone.now() - timedelta(days=1))
    sandbox.pay(payment.provider_id, sandbox.CARD_SUCCEEDS)
    Payment.objects.filter(pk=payment.pk).update(check_at=timezone.now())
    settle_pending()
    assert reloaded(order).is_completed
    assert reloaded(lost).check_at > timezone.now()


@pytest.mark.django_db(transaction=True)
def test_starting_many_times_at_once_is_one_payment_at_the_provider():
    order = order_of(UserFactory(), Model3DFactory(listed=True))
    outcomes = at_once(lambda number: start_payment(order.latest_payment()), 24, threads=8)
    assert all(isinstance(outcome, PaymentStarting) or outcome.redirect_url for outcome in outcomes)
    assert SandboxCharge.objects.count() == 1
    assert order.latest_payment().provider_id


@pytest.mark.django_db(transaction=True)
def test_settling_many_times_at_once_hands_over_once():
    buyer, model = UserFactory(), Model3DFactory(listed=True)
    payment = started_payment(order_of(buyer, model))
    outcomes = at_once(lambda number: settle(payment, received(payment)), 24, threads=8)
    assert set(outcomes) == {""}
    assert Purchase.objects.count() == 1
    assert reloaded(model).sales_count == reloaded(buyer).purchases_count == 1
    told = at_once(lambda number: tell_of(payment.order), 24, threads=8)
    assert told.count(True) == 1 and told.count(False) == 23
    assert OutgoingMail.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_workers_ask_about_each_payment_once():
    payments = [started_payment(order_of(UserFactory(), Model3DFactory(listed=True))) for _ in range(4)]
    counts = at_once(lambda number: settle_pending(), 2, threads=2)
    assert sum(counts) == len(payments)
    assert set(Payment.objects.values_list("checks", flat=True)) == {1}
