"""Holding stored counters against the rows they count, beside a running site.

Rows are looked at in batches without a lock. Those that are wrong are locked, counted anew under the lock, and
written: who likes, buys or follows meanwhile has either committed, and is counted, or waits for the lock and counts
itself after. Rows that somebody else has locked are taken one at a time, so that this never waits while it holds
another row, and so never stands in a circle of waiting transactions.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from django.db import IntegrityError, models, transaction
from django.db.models import Exists, F, OuterRef, QuerySet

from config.counting.counters import DOWNLOADS_BY_DAY, SALES_BY_DAY, Counter
from marketplace.models import DailyStats

EXAMPLES = 3


@dataclass
class Drift:
    """What was wrong with one counter: how many rows, some of them as (row, was, is), and which stay as they are."""

    counter: Counter
    checked: int = 0
    wrong: int = 0
    examples: list[tuple] = field(default_factory=list)
    refused: list = field(default_factory=list)


def recount(
    counter: Counter, *, dry_run: bool, batch: int, after_batch: Callable[[int], None] = lambda checked: None
) -> Drift:
    """Make a counter right, or only say what is wrong with it.

    `after_batch` is called with how many rows have been looked at. A row whose right value breaks a rule of the
    database (more downloads than its limit, say) is left as it is, and named among the refused.
    """
    drift = Drift(counter)
    rows = counter.model._base_manager.all()
    for first, last, size in _ranges(rows, batch):
        part = rows.filter(pk__gte=first, pk__lte=last)
        wrong = _wrong(counter, part)
        drift.checked += size
        drift.wrong += len(wrong)
        drift.examples += wrong[: EXAMPLES - len(drift.examples)]
        if wrong and not dry_run:
            drift.refused += _mend(counter, [pk for pk, _was, _right in wrong])
        after_batch(drift.checked)
    return drift


def add_missing_days(*, dry_run: bool, batch: int) -> int:
    """Rows of `DailyStats` for days with sales or downloads that have none, empty as yet; how many are missing."""
    missing = set()
    for happened, model in ((SALES_BY_DAY, "model_id"), (DOWNLOADS_BY_DAY, "purchase__model_id")):
        known = DailyStats.objects.filter(model=OuterRef(model), day=OuterRef("on"))
        missing.update(happened.exclude(Exists(known)).order_by().values_list(model, "on").distinct())
    if not dry_run:
        DailyStats.objects.bulk_create(
            (DailyStats(model_id=model_id, day=day) for model_id, day in sorted(missing)),
            batch_size=batch,
            ignore_conflicts=True,
        )
    return len(missing)


def _ranges(rows: QuerySet, batch: int) -> Iterator[tuple]:
    """The first and last key of each batch, and its size."""
    last = None
    while True:
        ahead = rows if last is None else rows.filter(pk__gt=last)
        keys = list(ahead.order_by("pk").values_list("pk", flat=True)[:batch])
        if not keys:
            return
        last = keys[-1]
        yield keys[0], last, len(keys)


def _wrong(counter: Counter, rows: QuerySet) -> list[tuple]:
    found = rows.annotate(right_value=counter.right).exclude(**{counter.field: F("right_value")})
    return list(found.order_by("pk").values_list("pk", counter.field, "right_value"))


def _mend(counter: Counter, keys: Sequence) -> list:
    """Write the right values; returns the rows that the database refuses them for."""
    rows = counter.model._base_manager.all()
    refused = []
    try:
        done = _mend_locked(counter, rows.filter(pk__in=keys), skip_locked=True)
    except IntegrityError:
        done = set()
    for key in keys:
        if key in done:
            continue
        try:
            _mend_locked(counter, rows.filter(pk=key), skip_locked=False)
        except IntegrityError:
            refused.append(key)
    return refused


def _mend_locked(counter: Counter, rows: models.QuerySet, *, skip_locked: bool) -> set:
    with transaction.atomic():
        locked = rows.select_for_update(no_key=True, skip_locked=skip_locked).order_by("pk")
        keys = list(locked.values_list("pk", flat=True))
        # A statement of its own, so that it sees what was committed before the lock was given.
        rows.model._base_manager.filter(pk__in=keys).update(**{counter.field: counter.right})
    return set(keys)
