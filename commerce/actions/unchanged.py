"""Whether an order that failed can still be had for what it said."""

from commerce import coupons
from commerce.actions.course_delivery import changes_of_course
from commerce.availability import owned_ids, reason_against
from commerce.exceptions import CheckoutChanged
from commerce.models import Order, Transaction
from commerce.money import round_money
from commerce.quoting import Shown, quote
from core.templatetags.core_tags import money_text
from marketplace.models import Model3D


def hold_unchanged(order: Order) -> None:
    """Lock what was ordered and the coupon, and reserve the coupon again, where everything still costs what it did.

    The caller holds the locks of buyer and order.

    Raises:
        CheckoutChanged: naming every difference.
    """
    lines = list(order.transactions.select_related("order").in_order())
    coupon = coupons.lock(order.coupon_code)
    is_course = lines[0].course_id is not None
    changes, things = changes_of_course(order, lines[0]) if is_course else _changes_of_models(order, lines)
    why = coupons.refusal(coupon, order.buyer) if order.coupon_code else None
    if why is not None:
        changes.append(why.sentence(order.coupon_code, coupon))
    if not changes:
        now = quote(models=things, coupon=coupon, country=order.billing_country)
        changes = Shown(discount=order.discount_amount, tax=order.tax_amount, total=order.total).changes(now)
        problem = coupons.take_back(order)
        changes += [problem] if problem else []
    if changes:
        raise CheckoutChanged(changes)


def _changes_of_models(order: Order, lines: list[Transaction]) -> tuple[list[str], list[Model3D]]:
    """What is different about the models, one sentence each; and the models, locked, in the order of the lines."""
    by_model = {line.model_id: line for line in lines}
    models = Model3D.objects.with_card_data().filter(pk__in=by_model).order_by("pk")
    found = {model.pk: model for model in models.select_for_update(no_key=True, of=("self",))}
    owned = owned_ids(order.buyer, by_model)
    changes = []
    for pk, model in found.items():
        problem = reason_against(model, order.buyer, owned)
        if problem is not None:
            changes.append(problem.sentence(model.title))
        elif round_money(model.price) != by_model[pk].list_amount:
            changes.append(f"“{model.title}” costs {money_text(round_money(model.price))} now.")
    return changes, [found[pk] for pk in by_model]
