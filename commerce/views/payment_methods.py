"""Page “Payment methods” of the settings: the cards that a person has had kept."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from commerce.actions.saved_methods import make_default, remove
from commerce.exceptions import CommerceError
from commerce.models import SavedPaymentMethod
from commerce.subscriptions.account import PlanAccount
from core.verbs import wants_deletion

PAGE_SIZE = 20


@require_safe
@login_required
@never_cache
def show(request):
    cards = SavedPaymentMethod.objects.of_user(request.user).kept().default_first()
    page = Paginator(cards, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "commerce/payment_methods.html", {"page": page, "renewing": _renewing(request)})


@require_http_methods(["GET", "HEAD", "POST", "DELETE"])
@login_required
@never_cache
def card(request, card_id: uuid.UUID):
    """GET asks whether to remove it, DELETE does, POST makes it the default."""
    kept = SavedPaymentMethod.objects.of_user(request.user).kept()
    chosen = get_object_or_404(kept, public_id=card_id)
    if request.method in ("GET", "HEAD"):
        context = {"card": chosen, "renewing": _renewing(request)}
        return render(request, "commerce/payment_method_removal.html", context)
    if wants_deletion(request):
        remove(chosen)
        messages.success(request, f"{chosen.label} is removed.")
    else:
        try:
            make_default(chosen)
            messages.success(request, f"{chosen.label} is chosen first from now on.")
        except CommerceError as error:
            messages.error(request, error.message)
    return redirect("commerce:payment_methods")


def _renewing(request) -> SavedPaymentMethod | None:
    """The card that a plan's renewals are charged to."""
    account = PlanAccount(request.user)
    return account.card if account.next_bill is not None else None
