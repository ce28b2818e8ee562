"""What an open page of a ticket has not got yet, as its socket sends it."""

from dataclasses import dataclass

from accounts.models import User
from support.models import SupportTicket
from support.ticketing.rules import is_agent, may_look_on
from support.ticketing.showing import row_html, seen_number, shown

# Whoever has missed more loads the page again.
MOST = 100


@dataclass(frozen=True)
class Place:
    """Where somebody stands who looks at a ticket: on which side, and whether they may write."""

    ticket: SupportTicket
    user: User
    for_staff: bool
    may_write: bool


def place_of(user_id: int, public_id) -> Place | None:
    """None for whoever neither asked nor reads the tickets of others; what is not there looks the same."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    ticket = SupportTicket.objects.filter(public_id=public_id).select_related("owner").first()
    if user is None or ticket is None:
        return None
    if ticket.owner_id == user.pk:
        return Place(ticket, user, for_staff=False, may_write=True)
    return Place(ticket, user, for_staff=True, may_write=is_agent(user)) if may_look_on(user) else None


def missed(place: Place, after: int) -> dict:
    """All after this number, once, in its order; `state` changes when anything beside the messages does."""
    ticket = place.ticket
    rows = ticket.messages.with_page_data().filter(number__gt=after).order_by("number")
    found = list(rows[: MOST + 1])
    frame = {
        "type": "updates",
        "after": after,
        "upto": found[-1].number if found else max(after, ticket.last_number),
        "seen": seen_number(ticket, for_staff=place.for_staff),
        "state": state_of(ticket),
    }
    if len(found) > MOST:
        return frame | {"upto": ticket.last_number, "is_too_much": True, "rows": []}
    items = shown(ticket, found, for_staff=place.for_staff)
    return frame | {"rows": [{"number": item.message.number, "html": row_html(item)} for item in items]}


def state_of(ticket: SupportTicket) -> str:
    """Another one whenever a page says other things of the ticket."""
    parts = (
        ticket.status,
        ticket.priority,
        ticket.category,
        ticket.assigned_to_id,
        ticket.rating,
        ticket.due_at,
    )
    return "|".join(str(part) for part in parts)
