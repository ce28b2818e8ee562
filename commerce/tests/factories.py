"""Orders and purchases for tests, made by the same calls as on the site."""

import uuid
from datetime import date
from decimal import Decimal

from django.utils import timezone

from commerce.actions.ordering import place_order
from commerce.actions.payments import settle, start_payment
from commerce.actions.placing import Billing
from commerce.actions.reviews import write
from commerce.availability import owned_ids
from commerce.gateways.base import PaymentState, ProviderState
from commerce.models import CartItem, Coupon, Order, Payment, Purchase, Review, TaxRate
from commerce.money import round_money
from commerce.quoting import Shown, quote
from marketplace.models import Model3D

BILLING = Billing(name="Ana Ruiz", email="ana@example.com", country="ES", city="Sevilla", postcode="41001")


def put_into_cart(user, *models) -> None:
    for model in models:
        CartItem.objects.create(user=user, model=model, price_when_added=round_money(model.price))


def coupon_of(percent, code: str = "SPRING", **fields) -> Coupon:
    return Coupon.objects.create(code=code, percent=Decimal(percent), **fields)


def tax_of(percent, country: str = "ES", name: str = "VAT", **fields) -> TaxRate:
    """What the buyers of a country pay from long ago on; `BILLING` is in Spain."""
    fields.setdefault("valid_from", date(2020, 1, 1))
    return TaxRate.objects.create(percent=Decimal(percent), country=country, name=name, **fields)


def shown(*models, coupon: Coupon | None = None, country: str = BILLING.country) -> Shown:
    """What the checkout page would show."""
    return Shown.of(quote(models=models, coupon=coupon, country=country))


def order_of(
    buyer,
    *models,
    key: uuid.UUID | None = None,
    method: str = "card",
    coupon: Coupon | None = None,
) -> Order:
    """An order for the models, put into the cart and placed; it waits for its payment unless everything is free."""
    put_into_cart(buyer, *models)
    key = key or uuid.uuid4()
    return place_order(
        buyer=buyer,
        checkout_key=key,
        shown=shown(*models, coupon=coupon),
        billing=BILLING,
        method=method,
        coupon_code=coupon.code if coupon else "",
    )


def started_payment(order: Order) -> Payment:
    """The order's payment, known to its provider."""
    payment = order.latest_payment()
    start_payment(payment)
    return payment


def received(payment: Payment) -> ProviderState:
    """What a provider says that has got the whole amount."""
    return ProviderState(PaymentState.SUCCEEDED, payment.amount, payment.currency)


def paid_order(buyer, *models, coupon: Coupon | None = None) -> Order:
    order = order_of(buyer, *models, coupon=coupon)
    if order.total:
        payment = started_payment(order)
        settle(payment, received(payment))
    order.refresh_from_db()
    return order


def purchase_of(buyer, model, **fields) -> Purchase:
    """The buyer's purchase of the model, bought now where there is none."""
    if model.pk not in owned_ids(buyer, [model.pk]):
        paid_order(buyer, model)
    purchase = Purchase.objects.filter(user=buyer, model=model).latest("pk")
    if fields:
        Purchase.objects.filter(pk=purchase.pk).update(**fields)
        purchase.refresh_from_db()
    return purchase


def take_off_the_marketplace(model) -> None:
    """The creator withdraws the model."""
    Model3D.objects.filter(pk=model.pk).update(deleted_at=timezone.now(), is_published=False)
    model.refresh_from_db()


def review_of(buyer, model, rating: int = 5, body: str = "Clean topology, true to scale.") -> Review:
    """The buyer's review of the model, bought now where they do not have it."""
    return write(purchase=purchase_of(buyer, model), rating=rating, body=body)
