"""Tags about carts and purchases, for every app's templates: `{% load commerce_tags %}`."""

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from commerce.availability import Reason, owned_ids, reason_against
from commerce.cart import Cart
from commerce.money import round_money
from commerce.review_list import ReviewList
from commerce.subscriptions.offers import round_size

register = template.Library()

# Lucide's star, and its left half.
STAR = (
    "M11.525 2.295a.53.53 0 0 1 .95 0l2.31 4.679a2.123 2.123 0 0 0 1.595 1.16l5.166.756"
    "a.53.53 0 0 1 .294.904l-3.736 3.638a2.123 2.123 0 0 0-.611 1.878l.882 5.14"
    "a.53.53 0 0 1-.771.56l-4.618-2.428a2.122 2.122 0 0 0-1.973 0L6.396 21.01"
    "a.53.53 0 0 1-.77-.56l.881-5.139a2.122 2.122 0 0 0-.611-1.879L2.16 9.795"
    "a.53.53 0 0 1 .294-.906l5.165-.755a2.122 2.122 0 0 0 1.597-1.16z"
)
HALF_STAR = (
    "M12 18.338a2.1 2.1 0 0 0-.987.244L6.396 21.01a.53.53 0 0 1-.77-.56l.881-5.139"
    "a2.12 2.12 0 0 0-.611-1.879L2.16 9.795a.53.53 0 0 1 .294-.906l5.165-.755"
    "a2.12 2.12 0 0 0 1.597-1.16l2.309-4.679A.53.53 0 0 1 12 2"
)


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


@register.simple_tag
def stars(rating) -> SafeString:
    """Five stars, filled to the nearest half; read out as a sentence."""
    halves = round(float(rating) * 2)
    kinds = [
        "full" if halves >= 2 * place else "half" if halves == 2 * place - 1 else "none"
        for place in range(1, 6)
    ]
    drawn = format_html_join("", "{}", ((_star(kind),) for kind in kinds))
    number = f"{float(rating):.1f}".removesuffix(".0")
    return format_html('<span class="stars" role="img" aria-label="{} of 5 stars">{}</span>', number, drawn)


@register.simple_tag
def star() -> SafeString:
    """One star, filled by whoever shows it."""
    return _star("none")


def _star(kind: str) -> SafeString:
    """Drawn in place, since nothing of a sprite can be filled."""
    half = format_html('<path d="{}"></path>', HALF_STAR) if kind == "half" else ""
    return format_html(
        '<svg class="star star-{}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">'
        '<path d="{}"></path>{}</svg>',
        kind,
        STAR,
        half,
    )
