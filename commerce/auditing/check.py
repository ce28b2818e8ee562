"""What a check is, and how all of them are run over one moment of the database."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction

from commerce.money import EXPONENTS

# What queries may name: statuses of payments whose money has come, kinds of movements that take in a payment, how long
# something may be on its way between a provider and us, and decimal places of currencies that have not two.
PARAMETERS = {
    "received": ["completed", "partially_refunded", "refunded", "refund_due"],
    "pays": ["sale", "due", "escrow", "plan"],
    "on_the_way": timedelta(minutes=15),
    "places": json.dumps(EXPONENTS),
}


@dataclass(frozen=True)
class Check:
    """`says` is what holds where `query` finds nothing; its rows are (what, problem) of all that does not hold."""

    says: str
    query: str


@dataclass(frozen=True)
class Finding:
    """Something that is out of place."""

    check: Check
    what: str
    problem: str

    def __str__(self) -> str:
        return f"{self.what}: {self.problem}"


@contextmanager
def one_moment() -> Iterator[None]:
    """All queries see the database as it is now, whatever is sold meanwhile, and change nothing."""
    with transaction.atomic():
        # Inside somebody else's transaction it is too late to ask for that.
        if len(connection.savepoint_ids) == 0:
            connection.cursor().execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


def failures(checks: Iterable[Check], *, at_most: int = 100) -> Iterator[tuple[Check, list[Finding]]]:
    """Each check with what it found, up to so many each."""
    for check in checks:
        with connection.cursor() as cursor:
            cursor.execute(f"{check.query} LIMIT %(at_most)s", {**PARAMETERS, "at_most": at_most})
            yield check, [Finding(check, str(what), problem) for what, problem in cursor.fetchall()]
