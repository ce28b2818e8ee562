"""What happens to money that the sandbox has received: refunds and disputes, and what a person decides about them."""

from django.db import transaction

from commerce.exceptions import ProviderRefused
from commerce.gateways.sandbox.charges import locked
from commerce.gateways.sandbox.events import announce, describe_dispute, describe_refund
from commerce.gateways.sandbox.sources import source
from commerce.models import SandboxCharge, SandboxDispute, SandboxRefund

MOST_REASON = 200
_REASON = "The cardholder says that they did not make this payment."


def refund(charge_id, units: int, *, key: str) -> SandboxRefund:
    """Send `units` back; the same key again is the same refund.

    Raises:
        ProviderRefused: more than was received, or nothing was; or the payer's bank decides about it, or has taken it.
    """
    with locked(charge_id) as charge:
        made = charge.refunds.filter(key=key).first()
        if made is not None:
            return made
        if (
            charge.status != SandboxCharge.Status.SUCCEEDED
            or units <= 0
            or charge.refunded + units > charge.received
        ):
            raise ProviderRefused("The sandbox refunds at most what it received.")
        # As with real providers: the bank would take it a second time.
        if charge.disputes.exclude(status=SandboxDispute.Status.WON).exists():
            raise ProviderRefused("The payer contests this payment: it is for their bank to give it back.")
        made = SandboxRefund(charge=charge, key=key, amount=units)
        _bring(made, source(charge.source).refund if charge.source else SandboxRefund.Status.SUCCEEDED)
        return made


def decide_refund(refund_id, *, succeeds: bool) -> SandboxRefund:
    """Let a pending refund through, or let the bank return it; one that has ended stays as it is."""
    charge_id = SandboxRefund.objects.values_list("charge__charge_id", flat=True).get(refund_id=refund_id)
    with locked(charge_id):
        made = SandboxRefund.objects.select_related("charge").get(refund_id=refund_id)
        if made.status == SandboxRefund.Status.PENDING:
            _bring(made, SandboxRefund.Status.SUCCEEDED if succeeds else SandboxRefund.Status.FAILED)
        return made


def _bring(made: SandboxRefund, status: str) -> None:
    """Inside the charge's lock: a refund that fails gives back what it took of the charge."""
    was_counted = made.pk is not None
    is_counted = status != SandboxRefund.Status.FAILED
    made.status = status
    made.message = "" if is_counted else "The bank returned the money."
    made.save()
    made.charge.refunded += made.amount * (is_counted - was_counted)
    made.charge.save(update_fields=["refunded", "updated_at"])
    announce(made.charge, f"refund.{status}", refund=describe_refund(made))


def contest(charge_id, reason: str = "") -> SandboxDispute:
    """The payer contests a payment at their bank; a second time nothing more happens.

    Raises:
        ProviderRefused: nothing was received that could be contested.
    """
    with locked(charge_id) as charge:
        dispute = charge.disputes.first()
        if dispute is not None:
            return dispute
        if charge.status != SandboxCharge.Status.SUCCEEDED or charge.refunded >= charge.received:
            raise ProviderRefused("Only what was received can be contested.")
        dispute = SandboxDispute.objects.create(
            charge=charge,
            amount=charge.received - charge.refunded,
            reason=(reason.strip() or _REASON)[:MOST_REASON],
        )
        announce(charge, "dispute.opened", dispute=describe_dispute(dispute))
        return dispute


def decide_dispute(dispute_id, *, merchant_wins: bool) -> SandboxDispute:
    """What the bank decides, once."""
    with transaction.atomic():
        dispute = (
            SandboxDispute.objects.select_for_update().select_related("charge").get(dispute_id=dispute_id)
        )
        if dispute.status == SandboxDispute.Status.OPENED:
            won, lost = SandboxDispute.Status.WON, SandboxDispute.Status.LOST
            dispute.status = won if merchant_wins else lost
            dispute.save(update_fields=["status"])
            announce(dispute.charge, f"dispute.{dispute.status}", dispute=describe_dispute(dispute))
        return dispute
