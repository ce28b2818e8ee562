"""The webhooks that the sandbox owes: described, written down, and read by the shop."""

import json
from collections.abc import Mapping

from commerce.exceptions import SignatureInvalid
from commerce.gateways.base import (
    DisputeNews,
    DisputeProgress,
    Event,
    PaymentState,
    ProviderState,
    RefundNews,
    RefundProgress,
    RefundState,
)
from commerce.gateways.sandbox import signing
from commerce.later import later
from commerce.models import SandboxCharge, SandboxDispute, SandboxEvent, SandboxRefund
from commerce.money import from_minor_units

_STATES = {
    SandboxCharge.Status.SUCCEEDED: PaymentState.SUCCEEDED,
    SandboxCharge.Status.DECLINED: PaymentState.FAILED,
    SandboxCharge.Status.CANCELLED: PaymentState.CANCELLED,
}


def announce(charge: SandboxCharge, kind: str, **details) -> None:
    """Owe the shop a webhook; inside the transaction that it tells of."""
    event = SandboxEvent.objects.create(
        charge=charge, kind=kind, payload={"charge": describe(charge), **details}
    )
    later("deliver_sandbox_event", event.pk)


def describe(charge: SandboxCharge) -> dict:
    return {
        "id": str(charge.charge_id),
        "reference": charge.reference,
        "status": charge.status,
        "amount": charge.received if charge.status == SandboxCharge.Status.SUCCEEDED else charge.amount,
        "currency": charge.currency,
        "message": charge.message,
    }


def describe_refund(refund: SandboxRefund) -> dict:
    return {
        "id": str(refund.refund_id),
        "key": refund.key,
        "status": refund.status,
        "amount": refund.amount,
        "message": refund.message,
    }


def describe_dispute(dispute: SandboxDispute) -> dict:
    return {
        "id": str(dispute.dispute_id),
        "status": dispute.status,
        "amount": dispute.amount,
        "reason": dispute.reason,
    }


def state_of(charge: dict) -> ProviderState:
    """What a described charge says."""
    return ProviderState(
        state=_STATES.get(charge["status"], PaymentState.PENDING),
        amount=from_minor_units(charge["amount"], charge["currency"]),
        currency=charge["currency"],
        message=charge["message"],
        needs_confirmation=charge["status"] == SandboxCharge.Status.CONFIRMING,
    )


def refund_state_of(refund: dict) -> RefundState:
    return RefundState(RefundProgress(refund["status"]), refund["id"], refund["message"])


def parse(headers: Mapping[str, str], body: bytes) -> Event:
    """
    Raises:
        SignatureInvalid: it is not the sandbox's, or nothing that it sends.
    """
    signing.check(headers.get(signing.SIGNATURE_HEADER, ""), body)
    try:
        payload = json.loads(body)
        charge = payload["charge"]
        is_about = payload["kind"].partition(".")[0]
        return Event(
            event_id=payload["id"],
            kind=payload["kind"],
            provider_id=charge["id"],
            reference=charge["reference"],
            state=state_of(charge) if is_about == "charge" else None,
            refund=_refund_news(payload["refund"], charge) if is_about == "refund" else None,
            dispute=_dispute_news(payload["dispute"], charge) if is_about == "dispute" else None,
            payload=payload,
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SignatureInvalid("The event is not one of the sandbox's.") from error


def _refund_news(refund: dict, charge: dict) -> RefundNews:
    amount = from_minor_units(refund["amount"], charge["currency"])
    return RefundNews(refund["id"], refund["key"], refund_state_of(refund), amount)


def _dispute_news(dispute: dict, charge: dict) -> DisputeNews:
    amount = from_minor_units(dispute["amount"], charge["currency"])
    return DisputeNews(dispute["id"], DisputeProgress(dispute["status"]), amount, dispute["reason"])
