"""Page “Plan and billing” of the settings, and what is done there."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from commerce.actions.saved_methods import make_default, remove
from commerce.actions.subscriptions.changing import withdraw_change
from commerce.actions.subscriptions.ending import cancel, resume
from commerce.actions.subscriptions.standing import standing_of
from commerce.actions.subscriptions.subscribing import pay_now
from commerce.exceptions import CommerceError
from commerce.models import CreditNote, SavedPaymentMethod, SubscriptionPeriod
from commerce.subscriptions.account import PlanAccount
from commerce.subscriptions.forms import PayForm, preferred_method
from commerce.views.paying import go_on
from core.ratelimit import rate_limited
from core.verbs import wants_deletion

PAGE_SIZE = 20


@require_safe
@login_required
@never_cache
def show(request):
    """The plan, what it gives and what is used of it, and every payment for it."""
    return _page(request, PayForm(initial={"method": preferred_method()}))


@require_POST
@login_required
@rate_limited("subscribe", limit=60, seconds=600)
def pay(request):
    """Pay for the time after the trial, or for what is overdue."""
    form = PayForm(request.POST)
    if form.is_valid():
        try:
            return go_on(request, pay_now(user=request.user, **form.cleaned_data))
        except CommerceError as error:
            form.add_error(None, error.message)
    return _page(request, form, status=422)


@require_http_methods(["GET", "HEAD", "POST", "DELETE"])
@login_required
@never_cache
def cancellation(request):
    """GET asks, POST cancels, DELETE resumes."""
    mine = standing_of(request.user)
    if request.method in ("GET", "HEAD"):
        if mine is None or not mine.renews:
            return redirect("commerce:plan")
        return render(
            request, "commerce/plan_cancel.html", {"mine": mine, "account": PlanAccount(request.user)}
        )
    try:
        if wants_deletion(request):
            resume(user=request.user)
            messages.success(request, "Your plan goes on.")
        else:
            cancel(user=request.user)
            messages.success(request, "Your plan is cancelled.")
    except CommerceError as error:
        messages.error(request, error.message)
    return redirect("commerce:plan")


@require_http_methods(["POST", "DELETE"])
@login_required
def planned_change(request):
    """DELETE takes back what was to happen at the period's end."""
    if not wants_deletion(request):
        return HttpResponseNotAllowed(["DELETE"])
    withdraw_change(user=request.user)
    messages.success(request, "Your plan stays as it is.")
    return redirect("commerce:plan")


@require_http_methods(["POST", "DELETE"])
@login_required
def card(request, card_id: uuid.UUID):
    """POST has renewals charged to a kept card, DELETE removes it here and at its provider."""
    kept = SavedPaymentMethod.objects.of_user(request.user).kept()
    chosen = get_object_or_404(kept, public_id=card_id)
    if wants_deletion(request):
        remove(chosen)
        messages.success(request, f"{chosen.label} is removed.")
        return redirect("commerce:plan")
    try:
        make_default(chosen)
        messages.success(request, f"Renewals are charged to {chosen.label}.")
    except CommerceError as error:
        messages.error(request, error.message)
    return redirect("commerce:plan")


@require_safe
@login_required
@never_cache
def receipt(request, period_id: uuid.UUID):
    """One payment for a plan, fit for printing."""
    paid = (
        SubscriptionPeriod.objects.of_user(request.user)
        .settled()
        .select_related("plan", "payment", "subscription")
    )
    period = get_object_or_404(paid, public_id=period_id)
    notes = CreditNote.objects.of_period(period).select_related("cancels").in_order()
    return render(request, "commerce/plan_receipt.html", {"period": period, "credit_notes": notes})


def _page(request, form: PayForm, status: int = 200):
    history = (
        SubscriptionPeriod.objects.of_user(request.user).select_related("plan", "payment").newest_first()
    )
    context = {
        "account": PlanAccount(request.user),
        "form": form,
        "page": Paginator(history, PAGE_SIZE).get_page(request.GET.get("page")),
    }
    return render(request, "commerce/plan.html", context, status=status)
