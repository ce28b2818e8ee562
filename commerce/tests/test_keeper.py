"""What of a person's money stands against the deletion of their account."""

import pytest

from accounts.tests.factories import UserFactory
from commerce.actions.order_payments import cancel_order
from commerce.actions.ordering import get_free_model
from commerce.actions.payments import fail_payment
from commerce.keeper import erase, veto
from commerce.models import Order, Payment
from commerce.tests.factories import order_of, paid_order
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
    assert veto(model.creator) == ["$11.10 from your sales has not been paid out to you yet."]
    Payment.objects.filter(order=order).update(refund_due_amount="5.00")
    assert veto(order.buyer) == ["$5.00 is still to be sent back to you."]


def test_an_order_whose_payment_failed_is_given_up_with_the_account():
    order = order_of(UserFactory(), Model3DFactory(listed=True))
    fail_payment(order.latest_payment(), "No money.")
    assert veto(order.buyer) == []
    erase(order.buyer)
    order.refresh_from_db()
    assert (order.status, order.billing_name, order.billing_country) == (Order.Status.CANCELLED, "", "ES")
