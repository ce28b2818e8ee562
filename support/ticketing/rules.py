"""Who reads tickets, and who answers them."""

from django.db.models import Q

from accounts.models import User
from support.exceptions import TicketRefused
from support.models import SupportTicket

ANSWER, VIEW = "support.answer_supportticket", "support.view_supportticket"
# Whoever has so many open ones is answered in those.
MOST_OPEN = 25


def is_agent(user: User) -> bool:
    """Whether `user` answers tickets. Instance twin of `agents`."""
    return user.is_active and user.is_staff and user.has_perm(ANSWER)


def may_look_on(user: User) -> bool:
    """Whether `user` reads the tickets of others, with what agents say among themselves."""
    return user.is_active and user.is_staff and user.has_perm(VIEW)


def agents():
    """Everybody who answers tickets, in alphabetical order."""
    app, codename = ANSWER.split(".")
    named = {"codename": codename, "content_type__app_label": app}
    given = Q(**{f"user_permissions__{name}": value for name, value in named.items()})
    by_group = Q(**{f"groups__permissions__{name}": value for name, value in named.items()})
    people = User.objects.filter(given | by_group | Q(is_superuser=True), is_active=True, is_staff=True)
    return people.order_by("username").distinct()


def check_may_answer(ticket: SupportTicket, agent: User) -> None:
    """
    Raises:
        TicketRefused: they are no agent, or it is their own.
    """
    if not is_agent(agent):
        raise TicketRefused("Only support agents answer tickets.")
    if ticket.owner_id == agent.pk:
        raise TicketRefused("This is your own ticket: somebody else answers it.")


def check_may_write(ticket: SupportTicket, person: User) -> None:
    """
    Raises:
        TicketRefused: somebody else asked.
    """
    if ticket.owner_id != person.pk:
        raise TicketRefused("Only whoever asked writes here.")
