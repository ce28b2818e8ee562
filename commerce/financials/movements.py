"""Every movement of a seller's balance, as the ledger has it: narrowed down, in words, on pages or as a file."""

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import User
from blog.models import Course
from commerce.models import LedgerEntry, LedgerMovement, Payout, Transaction
from core.key_pages import KeyPage, key_page
from core.periods import day_of, start_of
from marketplace.models import Model3D

PAGE_SIZE = 25
# Models that the filter offers by name; any other of the seller's can be named by the address.
OFFERED_MODELS = 200
ROWS_AT_A_TIME = 1000
_DAY = timedelta(days=1)
_NUMBER = re.compile(r"[0-9a-fA-F]{4,8}")
_PAYOUT = re.compile(r"payout-(?:reserve|decline|return):([0-9]+)")
Kind, Account = LedgerMovement.Kind, LedgerEntry.Account
# What the filter calls the kinds, and what a row of each says.
GROUPS = {
    "sales": ("Sales", [Kind.SALE]),
    "refunds": ("Refunds", [Kind.REFUND]),
    "payouts": ("Payouts", [Kind.PAYOUT_RESERVE, Kind.PAYOUT_DECLINE, Kind.PAYOUT_RETURN]),
    "disputes": ("Disputes", [Kind.DISPUTE_HOLD, Kind.DISPUTE_WON, Kind.DISPUTE_LOST]),
    "holds": ("Held for claims", [Kind.HOLD, Kind.RELEASE]),
    "bounties": ("Bounties", [Kind.AWARD]),
}
WORDS = {
    Kind.SALE: "Sale",
    Kind.REFUND: "Refund",
    Kind.PAYOUT_RESERVE: "Payout",
    Kind.PAYOUT_DECLINE: "Payout given back",
    Kind.PAYOUT_RETURN: "Payout returned",
    Kind.DISPUTE_HOLD: "Disputed",
    Kind.DISPUTE_WON: "Dispute won",
    Kind.DISPUTE_LOST: "Dispute lost",
    Kind.AWARD: "Bounty won",
    Kind.HOLD: "Held for a claim",
    Kind.RELEASE: "No longer held",
}
STATES = {"available": "Available", "on-hold": "On hold"}
HEADER = ["date", "kind", "item", "number", "buyer paid", "fee", "amount", "state", "available from"]


def entries_of(seller: User) -> QuerySet:
    """What moved their balance, with all that a row says."""
    found = LedgerEntry.objects.of(Account.SELLER, seller)
    return found.select_related("movement__transaction")


@dataclass(frozen=True)
class Row:
    """One entry in words."""

    entry: LedgerEntry
    payout: Payout | None
    now: datetime

    @property
    def what(self) -> str:
        kind = self.entry.movement.kind
        if kind == Kind.REFUND and self.amount > 0:
            return "Refund came back"
        return WORDS.get(kind, LedgerMovement.Kind(kind).label)

    @property
    def sale(self) -> Transaction | None:
        return self.entry.movement.transaction

    @property
    def item(self) -> str:
        if self.sale is not None:
            return self.sale.title
        return self.payout.destination if self.payout is not None else self.entry.movement.note

    @property
    def number(self) -> str:
        if self.sale is not None:
            return str(self.sale.transaction_id)[:8].upper()
        return self.payout.number if self.payout is not None else ""

    @property
    def link(self) -> str:
        return self.payout.get_absolute_url() if self.payout is not None else ""

    @property
    def paid(self) -> Decimal | None:
        """What was paid, without tax; of a sale or a won bounty alone."""
        return self.sale.amount if self._is_earned else None

    @property
    def fee(self) -> Decimal | None:
        return self.sale.platform_fee if self._is_earned else None

    @property
    def amount(self) -> Decimal:
        return self.entry.amount

    @property
    def available_at(self) -> datetime | None:
        return self.entry.available_at

    @property
    def is_on_hold(self) -> bool:
        return self.available_at is not None and self.available_at > self.now

    @property
    def state(self) -> str:
        return STATES["on-hold" if self.is_on_hold else "available"]

    @property
    def cells(self) -> list:
        """For a file; see HEADER."""
        created = self.entry.created_at
        return [
            created,
            self.what,
            self.item,
            self.number,
            self.paid,
            self.fee,
            self.amount,
            self.state,
            self.available_at,
        ]

    @property
    def _is_earned(self) -> bool:
        return self.sale is not None and self.entry.movement.kind in (Kind.SALE, Kind.AWARD)


def rows_of(entries: list[LedgerEntry], now: datetime) -> list[Row]:
    """In words; one query for the payouts among them."""
    numbers = {entry.pk: _payout_id(entry.movement.key) for entry in entries}
    wanted = {number for number in numbers.values() if number}
    payouts = Payout.objects.in_bulk(wanted) if wanted else {}
    return [Row(entry, payouts.get(numbers[entry.pk]), now) for entry in entries]


def all_rows(entries: QuerySet, now: datetime) -> Iterator[Row]:
    """The same of any number, a few at a time."""
    some: list[LedgerEntry] = []
    for entry in entries.iterator(chunk_size=ROWS_AT_A_TIME):
        some.append(entry)
        if len(some) == ROWS_AT_A_TIME:
            yield from rows_of(some, now)
            some = []
    yield from rows_of(some, now)


class Movements:
    """A seller's movements, narrowed by the query's `kind`, `model`, `state`, `from`, `to` and `q`."""

    def __init__(self, seller: User, parameters, now: datetime | None = None) -> None:
        self.seller, self.parameters = seller, parameters
        self.now = now or timezone.now()
        self.kind = self._one_of("kind", GROUPS)
        self.state = self._one_of("state", STATES)
        self.first, self.last = day_of(parameters.get("from")), day_of(parameters.get("to"))
        if self.first and self.last and self.first > self.last:
            self.first, self.last = self.last, self.first
        self.words = parameters.get("q", "").replace("\0", "").strip()[:100]
        number = parameters.get("model", "")
        self.model_id = int(number) if number.isascii() and number.isdecimal() and len(number) <= 18 else None

    @property
    def is_narrowed(self) -> bool:
        return bool(self.query)

    @property
    def query(self) -> str:
        """What narrows it, as an address carries it."""
        given = {
            "kind": self.kind,
            "model": self.model_id or "",
            "state": self.state,
            "from": self.first.isoformat() if self.first else "",
            "to": self.last.isoformat() if self.last else "",
            "q": self.words,
        }
        return urlencode({name: value for name, value in given.items() if value})

    @cached_property
    def page(self) -> KeyPage:
        return key_page(self.entries, self.parameters, size=PAGE_SIZE)

    @property
    def rows(self) -> list[Row]:
        return rows_of(self.page.rows, self.now)

    @property
    def kinds(self) -> list[tuple[str, str]]:
        return [(name, label) for name, (label, _) in GROUPS.items()]

    @property
    def states(self) -> list[tuple[str, str]]:
        return list(STATES.items())

    @property
    def models(self) -> list[tuple[int, str]]:
        """Those of the seller that were sold, the most sold first."""
        sold = Model3D.objects.filter(creator=self.seller, sales_count__gt=0)
        return list(sold.order_by("-sales_count", "pk").values_list("pk", "title")[:OFFERED_MODELS])

    @property
    def entries(self) -> QuerySet:
        found = entries_of(self.seller)
        if self.kind:
            found = found.filter(movement__kind__in=GROUPS[self.kind][1])
        if self.kind == "payouts":
            # What they give back is available at once: says nothing new, but an index knows it apart.
            found = found.filter(Q(amount__lt=0) | Q(available_at__isnull=True))
        if self.model_id:
            found = found.filter(movement__transaction__model=self.model_id)
        if self.state == "on-hold":
            found = found.filter(available_at__gt=self.now)
        elif self.state:
            found = found.exclude(available_at__gt=self.now)
        if self.first:
            found = found.filter(created_at__gte=start_of(self.first))
        if self.last:
            found = found.filter(created_at__lt=start_of(self.last) + _DAY)
        return found.filter(self._matches()) if self.words else found

    def _matches(self) -> Q:
        """By number of a sale or payout, or by every word in the title of one of their models."""
        ids = _uuids_that_begin_with(self.words)
        if ids:
            keys = [
                f"{name}:{pk}"
                for pk in Payout.objects.of_seller(self.seller)
                .filter(public_id__range=ids)
                .values_list("pk", flat=True)
                for name in ("payout-reserve", "payout-decline", "payout-return")
            ]
            numbered = Q(movement__transaction__transaction_id__range=ids) | Q(movement__key__in=keys)
        else:
            numbered = Q()
        titled = Model3D.objects.filter(creator=self.seller)
        taught = Course.objects.filter(instructor=self.seller)
        for word in self.words.split()[:8]:
            titled, taught = titled.filter(title__icontains=word), taught.filter(title__icontains=word)
        models = Q(movement__transaction__model__in=list(titled.values_list("pk", flat=True)))
        return (
            numbered | models | Q(movement__transaction__course__in=list(taught.values_list("pk", flat=True)))
        )

    def _one_of(self, name: str, offered) -> str:
        value = self.parameters.get(name, "")
        return value if value in offered else ""


def _payout_id(key: str) -> int | None:
    """The payout that a movement of the ledger is about, by its key."""
    found = _PAYOUT.fullmatch(key)
    return int(found[1]) if found else None


def _uuids_that_begin_with(text: str) -> tuple[uuid.UUID, uuid.UUID] | None:
    """The first and the last public id that is quoted by such a number."""
    if not _NUMBER.fullmatch(text):
        return None
    return uuid.UUID(text.ljust(32, "0")), uuid.UUID(text.ljust(32, "f"))
