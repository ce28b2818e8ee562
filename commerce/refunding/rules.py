"""The written rule: when money goes back at once, when the seller is asked, and when it is support's from the start.

The page /refunds/ says the same with the figures of the settings.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.utils import timezone

from commerce.models import Purchase, Refund
from commerce.refunding.facts import Fact, contradicting_facts

# What somebody says who says that the file is not what was sold.
_ABOUT_THE_FILE = {Refund.Reason.NOT_AS_LISTED, Refund.Reason.BROKEN}


class Route(StrEnum):
    """Who decides."""

    AT_ONCE = "at_once"
    SELLER = "seller"
    SUPPORT = "support"


@dataclass(frozen=True)
class Assessment:
    """What will happen with a request; `grounds` and `facts` say why where nobody is asked."""

    route: Route
    grounds: str = ""
    facts: list[Fact] = field(default_factory=list)


@dataclass(frozen=True)
class Case:
    """All that decides about a purchase, gathered once: the facts are the same for every reason that may be given."""

    purchase: Purchase
    facts: list[Fact]
    now: datetime
    was_decided_before: bool

    @property
    def is_never_downloaded(self) -> bool:
        """Of a course: no lesson of it was opened."""
        since = self.now - timedelta(days=settings.REFUND_DAYS)
        return self.purchase.created_at > since and self.purchase.is_unused

    def assess(self, reason: str) -> Assessment:
        """What happens if `reason` is given."""
        if self.is_never_downloaded:
            return Assessment(Route.AT_ONCE, Refund.Grounds.NEVER_DOWNLOADED)
        if self.facts and reason in _ABOUT_THE_FILE:
            return Assessment(Route.AT_ONCE, Refund.Grounds.CONTRADICTED, self.facts)
        # Who was heard already is not heard again, and an account that is gone answers nothing.
        if self.was_decided_before or not self.purchase.transaction.seller.is_active:
            return Assessment(Route.SUPPORT, facts=self.facts)
        return Assessment(Route.SELLER, facts=self.facts)


def case_of(purchase: Purchase) -> Case:
    """Looks at the stored files: not inside a transaction."""
    decided = purchase.transaction.refunds.filter(kind=Refund.Kind.SALE).exclude(
        status__in=[Refund.Status.REQUESTED, Refund.Status.CANCELLED]
    )
    return Case(
        purchase=purchase,
        facts=contradicting_facts(purchase) if purchase.model_id is not None else [],
        now=timezone.now(),
        was_decided_before=decided.exists(),
    )


def may_be_asked_until(purchase: Purchase) -> datetime:
    """Providers send money back for about half a year: later ones are for support to settle by other ways."""
    return purchase.created_at + timedelta(days=settings.REFUND_ASK_DAYS)
