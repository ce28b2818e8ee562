"""The cart's page and its items."""

from django.contrib import messages
from django.http import HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from commerce.availability import Reason
from commerce.basket import Basket
from commerce.cart import Cart
from commerce.exceptions import CartFull, NotAvailable
from commerce.statistics import count_cart
from core.ratelimit import rate_limited
from core.verbs import wants_deletion
from marketplace.models import Model3D


@require_safe
@never_cache
def show(request):
    return _page(request, Basket(request))


@require_POST
@never_cache
@rate_limited("cart", limit=300, seconds=600)
def coupon(request):
    """POST takes a coupon for what is in the cart; DELETE (a form's `_method`) takes it off again."""
    basket = Basket(request)
    if wants_deletion(request):
        basket.drop_coupon()
    elif not basket.try_coupon(request.POST.get("coupon", "")) and not request.htmx:
        return _page(request, basket, status=422)
    if request.htmx:
        return render(request, "commerce/_cart_summary.html", {"basket": basket, "quote": basket.quote()})
    return redirect("commerce:cart")


def _page(request, basket: Basket, status: int = 200):
    removed = request.GET.get("removed", "")
    context = {
        "basket": basket,
        "quote": basket.quote(),
        "saved_lines": [line for line in basket.all_lines if line.saved_for_later],
        "removed": _removed_model(request, removed) if removed.isdecimal() else None,
    }
    return render(request, "commerce/cart.html", context, status=status)


@require_POST
@rate_limited("cart", limit=300, seconds=600)
def item(request, model_id: int):
    """POST adds; DELETE (a form's `_method`) removes."""
    match request.POST.get("_method", "post").lower():
        case "post":
            return _add(request, model_id)
        case "delete":
            Cart.for_request(request).remove(model_id)
            return redirect(f"{reverse('commerce:cart')}?removed={model_id}")
        case _:
            return HttpResponseNotAllowed(["POST", "DELETE"])


@require_POST
@rate_limited("cart", limit=300, seconds=600)
def saved_item(request, model_id: int):
    """POST keeps a model for later; DELETE (a form's `_method`) takes it back into the cart."""
    match request.POST.get("_method", "post").lower():
        case "post":
            Cart.for_request(request).save_for_later(model_id)
        case "delete":
            Cart.for_request(request).move_to_cart(model_id)
        case _:
            return HttpResponseNotAllowed(["POST", "DELETE"])
    return redirect("commerce:cart")


def _add(request, model_id: int):
    model = get_object_or_404(Model3D.objects.visible_to(request.user).with_card_data(), pk=model_id)
    try:
        Cart.for_request(request).add(model)
    except NotAvailable as error:
        messages.info(request, error.message)
        return redirect("commerce:purchases" if error.reason == Reason.OWNED else model)
    except CartFull as error:
        messages.warning(request, error.message)
        return redirect("commerce:cart")
    count_cart(model, request)
    if "buy" in request.POST:
        return redirect("commerce:checkout")
    target = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        messages.success(request, f"“{model.title}” is in your cart.")
        return HttpResponseRedirect(target)
    return redirect("commerce:cart")


def _removed_model(request, model_id: str) -> Model3D | None:
    """What was just taken out and can be put back."""
    if len(model_id) > 18 or Cart.for_request(request).contains(int(model_id)):
        return None
    return Model3D.objects.visible_to(request.user).filter(pk=int(model_id)).first()
