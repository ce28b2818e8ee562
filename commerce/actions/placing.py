"""Placing an order for whatever is sold: locks, checks against what was shown, and the rows, in one transaction."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.models import User
from commerce import coupons
from commerce.actions.delivery import deliver
from commerce.actions.order_payments import begin_order_payment, cancel_order
from commerce.exceptions import CheckoutChanged, PaymentNotPossible
from commerce.gateways import is_offered
from commerce.locks import lock_buyer
from commerce.models import Coupon, CouponUse, Order, SavedPaymentMethod, Transaction
from commerce.money import split
from commerce.quoting import Quote, Shown, quote
from core.database.prepared import Prepared
from core.metrics import ORDERS, count

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


def standing_orders(lines: Callable) -> Prepared:
    """What stands in the way of a new order: that of the same key, whoever's it is, and the buyer's unpaid ones of some
    of the same things, which `lines` finds among all lines by their ids.
    """

    def standing(key, buyer, things):
        payable = Order.objects.of_buyer(buyer).payable()
        of_the_same = payable.filter(Exists(lines(Transaction.objects, things).filter(order=OuterRef("pk"))))
        return Order.objects.filter(checkout_key=key) | of_the_same

    return Prepared(standing, key=uuid.UUID, buyer=int, things=list)


class Goods:
    """What one order is for."""

    # As sentences call it, and where a buyer begins who has to begin anew.
    name: str
    beginning: str
    # See `standing_orders`.
    standing: Prepared

    def ids(self, shown: Shown) -> list[int]:
        """Of what is to be ordered."""
        raise NotImplementedError

    def wanted(self, shown: Shown) -> Q:
        """Which orders are for some of the same."""
        raise NotImplementedError

    def lock(self, buyer: User, shown: Shown) -> tuple[list[str], list]:
        """What is not as it was shown, one sentence each; and what is to be ordered, locked, in the order shown."""
        raise NotImplementedError

    def described(self, thing) -> dict:
        """What a line of the order says of one of them, and whose it is."""
        raise NotImplementedError


class _OtherPayableOrder(Exception):
    """Another order of the buyer, for some of the same or with this coupon, waits for money or may be paid again."""


def place(
    goods: Goods,
    *,
    buyer: User,
    checkout_key: uuid.UUID,
    shown: Shown,
    billing: Billing,
    method: str,
    coupon_code: str = "",
    saved: SavedPaymentMethod | None = None,
    save_method: bool = False,
    starts: bool = False,
) -> Order:
    """Order `goods` at the prices that were shown; the same key again gives the same order.

    An order that costs nothing is completed here; any other waits for its payment (see `begin_payment`), with its use
    of the coupon reserved. A caller who `starts` that at once is the one who may. Older unpaid orders of the buyer for
    some of the same or with the same coupon are given up first, so that nothing can be paid twice and nobody's own
    leftover stands in their way.

    Raises:
        CheckoutChanged: a price, the availability, the coupon or the tax is not what was shown. Nothing was ordered.
        PaymentNotPossible: `method` is not offered, or the key is another person's.
        ProviderUnavailable: an older order could not be given up.
    """
    if shown.total and not is_offered(method):
        raise PaymentNotPossible("Choose how to pay.")
    how = {"method": method, "saved": saved, "save_method": save_method, "starts": starts}
    for is_first in [True, *[False] * _TRIES]:
        # Given up only by who tries again afterwards: else the last of many tabs would leave none of their orders.
        if not is_first:
            for order in _other_payable_orders(goods, buyer, shown, checkout_key, coupon_code):
                cancel_order(order)
        try:
            return _place(goods, buyer, checkout_key, shown, billing, coupon_code, how)
        except _OtherPayableOrder:
            continue
    raise PaymentNotPossible(
        f"Another checkout of yours is going on for the same {goods.name}. Finish or cancel it first."
    )


def create_order(
    goods: Goods, buyer: User, checkout_key: uuid.UUID, quoted: Quote, billing: Billing, method: str
) -> Order:
    """The rows of an order for what was quoted."""
    order = Order.objects.create(
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
    count(ORDERS, "placed")
    for line in quoted.lines:
        parts = split(line.net)
        Transaction.objects.create(
            order=order,
            buyer=buyer,
            **goods.described(line.model),
            amount=line.net,
            platform_fee=parts.platform_fee,
            seller_amount=parts.seller_amount,
            tax_amount=line.tax,
            discount_amount=line.discount,
            coupon_code=order.coupon_code if line.discount else "",
            payment_method=method if line.gross else Transaction.PaymentMethod.NONE,
        )
    return order


def _place(
    goods: Goods, buyer, checkout_key, shown: Shown, billing: Billing, coupon_code: str, how: dict
) -> Order:
    with transaction.atomic():
        lock_buyer(buyer.pk)
        standing = goods.standing(key=checkout_key, buyer=buyer.pk, things=goods.ids(shown))
        known = next((order for order in standing if order.checkout_key == checkout_key), None)
        if known is not None:
            if known.buyer_id != buyer.pk:
                raise PaymentNotPossible(f"This checkout is not yours. Start again from {goods.beginning}.")
            return known
        others = (goods, buyer, shown, checkout_key, coupon_code)
        if standing or (coupon_code and _other_payable_orders(*others).exists()):
            raise _OtherPayableOrder
        coupon = coupons.lock(coupon_code)
        quoted = _check_shown(goods, buyer, shown, billing, coupon, coupon_code)
        order = create_order(goods, buyer, checkout_key, quoted, billing, how["method"])
        if coupon is not None:
            coupon.reserve_for(order)
        if order.total:
            begin_order_payment(order, **how)
        else:
            deliver(order)
    return order


def _other_payable_orders(goods: Goods, buyer: User, shown: Shown, checkout_key: uuid.UUID, coupon_code: str):
    """The buyer's unpaid orders but that of the key: those for some of the same, and those that hold the coupon."""
    wanted = goods.wanted(shown)
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


def _check_shown(
    goods: Goods, buyer, shown: Shown, billing: Billing, coupon: Coupon | None, coupon_code: str
) -> Quote:
    """What the locked goods cost, where all is what was shown.

    Raises:
        CheckoutChanged: naming every difference.
    """
    changes, things = goods.lock(buyer, shown)
    why = coupons.refusal(coupon, buyer) if coupon_code else None
    if why is not None:
        changes.append(why.sentence(coupon_code, coupon))
    if changes:
        raise CheckoutChanged(changes)
    quoted = quote(models=things, coupon=coupon, country=billing.country)
    changes = shown.changes(quoted)
    if coupon is not None and not quoted.discount:
        changes.append(coupons.Refusal.NOTHING.sentence(coupon_code, coupon))
    if changes:
        raise CheckoutChanged(changes)
    return quoted
