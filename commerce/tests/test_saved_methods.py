"""Cards that a provider keeps for somebody: taken down, charged while they are away, removed."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.tests.factories import UserFactory
from commerce.actions.order_payments import begin_order_payment, pay_again
from commerce.actions.payments import begin_payment, fail_payment, refresh_payment, start_payment
from commerce.actions.saved_methods import (
    charge_saved,
    forget,
    forget_removed,
    make_default,
    remember,
    remember_missed,
    remove,
)
from commerce.exceptions import PaymentNotPossible
from commerce.gateways import gateway, sandbox
from commerce.gateways.sandbox import sources
from commerce.keeper import erase
from commerce.models import Order, Payment, Purchase, SandboxCard, SandboxCharge, SavedPaymentMethod
from commerce.tests.concurrency import at_once
from commerce.tests.factories import order_of, started_payment
from marketplace.tests.factories import Model3DFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def payer():
    return UserFactory()


def order_for(payer) -> Order:
    return order_of(payer, Model3DFactory(listed=True, price=Decimal("24.00")))


def saved_by(payer, source=sources.CARD_SUCCEEDS) -> SavedPaymentMethod:
    """A card that the payer had kept when they paid with it."""
    payment = order_for(payer).latest_payment()
    Payment.objects.filter(pk=payment.pk).update(save_method=True)
    payment.refresh_from_db()
    start_payment(payment)
    charge = sandbox.pay(payment.provider_id, source)
    if charge.status == SandboxCharge.Status.CONFIRMING:
        sandbox.finish(payment.provider_id, SandboxCharge.Status.SUCCEEDED)
    return remember(refresh_payment(payment))


def test_a_card_is_kept_only_where_its_payer_wants_it(payer):
    payment = started_payment(order_for(payer))
    sandbox.pay(payment.provider_id, sources.CARD_SUCCEEDS)
    assert remember(refresh_payment(payment)) is None
    assert not SandboxCard.objects.exists()


def test_a_card_that_was_declined_is_not_kept(payer):
    payment = order_for(payer).latest_payment()
    Payment.objects.filter(pk=payment.pk).update(save_method=True)
    payment.refresh_from_db()
    start_payment(payment)
    sandbox.pay(payment.provider_id, sources.CARD_DECLINED)
    assert remember(refresh_payment(payment)) is None
    assert not SandboxCard.objects.exists()


def test_a_kept_card_is_taken_down_once_and_without_its_number(payer):
    saved = saved_by(payer)
    assert (saved.label, saved.last4, saved.is_default) == ("Visa ending in 4242", "4242", True)
    assert saved.method_id != sources.CARD_SUCCEEDS.number
    payment = saved.payments.get()
    assert remember(payment) == saved
    assert saved_by(payer) == saved
    assert SavedPaymentMethod.objects.count() == 1


def test_what_a_worker_missed_is_taken_down_later(payer):
    payment = order_for(payer).latest_payment()
    Payment.objects.filter(pk=payment.pk).update(save_method=True)
    payment.refresh_from_db()
    start_payment(payment)
    sandbox.pay(payment.provider_id, sources.CARD_SUCCEEDS)
    refresh_payment(payment)
    remember_missed()
    assert SavedPaymentMethod.objects.get().user == payer


def test_anothers_card_is_never_charged(payer):
    saved = saved_by(UserFactory())
    payment = order_for(payer).latest_payment()
    with pytest.raises(PaymentNotPossible):
        charge_saved(payment, saved)
    with pytest.raises(PaymentNotPossible):
        begin_payment(payer=payer, purpose="bounty", amount=Decimal("5.00"), method="card", saved=saved)
    assert not SandboxCharge.objects.filter(reference=str(payment.public_id)).exists()


@pytest.mark.parametrize("gone", ["removed", "expired"])
def test_a_card_that_is_gone_is_not_charged(payer, gone):
    saved = saved_by(payer)
    if gone == "removed":
        remove(saved)
    else:
        SavedPaymentMethod.objects.update(expires=date(2020, 1, 31))
    saved.refresh_from_db()
    assert not SavedPaymentMethod.objects.usable().exists()
    with pytest.raises(PaymentNotPossible):
        charge_saved(order_for(payer).latest_payment(), saved)


def test_a_card_of_another_method_is_refused(payer):
    saved = saved_by(payer)
    with pytest.raises(PaymentNotPossible):
        begin_payment(payer=payer, purpose="bounty", amount=Decimal("5.00"), method="paypal", saved=saved)


def test_a_kept_card_is_charged_while_its_payer_is_away(payer):
    saved = saved_by(payer)
    payment = order_for(payer).latest_payment()
    for _ in range(2):
        assert charge_saved(payment, saved).status == Payment.Status.COMPLETED
    assert payment.saved_method == saved
    assert SandboxCharge.objects.filter(reference=str(payment.public_id)).count() == 1
    assert Purchase.objects.count() == 2


def test_a_kept_card_that_is_declined_fails_the_payment(payer):
    saved = saved_by(payer, sources.CARD_DECLINED_LATER)
    payment = charge_saved(order_for(payer).latest_payment(), saved)
    assert (payment.status, payment.failure_message) == (Payment.Status.FAILED, "The card was declined.")
    assert payment.order.status == Order.Status.FAILED


def test_a_bank_that_wants_the_payer_leaves_the_payment_open_for_them(payer):
    saved = saved_by(payer, sources.CARD_CONFIRMS)
    payment = charge_saved(order_for(payer).latest_payment(), saved)
    assert payment.is_open
    assert gateway("sandbox").fetch(payment).needs_confirmation
    assert start_payment(payment).redirect_url.startswith("/sandbox/pay/")
    sandbox.finish(payment.provider_id, SandboxCharge.Status.SUCCEEDED)
    assert refresh_payment(payment).status == Payment.Status.COMPLETED


def test_a_card_that_the_provider_forgot_fails_the_payment(payer):
    saved = saved_by(payer)
    SandboxCard.objects.update(detached_at=timezone.now())
    payment = charge_saved(order_for(payer).latest_payment(), saved)
    assert payment.status == Payment.Status.FAILED
    assert "does not keep this card" in payment.failure_message


def test_a_payment_that_went_another_way_is_not_charged_to_a_card(payer):
    saved = saved_by(payer)
    payment = started_payment(order_for(payer))
    with pytest.raises(PaymentNotPossible):
        charge_saved(payment, saved)


def test_a_failed_order_is_paid_again_with_a_kept_card(payer):
    saved = saved_by(payer)
    order = order_for(payer)
    fail_payment(order.latest_payment(), "No.")
    order.refresh_from_db()
    payment = pay_again(order, method="card", saved=saved)
    with pytest.raises(PaymentNotPossible):
        start_payment(payment)
    payment.refresh_from_db()
    assert payment.status == Payment.Status.COMPLETED


def test_only_cards_of_providers_that_keep_them_are_kept(payer):
    order = order_for(payer)
    fail_payment(order.latest_payment(), "No.")
    order.refresh_from_db()
    assert not begin_order_payment(order, method="crypto", save_method=True).save_method


def test_there_is_one_default_and_it_can_be_changed(payer):
    first, second = saved_by(payer), saved_by(payer, sources.CARD_REFUND_FAILS)
    assert (first.is_default, second.is_default) == (True, False)
    make_default(second)
    assert SavedPaymentMethod.objects.get(is_default=True) == second
    with pytest.raises(IntegrityError, match="saved_method_one_default"), transaction.atomic():
        SavedPaymentMethod.objects.update(is_default=True)
    remove(first)
    first.refresh_from_db()
    with pytest.raises(PaymentNotPossible):
        make_default(first)


def test_removing_the_default_hands_it_on_and_the_provider_forgets(payer):
    first, second = saved_by(payer), saved_by(payer, sources.CARD_REFUND_FAILS)
    for _ in range(2):
        remove(first)
    second.refresh_from_db()
    assert second.is_default
    forget_removed()
    first.refresh_from_db()
    assert first.forgotten_at
    assert SandboxCard.objects.filter(detached_at=None).count() == 1


def test_a_card_that_is_kept_is_not_forgotten(payer):
    forget(saved_by(payer))
    assert SandboxCard.objects.filter(detached_at=None).exists()


def test_nothing_of_a_card_stays_with_a_deleted_account(payer):
    saved = saved_by(payer)
    erase(payer)
    saved.refresh_from_db()
    assert (saved.label, saved.last4, saved.is_kept, saved.is_default) == ("", "", False, False)


def test_a_card_kept_for_an_account_that_is_gone_by_then_is_forgotten(payer):
    payment = order_for(payer).latest_payment()
    Payment.objects.filter(pk=payment.pk).update(save_method=True)
    payment.refresh_from_db()
    start_payment(payment)
    sandbox.pay(payment.provider_id, sources.CARD_SUCCEEDS)
    refresh_payment(payment)
    type(payer).objects.filter(pk=payer.pk).update(deleted_at=timezone.now())
    saved = remember(payment)
    assert (saved.label, saved.is_kept) == ("", False)


@pytest.mark.django_db(transaction=True)
def test_charging_a_kept_card_many_times_at_once_charges_it_once():
    payer = UserFactory()
    saved = saved_by(payer)
    payment = order_for(payer).latest_payment()
    at_once(lambda number: charge_saved(Payment.objects.get(pk=payment.pk), saved), 16, threads=8)
    payment.refresh_from_db()
    assert payment.status == Payment.Status.COMPLETED
    assert SandboxCharge.objects.filter(reference=str(payment.public_id)).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_defaults_at_once_leave_one():
    payer = UserFactory()
    cards = [saved_by(payer), saved_by(payer, sources.CARD_REFUND_FAILS)]
    at_once(lambda number: make_default(cards[number % 2]), 12, threads=6)
    assert SavedPaymentMethod.objects.filter(is_default=True).count() == 1
