"""Tags about carts and purchases, for every app's templates: `{% load commerce_tags %}`."""

from django import template
from django.conf import settings
from django.urls import reverse

from commerce.availability import Reason, owned_ids, reason_against
from commerce.cart import Cart
from commerce.models import Purchase
from commerce.money import round_money
from commerce.review_list import ReviewList
from commerce.subscriptions.offers import round_size

register = template.Library()


@register.filter
def plain_size(size: int) -> str:
    """`{{ 1073741824|plain_size }}`: `1 GB`, without a decimal that is 0."""
    return round_size(size)


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
        "prices_include_tax": settings.PRICES_INCLUDE_TAX,
        "is_own": reason == Reason.OWN,
        "is_owned": reason == Reason.OWNED,
        "is_unavailable": reason == Reason.UNAVAILABLE,
        "in_cart": reason is None and Cart.for_request(request).contains(model.pk),
        "library_url": f"{reverse('commerce:purchases')}?model={model.pk}",
    }


@register.simple_tag(takes_context=True)
def course_offer(context, course) -> dict:
    """`{% course_offer course as offer %}`: what there is of a course to who looks: their `purchase`, or none."""
    user = context["request"].user
    purchase = None
    if user.is_authenticated:
        purchase = Purchase.objects.of_user(user).active().filter(course=course).first()
    return {"purchase": purchase, "prices_include_tax": settings.PRICES_INCLUDE_TAX}


def _reviews_of(context, model) -> ReviewList:
    """One a page, though head and body of it show them."""
    kept = context["request"].__dict__.setdefault("_reviews_shown", {})
    if model.pk not in kept:
        kept[model.pk] = ReviewList(model, viewer=context["request"].user)
    return kept[model.pk]


@register.inclusion_tag("commerce/_model_reviews.html", takes_context=True)
def model_reviews(context, model) -> dict:
    """The ratings of a model and the most helpful of its reviews, with the way to write one for those who have it."""
    request = context["request"]
    return {
        "request": request,
        "user": request.user,
        "csrf_token": context.get("csrf_token"),
        "model": model,
        "reviews": _reviews_of(context, model),
    }


@register.simple_tag(takes_context=True)
def with_reviews(context, data: dict, model) -> dict:
    """A product's structured data with its first reviews: `{% with_reviews data model as data %}`."""
    found = _reviews_of(context, model).data
    if not found:
        return data
    product, *others = data["@graph"]
    return data | {"@graph": [product | {"review": found}, *others]}
