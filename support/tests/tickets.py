"""Tickets for tests; by the same calls as on the site."""

from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from accounts.tests.factories import UserFactory
from community.messaging.attachments import prepared
from support.actions import tickets as actions
from support.actions.tickets import Letter, Question
from support.models import SupportMessage, SupportTicket


def an_agent(name: str = "Sam Osei", **fields) -> User:
    """With the rights of the console's group, and no others."""
    agent = UserFactory(staff=True, full_name=name, **fields)
    agent.groups.add(Group.objects.get(name="Support agents"))
    return agent


def question(body: str = "The receipt says 0.", *, key=None, attachments=(), **fields) -> Question:
    letter = Letter(body=body, key=key, attachments=attachments)
    return Question(**{"subject": "A wrong receipt", "category": "payment", "letter": letter, **fields})


def asked(owner: User | None = None, body: str = "The receipt says 0.", **fields) -> SupportTicket:
    return actions.open_ticket(owner=owner or UserFactory(), question=question(body, **fields))


def asked_with_file(owner: User) -> SupportTicket:
    file = prepared(SimpleUploadedFile("notes.txt", b"Line 7."))
    return asked(owner, attachments=[file])


def answered(ticket: SupportTicket, agent: User, body: str = "It is right now.", **options) -> SupportMessage:
    return actions.answer(ticket=ticket, by=agent, letter=Letter(body=body), **options)


def wrote(ticket: SupportTicket, body: str = "It still says 0.") -> SupportMessage:
    return actions.write(ticket=ticket, by=ticket.owner, letter=Letter(body=body))


def fresh(ticket: SupportTicket) -> SupportTicket:
    """As it is now."""
    return SupportTicket.objects.get(pk=ticket.pk)
