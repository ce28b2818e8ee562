"""The plans, and getting or changing to one of them."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from commerce.actions.subscriptions.changing import change
from commerce.actions.subscriptions.standing import standing_of, usable_method_of
from commerce.actions.subscriptions.subscribing import may_try, start_trial, subscribe
from commerce.exceptions import CommerceError
from commerce.gateways import offered
from commerce.models import Interval, Plan, Subscription
from commerce.subscriptions.billing import bill
from commerce.subscriptions.forms import (
    ChangeForm,
    CountryForm,
    SubscribeForm,
    TrialForm,
    country_of,
    preferred_method,
)
from commerce.subscriptions.offers import PricingPage, interval_of
from commerce.subscriptions.pricing import change_to
from commerce.subscriptions.questions import questions, structured
from commerce.views.paying import go_on
from core.ratelimit import rate_limited


@require_safe
def pricing(request):
    """`per=year` shows what a year costs."""
    interval = interval_of(request.GET.get("per"))
    asked = questions()
    context = {
        "pricing": PricingPage(request.user, interval),
        "tabs": [
            {"label": each.label, "url": f"?per={each.value}", "count": None, "is_current": each == interval}
            for each in Interval
        ],
        "questions": asked,
        "structured": structured(asked),
        "prices_include_tax": settings.PRICES_INCLUDE_TAX,
    }
    return render(request, "commerce/pricing.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
@rate_limited("subscribe", limit=60, seconds=600)
def order(request, slug: str):
    """One plan: subscribing to it, or where the person has another one, changing to it."""
    plan = get_object_or_404(Plan.objects.offered().paid(), slug=slug)
    interval = interval_of(request.GET.get("per"))
    mine = standing_of(request.user)
    if mine is None or not mine.is_live:
        return _subscribe(request, plan, interval)
    can_change = mine.state in (Subscription.State.TRIALING, Subscription.State.ACTIVE)
    if not can_change or (plan.pk, interval) == (mine.plan_id, mine.interval):
        return redirect("commerce:plan")
    return _change(request, mine, plan, interval)


@require_POST
@login_required
@rate_limited("subscribe", limit=60, seconds=600)
def trial(request, slug: str):
    """Begins at once, without a card."""
    plan = get_object_or_404(Plan.objects.offered().paid(), slug=slug)
    interval = interval_of(request.POST.get("per"))
    form = TrialForm(request.POST)
    if not form.is_valid():
        return redirect(f"{reverse('commerce:plan_order', args=[slug])}?per={interval}")
    try:
        start_trial(user=request.user, plan=plan, interval=interval, **form.cleaned_data)
    except CommerceError as error:
        messages.error(request, error.message)
        return redirect("commerce:pricing")
    messages.success(request, f"Your trial of {plan.name} has begun.")
    return redirect("commerce:plan")


def _subscribe(request, plan: Plan, interval: str):
    chosen = CountryForm(request.GET if "country" in request.GET else None)
    country = chosen.cleaned_data["country"] if chosen.is_valid() else country_of(request.user)
    form = SubscribeForm(request.POST or None, initial={"method": preferred_method()})
    if request.method == "POST" and form.is_valid():
        country = form.cleaned_data["country"]
        try:
            payment = subscribe(user=request.user, plan=plan, interval=interval, **form.cleaned_data)
            return go_on(request, payment)
        except CommerceError as error:
            form.add_error(None, error.message)
    due = bill(plan.price(interval), country)
    context = _plan_context(plan, interval) | {
        "form": form,
        "country_form": chosen if chosen.is_bound else CountryForm(initial={"country": country}),
        "country": country,
        "due": due,
        "offers": offered(),
        "trial_days": plan.trial_days if may_try(request.user) else 0,
    }
    return render(request, "commerce/plan_subscribe.html", context, status=422 if form.errors else 200)


def _change(request, mine: Subscription, plan: Plan, interval: str):
    form = ChangeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            payment = change(user=request.user, plan=plan, interval=interval, **form.cleaned_data)
        except CommerceError as error:
            form.add_error(None, error.message)
            mine.refresh_from_db()
        else:
            return _changed(request, payment, plan)
    wanted = change_to(mine, plan, interval, timezone.now())
    context = _plan_context(plan, interval) | {
        "form": form,
        "mine": mine,
        "change": wanted,
        "due": bill(wanted.amount, mine.country),
        "card": usable_method_of(request.user),
    }
    return render(request, "commerce/plan_change.html", context, status=422 if form.errors else 200)


def _changed(request, payment, plan: Plan):
    if payment is None or payment.is_received:
        messages.success(
            request, f"Your plan is changed to {plan.name}." if payment else "Your change is kept."
        )
        return redirect("commerce:plan")
    return go_on(request, payment)


def _plan_context(plan: Plan, interval: str) -> dict:
    return {
        "plan": plan,
        "interval": Interval(interval),
        "price": plan.price(interval),
        "prices_include_tax": settings.PRICES_INCLUDE_TAX,
    }
