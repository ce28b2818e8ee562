"""What a seller has: available, on hold and until when, disputed, on its way out."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property

from django.conf import settings
from django.db.models import Sum
from django.db.models.functions import TruncDate
from django.utils import timezone

from accounts.models import User
from commerce.actions.payouts import minimum_for
from commerce.ledger import SellerBalance, balance_of
from commerce.models import LedgerEntry, Payout, PayoutDetails
from core.templatetags.core_tags import money_text

SHOWN_RELEASES = 4
NOTHING = Decimal("0.00")


@dataclass(frozen=True)
class Release:
    """What becomes available on a day (UTC)."""

    day: date
    amount: Decimal


class Balance:
    """The balance of a seller, in words where there are any to say."""

    def __init__(self, seller: User, now: datetime | None = None) -> None:
        self.seller = seller
        self.now = now or timezone.now()

    @cached_property
    def sums(self) -> SellerBalance:
        return balance_of(self.seller, self.now)

    @cached_property
    def details(self) -> PayoutDetails | None:
        return PayoutDetails.objects.of_user(self.seller).current().first()

    @cached_property
    def open_payout(self) -> Payout | None:
        return Payout.objects.of_seller(self.seller).open().first()

    @cached_property
    def _all_releases(self) -> list[Release]:
        held = LedgerEntry.objects.filter(
            account=LedgerEntry.Account.SELLER, owner=self.seller, available_at__gt=self.now
        )
        days = held.values(day=TruncDate("available_at")).annotate(amount=Sum("amount")).order_by("day")
        return [Release(row["day"], row["amount"]) for row in days if row["amount"]]

    @property
    def releases(self) -> list[Release]:
        """The next days on which something becomes available."""
        return self._all_releases[:SHOWN_RELEASES]

    @property
    def later(self) -> Decimal:
        """What becomes available after those."""
        return sum((release.amount for release in self._all_releases[SHOWN_RELEASES:]), NOTHING)

    @property
    def is_negative(self) -> bool:
        return self.sums.available < 0

    @property
    def debt(self) -> Decimal:
        return -min(self.sums.available, NOTHING)

    @cached_property
    def minimum(self) -> Decimal:
        return minimum_for(self.seller, self.sums)

    @property
    def can_request(self) -> bool:
        return not self.reason_against

    @property
    def needs_details(self) -> bool:
        return self.details is None and self.sums.available >= self.minimum

    @cached_property
    def reason_against(self) -> str:
        """Why no payout can be requested now; empty where one can."""
        if self.open_payout is not None:
            return (
                f"A payout of {money_text(self.open_payout.amount)} is under way."
                " The next one can be requested when it is paid."
            )
        if self.is_negative:
            return (
                f"Refunds came to {money_text(self.debt)} more than you had available."
                " Your next sales make up for it."
            )
        if self.sums.available < self.minimum:
            return f"A payout is at least {money_text(settings.PAYOUT_MINIMUM)}."
        if self.details is None:
            return "Say first where your payouts go to."
        if not self.details.is_usable:
            when = timezone.localtime(self.details.usable_from)
            return f"Your payout details are new. They can be used from {when:%-d %B %Y, %H:%M} (UTC) on."
        return ""
