"""The seller's side of refunds: what is asked back of their sales, and their answers."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from commerce.actions import refunds
from commerce.exceptions import RefundNotPossible
from commerce.models import Refund
from commerce.refunding.forms import AnswerForm
from commerce.refunding.story import Story
from core.ratelimit import rate_limited

PAGE_SIZE = 24


@require_safe
@login_required
@never_cache
def refund_list(request):
    """Those that wait for an answer, or all (`show=all`)."""
    found = Refund.objects.of_seller(request.user).with_page_data().newest_first()
    waiting = Refund.objects.of_seller(request.user).awaiting_seller().count()
    shows_all = request.GET.get("show") == "all"
    if not shows_all:
        found = found.open()
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    stories = [Story(refund, "seller") for refund in page]
    context = {"page": page, "stories": stories, "shows_all": shows_all, "waiting": waiting}
    context["tabs"] = [
        {"label": "Open", "url": request.path, "count": None, "is_current": not shows_all},
        {"label": "All", "url": f"{request.path}?show=all", "count": None, "is_current": shows_all},
    ]
    return render(request, "commerce/seller_refunds.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
@rate_limited("answer-refund", limit=60, seconds=3600)
def seller_refund(request, refund_id: uuid.UUID):
    """One of them, and the answer to it."""
    own = Refund.objects.of_seller(request.user).with_page_data()
    refund = get_object_or_404(own, public_id=refund_id)
    # Also a form without anything in it was sent.
    sent = request.POST if request.method == "POST" else None
    form = AnswerForm(sent, refund=refund) if refund.awaits_seller else None
    if request.method == "POST":
        if form is None:
            messages.error(request, "This request does not wait for your answer any more.")
            return redirect("commerce:seller_refund", refund.public_id)
        if form.is_valid():
            return _answer(request, refund, form)
    context = {
        "refund": refund,
        "form": form,
        "story": Story(refund, "seller"),
        "last_download": refund.transaction.purchase.links.order_by("-created_at").first(),
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "commerce/seller_refund.html", context, status=status)


def _answer(request, refund: Refund, form: AnswerForm):
    try:
        refunds.answer(refund=refund, by=request.user, amount=form.given, text=form.cleaned_data["text"])
    except RefundNotPossible as error:
        messages.error(request, error.message)
    return redirect("commerce:seller_refund", refund.public_id)
