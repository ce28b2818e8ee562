"""Tickets: who may do what, what is due when, what is counted, and who is told."""

import threading
import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts import personal_data
from accounts.models import Notification, NotificationPreference
from accounts.tests.factories import UserFactory
from community.messaging.attachments import prepared
from core.models import AuditEntry, OutgoingMail
from support.actions import tickets as actions
from support.actions.tickets import Letter
from support.exceptions import TicketRefused
from support.models import SupportAttachment, SupportMessage, SupportTicket, TicketNote
from support.tests.tickets import an_agent, answered, asked, asked_with_file, fresh, question, wrote
from support.ticketing import keeping
from support.ticketing.desk import queues
from support.ticketing.rules import MOST_OPEN, agents, is_agent, may_look_on

pytestmark = pytest.mark.django_db


# Refused


def test_nobody_but_agents_answers_and_nobody_answers_themselves():
    ticket, agent = asked(), an_agent()
    own = asked(agent)
    moderator = UserFactory(staff=True, permissions=["support.view_supportticket"])
    for person, what in (
        (UserFactory(), ticket),
        (ticket.owner, ticket),
        (moderator, ticket),
        (UserFactory(permissions=["support.answer_supportticket"]), ticket),
        (agent, own),
    ):
        for refused in (
            lambda person=person, what=what: actions.answer(
                ticket=what, by=person, letter=Letter(body="No.")
            ),
            lambda person=person, what=what: actions.take(ticket=what, by=person),
            lambda person=person, what=what: actions.put_back(ticket=what, by=person),
            lambda person=person, what=what: actions.annotate(ticket=what, by=person, body="Hm."),
            lambda person=person, what=what: actions.assign(ticket=what, to=agent, by=person),
            lambda person=person, what=what: actions.weigh(
                ticket=what, by=person, priority="high", category="refund"
            ),
        ):
            with pytest.raises(TicketRefused):
                refused()
    with pytest.raises(TicketRefused):
        actions.assign(ticket=ticket, to=UserFactory(), by=agent)
    for ticket_after in (fresh(ticket), fresh(own)):
        assert (ticket_after.last_number, ticket_after.assigned_to, ticket_after.priority) == (
            1,
            None,
            "medium",
        )
    assert not TicketNote.objects.exists()


def test_nobody_else_writes_resolves_opens_again_reads_or_rates():
    ticket, stranger = asked(), UserFactory()
    for refused in (
        lambda: actions.write(ticket=ticket, by=stranger, letter=Letter(body="Hello")),
        lambda: actions.resolve(ticket=ticket, by=stranger),
        lambda: actions.reopen(ticket=ticket, by=stranger),
        lambda: actions.mark_read(ticket=ticket, by=stranger, number=1),
        lambda: actions.rate(ticket=ticket, by=stranger, stars=5),
        # Not even by whoever asked, before it is resolved.
        lambda: actions.rate(ticket=ticket, by=ticket.owner, stars=5),
        lambda: actions.write(ticket=ticket, by=ticket.owner, letter=Letter(body="")),
    ):
        with pytest.raises(TicketRefused):
            refused()
    assert fresh(ticket).last_number == 1


def test_somebody_who_asks_without_end_is_told_to_go_on_where_they_are():
    person = UserFactory()
    for _ in range(MOST_OPEN):
        asked(person)
    with pytest.raises(TicketRefused):
        asked(person)
    actions.resolve(ticket=person.support_tickets.first(), by=person)
    asked(person)


@pytest.mark.parametrize(
    "broken",
    [
        {"subject": ""},
        {"category": "gossip"},
        {"priority": "urgent"},
        {"status": "resolved"},
        {"resolved_at": timezone.now()},
        {"waits_since": None},
        {"last_answer_number": 2},
        {"owner_read_number": 9},
        {"rating": 6, "rated_at": timezone.now()},
        {"rating": 5},
        {"rating_text": "Good."},
    ],
)
def test_the_database_refuses_a_ticket_that_cannot_be(broken):
    ticket = asked()
    with pytest.raises(IntegrityError), transaction.atomic():
        SupportTicket.objects.filter(pk=ticket.pk).update(**broken)


def test_the_database_refuses_messages_that_say_nothing_and_tickets_of_ones_own():
    ticket = asked()
    told = {"ticket": ticket, "sender": ticket.owner}
    for broken in (
        {"number": 2, "sender_type": "customer"},
        {"number": 1, "sender_type": "customer", "body": "Twice"},
        {"number": 2, "sender_type": "event", "event": "answering", "body": "Hm"},
        {"number": 2, "sender_type": "agent", "event": "resolved", "body": "Hm"},
        {"number": 0, "sender_type": "agent", "body": "Hm"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            SupportMessage.objects.create(**told, **broken)
    with pytest.raises(IntegrityError), transaction.atomic():
        SupportTicket.objects.filter(pk=ticket.pk).update(assigned_to=ticket.owner)


# From asking to the end


def test_a_question_waits_is_answered_resolved_opened_again_and_rated(settings):
    settings.SUPPORT_DUE_HOURS = {"low": 72, "medium": 24, "high": 4}
    agent = an_agent()
    ticket = asked(priority="high")
    assert (ticket.status, ticket.last_number, ticket.owner_read_number) == ("pending", 1, 1)
    assert ticket.due_at == ticket.waits_since + timedelta(hours=4)

    actions.weigh(ticket=ticket, by=agent, priority="low", category="refund")
    weighed = fresh(ticket)
    assert weighed.due_at == ticket.waits_since + timedelta(hours=72)
    assert weighed.category == "refund"

    answered(ticket, agent)
    active = fresh(ticket)
    assert (active.status, active.assigned_to, active.due_at, active.is_unread) == (
        "active",
        agent,
        None,
        True,
    )
    kinds = list(ticket.messages.order_by("number").values_list("sender_type", "event"))
    assert kinds == [("customer", ""), ("event", "answering"), ("agent", "")]

    actions.mark_read(ticket=ticket, by=ticket.owner, number=99)
    assert fresh(ticket).owner_read_number == 3
    answered(ticket, agent, "Anything else?", resolves=True)
    done = fresh(ticket)
    assert (done.status, done.due_at) == ("resolved", None)
    assert done.resolved_at is not None
    first = done.first_answered_at

    actions.rate(ticket=ticket, by=ticket.owner, stars=2, text="It was slow.")
    wrote(ticket)
    again = fresh(ticket)
    assert (again.status, again.assigned_to, again.rating, again.reopened_count) == ("active", agent, None, 1)
    assert again.is_waiting
    assert again.first_answered_at == first
    assert again.messages.filter(event="reopened").exists()

    for _ in range(2):
        actions.resolve(ticket=ticket, by=ticket.owner)
    actions.rate(ticket=ticket, by=ticket.owner, stars=5)
    assert fresh(ticket).rating == 5
    assert ticket.messages.filter(event="resolved").count() == 2
    numbers = list(ticket.messages.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, fresh(ticket).last_number + 1))


def test_a_second_question_does_not_put_off_the_first():
    ticket = asked()
    wrote(ticket, "Hello?")
    assert fresh(ticket).due_at == ticket.due_at


def test_an_agent_takes_hands_over_and_puts_back():
    ticket, sam, ana = asked(), an_agent(), an_agent("Ana Reyes")
    actions.take(ticket=ticket, by=sam)
    with pytest.raises(TicketRefused, match="Sam Osei was faster"):
        actions.take(ticket=ticket, by=ana)
    for _ in range(2):
        actions.assign(ticket=ticket, to=ana, by=sam)
    assert (fresh(ticket).assigned_to, fresh(ticket).is_waiting) == (ana, True)
    told = Notification.objects.get(user=ana)
    assert "handed you ticket" in told.title
    assert told.link == ticket.get_desk_url()
    actions.put_back(ticket=ticket, by=ana)
    assert (fresh(ticket).assigned_to, fresh(ticket).status) == (None, "pending")
    deeds = (
        AuditEntry.objects.filter(object_id=str(ticket.pk)).order_by("pk").values_list("action", flat=True)
    )
    assert list(deeds) == ["ticket.assign", "ticket.assign", "ticket.put_back"]


def test_the_same_form_sent_twice_is_one_ticket_one_message_one_answer():
    person, agent = UserFactory(), an_agent()
    keys = [uuid.uuid4() for _ in range(3)]
    tickets = {actions.open_ticket(owner=person, question=question(key=keys[0])).pk for _ in range(2)}
    assert len(tickets) == 1
    ticket = person.support_tickets.get()
    for _ in range(2):
        actions.write(ticket=ticket, by=person, letter=Letter(body="And?", key=keys[1]))
        actions.answer(ticket=ticket, by=agent, letter=Letter(body="Yes.", key=keys[2]), resolves=True)
    assert ticket.messages.said().count() == 3
    assert (
        OutgoingMail.objects.filter(kind="support/ticket_update", subject__startswith="We have").count() == 1
    )


@pytest.mark.django_db(transaction=True)
def test_of_many_agents_at_once_one_gets_the_ticket():
    ticket, crowd = asked(), [an_agent(f"Agent {number}") for number in range(4)]
    results = []

    def take(agent):
        try:
            actions.take(ticket=ticket, by=agent)
            results.append(agent.pk)
        except TicketRefused:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=(agent,)) for agent in crowd]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [fresh(ticket).assigned_to_id]
    assert ticket.messages.filter(event="answering").count() == 1


# Queues


def test_what_is_due_first_stands_first_and_agents_are_led_to_it():
    sam, ana = an_agent(), an_agent("Ana Reyes")
    low, medium, high = (asked(priority=priority) for priority in ("low", "medium", "high"))
    own, old = asked(sam, priority="high"), asked(priority="low")
    week = timedelta(days=7)
    SupportTicket.objects.filter(pk=old.pk).update(
        waits_since=old.waits_since - week, due_at=old.due_at - week
    )
    waiting = list(SupportTicket.objects.waiting().first_due())
    assert waiting == [old, high, own, medium, low]
    assert [ticket for ticket in waiting if ticket.is_overdue] == list(SupportTicket.objects.overdue())
    assert [queues.next_for(sam), queues.next_for(ana)] == [old, old]
    actions.take(ticket=old, by=ana)
    assert queues.next_for(sam) == high
    answered(high, sam)
    assert queues.next_for(sam) == medium
    assert queues.counts_for(sam) == {"waiting": 4, "mine": 0, "free": 3}
    assert set(queues.of_queue(SupportTicket.objects, "answered", sam)) == {high}
    for text in (high.number.lower(), high.owner.username.upper(), high.owner.email):
        assert set(queues.found(SupportTicket.objects.all(), text)) == {high}
    assert queues.found(SupportTicket.objects.all(), "receipts").count() == 5
    assert not queues.found(SupportTicket.objects.all(), "kestrel").exists()


def test_who_is_an_agent_is_asked_of_one_and_of_all_alike():
    people = [
        an_agent(),
        UserFactory(admin=True),
        UserFactory(staff=True, permissions=["support.answer_supportticket"]),
        UserFactory(permissions=["support.answer_supportticket"]),
        UserFactory(staff=True),
        an_agent(is_active=False),
    ]
    assert {person for person in people if is_agent(person)} == set(agents()) == set(people[:3])
    assert [may_look_on(person) for person in people] == [True, True, False, False, False, False]


# Who is told


def mails() -> list[str]:
    return list(
        OutgoingMail.objects.filter(kind="support/ticket_update")
        .order_by("pk")
        .values_list("subject", flat=True)
    )


def test_whoever_asked_is_told_on_the_site_and_by_mail_once_until_they_read():
    ticket, agent = asked(), an_agent()
    answered(ticket, agent)
    answered(ticket, agent, "And one more thing.")
    assert mails() == ["We have your message: A wrong receipt", "Answer to your ticket: A wrong receipt"]
    told = Notification.objects.get(user=ticket.owner)
    assert (told.title, told.link) == (
        "Your ticket “A wrong receipt” was answered",
        ticket.get_absolute_url(),
    )
    actions.mark_read(ticket=ticket, by=ticket.owner, number=9)
    told.refresh_from_db()
    assert told.is_read
    answered(ticket, agent, "Solved, I think.", resolves=True)
    assert mails()[2:] == ["Resolved: A wrong receipt"]
    text = OutgoingMail.objects.latest("pk").text
    assert "Solved, I think." in text
    assert ticket.get_absolute_url() in text
    wrote(ticket)
    assert "wrote in ticket" in Notification.objects.get(user=agent).title


def test_whoever_wants_no_mail_of_it_gets_none():
    person = UserFactory()
    NotificationPreference.objects.create(user=person, kind="support", by_mail=False)
    answered(asked(person), an_agent())
    assert mails() == []
    assert Notification.objects.filter(user=person).exists()


def test_nobody_is_told_of_a_note():
    ticket, agent = asked(), an_agent()
    before = (OutgoingMail.objects.count(), Notification.objects.count())
    actions.annotate(ticket=ticket, by=agent, body="They have asked this before.")
    assert (OutgoingMail.objects.count(), Notification.objects.count()) == before


# People's data


def test_the_copy_has_what_was_asked_and_answered_and_no_notes():
    person, agent = UserFactory(), an_agent()
    ticket = asked_with_file(person)
    answered(ticket, agent)
    actions.annotate(ticket=ticket, by=agent, body="A secret among us.")
    copy = keeping.export(person)
    tables = {name: list(rows) for name, rows in copy.tables}
    assert [row["body"] for row in tables["support_messages"]] == ["The receipt says 0.", "It is right now."]
    assert "secret" not in str(tables)
    assert len(list(copy.files)) == 1
    agents_copy = {name: list(rows) for name, rows in keeping.export(agent).tables}
    assert [row["body"] for row in agents_copy["support_messages"]] == ["It is right now."]


def test_a_deleted_account_takes_its_tickets_and_files_with_it(django_capture_on_commit_callbacks):
    person, agent, other = UserFactory(), an_agent(), UserFactory()
    ticket, kept = asked_with_file(person), asked(other)
    for one in (ticket, kept):
        answered(one, agent)
    stored = SupportAttachment.objects.get().file
    with django_capture_on_commit_callbacks(execute=True):
        keeping.erase(person)
        keeping.erase(agent)
    assert list(SupportTicket.objects.all()) == [kept]
    assert not stored.storage.exists(stored.name)
    assert kept.messages.said().count() == 2
    assert {name for keeper in personal_data.keepers() for name in keeper.holds} >= set(keeping.HOLDS)


def test_what_is_stored_is_deleted_again_where_the_message_is_refused():
    ticket, agent = asked(), an_agent()
    file = prepared(SimpleUploadedFile("notes.txt", b"Line 7."))
    with pytest.raises(TicketRefused):
        actions.answer(ticket=asked(agent), by=agent, letter=Letter(attachments=[file]))
    sent = actions.answer(ticket=ticket, by=agent, letter=Letter(attachments=[file]))
    assert [row.name for row in sent.files] == ["notes.txt"]
    assert Notification.objects.get(user=ticket.owner).message == "Sent 1 file"
