"""Tags about carts and purchases, for every app's templates: `{% load commerce_tags %}`."""

from django import template
from django.urls import reverse

from commerce.availability import Reason, owned_ids, reason_against
from commerce.cart import Cart
from commerce.money import round_money

register = template.Library()


@register.simple_tag(takes_context=True)
def cart_count(context) -> int:
    """`{% cart_count as n %}`: models in the cart; no query for visitors, one a request for people signed in."""
    request = context.get("request")
    if request is None or not hasattr(request, "user"):
        return 0
    return Cart.for_request(request).count()


@register.inclusion_tag("commerce/_buy_box.html", takes_context=True)
def buy_box(context, model) -> dict:
    """`{% buy_box model %}`: price, licence and what the person who looks can do; `model` has its card data."""
    request = context["request"]
    owned = owned_ids(request.user, [model.pk])
    reason = reason_against(model, request.user, owned)
    return {
        "request": request,
        "csrf_token": context.get("csrf_token"),
        "model": model,
        "price": round_money(model.price),
        "is_own": reason == Reason.OWN,
        "is_owned": reason == Reason.OWNED,
        "is_unavailable": reason == Reason.UNAVAILABLE,
        "in_cart": reason is None and Cart.for_request(request).contains(model.pk),
        "library_url": f"{reverse('commerce:purchases')}?model={model.pk}",
    }
