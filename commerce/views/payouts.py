"""Payouts of a seller: requested, looked at, cancelled; and where they go to."""

import uuid

from allauth.account.decorators import reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.access import creator_required
from commerce.actions.payout_details import forget_details, keep_details
from commerce.actions.payouts import cancel_payout, request_payout
from commerce.exceptions import PayoutNotPossible, PayoutUnderWay
from commerce.financials.balance import Balance
from commerce.financials.payout_way import steps_of
from commerce.models import Payout, PayoutDetails
from commerce.payout_forms import PayoutDetailsForm, PayoutForm
from commerce.sealing import can_seal
from core.ratelimit import rate_limited
from core.templatetags.core_tags import money_text
from core.verbs import wants_deletion

PAGE_SIZE = 20


@require_http_methods(["GET", "HEAD", "POST"])
@creator_required
@never_cache
@rate_limited("payout", limit=30, seconds=3600)
def payouts(request):
    """GET: all of them, and the form. POST: a new one."""
    balance = Balance(request.user)
    initial = {"amount": balance.sums.available} if balance.can_request else {}
    form = PayoutForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = request_payout(seller=request.user, amount=form.cleaned_data["amount"])
        except PayoutUnderWay as error:
            # A second press of the button, or another tab: what it asked for is there.
            messages.info(request, error.message)
            return redirect("commerce:payouts")
        except PayoutNotPossible as error:
            form.add_error("amount", error.message)
        else:
            messages.success(request, f"Your payout of {money_text(made.amount)} was requested.")
            return redirect(made)
    found = Payout.objects.of_seller(request.user).newest_first()
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"balance": balance, "form": form, "page": page}
    return render(request, "commerce/payouts.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST", "DELETE"])
@creator_required
@never_cache
def payout(request, payout_id: uuid.UUID):
    """GET: how far it is. DELETE: the seller takes it back."""
    found = get_object_or_404(Payout.objects.of_seller(request.user), public_id=payout_id)
    if wants_deletion(request):
        try:
            cancel_payout(found, by=request.user)
        except PayoutNotPossible as error:
            messages.error(request, error.message)
        else:
            messages.success(request, "Your payout was cancelled. The money is in your balance again.")
        return redirect(found)
    if request.method == "POST":
        return HttpResponseNotAllowed(["GET", "HEAD", "DELETE"])
    return render(request, "commerce/payout.html", {"payout": found, "steps": steps_of(found)})


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST", "DELETE"])
@creator_required
@never_cache
def details(request):
    """Where payouts go to. Whoever comes says again who they are, before anything can be typed.

    A form sent after that has lapsed is asked for once more: what was typed is not kept anywhere meanwhile.
    """
    if request.method in ("GET", "HEAD"):
        return _details_page(request, PayoutDetailsForm())
    try:
        return _change_details(request)
    except ReauthenticationRequired:
        messages.info(request, "For your safety, tell us again who you are. Nothing was changed.")
        return redirect("commerce:payout_details")


@reauthentication_required
def _details_page(request, form: PayoutDetailsForm):
    context = {
        "form": form,
        "details": PayoutDetails.objects.of_user(request.user).current().first(),
        "can_seal": can_seal(),
        "wait_hours": settings.PAYOUT_DETAILS_WAIT_HOURS,
    }
    return render(request, "commerce/payout_details.html", context, status=422 if form.errors else 200)


@reauthentication_required
@rate_limited("payout-details", limit=10, seconds=86400, methods=("POST", "DELETE"))
def _change_details(request):
    if wants_deletion(request):
        if forget_details(user=request.user):
            messages.success(request, "Your payout details were removed.")
        return redirect("commerce:payout_details")
    form = PayoutDetailsForm(request.POST)
    if not (can_seal() and form.is_valid()):
        return _details_page(request, form)
    chosen = form.cleaned_data
    keep_details(user=request.user, method=chosen["method"], country=chosen["country"], values=form.values())
    messages.success(request, "Your payout details were saved.")
    return redirect("commerce:payouts")
