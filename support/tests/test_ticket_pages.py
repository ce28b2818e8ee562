"""The pages of whoever asks: nobody else gets in, everything works without scripts, and bad input is answered."""

import io
import uuid
from html import unescape

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from accounts.tests.factories import UserFactory
from commerce.actions.refunds import ask
from commerce.tests.factories import purchase_of
from marketplace.tests.factories import Model3DFactory
from support.actions import tickets as actions
from support.models import SupportAttachment, SupportTicket
from support.tests.factories import HelpArticleFactory
from support.tests.tickets import an_agent, answered, asked, asked_with_file, fresh, wrote
from support.ticketing.box import PAGE_SIZE

pytestmark = pytest.mark.django_db

LIST, NEW = "/support/", "/support/new/"
HTMX = {"HX-Request": "true"}
FIELDS = {
    "category": "payment",
    "priority": "medium",
    "subject": "A wrong receipt",
    "body": "It says 0.",
    "offered": "1",
}


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def person(client):
    user = UserFactory(full_name="Robin Hale")
    client.force_login(user)
    return user


def get(client, address: str, **options) -> str:
    response = client.get(address, **options)
    assert response.status_code == 200
    return unescape(response.content.decode())


def picture(name="screen.png") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (300, 200), (200, 90, 40)).save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue())


# Refused


def test_a_ticket_is_not_there_for_anybody_else_whatever_they_try(person):
    ticket = asked_with_file(person)
    file = SupportAttachment.objects.get()
    for other in (UserFactory(), UserFactory(moderator=True), UserFactory(staff=True)):
        eve = signed_in(other)
        assert eve.get(ticket.get_absolute_url()).status_code == 404
        assert eve.get(file.get_absolute_url()).status_code == 404
        for tail in ("", "read/", "resolution/", "rating/"):
            sent = eve.post(f"{ticket.get_absolute_url()}{tail}", {"body": "Hm", "number": 1, "rating": 5})
            assert sent.status_code == 404
        assert ticket.subject not in get(eve, LIST)
        assert ticket.subject not in get(eve, f"{LIST}?q=receipt")
    assert fresh(ticket).last_number == 1


def test_an_agent_opens_files_and_is_led_to_the_desk_but_does_not_write_as_whoever_asked(person):
    ticket = asked_with_file(person)
    agent = signed_in(an_agent())
    assert agent.get(ticket.get_absolute_url()).url == ticket.get_desk_url()
    assert agent.post(ticket.get_absolute_url(), {"body": "Hm"}).status_code == 404
    sent = agent.get(SupportAttachment.objects.get().get_absolute_url())
    assert sent.status_code == 200
    assert sent["Content-Type"] == "application/octet-stream"
    assert "attachment" in sent["Content-Disposition"]


def test_no_page_of_whoever_asked_has_a_word_of_the_notes(client, person):
    ticket, agent = asked(person), an_agent()
    answered(ticket, agent)
    actions.annotate(ticket=ticket, by=agent, body="kestrel kestrel")
    address = ticket.get_absolute_url()
    for page in (
        address,
        f"{address}?after=0",
        f"{address}?part=state",
        LIST,
        f"{LIST}?show=all",
        "/notifications/",
    ):
        assert "kestrel kestrel" not in get(client, page)
        assert "kestrel kestrel" not in get(client, page, headers=HTMX)
    assert "Nothing found" in get(client, f"{LIST}?q=kestrel")


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"category": ""}, "Choose what it is about."),
        ({"category": "gossip"}, "Select a valid choice."),
        ({"priority": "urgent"}, "Select a valid choice."),
        ({"subject": " "}, "Say in one line what it is about."),
        ({"subject": "x" * 151}, "at most 150 characters"),
        ({"body": "\0 \n"}, "Null characters are not allowed."),
        ({"body": "   "}, "Say what happened."),
        ({"body": "x" * 10_001}, "at most 10,000 characters"),
        ({"about": "order:b1b965be-8b05-4581-bb3d-413d80187ac3"}, "What it was about is not there."),
        ({"about": "model:99999999999999999999999"}, "What it was about is not there."),
        ({"about": "model:x"}, "What it was about is not there."),
        ({"about": "gossip"}, "What it was about is not there."),
        ({"key": "x"}, "Enter a valid UUID."),
    ],
)
def test_what_cannot_be_sent_is_said_beside_it_and_nothing_typed_is_lost(client, person, changed, error):
    response = client.post(NEW, FIELDS | changed)
    page = unescape(response.content.decode())
    assert response.status_code == 422
    assert error in page
    assert changed.get("subject", "A wrong receipt").strip() in page
    assert not SupportTicket.objects.exists()


@pytest.mark.parametrize(
    ("file", "error"),
    [
        (SimpleUploadedFile("a.exe", b"MZ"), "of a kind that cannot be sent"),
        (SimpleUploadedFile("a.png", b"no picture"), "not a JPEG, PNG or WebP"),
        (SimpleUploadedFile("a.txt", b""), "is empty"),
    ],
)
def test_a_file_that_is_not_taken_is_named(client, person, file, error):
    response = client.post(NEW, FIELDS | {"attachments": [file]})
    assert response.status_code == 422
    assert error in unescape(response.content.decode())
    file.seek(0)
    ticket = asked(person)
    response = client.post(ticket.get_absolute_url(), {"body": "Look", "attachments": [file]}, headers=HTMX)
    assert response.status_code == 422
    assert error in unescape(response.content.decode())
    too_many = [SimpleUploadedFile(f"{number}.txt", b"x") for number in range(6)]
    response = client.post(ticket.get_absolute_url(), {"body": "Look", "attachments": too_many})
    assert response.status_code == 422
    assert fresh(ticket).last_number == 1


@pytest.mark.parametrize("query", ["before=x", "before=-1", "at=99999999999", "after=%00", "part=gossip"])
def test_an_address_that_means_nothing_shows_the_ticket(client, person, query):
    assert "A wrong receipt" in get(client, f"{asked(person).get_absolute_url()}?{query}")


# Asking


def test_the_help_is_offered_before_a_ticket_is_sent_and_while_the_subject_is_typed(client, person):
    article = HelpArticleFactory(published=True, title="Where do I find my receipt?")
    HelpArticleFactory(
        published=True, title="How do I carve a chair?", summary="With patience.", content="Oak."
    )
    draft = HelpArticleFactory(title="A receipt that nobody reads")
    typed = get(client, "/support/suggestions/?subject=My+receipts+are+wrong")
    assert article.get_absolute_url() in typed
    assert draft.title not in typed
    assert "carve" not in typed
    assert 'name="offered"' in typed
    assert not get(client, "/support/suggestions/?subject=").strip()
    first = client.post(NEW, {**FIELDS, "offered": ""} | {"subject": "My receipts are wrong"})
    assert first.status_code == 302
    unasked = {name: value for name, value in FIELDS.items() if name != "offered"}
    asked_back = client.post(NEW, unasked)
    page = unescape(asked_back.content.decode())
    assert asked_back.status_code == 200
    assert "Not sent yet." in page
    assert article.title in page
    assert "It says 0." in page
    assert SupportTicket.objects.count() == 1
    # Nothing near it: it is sent at once.
    assert client.post(NEW, unasked | {"subject": "Blue", "key": str(uuid.uuid4())}).status_code == 302


def test_asking_from_the_page_of_a_thing_fills_it_in(client, person):
    model = Model3DFactory(listed=True, title="Oak chair")
    purchase = purchase_of(person, model)
    order = purchase.transaction.order
    refund = ask(purchase=purchase, by=person, reason="mistake", text="")
    for query, label, chosen, category in (
        (f"order={order.public_id}", f"Order {order.number}", {"order": order}, "payment"),
        (f"model={model.pk}", "Model “Oak chair”", {"model": model}, "technical"),
        (f"refund={refund.public_id}", f"Refund {refund.number}", {"refund": refund}, "refund"),
    ):
        page = get(client, f"{NEW}?{query}")
        assert label in page
        assert f'<option value="{category}" selected>' in page
        about = query.replace("=", ":")
        assert client.post(NEW, FIELDS | {"about": about, "key": str(uuid.uuid4())}).status_code == 302
        ticket = SupportTicket.objects.latest("pk")
        assert {name: getattr(ticket, name) for name in chosen} == chosen
        assert label in get(client, ticket.get_absolute_url())
    hidden = Model3DFactory(with_file=True, title="Nobody sees it")
    stranger = signed_in(UserFactory())
    for query in (f"order={order.public_id}", f"refund={refund.public_id}", f"model={hidden.pk}"):
        assert "About:" not in get(stranger, f"{NEW}?{query}")
        assert stranger.post(NEW, FIELDS | {"about": query.replace("=", ":")}).status_code == 422
    for address, link in (
        (order.get_absolute_url(), f"{NEW}?order={order.public_id}"),
        (model.get_absolute_url(), f"{NEW}?model={model.pk}"),
        (reverse("commerce:refund", args=[purchase.public_id]), f"{NEW}?refund={refund.public_id}"),
        ("/dashboard/", LIST),
    ):
        assert link in get(client, address)


def test_a_picture_is_made_anew_and_a_file_is_only_saved(client, person):
    client.post(NEW, FIELDS | {"attachments": [picture(), SimpleUploadedFile("a b.html.txt", b"<script>")]})
    ticket = SupportTicket.objects.get()
    page = get(client, ticket.get_absolute_url())
    assert "Picture: screen.webp" in page
    shown, saved = SupportAttachment.objects.order_by("order")
    answer = client.get(shown.get_absolute_url())
    assert answer["Content-Type"] == "image/webp"
    answer = client.get(saved.get_absolute_url())
    assert answer["Content-Disposition"].startswith("attachment")
    assert Client().get(saved.get_absolute_url()).status_code == 302


# One's own


def test_the_list_shows_states_and_finds_words_of_subjects_and_messages(client, person):
    assert "Nothing is open" in get(client, LIST)
    old, agent = asked(person, subject="The old one"), an_agent()
    answered(old, agent, "Bevel the **kestrel**.", resolves=True)
    new = asked(person, subject="The new one")
    page = get(client, LIST)
    assert "The new one" in page
    assert "The old one" not in page
    assert "The old one" in get(client, f"{LIST}?show=resolved")
    assert "New answer" in get(client, f"{LIST}?show=all")
    found = get(client, f"{LIST}?q=kestrels")
    assert "The old one" in found
    assert "The new one" not in found
    assert "<mark>new</mark>" in get(client, f"{LIST}?q=new")
    assert "The new one" in get(client, f"{LIST}?q=%00")
    assert new.get_absolute_url() in page


@pytest.mark.parametrize("many", [1, PAGE_SIZE + 4, 100])
def test_the_list_and_a_ticket_ask_as_much_of_the_database_however_much_there_is(
    client, person, many, django_assert_max_num_queries
):
    done = {"owner": person, "category": "payment", "status": "resolved", "resolved_at": timezone.now()}
    SupportTicket.objects.bulk_create(
        SupportTicket(subject=f"Nr. {number}", **done) for number in range(many)
    )
    ticket = asked_with_file(person)
    for number in range(min(many, 50)):
        wrote(ticket, f"Line {number}")
    agent = an_agent()
    answered(ticket, agent)
    cache.clear()
    client.get(LIST)
    with django_assert_max_num_queries(9):
        get(client, f"{LIST}?show=all")
    get(client, ticket.get_absolute_url())
    with django_assert_max_num_queries(9):
        get(client, ticket.get_absolute_url())


def test_a_ticket_is_talked_in_resolved_rated_and_opened_again_without_scripts(client, person):
    ticket, agent = asked(person), an_agent()
    address = ticket.get_absolute_url()
    assert "Nobody is at the desk just now" in get(client, address)
    answered(ticket, agent, "Look **now**.")
    page = get(client, address)
    assert "Sam Osei" in page
    assert "<strong>now</strong>" in page
    assert not fresh(ticket).is_unread
    assert client.post(address, {"body": "Better."}).url == address
    assert client.post(f"{address}resolution/").url == address
    page = get(client, address)
    assert "How did we answer?" in page
    wrong = client.post(f"{address}rating/", {"rating": "9"})
    assert wrong.status_code == 422
    assert "Choose from one to five stars." in unescape(wrong.content.decode())
    assert client.post(f"{address}rating/", {"rating": "4", "text": "Quick."}).status_code == 302
    assert "You gave 4 stars." in get(client, address)
    client.post(f"{address}resolution/", {"_method": "delete"})
    assert fresh(ticket).reopened_count == 1
    client.post(f"{address}resolution/")
    client.post(address, {"body": "It is wrong again."})
    assert (fresh(ticket).status, fresh(ticket).reopened_count) == ("active", 2)
    answers = [client.post(f"{address}resolution/", {"_method": "delete"}).status_code for _ in range(30)]
    assert (answers[0], answers[-1]) == (302, 429)


def test_a_script_gets_the_rows_that_it_has_not_got(client, person):
    ticket, agent = asked(person), an_agent()
    answered(ticket, agent)
    address = ticket.get_absolute_url()
    sent = client.post(address, {"body": "Thanks", "after": "1"}, headers=HTMX)
    rows = sent.content.decode()
    assert [f'data-number="{number}"' in rows for number in (1, 2, 3, 4)] == [False, True, True, True]
    state = get(client, f"{address}?part=state", headers=HTMX)
    assert "data-ticket-state" in state
    assert "<html" not in state
    assert client.post(f"{address}read/", {"number": "2"}).status_code == 204
    assert client.post(f"{address}read/", {"number": "x"}).status_code == 422


def test_long_talks_are_paged(client, person):
    ticket = asked(person)
    for number in range(60):
        wrote(ticket, f"Line {number}")
    page = get(client, ticket.get_absolute_url())
    assert "Line 59" in page
    assert "The receipt says 0." not in page
    earlier = get(client, f"{ticket.get_absolute_url()}?before=22")
    assert "The receipt says 0." in earlier
    assert "Newest messages" in earlier
