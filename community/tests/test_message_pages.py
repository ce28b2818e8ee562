"""The pages of messages: nobody else gets in, everything works without scripts, and bad input is answered."""

import io
import uuid
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from accounts.actions import relations
from accounts.models import Notification, Report
from accounts.tests.factories import UserFactory
from community.models import Conversation, DirectMessage
from community.tests.messaging import side, two_who_talk, written
from core.ratelimit import ratelimit
from core.tests.hostile_words import HOSTILE, what_runs
from marketplace.tests.factories import Model3DFactory

pytestmark = pytest.mark.django_db

INBOX, NEW = "/dashboard/messages/", "/dashboard/messages/new/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def people(client):
    ana, ben, conversation = two_who_talk()
    client.force_login(ana)
    return ana, ben, conversation


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def picture(name="chair.png") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (300, 200), (200, 90, 40)).save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue())


# Refused


def test_a_conversation_is_not_there_for_anybody_else_whatever_they_try(people):
    _ana, _, conversation = people
    message = written(*people[:2], attachments=[])
    eve = signed_in(UserFactory())
    address = conversation.get_absolute_url()
    assert eve.get(address).status_code == 404
    assert eve.post(address, {"body": "Hello"}).status_code == 404
    for tail in ("read/", "mute/", "acceptance/", f"{message.number}/"):
        assert eve.post(f"{address}{tail}", {"number": 1}).status_code == 404
    assert eve.get(f"/report/message/{message.report_id}/").status_code == 404
    assert conversation.messages.count() == 3


def test_a_moderator_reads_no_conversations(people):
    moderator = signed_in(UserFactory(moderator=True))
    assert moderator.get(people[2].get_absolute_url()).status_code == 404


def test_a_report_of_a_message_leads_moderators_to_what_was_reported_and_no_further(people):
    ana, ben, conversation = people
    message = conversation.messages.get(sender=ana)
    reports = signed_in(ben)
    address = reverse("accounts:report", args=["message", message.report_id])
    assert reports.post(address, {"reason": "spam"}).url == message.get_absolute_url()
    link = Report.objects.get().link
    for reader, sees in ((reports, False), (signed_in(UserFactory(staff=True)), False)):
        assert (reader.get(link).status_code == 200) is sees
    moderator = signed_in(UserFactory(staff=True, permissions=["accounts.view_report"]))
    page = moderator.get(link).content.decode()
    assert "Is the chair rigged?" in page and conversation.get_absolute_url() not in page


def test_a_file_goes_to_the_two_who_talk_and_to_nobody_else(client, people):
    ana, ben, conversation = people
    client.post(
        conversation.get_absolute_url(),
        {"body": "", "attachments": [picture(), SimpleUploadedFile("a.txt", b"x")]},
    )
    shown, saved = conversation.messages.get(number=3).files
    for user in (ana, ben):
        response = signed_in(user).get(shown.get_absolute_url())
        assert response["Content-Type"] == "image/webp"
        response = signed_in(user).get(saved.get_absolute_url())
        assert response["Content-Disposition"].startswith("attachment")
        assert response["Content-Type"] == "application/octet-stream"
        assert response["X-Content-Type-Options"] == "nosniff"
    assert signed_in(UserFactory()).get(shown.get_absolute_url()).status_code == 404
    assert Client().get(shown.get_absolute_url()).status_code == 302


def test_somebody_elses_message_is_neither_changed_nor_deleted(client, people):
    _, ben, conversation = people
    message = conversation.messages.get(sender=ben)
    assert client.post(message.get_own_url(), {"body": "No"}).status_code == 404
    assert client.post(message.get_own_url(), {"_method": "delete"}).status_code == 404
    message.refresh_from_db()
    assert message.body == "It is."


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"body": ""}, "Write something"),
        ({"body": "  \n "}, "Write something"),
        ({"body": "x" * 10_001}, "at most 10,000 characters"),
        ({"body": "a\0b"}, "Null characters"),
        ({"body": "x", "model": "999999"}, "no such model"),
        ({"body": "x", "model": "9" * 40}, "less than or equal"),
        ({"body": "x", "model": "chair"}, "whole number"),
        ({"body": "x", "key": "not-a-key"}, "valid UUID"),
        ({"body": "x", "attachments": SimpleUploadedFile("run.exe", b"MZ")}, "cannot be sent"),
        ({"body": "x", "attachments": [SimpleUploadedFile(f"{n}.txt", b"x") for n in range(6)]}, "at most 5"),
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_what_cannot_be_sent_is_answered_with_a_sentence(client, people, data, said, headers):
    for file in (
        data.get("attachments", [])
        if isinstance(data.get("attachments"), list)
        else [data.get("attachments")]
    ):
        if file:
            file.seek(0)
    response = client.post(people[2].get_absolute_url(), data, headers=headers)
    assert response.status_code == 422
    assert said in unescape(response.content.decode())
    assert people[2].messages.count() == 2


@pytest.mark.parametrize(
    ("to", "said"),
    [
        ("", "Say whom"),
        ("nobody-of-this-name", "nobody of this name"),
        ("ana", "cannot write to yourself"),
        ("a\0b", "Null characters"),
        ("x" * 200, "at most 150"),
    ],
)
def test_a_first_message_needs_somebody_to_go_to(client, people, to, said):
    response = client.post(NEW, {"to": to, "body": "Hello"})
    assert response.status_code == 422
    assert said in unescape(response.content.decode())


def test_who_is_blocked_is_told_so_beside_the_name(client, people):
    ana = people[0]
    carla = UserFactory(username="carla")
    relations.block(blocker=carla, blocked=ana)
    response = client.post(NEW, {"to": "carla", "body": "Hello"})
    assert response.status_code == 422
    assert "cannot write to this person" in response.content.decode()


def test_a_draft_of_somebody_else_is_not_sent_along(client, people):
    draft = Model3DFactory(title="Secret chest")
    response = client.post(people[2].get_absolute_url(), {"body": "x", "model": draft.pk})
    assert response.status_code == 422
    assert b"Secret chest" not in client.get(f"{NEW}?model={draft.pk}").content


@pytest.mark.parametrize(
    "query",
    [
        "?before=x",
        "?before=-1",
        "?after=" + "9" * 30,
        "?at=0",
        "?model=x",
        "?page=99",
        "?q=%00",
        "?show=nothing",
        "?to=%00",
    ],
)
def test_odd_addresses_lead_to_sensible_pages(client, people, query):
    for address in (people[2].get_absolute_url(), INBOX, NEW):
        assert client.get(address + query, follow=True).status_code == 200


def test_whoever_sends_very_quickly_waits(client, people):
    ana, _, conversation = people
    for _ in range(60):
        ratelimit(f"message:user:{ana.pk}", 60, 300)
    for address in (conversation.get_absolute_url(), NEW):
        response = client.post(address, {"to": "ben", "body": "Hello"})
        assert response.status_code == 429
    assert conversation.messages.count() == 2


def test_words_are_never_markup(client, people):
    address = people[2].get_absolute_url()
    for text in HOSTILE:
        client.post(address, {"body": text})
    for page in (
        client.get(address),
        signed_in(people[1]).get(address),
        client.get(INBOX),
        client.get(f"{INBOX}?q=alert"),
    ):
        assert what_runs(page.content.decode()) == []


# A page each


def test_who_contacts_a_creator_brings_the_model(client, people):
    model = Model3DFactory(listed=True, title="Walnut chest")
    page = client.get(model.get_absolute_url()).content.decode()
    link = f"{NEW}?to={model.creator.username}&amp;model={model.pk}"
    assert link in page
    page = client.get(unescape(link)).content.decode()
    assert "Walnut chest" in page
    response = client.post(NEW, {"to": model.creator.username, "body": "Is it rigged?", "model": model.pk})
    conversation = Conversation.objects.get(public_id=response.url.strip("/").split("/")[-1])
    assert conversation.messages.get().model == model
    # Who has one goes on in it.
    again = client.get(unescape(link))
    assert again.url == f"{conversation.get_absolute_url()}?model={model.pk}"
    maker = signed_in(model.creator)
    assert "wants to write to you" in maker.get(reverse("accounts:notifications")).content.decode()
    page = maker.get(conversation.get_absolute_url()).content.decode()
    assert "Walnut chest" in page
    assert "writes to you for the first time" in page
    assert maker.get(model.get_absolute_url()).content.decode().count("Contact the creator") == 0


def test_opening_a_conversation_reads_it(client, people):
    ana, ben, conversation = people
    written(ben, ana, "News")
    assert "Messages, 1 unread" in client.get(INBOX).content.decode()
    page = client.get(conversation.get_absolute_url()).content.decode()
    assert "is-new" in page
    assert side(conversation, ana).unread == 0
    page = client.get(conversation.get_absolute_url()).content.decode()
    assert "is-new" not in page
    assert 'aria-label="Messages"' in page
    assert not Notification.objects.filter(user=ana).unread().exists()


def test_a_script_gets_the_rows_that_it_lacks(client, people):
    address = people[2].get_absolute_url()
    for count in range(3):
        written(people[1], people[0], f"Number {count}")
    rows = client.get(f"{address}?after=3", headers=HTMX).content.decode()
    assert "<html" not in rows
    assert ("Number 0" in rows, "Number 1" in rows, "Number 2" in rows) == (False, True, True)
    answer = client.post(address, {"body": "Mine", "after": 4}, headers=HTMX).content.decode()
    assert "Number 2" in answer
    assert "Mine" in answer
    assert "Number 1" not in answer


def test_older_messages_and_the_place_of_one_are_pages(client, people):
    _ana, ben, conversation = people
    conversation.refresh_from_db()
    rows = [
        DirectMessage(conversation=conversation, number=number, sender=ben, body=f"Line {number}.")
        for number in range(3, 101)
    ]
    DirectMessage.objects.bulk_create(rows)
    Conversation.objects.update(last_number=100)
    address = conversation.get_absolute_url()
    page = client.get(address).content.decode()
    assert page.count("data-number=") == 40
    assert "?before=61" in page
    page = client.get(f"{address}?before=61").content.decode()
    assert "Line 60." in page
    assert "Newest messages" in page
    page = client.get(f"{address}?at=30").content.decode()
    assert "Line 30." in page
    assert page.count("data-number=") == 40


def test_a_request_is_accepted_declined_and_taken_after_all(client, people):
    ana = people[0]
    carla = UserFactory(username="carla", full_name="Carla Voss")
    conversation = written(carla, ana, "May I?").conversation
    assert "Carla Voss" not in client.get(INBOX).content.decode()
    assert "Carla Voss" in client.get(f"{INBOX}?show=requests").content.decode()
    client.get(conversation.get_absolute_url())
    # Looking at it tells her nothing.
    assert "is-seen" not in signed_in(carla).get(conversation.get_absolute_url()).content.decode()
    address = reverse("community:accept_conversation", args=[conversation.public_id])
    client.post(address, {"_method": "delete"})
    assert "Carla Voss" in client.get(f"{INBOX}?show=declined").content.decode()
    client.post(address)
    assert "Carla Voss" in client.get(INBOX).content.decode()
    assert "is-seen" in signed_in(carla).get(conversation.get_absolute_url()).content.decode()


def test_muting_and_blocking_are_a_press_each_way(client, people):
    ana, ben, conversation = people
    address = conversation.get_absolute_url()
    client.post(f"{address}mute/")
    assert "Muted" in client.get(address).content.decode()
    client.post(f"{address}mute/", {"_method": "delete"})
    assert not side(conversation, ana).is_muted
    response = client.post(reverse("accounts:block", args=["ben"]), {"next": address})
    assert response.url == address
    page = client.get(address).content.decode()
    assert "You have blocked this person" in page
    assert "data-composer" not in page
    response = client.post(
        reverse("accounts:block", args=["ben"]), {"_method": "delete", "next": "https://evil.example.com/"}
    )
    assert response.url == ben.get_absolute_url()


def test_ones_own_words_are_changed_and_taken_back_without_scripts(client, people):
    _ana, _, conversation = people
    client.post(conversation.get_absolute_url(), {"body": "Teh chair", "key": uuid.uuid4()})
    message = conversation.messages.get(number=3)
    assert b"Teh chair" in client.get(message.get_own_url()).content
    assert client.post(message.get_own_url(), {"body": ""}).status_code == 422
    client.post(message.get_own_url(), {"body": "The chair"})
    assert "edited" in client.get(conversation.get_absolute_url()).content.decode()
    client.post(message.get_own_url(), {"_method": "delete"})
    assert "This message was deleted" in client.get(conversation.get_absolute_url()).content.decode()
    assert client.get(message.get_own_url()).status_code == 404


def test_the_other_ones_account_may_be_gone(client, people):
    _, ben, conversation = people
    ben.anonymise()
    page = client.get(conversation.get_absolute_url()).content.decode()
    assert "This account is no longer there" in page
    assert "data-composer" not in page
    assert "Deleted account" in client.get(INBOX).content.decode()


def test_the_list_asks_as_often_however_many_there_are(client, monkeypatch):
    monkeypatch.setattr("community.actions.messages.writing.STRANGERS_A_DAY", 1_000)
    ana = UserFactory()
    client.force_login(ana)
    asked, there = set(), 0
    for count in (1, 24, 100):
        for _ in range(count - there):
            written(ana, UserFactory(), "Hello")
        there = count
        client.get(INBOX)
        with CaptureQueriesContext(connection) as queries:
            client.get(INBOX)
        asked.add(len(queries))
    assert len(asked) == 1


def test_a_conversation_asks_as_often_however_long_it_is(client, people):
    _, ben, conversation = people
    model = Model3DFactory(listed=True)
    asked, there = set(), 0
    for count in (1, 24, 100):
        DirectMessage.objects.bulk_create(
            DirectMessage(
                conversation=conversation,
                number=number + 3,
                sender=ben,
                body="Hello",
                model=model,
                model_title=model.title,
            )
            for number in range(there, count)
        )
        there = count
        Conversation.objects.update(last_number=count + 2)
        # What was new is read by the first look.
        client.get(conversation.get_absolute_url())
        with CaptureQueriesContext(connection) as queries:
            client.get(conversation.get_absolute_url())
        asked.add(len(queries))
    assert len(asked) == 1
