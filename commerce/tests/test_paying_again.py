"""After a first try: another way that pays, the way back from the provider, and what was not the right amount."""

from decimal import Decimal

import pytest

from accounts.tests.factories import UserFactory
from commerce.actions import refunds
from commerce.actions.order_payments import cancel_order
from commerce.actions.payments import fail_payment, refresh_payment
from commerce.documents import invoice_for
from commerce.documents.invoices import invoice_data
from commerce.gateways import sandbox
from commerce.gateways.sandbox import sources
from commerce.models import Order, Payment, Purchase
from commerce.tests.factories import order_of, started_payment
from commerce.tests.refunding import sold_together
from marketplace.tests.factories import Model3DFactory


@pytest.fixture
def buyer(db):
    return UserFactory()


@pytest.fixture
def model(db):
    return Model3DFactory(listed=True, price=Decimal("24.00"), title="Walnut desk")


@pytest.fixture
def signed_in(client, buyer):
    client.force_login(buyer)
    return client


def pay_page(order: Order) -> str:
    return f"/checkout/pay/{order.public_id}/"


def text(response) -> str:
    return " ".join(response.content.decode().split())


def short(order: Order) -> Payment:
    """The order's payment, of which half has arrived."""
    payment = started_payment(order)
    sandbox.pay(payment.provider_id, sources.WALLET_SHORT)
    return refresh_payment(payment)


def test_the_papers_name_what_paid_and_not_what_was_tried_first(signed_in, buyer, model):
    order = order_of(buyer, model, method="paypal")
    fail_payment(started_payment(order), "PayPal declined the payment.")
    at_provider = signed_in.post(pay_page(order), {"method": "crypto"})
    receipt = text(signed_in.post(at_provider.url, {"wallet": sources.WALLET_PAYS.number}, follow=True))
    assert "<dt>Paid by</dt><dd>Crypto on" in receipt
    order.refresh_from_db()
    assert order.transactions.get().payment_method == "crypto"
    paid_by = dict(invoice_data(invoice_for(order))["facts"])["Paid by"]
    assert paid_by.startswith("Crypto, ")


def test_the_receipt_says_what_was_refunded(signed_in, buyer, model):
    order = sold_together(buyer, model, Model3DFactory(listed=True, title="Brass lamp"))
    back, kept = order.transactions.in_order()
    refunds.send(refunds.refund(transaction=back).pk)
    page = text(signed_in.get(order.get_absolute_url()))
    assert page.count("Refunded.") == 1
    assert "You have it already" not in page
    assert f'Download<span class="sr-only"> {kept.title}' in page
    refunds.send(refunds.refund(transaction=kept).pk)
    page = text(signed_in.get(order.get_absolute_url()))
    assert page.count("Refunded.") == 2
    assert "your library</a>" not in page


def test_who_comes_straight_back_from_the_provider_is_told_what_became_of_it(signed_in, buyer, model):
    order = order_of(buyer, model)
    # The page has asked the provider just before its payer goes there.
    signed_in.get(pay_page(order))
    signed_in.get(order.get_absolute_url())
    at_provider = signed_in.post(pay_page(order))
    back = signed_in.post(at_provider.url, {"card": sandbox.CARD_SUCCEEDS.number}, follow=True)
    assert "Thank you, it is paid" in text(back)


def test_another_amount_is_said_and_nobody_is_asked_to_pay_again(signed_in, buyer, model):
    order = order_of(buyer, model, method="crypto")
    payment = short(order)
    assert list(Payment.objects.with_wrong_amount()) == [payment]
    response = signed_in.get(pay_page(order), follow=True)
    assert response.redirect_chain == [(order.get_absolute_url(), 302)]
    page = text(response)
    assert "Another amount has arrived" in page
    assert "received 12.00 USD instead of 24.00 USD" in page
    assert "Go to the payment" not in page
    assert not Purchase.objects.exists()


def test_another_amount_can_not_be_called_off_either(signed_in, buyer, model):
    order = order_of(buyer, model, method="crypto")
    payment = short(order)
    cancel_order(order)
    payment.refresh_from_db()
    assert payment.has_wrong_amount
    page = text(signed_in.post(f"{pay_page(order)}cancel/", follow=True))
    assert "Another amount has arrived" in page
