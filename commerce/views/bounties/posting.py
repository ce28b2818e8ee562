"""What its poster does with a bounty: written, paid, given more time, given up."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from commerce.actions.bounties import ending, posting
from commerce.bounties.forms import BountyForm, BountyPaymentForm, CancellationForm, DeadlineForm
from commerce.exceptions import BountyRefused, CommerceError
from commerce.gateways import offered
from commerce.models import Bounty
from commerce.views.bounties.finding import own_bounty
from commerce.views.paying import go_on
from core.ratelimit import rate_limited
from core.verbs import wants_deletion


def _sent(request, *more) -> tuple:
    """What a form is bound to: nothing before it is sent, and also what was sent empty."""
    return (request.POST, *more) if request.method == "POST" else ()


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
@rate_limited("bounty", limit=30, seconds=3600)
def new(request):
    form = BountyForm(*_sent(request, request.FILES))
    if request.method == "POST" and form.is_valid():
        pictures = form.cleaned_data["pictures"]
        try:
            bounty = posting.draft(poster=request.user, brief=form.brief(), pictures=pictures)
        except BountyRefused as error:
            form.add_error(None, error.message)
        else:
            return redirect("commerce:pay_bounty", bounty.pk)
    return render(request, "commerce/bounty_form.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
@rate_limited("bounty", limit=60, seconds=3600)
def edit(request, pk: int):
    """While nobody has seen it; what is paid for stays as it was read."""
    bounty = own_bounty(request, pk)
    if not bounty.is_unpaid:
        messages.info(request, "What is paid for stays as it was read. You can still give more time.")
        return redirect(bounty)
    form = BountyForm(*_sent(request, request.FILES), instance=bounty)
    if request.method == "POST" and form.is_valid():
        try:
            posting.edit(bounty=bounty, brief=form.brief(), pictures=form.cleaned_data["pictures"])
        except BountyRefused as error:
            form.add_error(None, error.message)
        else:
            return redirect("commerce:pay_bounty", bounty.pk)
    pictures = bounty.pictures.order_by("pk")
    context = {"form": form, "bounty": own_bounty(request, pk), "pictures": pictures}
    return render(request, "commerce/bounty_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["POST", "DELETE"])
@login_required
def picture(request, pk: int, picture_id: int):
    """DELETE: away with a picture of a draft."""
    row = get_object_or_404(own_bounty(request, pk).pictures, pk=picture_id)
    if not wants_deletion(request):
        return HttpResponseNotAllowed(["DELETE"])
    try:
        posting.remove_picture(picture=row)
    except BountyRefused as error:
        messages.error(request, error.message)
    return redirect("commerce:edit_bounty", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
@rate_limited("pay", limit=100, seconds=600)
def pay(request, pk: int):
    """Who pays the budget, and how; then the way of any other payment."""
    bounty = own_bounty(request, pk)
    under_way = posting.open_payment(bounty)
    if not bounty.is_unpaid:
        return redirect(bounty)
    if under_way is not None:
        return redirect("commerce:payment", under_way.public_id)
    form = BountyPaymentForm(
        *_sent(request), bounty=bounty, initial=BountyPaymentForm.initial_for(request.user)
    )
    if request.method == "POST" and form.is_valid():
        try:
            payment = posting.pay(bounty=bounty, billing=form.billing(), **form.how())
        except CommerceError as error:
            form.add_error(None, error.message)
        else:
            return go_on(request, payment)
    context = {"bounty": bounty, "form": form, "offers": offered()}
    return render(request, "commerce/bounty_pay.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
@rate_limited("bounty", limit=60, seconds=3600)
def deadline(request, pk: int):
    bounty = own_bounty(request, pk)
    form = DeadlineForm(*_sent(request), initial={"deadline": bounty.deadline})
    if request.method == "POST" and form.is_valid():
        try:
            posting.move_deadline(bounty=bounty, deadline=form.cleaned_data["deadline"], by=request.user)
        except BountyRefused as error:
            form.add_error("deadline", error.message)
        else:
            messages.success(request, "The deadline was moved.")
            return redirect(bounty)
    context = {"bounty": bounty, "form": form}
    return render(request, "commerce/bounty_deadline.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
@rate_limited("bounty", limit=60, seconds=3600)
def cancellation(request, pk: int):
    """Asks, saying what becomes of money and work; then ends the bounty."""
    bounty = own_bounty(request, pk)
    form = CancellationForm(*_sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            return _end(request, bounty, form.cleaned_data["reason"])
        except CommerceError as error:
            form.add_error(None, error.message)
    context = {"bounty": bounty, "form": form, "has_work": ending.has_work(bounty)}
    if not bounty.is_unpaid:
        context["against"] = ending.reason_against_cancelling(bounty, by=request.user)
    return render(request, "commerce/bounty_cancel.html", context, status=422 if form.errors else 200)


def _end(request, bounty: Bounty, reason: str):
    if bounty.is_unpaid:
        if posting.discard(bounty=bounty):
            messages.info(request, "The bounty was discarded. You have not been charged.")
            return redirect("commerce:my_bounties")
        messages.info(request, "Your payment had come meanwhile: the bounty is open.")
        return redirect(bounty)
    ending.cancel(bounty=bounty, by=request.user, reason=reason)
    messages.success(request, "The bounty was cancelled. Your money is on its way back.")
    return redirect(bounty)
