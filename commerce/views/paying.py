"""What every page has in common on which somebody pays, whatever for."""

from csp.decorators import csp_update
from django.conf import settings
from django.core.cache import cache
from django.shortcuts import redirect, render

from commerce.actions.payments import refresh_payment, start_payment
from commerce.exceptions import CommerceError, PaymentStarting
from commerce.gateways import gateway, offered
from commerce.models import Payment
from commerce.purposes import purpose_of

STRIPE_ORIGIN = "https://js.stripe.com"
STRIPE_SOURCES = {
    "script-src": [STRIPE_ORIGIN],
    "frame-src": [STRIPE_ORIGIN, "https://hooks.stripe.com"],
    "connect-src": ["https://api.stripe.com"],
}
# The page asks every two seconds; the provider is asked at most that often, however many pages are open.
ASK_AGAIN_SECONDS = 2


def ask_provider(payment: Payment | None) -> str:
    """Learn what became of an open payment without waiting for its webhook; says why where that is not possible."""
    if payment is None or not payment.is_open or not cache.add(_asked(payment), 1, ASK_AGAIN_SECONDS):
        return ""
    try:
        refresh_payment(payment)
    except CommerceError as error:
        return error.message
    return ""


def go_on(request, payment: Payment):
    """To where the payer of an open payment is needed next: the provider, or the page with the card form."""
    page = purpose_of(payment).pay_url(payment)
    try:
        step = start_payment(payment, request=request)
    except CommerceError:
        # The page says what is wrong, and offers to try again.
        return redirect(page)
    # Whoever comes back from there is told at once what became of it, however quick they are.
    cache.delete(_asked(payment))
    return redirect(step.redirect_url or page)


def _asked(payment: Payment) -> str:
    return f"payment-asked:{payment.pk}"


def pay_page(request, template: str, payment: Payment, context: dict):
    """A page with what a payment needs next: a card form, the way to the provider, or another try."""
    purpose = purpose_of(payment)
    context |= {
        "payment": payment,
        "offers": offered(),
        "wording": gateway(payment.provider).wordings[payment.method],
        "pay_url": purpose.pay_url(payment),
        "back_url": purpose.back_url(payment),
    }
    if payment.is_open:
        try:
            context["step"] = start_payment(payment, request=request)
        except PaymentStarting:
            context["is_starting"] = True
        except CommerceError as error:
            context["problem"] = error.message
    if context.get("step") and context["step"].client_secret:
        context["publishable_key"] = settings.STRIPE_PUBLISHABLE_KEY
        return _with_stripe_sources(request, template, context)
    return render(request, template, context)


@csp_update(STRIPE_SOURCES)
def _with_stripe_sources(request, template: str, context: dict):
    """The only pages on which another origin's script runs."""
    return render(request, template, context)
