"""Writing movements: each once, balanced, inside the transaction that does what it tells of."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.db import connection
from django.utils import timezone

from accounts.models import User
from commerce.models import LedgerEntry, LedgerMovement, Payment, Transaction
from commerce.models.ledger import BOUND

_CENT = Decimal("0.01")
# A movement and its entries, or neither where its key is known.
_INSERT = """
WITH made AS (
    INSERT INTO commerce_ledgermovement (key, kind, payment_id, transaction_id, note, created_at)
    VALUES (%(key)s, %(kind)s, %(payment)s, %(transaction)s, %(note)s, %(at)s)
    ON CONFLICT (key) DO NOTHING RETURNING id
), entries AS (
    INSERT INTO commerce_ledgerentry (movement_id, account, owner_id, amount, currency, available_at, created_at)
    SELECT made.id, line.account, line.owner, line.amount, %(currency)s, line.available_at, %(at)s
    FROM made, unnest(
        %(accounts)s::text[], %(owners)s::bigint[], %(amounts)s::numeric[], %(available)s::timestamptz[]
    ) WITH ORDINALITY AS line (account, owner, amount, available_at, place)
    ORDER BY line.place
)
SELECT id FROM made
"""


class LedgerError(Exception):
    """A movement that would make the books wrong; a mistake in the code that asked for it."""


@dataclass(frozen=True)
class Line:
    """`amount` is added to what `account` of `owner` holds; a creator may have it paid out from `available_at` on."""

    account: str
    amount: Decimal
    owner: User | int | None = None
    available_at: datetime | None = None

    @property
    def owner_id(self) -> int | None:
        return self.owner.pk if isinstance(self.owner, User) else self.owner


def post(
    *,
    key: str,
    kind: LedgerMovement.Kind,
    lines: Iterable[Line],
    payment: Payment | None = None,
    transaction: Transaction | None = None,
    note: str = "",
    at: datetime | None = None,
) -> LedgerMovement:
    """Write a movement, inside a transaction; the same key again gives the one that is there.

    Lines of nothing are left out.

    Raises:
        LedgerError: the lines do not add up to nothing, one of them is no amount of money or has the wrong kind of
            owner, or `key` stands for other lines already.
    """
    if not connection.in_atomic_block:
        raise LedgerError(f"{key}: a movement is posted in the transaction of what it tells of.")
    lines = _checked(key, lines)
    at = at or timezone.now()
    movement = LedgerMovement(
        key=key, kind=kind, payment=payment, transaction=transaction, note=note[:300], created_at=at
    )
    with connection.prepared_cursor() as cursor:
        cursor.execute(
            _INSERT,
            {
                "key": key,
                "kind": kind,
                "payment": movement.payment_id,
                "transaction": movement.transaction_id,
                "note": movement.note,
                "at": at,
                "currency": payment.currency if payment else settings.CURRENCY,
                "accounts": [str(line.account) for line in lines],
                "owners": [line.owner_id for line in lines],
                "amounts": [line.amount for line in lines],
                "available": [line.available_at for line in lines],
            },
        )
        made = cursor.fetchone()
    if made is None:
        return _known(key, lines)
    movement.pk = made[0]
    return movement


def _checked(key: str, lines: Iterable[Line]) -> list[Line]:
    lines = list(lines)
    for line in lines:
        # Nothing can be compared with what is not a number.
        is_amount = line.amount.is_finite() and abs(line.amount) < BOUND
        if not is_amount or line.amount != line.amount.quantize(_CENT):
            raise LedgerError(f"{key}: {line.amount} is no amount of money.")
        if line.account not in LedgerEntry.Account.values:
            raise LedgerError(f"{key}: there is no account {line.account}.")
        if (line.owner_id is not None) != (line.account in LedgerEntry.OWNED):
            raise LedgerError(
                f"{key}: {line.account} has an owner where it should not, or none where it should."
            )
    lines = [line for line in lines if line.amount]
    if not lines:
        raise LedgerError(f"{key}: nothing moves.")
    off = sum(line.amount for line in lines)
    if off:
        raise LedgerError(f"{key}: the lines are off balance by {off}.")
    return lines


def _known(key: str, lines: list[Line]) -> LedgerMovement:
    movement = LedgerMovement.objects.get(key=key)
    there = Counter(movement.entries.values_list("account", "owner_id", "amount"))
    if there != Counter((line.account, line.owner_id, line.amount) for line in lines):
        raise LedgerError(f"{key} was posted before, with other lines.")
    return movement
