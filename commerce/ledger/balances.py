"""What accounts hold: sums of entries, from the last checkpoint on."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.db.models import Q, Sum
from django.utils import timezone

from accounts.models import User
from commerce.models import LedgerCheckpoint, LedgerEntry

_NOTHING = Decimal("0.00")
_OF_SELLERS = (LedgerEntry.Account.SELLER, LedgerEntry.Account.HELD, LedgerEntry.Account.RESERVED)


@dataclass(frozen=True)
class SellerBalance:
    """A creator's money that the site keeps. `available` can be paid out now; it is negative where refunds took more
    than there was, and later sales make up for that. `on_hold` becomes available with time, `held` is disputed,
    `reserved` is on its way to their bank.
    """

    available: Decimal
    on_hold: Decimal
    held: Decimal
    reserved: Decimal

    @property
    def total(self) -> Decimal:
        return self.available + self.on_hold + self.held + self.reserved


def balance(account: str, *, owner: User | None = None) -> Decimal:
    """What an account holds: one owner's, or everybody's together."""
    return _balances((account,), owner)[account]


def balance_of(seller: User, now: datetime | None = None) -> SellerBalance:
    """A creator's money; whoever spends it holds `lock_seller`."""
    held = _balances(_OF_SELLERS, seller)
    waiting = _own(LedgerEntry.objects.of(LedgerEntry.Account.SELLER, seller))
    on_hold = _sum(waiting.filter(available_at__gt=now or timezone.now()))
    return SellerBalance(
        available=held[LedgerEntry.Account.SELLER] - on_hold,
        on_hold=on_hold,
        held=held[LedgerEntry.Account.HELD],
        reserved=held[LedgerEntry.Account.RESERVED],
    )


def balance_at(account: str, at: datetime, *, owner: User | None = None) -> Decimal:
    """What an account held just before `at`: where a statement begins."""
    return _sum(_own(LedgerEntry.objects.of(account, owner).between(until=at)))


def _balances(accounts: tuple[str, ...], owner: User | None) -> dict[str, Decimal]:
    checkpoints = LedgerCheckpoint.objects.filter(
        account__in=accounts, owner=owner, currency=settings.CURRENCY
    )
    found = {one.account: one for one in checkpoints.order_by("account", "-upto").distinct("account")}
    rule = Q(account__in=[account for account in accounts if account not in found])
    for account, one in found.items():
        rule |= Q(account=account, pk__gt=one.upto)
    entries = _own(LedgerEntry.objects.filter(rule))
    if owner is not None:
        entries = entries.filter(owner=owner)
    since = dict(entries.values("account").order_by().values_list("account", Sum("amount")))
    return {
        account: (found[account].amount if account in found else _NOTHING) + since.get(account, _NOTHING)
        for account in accounts
    }


def _own(entries):
    return entries.filter(currency=settings.CURRENCY)


def _sum(entries) -> Decimal:
    return entries.aggregate(total=Sum("amount"))["total"] or _NOTHING
