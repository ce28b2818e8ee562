"""Ordering a course, by itself: a cart holds models alone."""

import uuid

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from blog.models import Course
from commerce import coupons
from commerce.actions.course_delivery import deliver_course, lock_course, why_not
from commerce.actions.order_payments import begin_order_payment, cancel_order
from commerce.actions.ordering import Billing, create_order, other_payable_orders
from commerce.exceptions import CheckoutChanged, CommerceError, PaymentNotPossible
from commerce.gateways import is_offered
from commerce.locks import lock_buyer
from commerce.models import Coupon, Order, SavedPaymentMethod, Transaction
from commerce.money import round_money, split
from commerce.quoting import Quote, Shown, quote
from core.templatetags.core_tags import money_text

# A second tab may place another order between giving up the first and placing this one.
_TRIES = 5


class _OtherOrder(CommerceError):
    """Another order of the buyer waits for money for this course."""


def order_course(
    *,
    buyer: User,
    course: Course,
    checkout_key: uuid.UUID,
    shown: Shown,
    billing: Billing,
    method: str,
    coupon_code: str = "",
    saved: SavedPaymentMethod | None = None,
    save_method: bool = False,
) -> Order:
    """Order one course, at the price that was shown; the same key again gives the same order.

    As `place_order` does for a cart: an older unpaid order of the buyer for the course is given up first, and one that
    a coupon makes free is completed here.

    Raises:
        CheckoutChanged: the price, the availability, the coupon or the tax is not what was shown. Nothing was ordered.
        PaymentNotPossible: `method` is not offered, or the key is another person's.
        ProviderUnavailable: an older order could not be given up.
    """
    if shown.total and not is_offered(method):
        raise PaymentNotPossible("Choose how to pay.")
    how = {"method": method, "saved": saved, "save_method": save_method}
    for _ in range(_TRIES):
        if not Order.objects.filter(checkout_key=checkout_key).exists():
            for order in _other_orders(buyer, course, checkout_key, coupon_code):
                cancel_order(order)
        try:
            return _place(buyer, course, checkout_key, shown, billing, coupon_code, how)
        except _OtherOrder:
            continue
    raise PaymentNotPossible(
        "Another checkout of yours is going on for the same course. Finish or cancel it first."
    )


def _place(
    buyer, course: Course, checkout_key, shown: Shown, billing: Billing, code: str, how: dict
) -> Order:
    with transaction.atomic():
        lock_buyer(buyer.pk)
        known = Order.objects.filter(checkout_key=checkout_key).first()
        if known is not None:
            if known.buyer_id != buyer.pk:
                raise PaymentNotPossible("This checkout is not yours. Start again from the course.")
            return known
        if _other_orders(buyer, course, checkout_key, code).exists():
            raise _OtherOrder("")
        coupon = coupons.lock(code)
        quoted = _check_shown(buyer, lock_course(course.pk), shown, billing, coupon, code)
        order = _create(buyer, checkout_key, quoted, billing, how["method"])
        if coupon is not None:
            coupon.reserve_for(order)
        if order.total:
            begin_order_payment(order, **how)
        else:
            deliver_course(order, order.transactions.select_related("seller").get(), None)
    return order


def _check_shown(
    buyer, course: Course, shown: Shown, billing: Billing, coupon: Coupon | None, code: str
) -> Quote:
    """What the locked course costs, where all is what was shown.

    Raises:
        CheckoutChanged: naming every difference.
    """
    changes = [why] if (why := why_not(course, buyer)) else []
    price = round_money(course.price)
    if not changes and shown.prices != {course.pk: price}:
        changes.append(f"“{course.title}” costs {money_text(price)} now.")
    why = coupons.refusal(coupon, buyer) if code else None
    if why is not None:
        changes.append(why.sentence(code, coupon))
    if changes:
        raise CheckoutChanged(changes)
    quoted = quote(models=[course], coupon=coupon, country=billing.country)
    changes = shown.changes(quoted)
    if coupon is not None and not quoted.discount:
        changes.append(coupons.Refusal.NOTHING.sentence(code, coupon))
    if changes:
        raise CheckoutChanged(changes)
    return quoted


def _create(buyer, checkout_key, quoted: Quote, billing: Billing, method: str) -> Order:
    order = create_order(buyer, checkout_key, quoted, billing)
    (line,) = quoted.lines
    course, parts = line.model, split(line.net)
    Transaction.objects.create(
        order=order,
        buyer=buyer,
        seller_id=course.instructor_id,
        course=course,
        title=course.title,
        amount=line.net,
        platform_fee=parts.platform_fee,
        seller_amount=parts.seller_amount,
        tax_amount=line.tax,
        discount_amount=line.discount,
        coupon_code=order.coupon_code if line.discount else "",
        payment_method=method if line.gross else Transaction.PaymentMethod.NONE,
    )
    return order


def _other_orders(buyer, course: Course, checkout_key, code: str):
    return other_payable_orders(buyer, Q(transactions__course=course), checkout_key, code)
