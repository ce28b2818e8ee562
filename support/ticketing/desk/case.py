"""What an agent has before them beside a ticket's messages: who asks, what they had before, notes, ready answers."""

from dataclasses import dataclass
from functools import cached_property

from django.utils.safestring import SafeString

from accounts.models import User
from commerce.models import Order, Purchase, Refund
from core.markdown import render_markdown
from support.figures import filled
from support.models import CannedAnswer, SupportTicket, TicketNote
from support.ticketing.about import About, about_of_ticket
from support.ticketing.rules import agents, is_agent

# Of each kind, the newest few; the lists of the console have the rest.
EARLIER = 5
MOST_NOTES, MOST_CANNED = 50, 100


@dataclass(frozen=True)
class Note:
    row: TicketNote

    @property
    def html(self) -> SafeString:
        return render_markdown(self.row.body)


@dataclass(frozen=True)
class Ready:
    """A canned answer with the figures that hold now."""

    title: str
    text: str
    pk: int


class Case:
    """Nothing is asked of the database before the page needs it."""

    def __init__(self, ticket: SupportTicket, agent: User):
        self.ticket = ticket
        self.agent = agent

    @cached_property
    def may_answer(self) -> bool:
        return is_agent(self.agent) and not self.is_own

    @property
    def is_own(self) -> bool:
        return self.ticket.owner_id == self.agent.pk

    @property
    def is_mine(self) -> bool:
        return self.ticket.assigned_to_id == self.agent.pk

    @cached_property
    def about(self) -> About:
        return about_of_ticket(self.ticket)

    @cached_property
    def notes(self) -> list[Note]:
        """Newest first; of their own question an agent reads no more than anybody else who asks."""
        if self.is_own:
            return []
        rows = self.ticket.notes.select_related("author").order_by("-pk")
        return [Note(row) for row in rows[:MOST_NOTES]]

    @cached_property
    def canned(self) -> list[Ready]:
        rows = CannedAnswer.objects.for_category(self.ticket.category).in_order()[:MOST_CANNED]
        return [Ready(row.title, filled(row.body), row.pk) for row in rows]

    @cached_property
    def colleagues(self) -> list[User]:
        """To whom it can be handed."""
        return list(agents().exclude(pk=self.ticket.owner_id)[:200])

    # Who asks

    @property
    def person(self) -> User:
        return self.ticket.owner

    @cached_property
    def earlier_tickets(self) -> list[SupportTicket]:
        theirs = SupportTicket.objects.of_person(self.person).exclude(pk=self.ticket.pk)
        return list(theirs.select_related("assigned_to").latest_first()[:EARLIER])

    @cached_property
    def counts(self) -> dict[str, int]:
        return {
            "tickets": SupportTicket.objects.of_person(self.person).count(),
            "orders": Order.objects.of_buyer(self.person).completed().count(),
            "purchases": Purchase.objects.of_user(self.person).active().count(),
        }

    @cached_property
    def orders(self) -> list[Order]:
        return list(Order.objects.of_buyer(self.person).newest_first()[:EARLIER])

    @cached_property
    def refunds(self) -> list[Refund]:
        theirs = Refund.objects.filter(payment__payer=self.person).select_related("transaction")
        return list(theirs.order_by("-created_at", "-pk")[:EARLIER])
