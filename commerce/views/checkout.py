"""Checkout, paying, and what becomes of it."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from commerce.actions.order_payments import cancel_order, pay_again
from commerce.actions.ordering import get_free_model
from commerce.basket import forget_coupon_of
from commerce.checkout_page import COUNTRY, CheckoutPage, placed_at_once
from commerce.exceptions import CommerceError, NotAvailable
from commerce.forms import PayAgainForm
from commerce.models import CreditNote, Order, Payment, Transaction
from commerce.views.paying import ask_provider, go_on, pay_page
from core.database.prepared import Prepared
from core.ratelimit import rate_limited
from marketplace.models import Model3D
from marketplace.models.showing import POSTER_WIDTHS

_LATEST = Prepared(
    lambda order, buyer: (
        Payment.objects.filter(order__public_id=order, order__buyer=buyer)
        .select_related("order")
        .counting()[:1]
    ),
    order=uuid.UUID,
    buyer=int,
)
# What a receipt shows of an order's models; a course, of which an order has but one, is read by itself.
_LINES = Prepared(
    lambda order: (
        Transaction.objects.filter(order=order)
        .select_related("model__current_file", "model__creator", "seller", "purchase")
        .only(
            *[field.name for field in Transaction._meta.concrete_fields],
            *(f"model__{name}" for name in ("title", "license")),
            *(f"model__current_file__{name}" for name in POSTER_WIDTHS),
            *(f"model__creator__{name}" for name in ("username", "full_name", "is_active")),
            *(f"seller__{name}" for name in ("username", "full_name")),
            "purchase__public_id",
        )
        .in_order()
    ),
    order=int,
)
_CREDIT_NOTES = Prepared(
    lambda order: CreditNote.objects.of_order(order).select_related("cancels").in_order(), order=int
)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
@rate_limited("checkout", limit=300, seconds=600)
def checkout(request):
    known = placed_at_once(request) or order_of_key(request) if request.method == "POST" else None
    return checkout_answer(request, CheckoutPage(request) if known is None else None, known)


def checkout_answer(request, page: CheckoutPage | None, known: Order | None):
    """The page, or the way on from what it has placed, or from what it had placed before."""
    order = known or page.order
    if order is not None or not page.basket.buyable:
        answer = _go_on(request, order) if order is not None else redirect(page.back_url)
        return HttpResponseClientRedirect(answer.url) if request.htmx else answer
    if request.htmx:
        part = "_checkout_summary" if page.button == COUNTRY else "_checkout_form"
        return render(request, f"commerce/{part}.html", page.context)
    return render(request, "commerce/checkout.html", page.context, status=422 if page.is_refused else 200)


def order_of_key(request) -> Order | None:
    """The order that this checkout page made before: a double click, or the way back."""
    try:
        key = uuid.UUID(request.POST.get("checkout_key", ""))
    except ValueError:
        return None
    return Order.objects.of_buyer(request.user).filter(checkout_key=key).first()


def _go_on(request, order: Order):
    """To where the order's buyer is needed next: the provider, the card form, or the receipt."""
    payment = order.begun or order.latest_payment()
    if order.is_completed:
        forget_coupon_of(request, order)
    if order.is_completed or payment is None or not payment.is_open:
        return redirect(order)
    return go_on(request, payment)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
@rate_limited("pay", limit=100, seconds=600)
def pay(request, order_id: uuid.UUID):
    """An order that waits for money: the card form or the way to the provider; again where the last try failed."""
    order, payment = _own_latest(request, order_id)
    order, _problem = _ask_provider(order, payment)
    if not order.can_be_paid or payment.has_wrong_amount:
        return redirect(order)
    form = PayAgainForm(request.POST or None, initial={"method": payment.method}, payer=request.user)
    if request.method == "POST":
        if payment.is_open:
            return _go_on(request, order)
        if form.is_valid():
            try:
                pay_again(order, **form.how())
            except CommerceError as error:
                form.add_error(None, error.message)
            else:
                return _go_on(request, order)
    context = {"order": order, "lines": order.transactions.in_order(), "form": form}
    return pay_page(request, "commerce/pay.html", order.latest_payment(), context)


@require_POST
@login_required
def cancel(request, order_id: uuid.UUID):
    order = _own_order(request, order_id)
    try:
        cancel_order(order)
    except CommerceError as error:
        messages.error(request, f"The order could not be cancelled. {error.message}")
        return redirect("commerce:pay", order.public_id)
    if order.is_completed:
        return redirect(order)
    if order.is_open:
        messages.info(request, "Your payment is on its way: it can no longer be called off.")
        return redirect(order)
    line = order.transactions.select_related("course").first()
    if line.course is not None:
        messages.info(request, "The order was cancelled.")
        return redirect(line.course)
    messages.info(request, "The order was cancelled. The models are still in your cart.")
    return redirect("commerce:cart")


@require_safe
@login_required
@never_cache
def success(request):
    """The receipt; while the payment is on its way, a page that asks again, and where it failed, why."""
    try:
        order, payment = _own_latest(request, uuid.UUID(request.GET.get("order", "")))
    except ValueError as error:
        raise Http404 from error
    order, problem = _ask_provider(order, payment)
    if order.is_completed:
        forget_coupon_of(request, order)
    lines = _LINES(order=order.pk)
    for line in lines:
        line.order = order
    context = {"order": order, "payment": payment, "lines": lines, "problem": problem}
    context["delivered"] = [line for line in lines if line.is_completed]
    context["credit_notes"] = _CREDIT_NOTES(order=order.pk) if order.is_completed else []
    is_poll = request.htmx and request.htmx.target == "order-state"
    return render(request, "commerce/_order_state.html" if is_poll else "commerce/success.html", context)


@require_POST
@login_required
@rate_limited("get-free", limit=60, seconds=3600)
def get_free(request, model_id: int):
    """A free model goes straight into the library."""
    try:
        order = get_free_model(buyer=request.user, model_id=model_id)
    except Model3D.DoesNotExist as error:
        raise Http404 from error
    except NotAvailable as error:
        messages.info(request, error.message)
        return redirect("marketplace:model", model_id)
    return redirect(order) if order else redirect(f"{reverse('commerce:purchases')}?model={model_id}")


def _ask_provider(order: Order, payment: Payment | None) -> tuple[Order, str]:
    """Bring both to what became of the payment, where that is not known yet. Returns the order as it is then, and why
    that is not possible.
    """
    if payment is None or not (order.is_open or payment.is_open):
        return order, ""
    problem = ask_provider(payment)
    if not payment.is_open and payment.order is not order:
        return payment.order, problem
    order.refresh_from_db()
    if payment.is_open and not order.is_open:
        # Somebody else has asked at the same time.
        payment.refresh_from_db()
    return order, problem


def _own_latest(request, order_id: uuid.UUID) -> tuple[Order, Payment | None]:
    """The order, and the payment of it that counts."""
    payment = _LATEST.first(order=order_id, buyer=request.user.pk)
    return (payment.order, payment) if payment is not None else (_own_order(request, order_id), None)


def _own_order(request, order_id: uuid.UUID) -> Order:
    return get_object_or_404(Order.objects.of_buyer(request.user), public_id=order_id)
