"""Whether an order that failed can still be had for what it said."""

from commerce import coupons
from commerce.actions.course_delivery import hold_course_unchanged
from commerce.availability import owned_ids, reason_against
from commerce.exceptions import CheckoutChanged
from commerce.models import Order
from commerce.money import round_money
from commerce.quoting import Shown, quote
from core.templatetags.core_tags import money_text
from marketplace.models import Model3D


def hold_unchanged(order: Order) -> None:
    """Lock the order's coupon and models and reserve the coupon again, where everything still costs what it did.

    The caller holds the locks of buyer and order.

    Raises:
        CheckoutChanged: naming every difference.
    """
    lines = {line.model_id: line for line in order.transactions.select_related("order").in_order()}
    if None in lines:
        hold_course_unchanged(order, lines[None])
        return
    coupon = coupons.lock(order.coupon_code)
    models = Model3D.objects.with_card_data().filter(pk__in=lines).order_by("pk")
    models = list(models.select_for_update(no_key=True, of=("self",)))
    owned = owned_ids(order.buyer, lines)
    changes = []
    for model in models:
        problem = reason_against(model, order.buyer, owned)
        if problem is not None:
            changes.append(problem.sentence(model.title))
        elif round_money(model.price) != lines[model.pk].list_amount:
            changes.append(f"“{model.title}” costs {money_text(round_money(model.price))} now.")
    why = coupons.refusal(coupon, order.buyer) if order.coupon_code else None
    if why is not None:
        changes.append(why.sentence(order.coupon_code, coupon))
    if not changes:
        by_id = {model.pk: model for model in models}
        now = quote(models=[by_id[pk] for pk in lines], coupon=coupon, country=order.billing_country)
        changes = Shown(discount=order.discount_amount, tax=order.tax_amount, total=order.total).changes(now)
        problem = coupons.take_back(order)
        changes += [problem] if problem else []
    if changes:
        raise CheckoutChanged(changes)
