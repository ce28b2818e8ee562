"""The page of a payment that pays for something other than an order: for its payer alone."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from commerce.actions.payments import cancel_payment, try_again
from commerce.exceptions import CommerceError
from commerce.forms import PayAgainForm
from commerce.models import Payment
from commerce.purposes import purpose_of
from commerce.views.paying import ask_provider, go_on, pay_page
from core.ratelimit import rate_limited


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
@rate_limited("pay", limit=100, seconds=600)
def pay(request, payment_id: uuid.UUID):
    """The card form or the way to the provider; another try where the last one failed."""
    payment = _own_payment(request, payment_id)
    ask_provider(payment)
    purpose = purpose_of(payment)
    if payment.is_received or payment.order_id:
        return redirect(purpose.return_url(payment) if payment.is_received else purpose.pay_url(payment))
    if payment.has_wrong_amount:
        return redirect("commerce:payment_state", payment.public_id)
    form = PayAgainForm(request.POST or None, initial={"method": payment.method}, payer=request.user)
    if request.method == "POST" and payment.is_open:
        return go_on(request, payment)
    if request.method == "POST" and form.is_valid():
        try:
            return go_on(request, try_again(payment, **form.how()))
        except CommerceError as error:
            form.add_error(None, error.message)
    return pay_page(request, "commerce/payment.html", payment, {"form": form, **_described(payment)})


@require_safe
@login_required
@never_cache
def state(request, payment_id: uuid.UUID):
    """Waits for the money where the provider sent its payer back; then leads to what was paid for."""
    payment = _own_payment(request, payment_id)
    problem = ask_provider(payment)
    is_poll = request.htmx and request.htmx.target == "payment-state"
    if payment.is_received and not is_poll:
        return redirect(purpose_of(payment).return_url(payment))
    template = "commerce/_payment_state.html" if is_poll else "commerce/payment_state.html"
    return render(request, template, {"payment": payment, "problem": problem, **_described(payment)})


@require_POST
@login_required
def cancel(request, payment_id: uuid.UUID):
    payment = _own_payment(request, payment_id)
    purpose = purpose_of(payment)
    try:
        cancel_payment(payment)
    except CommerceError as error:
        messages.error(request, f"The payment could not be cancelled. {error.message}")
        return redirect(purpose.pay_url(payment))
    payment.refresh_from_db()
    if payment.is_open:
        messages.info(request, "Your payment is on its way: it can no longer be called off.")
    elif not payment.is_received:
        messages.info(request, "The payment was cancelled. You have not been charged.")
    return redirect(purpose.return_url(payment))


def _described(payment: Payment) -> dict:
    purpose = purpose_of(payment)
    return {
        "what": purpose.describe(payment),
        "can_try_again": not payment.is_open and purpose.can_be_tried_again(payment),
        "return_url": purpose.return_url(payment),
    }


def _own_payment(request, payment_id: uuid.UUID) -> Payment:
    payments = Payment.objects.of_payer(request.user).select_related("order", "payer")
    return get_object_or_404(payments, public_id=payment_id)
