"""What becomes of a payment at the sandbox. Every change is made under the charge's row lock, and owes a webhook."""

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from commerce.gateways.sandbox.events import announce
from commerce.gateways.sandbox.sources import SOURCES, Ending, TestSource, source
from commerce.later import later
from commerce.models import SandboxCard, SandboxCharge
from core.database.prepared import Prepared

Status = SandboxCharge.Status

_LOCKED = Prepared(
    lambda charge: SandboxCharge.objects.filter(charge_id=charge).select_for_update(), charge=uuid.UUID
)
_FOUND = Prepared(lambda charge: SandboxCharge.objects.filter(charge_id=charge), charge=uuid.UUID)


@contextmanager
def locked(charge_id) -> Iterator[SandboxCharge]:
    """The charge, until the transaction ends.

    Raises:
        SandboxCharge.DoesNotExist: there is none.
    """
    with transaction.atomic():
        charge = _LOCKED.first(charge=charge_id)
        if charge is None:
            raise SandboxCharge.DoesNotExist
        yield charge


def find(charge_id) -> SandboxCharge | None:
    return _FOUND.first(charge=charge_id)


def pay_with(charge_id, numbers: Mapping[str, str]) -> tuple[SandboxCharge, bool]:
    """The payer has chosen what pays, by its number in each method; whether the charge's method has that one. A charge
    that waits for nobody stays as it is.
    """
    with locked(charge_id) as charge:
        if not charge.is_waiting:
            return charge, True
        number = numbers.get(charge.method)
        payer = next((one for one in SOURCES[charge.method] if one.number == number), None)
        if payer is not None and charge.status == Status.CREATED:
            send(charge, payer, payer.ending)
        return charge, payer is not None


def pay(charge_id, payer: TestSource) -> SandboxCharge:
    """The payer sends a card, an account or coins; a charge that waits for nobody stays as it is."""
    with locked(charge_id) as charge:
        if charge.status == Status.CREATED:
            send(charge, payer, payer.ending)
        return charge


def send(charge: SandboxCharge, payer: TestSource, ending: Ending) -> None:
    """What happens with a locked charge when its payer has sent the money."""
    charge.source = payer.number
    if ending == Ending.DECLINED:
        end(charge, Status.DECLINED, _declined(payer))
    elif ending == Ending.ASKS:
        charge.status = Status.CONFIRMING
        charge.save(update_fields=["status", "source", "updated_at"])
    elif ending == Ending.SLOW:
        charge.status = Status.PROCESSING
        charge.arrives_at = timezone.now() + timedelta(seconds=settings.SANDBOX_SLOW_SECONDS)
        charge.save(update_fields=["status", "source", "arrives_at", "updated_at"])
        later("finish_slow_sandbox_charge", charge.pk, seconds=settings.SANDBOX_SLOW_SECONDS)
    else:
        _receive(charge, ending)


def finish(charge_id, status: str, message: str = "") -> SandboxCharge:
    """Bring an open charge to its end; one that has ended stays as it is. What the payer has sent is not called off."""
    with locked(charge_id) as charge:
        may_end = charge.is_open if status == Status.SUCCEEDED else charge.is_waiting
        if may_end and status == Status.SUCCEEDED:
            _receive(charge, Ending.SUCCEEDS)
        elif may_end:
            end(charge, status, message)
        return charge


def arrive(charge_id, *, now: bool = False) -> SandboxCharge:
    """What was on its way is there, once its time has come, or at once."""
    with locked(charge_id) as charge:
        if charge.status == Status.PROCESSING and (now or charge.arrives_at <= timezone.now()):
            _receive(charge, Ending.SUCCEEDS)
        return charge


def end(charge: SandboxCharge, status: str, message: str = "") -> None:
    charge.status, charge.message = status, message
    charge.save(update_fields=["status", "message", "source", "received", "updated_at"])
    announce(charge, f"charge.{status}")


def _receive(charge: SandboxCharge, ending: Ending) -> None:
    charge.received = charge.amount // 2 if ending == Ending.SHORT else charge.amount
    end(charge, Status.SUCCEEDED)
    if charge.customer and charge.source:
        SandboxCard.objects.get_or_create(
            customer=charge.customer, number=charge.source, detached_at__isnull=True
        )
    if ending == Ending.TWICE:
        charge_again(charge)
    elif ending == Ending.CONTESTED:
        later("contest_sandbox_charge", charge.pk, seconds=settings.SANDBOX_SLOW_SECONDS)


def charge_again(charge: SandboxCharge) -> SandboxCharge:
    """Take the money another time for the same payment, as banks and impatient payers do."""
    with transaction.atomic():
        double = SandboxCharge.objects.create(
            reference=charge.reference,
            double_of=charge,
            method=charge.method,
            source=charge.source,
            amount=charge.amount,
            received=charge.amount,
            currency=charge.currency,
            status=Status.SUCCEEDED,
            return_url=charge.return_url,
            cancel_url=charge.cancel_url,
        )
        announce(double, "charge.succeeded")
    return double


def _declined(payer: TestSource) -> str:
    return {
        "card": "The card was declined.",
        "paypal": "PayPal declined the payment: the account has no money.",
        "crypto": "Nothing arrived before the invoice expired.",
    }[payer.method]


def kept_card(charge: SandboxCharge) -> SandboxCard | None:
    """The card that was kept when the charge was paid."""
    cards = SandboxCard.objects.filter(customer=charge.customer, number=charge.source, detached_at=None)
    return cards.first() if charge.customer else None


def charge_kept(charge: SandboxCharge, card: SandboxCard) -> None:
    """Charge a kept card: a locked charge that nobody has paid yet."""
    payer = source(card.number)
    send(charge, payer, payer.ending_later)
