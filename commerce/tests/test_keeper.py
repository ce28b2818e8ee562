"""What of a person's money stands against the deletion of their account."""

import pytest
from django.utils import timezone

from accounts.exceptions import NotYet
from accounts.models import User
from accounts.tests.factories import UserFactory
from commerce.actions.order_payments import cancel_order
from commerce.actions.ordering import get_free_model
from commerce.actions.payments import fail_payment, settle
from commerce.actions.payout_batches import mark_paid
from commerce.keeper import erase, veto
from commerce.models import Order, Payment, Payout, PayoutDetails, Purchase
from commerce.tests.factories import order_of, paid_order, received, started_payment
from commerce.tests.payouts import approved, batch_of, finance, paid, requested_by, seller_with
from marketplace.tests.factories import Model3DFactory

pytestmark = pytest.mark.django_db


def test_nothing_stands_against_who_has_bought_and_given_away():
    person = UserFactory(creator=True)
    paid_order(person, Model3DFactory(listed=True))
    get_free_model(buyer=UserFactory(), model_id=Model3DFactory(listed=True, free=True, creator=person).pk)
    assert veto(person) == []


def test_an_order_that_waits_stands_against_buyer_and_seller_until_it_is_given_up():
    model = Model3DFactory(listed=True)
    buyer = UserFactory()
    order = order_of(buyer, model)
    assert veto(buyer) == ["Something of yours waits for its payment: pay or cancel it first."]
    assert veto(model.creator) == ["Somebody is paying for a model of yours: that is settled within a day."]
    cancel_order(order)
    assert veto(buyer) == veto(model.creator) == []


def test_what_was_earned_and_what_is_to_be_sent_back_stands_against_it():
    model = Model3DFactory(listed=True)
    order = paid_order(UserFactory(), model)
    (sentence,) = veto(model.creator)
    assert sentence.startswith(
        "$11.10 from your sales has not been paid out to you yet. Request a payout on the page Financials as soon as"
    )
    Payment.objects.filter(order=order).update(refund_due_amount="5.00")
    assert veto(order.buyer) == ["$5.00 is still to be sent back to you."]


def test_an_order_whose_payment_failed_is_given_up_with_the_account():
    order = order_of(UserFactory(), Model3DFactory(listed=True))
    fail_payment(order.latest_payment(), "No money.")
    assert veto(order.buyer) == []
    erase(order.buyer)
    order.refresh_from_db()
    assert (order.status, order.billing_name, order.billing_country) == (Order.Status.CANCELLED, "", "ES")


def test_money_that_comes_when_the_account_is_gone_buys_nothing_and_is_due():
    order = order_of(UserFactory(), Model3DFactory(listed=True))
    payment = started_payment(order)
    fail_payment(payment, "No money.")
    erase(order.buyer)
    User.objects.filter(pk=order.buyer_id).update(deleted_at=timezone.now(), is_active=False)
    payment.refresh_from_db()
    assert "deleted" in settle(payment, received(payment))
    payment.refresh_from_db()
    assert (payment.status, payment.refund_due_amount) == (Payment.Status.REFUND_DUE, payment.amount)
    assert not Purchase.objects.exists()


def test_a_payout_under_way_stands_against_it_until_it_is_paid():
    seller = UserFactory(creator=True)
    payout = requested_by(seller, "100.00")
    assert veto(seller) == ["A payout of $100.00 to you is under way."]
    paid(payout)
    assert veto(seller) == []


def test_what_can_be_paid_out_now_leads_to_the_payout():
    seller = seller_with("100.00")
    assert veto(seller) == [
        "$100.00 from your sales has not been paid out to you yet. Request a payout on the page Financials."
    ]


def test_where_payouts_went_goes_with_the_account_and_what_was_paid_stays():
    seller = UserFactory(creator=True)
    payout = paid(requested_by(seller, "100.00"))
    erase(seller)
    payout.refresh_from_db()
    assert (payout.details, payout.destination, payout.amount) == (None, "", 100)
    assert not PayoutDetails.objects.exists()


def test_a_payout_that_was_settled_elsewhere_is_dropped_with_the_account():
    payout = requested_by(UserFactory(creator=True), "100.00")
    erase(payout.seller)
    payout.refresh_from_db()
    assert (payout.status, payout.details) == (Payout.Status.DECLINED, None)


def test_a_payout_that_may_be_with_the_bank_is_waited_for():
    payout = approved(requested_by(UserFactory(creator=True), "100.00"))
    batch = batch_of(payout)
    with pytest.raises(NotYet):
        erase(payout.seller)
    mark_paid(batch, by=finance(), reference="1")
    erase(payout.seller)
    assert Payout.objects.settled().get().details is None
