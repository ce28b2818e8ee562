"""The sandbox's own pages: what a real provider would show at its own address. It knows no person and no session."""

import uuid

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from commerce.gateways import sandbox
from commerce.models import SandboxCharge
from commerce.money import from_minor_units
from core.ratelimit import rate_limited


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@rate_limited("sandbox", limit=300, seconds=600)
def pay(request, charge_id: uuid.UUID):
    """Choose a test card and pay, cancel, or leave."""
    charge = _find(charge_id)
    error = ""
    if request.method == "POST" and charge.is_open:
        if "cancel" in request.POST:
            charge = sandbox.finish(charge_id, SandboxCharge.Status.CANCELLED, "You cancelled the payment.")
            return redirect(charge.cancel_url)
        card = next((card for card in sandbox.TEST_CARDS if card.number == request.POST.get("card")), None)
        if card is None:
            error = "Choose one of the test cards."
        else:
            charge = sandbox.pay(charge_id, card)
    if charge.status == SandboxCharge.Status.CONFIRMING:
        return redirect("commerce:sandbox_confirm", charge_id)
    if not charge.is_open:
        return redirect(charge.return_url)
    context = {**_describe(charge), "cards": sandbox.TEST_CARDS, "error": error}
    return render(request, "commerce/sandbox_pay.html", context, status=422 if error else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@rate_limited("sandbox", limit=300, seconds=600)
def confirm(request, charge_id: uuid.UUID):
    """The cardholder's bank asks: is it you?"""
    charge = _find(charge_id)
    if request.method == "POST" and charge.status == SandboxCharge.Status.CONFIRMING:
        if "confirm" in request.POST:
            charge = sandbox.finish(charge_id, SandboxCharge.Status.SUCCEEDED)
        else:
            charge = sandbox.finish(
                charge_id, SandboxCharge.Status.DECLINED, "The payment was not confirmed with the bank."
            )
    if charge.status == SandboxCharge.Status.CREATED:
        return redirect("commerce:sandbox_pay", charge_id)
    if not charge.is_open:
        return redirect(charge.return_url)
    return render(request, "commerce/sandbox_confirm.html", _describe(charge))


def _find(charge_id: uuid.UUID) -> SandboxCharge:
    if not sandbox.SandboxGateway().is_set_up():
        raise Http404
    return get_object_or_404(SandboxCharge, charge_id=charge_id)


def _describe(charge: SandboxCharge) -> dict:
    return {"charge": charge, "amount": from_minor_units(charge.amount, charge.currency)}
