"""Who is told what of a ticket, on commit: open pages by their socket, others by notification and mail."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts import live
from accounts.models import Notification, User
from accounts.notifications import notify, push_unread_count
from accounts.preferences import channels_of, unsubscribe_url
from core.mail import send, unsubscribable
from core.markdown import plain_text
from support.models import SupportMessage, SupportTicket
from support.ticketing import presence

EXCERPT = 200
# Whoever has the page open, and has read in it so recently, is talking: they need no mail of each answer.
TALKING = timedelta(minutes=5)
KIND = Notification.Kind.SUPPORT
DESK = "support.desk"


def group_name(ticket_id) -> str:
    """The channel group of a ticket's open pages."""
    return f"support.{ticket_id}"


def opened(ticket: SupportTicket) -> None:
    """Whoever asked gets it in writing that it has arrived."""
    moved(ticket)
    if channels_of(ticket.owner, KIND).by_mail:
        with unsubscribable(unsubscribe_url(ticket.owner, KIND)):
            hours = settings.SUPPORT_DUE_HOURS[ticket.priority]
            _mail(ticket, "opened", dedupe_key=f"ticket-opened:{ticket.pk}", hours=hours)


def written(ticket: SupportTicket, message: SupportMessage) -> None:
    """By whoever asked: the agent who has it learns it on the site."""
    moved(ticket)
    _forget_notification(ticket, ticket.owner_id)
    if ticket.assigned_to is not None:
        _tell_agent(ticket, ticket.assigned_to, "wrote in", by=ticket.owner, text=_excerpt(message))


def answered(ticket: SupportTicket, message: SupportMessage) -> None:
    """By an agent; with the end of it, where it ends with the answer."""
    moved(ticket)
    is_talking = (
        ticket.owner_read_at is not None
        and timezone.now() - ticket.owner_read_at < TALKING
        and presence.OWNER in presence.watching(ticket.public_id)
    )
    happened = "resolved" if ticket.is_resolved else "answered"
    _tell_owner(ticket, happened, by=message.sender, text=_excerpt(message), mails=not is_talking)


def resolved(ticket: SupportTicket, by: User) -> None:
    moved(ticket)
    if by.pk != ticket.owner_id:
        _tell_owner(ticket, "resolved", by=by)


def reopened(ticket: SupportTicket, by: User) -> None:
    moved(ticket)
    if ticket.assigned_to is not None:
        _tell_agent(ticket, ticket.assigned_to, "opened again", by=by)


def handed(ticket: SupportTicket, by: User) -> None:
    moved(ticket)
    _tell_agent(ticket, ticket.assigned_to, "handed you", by=by)


def annotated(ticket: SupportTicket) -> None:
    """To the desk alone: pages of whoever asked learn nothing, not even that there was something."""
    _to_group(DESK, {"type": "desk.annotated", "ticket": ticket.pk})


def moved(ticket: SupportTicket) -> None:
    """Open pages of the ticket, and the lists of the desk, look again."""
    _to_group(group_name(ticket.public_id), {"type": "ticket.moved"})
    _to_group(DESK, {"type": "desk.moved"})


def read(ticket: SupportTicket, by: User) -> None:
    _to_group(group_name(ticket.public_id), {"type": "ticket.moved"})
    if by.pk == ticket.owner_id:
        _forget_notification(ticket, by.pk)


def _tell_owner(
    ticket: SupportTicket, happened: str, *, by: User, text: str = "", mails: bool = True
) -> None:
    deed = "resolved" if happened == "resolved" and not text else "answered"
    # It names nobody: whoever has blocked an agent as a person still hears of their answer.
    notify(
        user=ticket.owner,
        kind=KIND,
        title=f"Your ticket “{ticket.subject}” was {deed}",
        message=text,
        link=ticket.get_absolute_url(),
        group=_group(ticket),
        mail=(
            # One mail for all that is written until they come and read; the end of it is told once more.
            lambda: _mail(
                ticket,
                happened,
                dedupe_key=f"ticket-{happened}:{ticket.pk}:{ticket.owner_read_number}:{ticket.reopened_count}",
                text=text,
                agent=by,
            )
        )
        if mails
        else None,
    )


def _tell_agent(ticket: SupportTicket, agent: User, deed: str, *, by: User, text: str = "") -> None:
    notify(
        user=agent,
        kind=KIND,
        title=f"{deed} ticket {ticket.number}, “{ticket.subject}”",
        message=text,
        link=ticket.get_desk_url(),
        actor=by,
        group=_group(ticket),
    )


def _mail(ticket: SupportTicket, happened: str, *, dedupe_key: str, **context) -> None:
    send(
        kind="support/ticket_update",
        to=ticket.owner,
        context={"ticket": ticket, "happened": happened, "url": ticket.get_absolute_url(), **context},
        dedupe_key=dedupe_key,
    )


def _excerpt(message: SupportMessage) -> str:
    count = message.attachment_count
    return plain_text(message.body, length=EXCERPT) or f"Sent {count} file{'s' if count > 1 else ''}"


def _forget_notification(ticket: SupportTicket, user_id: int) -> None:
    if Notification.objects.filter(user=user_id, group=_group(ticket)).mark_read():
        transaction.on_commit(lambda: push_unread_count(user_id), robust=True)


def _group(ticket: SupportTicket) -> str:
    return f"ticket:{ticket.pk}"


def _to_group(group: str, message: dict) -> None:
    # Nothing fails because nobody can be told live: the rows are there.
    transaction.on_commit(lambda: live.send_to(group, message), robust=True)
