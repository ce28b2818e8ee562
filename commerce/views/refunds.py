"""The buyer's side of refunds, and the rules."""

import uuid

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from commerce.actions import refunds
from commerce.exceptions import RefundNotPossible
from commerce.models import Purchase, Refund
from commerce.refunding.forms import RefundForm
from commerce.refunding.rules import case_of
from commerce.refunding.story import Story
from core.ratelimit import rate_limited
from core.verbs import wants_deletion


@require_safe
def rules(request):
    """What the rule says, with the figures of the settings."""
    days = {name.lower(): getattr(settings, name) for name in _FIGURES}
    return render(request, "commerce/refund_rules.html", days)


_FIGURES = ("REFUND_DAYS", "REFUND_ASK_DAYS", "REFUND_ANSWER_DAYS", "REFUND_DECIDE_DAYS")


@require_http_methods(["GET", "HEAD", "POST", "DELETE"])
@login_required
@never_cache
@rate_limited("ask-refund", limit=30, seconds=3600)
def refund(request, purchase_id: uuid.UUID):
    """Ask, see how far it is, and take it back (DELETE)."""
    purchase = _own(request, purchase_id)
    if not purchase.transaction.gross_amount:
        return redirect("commerce:removal", purchase.public_id)
    if wants_deletion(request):
        return _withdraw(request, purchase)
    against = refunds.reason_against_asking(purchase)
    form = None if against else RefundForm(_posted(request), case=case_of(purchase))
    if request.method == "POST" and (form is None or form.is_valid()):
        return _ask(request, purchase, form)
    stories = [Story(row, "buyer") for row in _refunds_of(purchase)]
    context = {"purchase": purchase, "form": form, "against": against, "stories": stories}
    context["left"] = (purchase.transaction.sold_parts - purchase.transaction.refunds.live().parts()).gross
    context["open"] = next((story.refund for story in stories if story.refund.is_open), None)
    context["answer_days"] = settings.REFUND_ANSWER_DAYS
    status = 422 if form is not None and form.errors else 200
    return render(request, "commerce/refund.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def removal(request, purchase_id: uuid.UUID):
    """Take a free model out of the library, after asking."""
    purchase = _own(request, purchase_id)
    if not purchase.is_active:
        raise Http404
    if purchase.transaction.gross_amount:
        return redirect("commerce:refund", purchase.public_id)
    if request.method == "POST":
        refunds.remove_from_library(purchase=purchase)
        messages.success(request, f"“{purchase.transaction.title}” has left your library.")
        return redirect("commerce:purchases")
    return render(request, "commerce/removal.html", {"purchase": purchase})


def _posted(request):
    """Also a form without anything in it was sent."""
    return request.POST if request.method == "POST" else None


def _ask(request, purchase: Purchase, form: RefundForm | None):
    if form is None:
        messages.error(request, refunds.reason_against_asking(purchase))
        return redirect("commerce:refund", purchase.public_id)
    try:
        refunds.ask(purchase=purchase, by=request.user, **form.cleaned_data)
    except RefundNotPossible as error:
        messages.error(request, error.message)
    return redirect("commerce:refund", purchase.public_id)


def _withdraw(request, purchase: Purchase):
    asked = purchase.transaction.refunds.open().filter(kind=Refund.Kind.SALE).first()
    try:
        if asked is None:
            raise RefundNotPossible("There is no request to take back.")
        refunds.withdraw(refund=asked, by=request.user)
    except RefundNotPossible as error:
        messages.error(request, error.message)
    return redirect("commerce:refund", purchase.public_id)


def _refunds_of(purchase: Purchase):
    found = purchase.transaction.refunds.select_related("transaction__order").newest_first()
    return found.prefetch_related("credit_notes__cancels")


def _own(request, purchase_id: uuid.UUID) -> Purchase:
    owned = Purchase.objects.of_user(request.user).with_library_data().select_related("course__instructor")
    return get_object_or_404(
        owned.select_related("transaction__listing", "transaction__seller"), public_id=purchase_id
    )
