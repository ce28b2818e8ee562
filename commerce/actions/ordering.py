"""Making orders: locks, checks, and the rows, in one transaction."""

import uuid
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from commerce import coupons
from commerce.actions.delivery import deliver
from commerce.actions.order_payments import begin_order_payment, cancel_order
from commerce.availability import Reason, owned_ids, reason_against
from commerce.exceptions import CheckoutChanged, NotAvailable, PaymentNotPossible
from commerce.gateways import is_offered
from commerce.locks import lock_buyer
from commerce.models import CartItem, Coupon, CouponUse, Order, SavedPaymentMethod, Transaction
from commerce.money import round_money, split
from commerce.quoting import Quote, Shown, quote
from core.templatetags.core_tags import money_text
from marketplace.models import Model3D

# A second tab may place another order between giving up the first and placing this one.
_TRIES = 5


@dataclass(frozen=True)
class Billing:
    """Whom the receipt names; `country` is an ISO 3166-1 alpha-2 code."""

    name: str
    email: str
    country: str = ""
    company: str = ""
    address: str = ""
    city: str = ""
    postcode: str = ""


class _OtherPayableOrder(Exception):
    """Another order of the buyer, for one of these models or with this coupon, waits for money or may be paid again."""


def place_order(
    *,
    buyer: User,
    checkout_key: uuid.UUID,
    shown: Shown,
    billing: Billing,
    method: str,
    coupon_code: str = "",
    saved: SavedPaymentMethod | None = None,
    save_method: bool = False,
) -> Order:
    """Order what is in the buyer's cart, at the prices they saw; the same key again gives the same order.

    An order that costs nothing is completed here; any other waits for its payment (see `begin_payment`), with its use
    of the coupon reserved. Older unpaid orders of the buyer for the same models or with the same coupon are given up
    first, so that nothing can be paid twice and nobody's own leftover stands in their way.

    Raises:
        CheckoutChanged: the cart, a price, the availability, the coupon or the tax is not what was shown. Nothing was
            ordered.
        PaymentNotPossible: `method` is not offered, or the key is another person's.
        ProviderUnavailable: an older order could not be given up.
    """
    if shown.total and not is_offered(method):
        raise PaymentNotPossible("Choose how to pay.")
    how = {"method": method, "saved": saved, "save_method": save_method}
    for is_first in [True, *[False] * _TRIES]:
        # Given up only by who tries again afterwards: else the last of many tabs would leave none of their orders.
        if not is_first:
            for order in _other_payable_orders(buyer, shown, checkout_key, coupon_code):
                cancel_order(order)
        try:
            return _place(buyer, checkout_key, shown, billing, coupon_code, how)
        except _OtherPayableOrder:
            continue
    raise PaymentNotPossible(
        "Another checkout of yours is going on for the same models. Finish or cancel it first."
    )


def get_free_model(*, buyer: User, model_id: int) -> Order | None:
    """Put a free model into the buyer's library; None where they have it already.

    Raises:
        Model3D.DoesNotExist: there is no such model for this person.
        NotAvailable: it is their own, costs money, or is not for sale.
    """
    with transaction.atomic():
        lock_buyer(buyer.pk)
        model = _lock_models([model_id]).get(model_id)
        if model is None or not model.is_visible_to(buyer):
            raise Model3D.DoesNotExist
        problem = reason_against(model, buyer, owned_ids(buyer, [model_id]))
        if problem == Reason.OWNED:
            return None
        if problem is not None:
            raise NotAvailable(problem.sentence(model.title), problem)
        if round_money(model.price):
            raise NotAvailable(f"“{model.title}” is not free any more.", Reason.UNAVAILABLE)
        billing = Billing(name=buyer.display_name, email=buyer.email)
        order = _create(buyer, uuid.uuid4(), quote(models=[model]), billing, Transaction.PaymentMethod.NONE)
        deliver(order)
    return order


def _place(buyer, checkout_key, shown: Shown, billing: Billing, coupon_code: str, how: dict) -> Order:
    with transaction.atomic():
        lock_buyer(buyer.pk)
        known = Order.objects.filter(checkout_key=checkout_key).first()
        if known is not None:
            if known.buyer_id != buyer.pk:
                raise PaymentNotPossible("This checkout is not yours. Start again from your cart.")
            return known
        if _other_payable_orders(buyer, shown, checkout_key, coupon_code).exists():
            raise _OtherPayableOrder
        coupon = coupons.lock(coupon_code)
        quoted = _check_shown(buyer, shown, billing, coupon, coupon_code)
        order = _create(buyer, checkout_key, quoted, billing, how["method"])
        if coupon is not None:
            coupon.reserve_for(order)
        if order.total:
            begin_order_payment(order, **how)
        else:
            deliver(order)
    return order


def _lock_models(model_ids) -> dict[int, Model3D]:
    """The models with ids among `model_ids`, locked in the order of their ids: nobody changes a price meanwhile."""
    models = Model3D.objects.with_card_data().filter(pk__in=model_ids).order_by("pk")
    return {model.pk: model for model in models.select_for_update(no_key=True, of=("self",))}


def _other_payable_orders(buyer, shown: Shown, checkout_key, coupon_code: str):
    return other_payable_orders(buyer, Q(transactions__model__in=shown.prices), checkout_key, coupon_code)


def other_payable_orders(buyer: User, wanted: Q, checkout_key: uuid.UUID, coupon_code: str):
    """The buyer's unpaid orders but that of the key: those that are `wanted`, and those that hold the coupon."""
    if coupon_code:
        held = (
            CouponUse.objects.of_user(buyer)
            .reserved()
            .filter(coupon__in=Coupon.objects.with_code(coupon_code))
        )
        wanted |= Q(pk__in=held.values("order"))
    return (
        Order.objects.of_buyer(buyer).payable().filter(wanted).exclude(checkout_key=checkout_key).distinct()
    )


def _check_shown(buyer, shown: Shown, billing: Billing, coupon: Coupon | None, coupon_code: str) -> Quote:
    """What the locked models of the cart cost, where all is what was shown.

    Raises:
        CheckoutChanged: naming every difference.
    """
    changes, models = _changes_of_models(buyer, shown)
    why = coupons.refusal(coupon, buyer) if coupon_code else None
    if why is not None:
        changes.append(why.sentence(coupon_code, coupon))
    if changes:
        raise CheckoutChanged(changes)
    quoted = quote(models=models, coupon=coupon, country=billing.country)
    changes = shown.changes(quoted)
    if coupon is not None and not quoted.discount:
        changes.append(coupons.Refusal.NOTHING.sentence(coupon_code, coupon))
    if changes:
        raise CheckoutChanged(changes)
    return quoted


def _changes_of_models(buyer, shown: Shown) -> tuple[list[str], list[Model3D]]:
    """What is different about the cart's models, one sentence each, and the models, locked, in the order shown."""
    in_cart = set(CartItem.objects.of_user(buyer).to_buy().values_list("model_id", flat=True))
    models = _lock_models(in_cart | set(shown.prices))
    owned = owned_ids(buyer, models)
    changes = []
    for pk, model in models.items():
        problem = reason_against(model, buyer, owned)
        if pk not in shown.prices:
            if problem is None:
                changes.append(f"“{model.title}” is in your cart now.")
        elif problem is not None:
            changes.append(problem.sentence(model.title))
        elif pk not in in_cart:
            changes.append(f"“{model.title}” is not in your cart any more.")
        elif round_money(model.price) != shown.prices[pk]:
            now, before = money_text(round_money(model.price)), money_text(shown.prices[pk])
            changes.append(f"“{model.title}” costs {now} now instead of {before}.")
    if set(shown.prices) - set(models):
        changes.append("A model does not exist any more.")
    if not shown.prices and not changes:
        changes.append("Your cart is empty.")
    return changes, [models[pk] for pk in shown.prices if pk in models]


def _create(buyer, checkout_key, quoted: Quote, billing: Billing, method: str) -> Order:
    order = create_order(buyer, checkout_key, quoted, billing)
    for line in quoted.lines:
        parts = split(line.net)
        Transaction.objects.create(
            order=order,
            buyer=buyer,
            seller_id=line.model.creator_id,
            model=line.model,
            title=line.model.title,
            license=line.model.license,
            license_version=line.model.licence.version,
            amount=line.net,
            platform_fee=parts.platform_fee,
            seller_amount=parts.seller_amount,
            tax_amount=line.tax,
            discount_amount=line.discount,
            coupon_code=order.coupon_code if line.discount else "",
            payment_method=method if line.gross else Transaction.PaymentMethod.NONE,
        )
    return order


def create_order(buyer: User, checkout_key: uuid.UUID, quoted: Quote, billing: Billing) -> Order:
    """The head of an order, without its lines."""
    return Order.objects.create(
        buyer=buyer,
        checkout_key=checkout_key,
        currency=settings.CURRENCY,
        subtotal=quoted.subtotal,
        discount_amount=quoted.discount,
        coupon_code=quoted.coupon.code if quoted.coupon else "",
        tax_name=quoted.tax_name,
        tax_rate=quoted.tax_rate,
        tax_amount=quoted.tax,
        prices_include_tax=quoted.prices_include_tax,
        total=quoted.total,
        billing_name=billing.name,
        billing_email=billing.email,
        billing_company=billing.company,
        billing_address=billing.address,
        billing_city=billing.city,
        billing_postcode=billing.postcode,
        billing_country=billing.country,
        terms_accepted_at=timezone.now(),
    )
