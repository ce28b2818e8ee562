"""The queues of the desk: what is due first stands first; everything else by when something happened last."""

import uuid

from django.contrib.postgres.search import SearchQuery
from django.db.models import Q, QuerySet

from accounts.models import User
from marketplace.search.forms import clean_text
from support.models import SupportTicket
from support.models.tickets.ticket import WORDS_OF_TICKET

WAITING, MINE, FREE, ANSWERED, RESOLVED, ALL = "waiting", "mine", "free", "answered", "resolved", "all"
LABELS = {
    WAITING: "Waits for us",
    MINE: "Mine",
    FREE: "Nobody's",
    ANSWERED: "Answered",
    RESOLVED: "Resolved",
    ALL: "All",
}
# Whose number says how much there is to do.
COUNTED = (WAITING, MINE, FREE)
# More are not counted one by one: nobody needs to know by how many.
MOST_COUNTED = 1000


def of_queue(tickets: QuerySet[SupportTicket], name: str, agent: User) -> QuerySet[SupportTicket]:
    """Those of one queue, in no order; all for a name that there is not."""
    match name:
        case "waiting":
            return tickets.waiting()
        case "mine":
            return tickets.waiting().taken_by(agent)
        case "free":
            return tickets.waiting().unassigned()
        case "answered":
            return tickets.filter(status=SupportTicket.Status.ACTIVE, due_at=None)
        case "resolved":
            return tickets.resolved()
    return tickets


def is_by_due(name: str) -> bool:
    return name in COUNTED


def counts_for(agent: User) -> dict[str, int]:
    """How many wait in each of the queues that are worked off, up to `MOST_COUNTED`."""
    tickets = SupportTicket.objects
    return {name: of_queue(tickets, name, agent).order_by()[: MOST_COUNTED + 1].count() for name in COUNTED}


def next_for(agent: User) -> SupportTicket | None:
    """What is due first of what is theirs or nobody's, and not their own question."""
    theirs = SupportTicket.objects.waiting().filter(Q(assigned_to=agent) | Q(assigned_to=None))
    return theirs.exclude(owner=agent).first_due().first()


def found(tickets: QuerySet[SupportTicket], text: str) -> QuerySet[SupportTicket]:
    """By the number, by whoever asked (name or address), or by the words of the subject."""
    text = clean_text(text)
    person = User.objects.filter(Q(username__iexact=text) | Q(email__iexact=text))
    query = SearchQuery(text, config="marketplace_words", search_type="websearch")
    rule = Q(words=query)
    # Asked before, and not as a part of the question: each of the choices is then found by its index.
    if owners := list(person.values_list("pk", flat=True)):
        rule |= Q(owner__in=owners)
    if number := _numbers(text):
        rule |= Q(public_id__range=number)
    return tickets.annotate(words=WORDS_OF_TICKET).filter(rule)


def _numbers(text: str) -> tuple[uuid.UUID, uuid.UUID] | None:
    """All ids that begin as the number does, so that an index finds them."""
    digits = text.replace("-", "").lower()
    if not 6 <= len(digits) <= 32 or set(digits) - set("0123456789abcdef"):
        return None
    return uuid.UUID(digits.ljust(32, "0")), uuid.UUID(digits.ljust(32, "f"))
