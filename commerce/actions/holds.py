"""The proceeds of one model, held while a claim to it is open. See docs/decisions/0025-trust-and-safety.md."""

from collections import defaultdict
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from commerce.ledger import Line, post
from commerce.locks import lock_seller
from commerce.models import Dispute, HeldShare, LedgerEntry, LedgerMovement, ProceedsHold, Refund, Transaction
from core.database.prepared import Prepared
from core.models import AuditEntry
from marketplace.models import Model3D

Account, Kind = LedgerEntry.Account, LedgerMovement.Kind
_NOTHING = Decimal("0.00")

_OPEN = Prepared(lambda models: ProceedsHold.objects.open().filter(model__among=models), models=list)


def hold_proceeds(*, model: Model3D, by: User | None, reason: str) -> ProceedsHold:
    """Hold what the seller cannot have paid out yet of this model's sales, and whatever it earns from now on.

    What was available before stays theirs. A hold that is open already is the hold.
    """
    with transaction.atomic():
        # What is taken is not on its way into a payout, should it become free at this moment.
        lock_seller(model.creator_id)
        # Settling an order holds the same row, so a sale is either here or finds the hold.
        model.lock()
        found = ProceedsHold.objects.open().filter(model=model).first()
        if found is not None:
            return found
        hold = ProceedsHold.objects.create(model=model, seller=model.creator, reason=reason[:300])
        for line, payment, amount, available_at in _waiting_shares(model, hold.opened_at):
            _take(hold, line, payment, amount, available_at)
        AuditEntry.record(actor=by, action="proceeds.hold", target=model, hold=hold.pk, reason=reason)
    return hold


def hold_new_sales(lines: list[Transaction], payment, at: datetime) -> None:
    """Of sales that are being settled, and awards, those of models whose proceeds are held. The caller holds the locks
    of the models, and has posted the sales.
    """
    holds = {hold.model_id: hold for hold in _OPEN(models=[line.model_id for line in lines])}
    for line in lines:
        hold = holds.get(line.model_id)
        if hold is not None and line.seller_amount:
            _take(hold, line, payment, line.seller_amount, _available_at(line), at)


def hold_what_a_bank_left(lines: list[Transaction]) -> None:
    """Of disputed sales that the bank has left with their sellers: what would have been taken when the hold began, had
    the dispute not kept it apart. The caller holds the sales, and the dispute is closed.
    """
    models = Model3D.objects.filter(pk__in={line.model_id for line in lines}).order_by("pk")
    list(models.select_for_update(no_key=True).values_list("pk"))
    holds = {hold.model_id: hold for hold in ProceedsHold.objects.open().filter(model__in=models)}
    for line in lines:
        hold = holds.get(line.model_id)
        if hold is None or hold.shares.filter(transaction=line).exists():
            continue
        for _line, payment, amount, available_at in _waiting_shares(line.model, hold.opened_at, of=line):
            _take(hold, line, payment, amount, available_at)


def release(*, hold: ProceedsHold, by: User | None) -> bool:
    """It is the seller's again, on the days on which it would have been; False where it is decided already."""
    with transaction.atomic():
        hold = locked(hold)
        if not hold.is_open:
            return False
        let_go(hold, ProceedsHold.Outcome.RELEASED)
        AuditEntry.record(actor=by, action="proceeds.release", target=hold.model, hold=hold.pk)
    return True


def locked(hold: ProceedsHold) -> ProceedsHold:
    """The hold as it is now, and stays until the transaction ends."""
    hold.model.lock()
    return ProceedsHold.objects.select_related("model", "seller").get(pk=hold.pk)


def _waiting_shares(model: Model3D, now: datetime, *, of: Transaction | None = None):
    """Sales whose share is not available yet, with what is left of it; what a bank decides about is held already."""
    entries = LedgerEntry.objects.filter(
        account=Account.SELLER,
        owner=model.creator_id,
        available_at__gt=now,
        movement__kind__in=[Kind.SALE, Kind.AWARD, Kind.REFUND],
        movement__transaction__model=model,
    ).exclude(movement__transaction__refunds__dispute__status=Dispute.Status.OPENED)
    if of is not None:
        entries = entries.filter(movement__transaction=of)
    entries = entries.select_related("movement__transaction", "movement__payment").order_by("pk")
    left: dict[int, Decimal] = defaultdict(lambda: _NOTHING)
    sales = {}
    for entry in entries:
        line = entry.movement.transaction
        left[line.pk] += entry.amount
        if entry.movement.kind != Kind.REFUND:
            sales[line.pk] = (line, entry.movement.payment, entry.available_at)
    # A lost dispute has taken its part out of what was held, without an entry of the sale.
    lost = Refund.objects.filter(transaction__in=sales, dispute__status=Dispute.Status.LOST)
    for pk, amount in lost.values_list("transaction", "seller_amount"):
        left[pk] -= amount
    for pk, (line, payment, available_at) in sales.items():
        if left[pk] > 0:
            yield line, payment, left[pk], available_at


def _available_at(line: Transaction) -> datetime | None:
    entry = LedgerEntry.objects.filter(
        movement__transaction=line, movement__kind__in=[Kind.SALE, Kind.AWARD], account=Account.SELLER
    ).first()
    return entry.available_at if entry else None


def _take(hold: ProceedsHold, line: Transaction, payment, amount, available_at, at=None) -> None:
    share = HeldShare.objects.create(
        hold=hold, transaction=line, payment=payment, amount=amount, available_at=available_at
    )
    _move(share, amount, f"proceeds-hold:{share.pk}", Kind.HOLD, at)


def let_go(hold: ProceedsHold, outcome: str) -> None:
    """Inside the transaction that holds the lock: every share moves back, and the hold is at its end."""
    for share in hold.shares.select_related("transaction", "payment", "hold").order_by("pk"):
        _move(share, -share.amount, f"proceeds-release:{share.pk}", Kind.RELEASE)
    hold.close(outcome, timezone.now())


def _move(share: HeldShare, amount, key: str, kind: str, at=None) -> None:
    post(
        key=key,
        kind=kind,
        lines=[
            Line(Account.SELLER, -amount, owner=share.hold.seller_id, available_at=share.available_at),
            Line(Account.HELD, amount, owner=share.hold.seller_id),
        ],
        payment=share.payment,
        transaction=share.transaction,
        at=at,
    )
