"""Orders and purchases for tests, made by the same calls as on the site."""

import uuid

from django.utils import timezone

from commerce.actions.ordering import Billing, Shown, place_order
from commerce.actions.payments import settle, start_payment
from commerce.availability import owned_ids
from commerce.gateways.base import PaymentState, ProviderState
from commerce.models import CartItem, Order, Payment, Purchase
from commerce.money import round_money
from marketplace.models import Model3D

BILLING = Billing(name="Ana Ruiz", email="ana@example.com", country="ES", city="Sevilla", postcode="41001")


def put_into_cart(user, *models) -> None:
    for model in models:
        CartItem.objects.create(user=user, model=model, price_when_added=round_money(model.price))


def shown(*models) -> Shown:
    return Shown({model.pk: round_money(model.price) for model in models})


def order_of(buyer, *models, key: uuid.UUID | None = None, method: str = "card") -> Order:
    """An order for the models, put into the cart and placed; it waits for its payment unless everything is free."""
    put_into_cart(buyer, *models)
    key = key or uuid.uuid4()
    return place_order(buyer=buyer, checkout_key=key, shown=shown(*models), billing=BILLING, method=method)


def started_payment(order: Order) -> Payment:
    """The order's payment, known to its provider."""
    payment = order.latest_payment()
    start_payment(payment)
    return payment


def received(payment: Payment) -> ProviderState:
    """What a provider says that has got the whole amount."""
    return ProviderState(PaymentState.SUCCEEDED, payment.amount, payment.currency)


def paid_order(buyer, *models) -> Order:
    order = order_of(buyer, *models)
    payment = started_payment(order)
    settle(payment, received(payment))
    order.refresh_from_db()
    return order


def purchase_of(buyer, model, **fields) -> Purchase:
    """The buyer's purchase of the model, bought now where there is none."""
    if model.pk not in owned_ids(buyer, [model.pk]):
        paid_order(buyer, model)
    purchase = Purchase.objects.get(user=buyer, model=model)
    if fields:
        Purchase.objects.filter(pk=purchase.pk).update(**fields)
        purchase.refresh_from_db()
    return purchase


def take_off_the_marketplace(model) -> None:
    """The creator withdraws the model."""
    Model3D.objects.filter(pk=model.pk).update(deleted_at=timezone.now(), is_published=False)
    model.refresh_from_db()
