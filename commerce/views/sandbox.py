"""The sandbox's own pages: what a real provider would show at its own address. It knows no person and no session."""

import uuid

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from commerce.exceptions import ProviderRefused
from commerce.gateways import sandbox
from commerce.models import Payment, SandboxCharge, SandboxDispute, SandboxRefund
from commerce.money import from_minor_units
from core.ratelimit import rate_limited

# What the form of each method's page calls that which pays.
FIELDS = {Payment.Method.CARD: "card", Payment.Method.PAYPAL: "account", Payment.Method.CRYPTO: "wallet"}


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@rate_limited("sandbox", limit=300, seconds=600)
def pay(request, charge_id: uuid.UUID):
    """Choose what pays and pay, cancel, or leave."""
    error = ""
    if request.method == "POST" and "cancel" not in request.POST:
        charge, is_known = _pay(charge_id, request.POST)
        error = "" if is_known else f"Choose one of the test {FIELDS[charge.method]}s."
    else:
        charge = _find(charge_id)
        if request.method == "POST" and charge.is_waiting:
            charge = sandbox.finish(charge_id, SandboxCharge.Status.CANCELLED, "You cancelled the payment.")
            return redirect(charge.cancel_url)
    if charge.status == SandboxCharge.Status.CONFIRMING:
        return redirect("commerce:sandbox_confirm", charge_id)
    if not charge.is_waiting:
        return redirect(charge.return_url)
    context = {**_describe(charge), "sources": sandbox.SOURCES[charge.method], "error": error}
    if charge.method == Payment.Method.CRYPTO:
        context |= sandbox.invoice_of(charge)
    template = f"commerce/sandbox/pay_{charge.method}.html"
    return render(request, template, context, status=422 if error else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@rate_limited("sandbox", limit=300, seconds=600)
def confirm(request, charge_id: uuid.UUID):
    """The payer's bank, or their phone, asks: is it you?"""
    charge = _find(charge_id)
    if request.method == "POST" and charge.status == SandboxCharge.Status.CONFIRMING:
        if "confirm" in request.POST:
            charge = sandbox.finish(charge_id, SandboxCharge.Status.SUCCEEDED)
        else:
            charge = sandbox.finish(charge_id, SandboxCharge.Status.DECLINED, _not_confirmed(charge))
    if charge.status == SandboxCharge.Status.CREATED:
        return redirect("commerce:sandbox_pay", charge_id)
    if not charge.is_waiting:
        return redirect(charge.return_url)
    return render(request, "commerce/sandbox/confirm.html", _describe(charge))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@rate_limited("sandbox", limit=300, seconds=600)
def charge(request, charge_id: uuid.UUID):
    """What the sandbox knows of a payment, and what may still happen to it: contested, decided, taken again."""
    found = _find(charge_id)
    error = ""
    if request.method == "POST":
        try:
            _do(found, request.POST)
        except ProviderRefused as refused:
            error = refused.message
        else:
            return redirect("commerce:sandbox_charge", charge_id)
    context = {
        **_describe(found),
        "received": from_minor_units(found.received, found.currency),
        "refunds": _with_amounts(found.refunds.order_by("pk"), found.currency),
        "disputes": _with_amounts(found.disputes.order_by("pk"), found.currency),
        "doubles": found.doubles.order_by("pk"),
        "events": found.events.order_by("-pk")[:50],
        "error": error,
    }
    return render(request, "commerce/sandbox/charge.html", context, status=422 if error else 200)


def _do(found: SandboxCharge, said) -> None:
    """What the page's buttons ask for.

    Raises:
        ProviderRefused: it cannot be done now.
        Http404: there is no such refund or dispute of this payment.
    """
    if "contest" in said:
        sandbox.contest(found.charge_id, said.get("reason", ""))
    elif "again" in said:
        if found.status != SandboxCharge.Status.SUCCEEDED or found.double_of_id:
            raise ProviderRefused("Only what was received can be taken again.")
        sandbox.charge_again(found)
    elif "arrive" in said:
        sandbox.arrive(found.charge_id, now=True)
    elif "won" in said or "lost" in said:
        dispute = _own(found.disputes, "dispute_id", said.get("won") or said.get("lost"))
        sandbox.decide_dispute(dispute.dispute_id, merchant_wins="won" in said)
    elif "succeeds" in said or "fails" in said:
        refund = _own(found.refunds, "refund_id", said.get("succeeds") or said.get("fails"))
        sandbox.decide_refund(refund.refund_id, succeeds="succeeds" in said)


def _own(rows, name: str, said: str | None) -> SandboxRefund | SandboxDispute:
    try:
        return get_object_or_404(rows, **{name: uuid.UUID(said or "")})
    except ValueError as error:
        raise Http404 from error


def _with_amounts(rows, currency: str) -> list[tuple]:
    return [(row, from_minor_units(row.amount, currency)) for row in rows]


def _not_confirmed(charge: SandboxCharge) -> str:
    by = "on your phone" if charge.method == Payment.Method.PAYPAL else "with the bank"
    return f"The payment was not confirmed {by}."


def _pay(charge_id: uuid.UUID, said) -> tuple[SandboxCharge, bool]:
    """See `sandbox.pay_with`."""
    _check_set_up()
    try:
        return sandbox.pay_with(charge_id, {method: said.get(name, "") for method, name in FIELDS.items()})
    except SandboxCharge.DoesNotExist as error:
        raise Http404 from error


def _check_set_up() -> None:
    if not sandbox.SandboxGateway().is_set_up():
        raise Http404


def _find(charge_id: uuid.UUID) -> SandboxCharge:
    _check_set_up()
    return get_object_or_404(SandboxCharge.objects.select_related("double_of"), charge_id=charge_id)


def _describe(charge: SandboxCharge) -> dict:
    return {"charge": charge, "amount": from_minor_units(charge.amount, charge.currency)}
