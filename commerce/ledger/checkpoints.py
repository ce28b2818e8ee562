"""Checkpoints: sums kept for accounts with many entries, taken while the site goes on."""

from django.db import OperationalError, connection, transaction
from django.db.models import Max

from commerce.models import LedgerCheckpoint, LedgerEntry

# Adding up so many entries takes a few milliseconds.
WORTH_IT = 1_000

# What every account with enough entries after its last checkpoint holds up to %(upto)s; the second part is for
# accounts as a whole.
_TAKE = """
    WITH last AS (
        SELECT DISTINCT ON (account, owner_id, currency) account, owner_id, currency, upto, amount
        FROM commerce_ledgercheckpoint ORDER BY account, owner_id, currency, upto DESC
    ), entry AS (
        SELECT account, owner_id, currency, id, amount FROM commerce_ledgerentry
        WHERE id <= %(upto)s AND owner_id IS NOT NULL
        UNION ALL
        SELECT account, NULL, currency, id, amount FROM commerce_ledgerentry WHERE id <= %(upto)s
    ), since AS (
        SELECT entry.account, entry.owner_id, entry.currency, sum(entry.amount) AS amount
        FROM entry LEFT JOIN last ON last.account = entry.account AND last.currency = entry.currency
            AND last.owner_id IS NOT DISTINCT FROM entry.owner_id
        WHERE entry.id > coalesce(last.upto, 0)
        GROUP BY entry.account, entry.owner_id, entry.currency
        HAVING count(*) >= %(worth_it)s
    )
    INSERT INTO commerce_ledgercheckpoint (account, owner_id, currency, upto, amount, created_at)
    SELECT since.account, since.owner_id, since.currency, %(upto)s, since.amount + coalesce(last.amount, 0), now()
    FROM since LEFT JOIN last ON last.account = since.account AND last.currency = since.currency
        AND last.owner_id IS NOT DISTINCT FROM since.owner_id
    ON CONFLICT DO NOTHING
"""


def take_checkpoints(worth_it: int = WORTH_IT) -> int:
    """Keep the sums of accounts that have got `worth_it` entries since their last checkpoint; how many."""
    upto = _settled_up_to()
    if upto is None:
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_TAKE, {"upto": upto, "worth_it": worth_it})
        return cursor.rowcount


def _settled_up_to() -> int | None:
    """The last entry before which none can appear any more; None where somebody writes for too long just now.

    Keys are given out when rows are written, but rows are seen only when their transaction ends, in any order. Holding
    the table against writers for a moment waits for all that have a key already.
    """
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '2s'")
            cursor.execute("LOCK TABLE commerce_ledgerentry IN SHARE MODE")
            return LedgerEntry.objects.aggregate(last=Max("pk"))["last"]
    except OperationalError:
        return None


def drop_checkpoints() -> None:
    """Add up from the start again."""
    LedgerCheckpoint.objects.all().delete()
