"""The desk in the console: who may look on, what the queues show, what each button does, and the figures."""

import csv
from datetime import timedelta
from html import unescape

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.tests.factories import UserFactory
from core.models import AuditEntry
from support.actions import tickets as actions
from support.models import CannedAnswer, SupportTicket
from support.tests.tickets import an_agent, answered, asked, fresh, wrote
from support.ticketing.desk.figures import duration_text

pytestmark = pytest.mark.django_db

LIST = "/admin/support/supportticket/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def agent(client):
    sam = an_agent()
    client.force_login(sam)
    return sam


def deed(name: str, ticket) -> str:
    return reverse(f"admin:support_supportticket_{name}", args=[ticket.pk])


def get(client, address: str, **options) -> str:
    response = client.get(address, **options)
    assert response.status_code == 200
    return unescape(response.content.decode())


DEEDS = ("answer", "note", "take", "assign", "weigh", "resolution", "read")


# Refused


@pytest.mark.parametrize("role", ["Moderators", "Finance", "Editors", "viewer"])
def test_only_support_agents_reach_the_desk(role):
    ticket, person = asked(), UserFactory(staff=True)
    if role == "viewer":
        person = UserFactory(staff=True, permissions=["support.view_supportticket"])
    else:
        person.groups.add(Group.objects.get(name=role))
    client = Client()
    client.force_login(person)
    looks = 200 if role == "viewer" else 403
    pages = (LIST, f"{LIST}{ticket.pk}/change/", f"{LIST}figures/", f"{LIST}figures/days.csv")
    assert [client.get(page).status_code for page in pages] == [looks] * 4
    for name in DEEDS:
        sent = {"body": "Hm", "note-body": "Hm", "agent": person.pk, "priority": "high", "category": "refund"}
        assert client.post(deed(name, ticket), sent | {"number": 1}).status_code == 403
    assert client.get(reverse("admin:support_cannedanswer_changelist")).status_code == 403
    assert client.get(f"{LIST}add/").status_code == 403
    assert fresh(ticket).last_number == 1


def test_an_agent_deletes_and_edits_nothing_and_does_not_answer_themselves(client, agent):
    ticket, own = asked(), asked(agent)
    assert client.post(f"{LIST}{ticket.pk}/delete/", {"post": "yes"}).status_code == 403
    assert client.get(deed("answer", ticket)).status_code == 405
    page = get(client, f"{LIST}{own.pk}/change/")
    assert "This is your own question" in page
    actions.annotate(ticket=own, by=an_agent("Ana Reyes"), body="Looks like a *trick*.")
    page = get(client, f"{LIST}{own.pk}/change/")
    assert "trick" not in page
    assert "Internal notes" not in page
    assert "data-composer" not in page.replace("data-composer-errors", "")
    client.post(deed("answer", own), {"body": "Hm"})
    client.post(deed("take", own))
    assert (fresh(own).last_number, fresh(own).assigned_to) == (1, None)
    assert client.post(deed("read", own), {"number": "1"}).status_code == 422


# Queues


def test_the_queues_show_what_is_due_first_and_nothing_of_what_is_done(client, agent):
    low, high = asked(subject="Low one", priority="low"), asked(subject="High one", priority="high")
    done = asked(subject="Done one")
    answered(done, agent, resolves=True)
    page = get(client, LIST)
    assert page.index("High one") < page.index("Low one")
    assert "Done one" not in page
    assert "Waits for us 2" in page
    assert "Done one" in get(client, f"{LIST}?queue=resolved")
    assert "Done one" in get(client, f"{LIST}?queue=all&q={done.number}")
    assert "High one" in get(client, f"{LIST}?queue=gossip")
    SupportTicket.objects.filter(pk=low.pk).update(due_at=timezone.now() - timedelta(hours=1))
    assert "Overdue" in get(client, LIST)
    assert client.get(f"{LIST}next/").url == low.get_desk_url()
    for ticket in (low, high):
        actions.resolve(ticket=ticket, by=agent)
    assert client.get(f"{LIST}next/").url == LIST
    assert client.get(f"{LIST}{high.pk + 999}/change/").status_code == 302


@pytest.mark.parametrize("many", [1, 24, 100])
def test_the_desk_asks_as_much_of_the_database_however_much_waits(
    client, agent, many, django_assert_max_num_queries
):
    ticket, now = asked(), timezone.now()
    waits = {"owner": ticket.owner, "category": "payment", "waits_since": now, "due_at": now}
    SupportTicket.objects.bulk_create(
        SupportTicket(subject=f"Nr. {number}", **waits) for number in range(many)
    )
    answered(ticket, agent)
    wrote(ticket)
    client.get(LIST)
    with django_assert_max_num_queries(14):
        get(client, LIST)
    get(client, ticket.get_desk_url())
    with django_assert_max_num_queries(26):
        get(client, ticket.get_desk_url())


# One ticket


def test_an_agent_answers_notes_hands_over_weighs_and_ends(client, agent):
    ticket, ana = asked(), an_agent("Ana Reyes")
    address = ticket.get_desk_url()
    assert client.post(deed("take", ticket)).url == address
    assert fresh(ticket).assigned_to == agent
    assert client.post(deed("note", ticket), {"note-body": "They asked *before*."}).status_code == 302
    page = get(client, address)
    assert "They asked <em>before</em>." in page
    assert fresh(ticket).staff_read_number == 2
    empty = client.post(deed("note", ticket), {"note-body": " "})
    assert empty.status_code == 422
    assert client.post(deed("answer", ticket), {"body": ""}).status_code == 422
    assert client.post(deed("answer", ticket), {"body": "Here."}).url == address
    client.post(deed("assign", ticket), {"agent": ana.pk})
    assert fresh(ticket).assigned_to == ana
    assert client.post(deed("assign", ticket), {"agent": ticket.owner.pk}).status_code == 404
    assert client.post(deed("assign", ticket), {"agent": "x"}).status_code == 404
    client.post(deed("weigh", ticket), {"priority": "high", "category": "technical"})
    client.post(deed("weigh", ticket), {"priority": "x", "category": "technical"})
    assert (fresh(ticket).priority, fresh(ticket).category) == ("high", "technical")
    client.post(deed("resolution", ticket))
    assert fresh(ticket).is_resolved
    client.post(deed("resolution", ticket), {"_method": "delete"})
    assert not fresh(ticket).is_resolved
    client.post(deed("take", ticket), {"_method": "delete"})
    assert fresh(ticket).assigned_to is None
    assert client.post(deed("answer", ticket), {"body": "Done.", "resolve": "1"}).url == address
    assert fresh(ticket).is_resolved
    assert AuditEntry.objects.filter(actor=agent, object_id=str(ticket.pk)).count() >= 3


def test_scripts_get_rows_and_state_of_their_own_side(client, agent):
    ticket = asked()
    sent = client.post(deed("answer", ticket), {"body": "Look", "after": "1"}, headers=HTMX)
    assert 'class="message is-own"' in sent.content.decode()
    state = get(client, f"{ticket.get_desk_url()}?part=state", headers=HTMX)
    assert "data-ticket-state" in state
    assert "<html" not in state
    assert client.post(deed("read", ticket), {"number": "9"}).status_code == 204
    assert client.post(deed("read", ticket), {"number": "x"}).status_code == 422


def test_the_customers_history_stands_beside_it(client, agent):
    person = UserFactory(full_name="Robin Hale")
    asked(person, subject="The one before")
    page = get(client, asked(person).get_desk_url())
    assert "The one before" in page
    assert person.email in page
    assert reverse("admin:accounts_user_change", args=[person.pk]) in page


def test_canned_answers_are_kept_by_agents_and_put_in_with_the_figures_that_hold(client, agent, settings):
    settings.REFUND_DAYS = 21
    add = reverse("admin:support_cannedanswer_add")
    fields = {"title": "Refunds", "category": "payment", "order": 10, "body": "Within {{refund_days}} days."}
    assert "no figure of this name" in unescape(
        client.post(add, fields | {"body": "{{refund_dayz}}"}).content.decode()
    )
    assert client.post(add, fields).status_code == 302
    ready = CannedAnswer.objects.get()
    ticket = asked()
    page = get(client, ticket.get_desk_url())
    assert 'data-text="Within 21 days."' in page
    assert "Within 21 days.</textarea>" in get(client, f"{ticket.get_desk_url()}?canned={ready.pk}")
    assert "Within 21 days." not in get(client, asked(category="account").get_desk_url())
    client.post(reverse("admin:support_cannedanswer_delete", args=[ready.pk]), {"post": "yes"})
    deeds = AuditEntry.objects.filter(actor=agent, action__startswith="support.cannedanswer").order_by("pk")
    assert list(deeds.values_list("action", flat=True)) == [
        "support.cannedanswer.added",
        "support.cannedanswer.deleted",
    ]


# Figures


def test_the_figures_say_how_soon_and_how_well_the_desk_answers(client, agent):
    now = timezone.now()
    for minutes, stars in ((30, 5), (90, 3), (6000, None)):
        ticket = asked(priority="high")
        answered(ticket, agent, resolves=True)
        if stars:
            actions.rate(ticket=ticket, by=ticket.owner, stars=stars)
        answered_at = now - timedelta(days=5) + timedelta(minutes=minutes)
        SupportTicket.objects.filter(pk=ticket.pk).update(
            created_at=now - timedelta(days=5),
            first_answered_at=answered_at,
            resolved_at=answered_at,
        )
    page = get(client, f"{LIST}figures/")
    for words in ("1 h 30 min", "67 %", "4.0 of 5 (2)", "Sam Osei"):
        assert words in page
    assert "Nobody has answered in this time." in get(client, f"{LIST}figures/?from=2020-01-01&to=2020-01-02")
    sent = client.get(f"{LIST}figures/days.csv?days=7")
    rows = list(csv.reader(b"".join(sent.streaming_content).decode().splitlines()))
    assert len(rows) == 8
    assert ["3", "3", "90", "2", "4.0"] in [row[1:] for row in rows]


@pytest.mark.parametrize(
    ("lasted", "text"),
    [
        (None, "–"),
        (timedelta(seconds=20), "0 min"),
        (timedelta(minutes=59), "59 min"),
        (timedelta(minutes=61), "1 h 1 min"),
        (timedelta(hours=30), "30 h"),
        (timedelta(days=3), "3 days"),
    ],
)
def test_a_duration_is_as_exact_as_somebody_wants_to_know(lasted, text):
    assert duration_text(lasted) == text
