"""Notifications: written, counted, listed, followed, pushed."""

import asyncio

import pytest
from allauth.account.models import EmailAddress
from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import sockets
from accounts.actions import standing
from accounts.models import Notification
from accounts.notifications import notify, unread_count
from accounts.preferences import Channels, channels_of, choose, unsubscribe_url
from accounts.sockets import SIGN_IN_FIRST
from accounts.tests.factories import PASSWORD, UserFactory
from accounts.tests.sockets import Socket, run
from core.mail import send
from core.models import MailSuppression, OutgoingMail

pytestmark = pytest.mark.django_db

KIND = Notification.Kind.SALE


@pytest.fixture
def user(client):
    user = UserFactory(username="ana")
    client.force_login(user)
    return user


def tell(user, title="Oak chair was sold", link="/dashboard/", **fields):
    return notify(user=user, kind=KIND, title=title, link=link, **fields)


# Refused


@pytest.mark.parametrize(
    "link", ["https://evil.example.com/", "//evil.example.com/", "javascript:alert(1)", "/\\evil"]
)
def test_a_notification_leads_to_no_other_site(user, link):
    with pytest.raises(ValueError, match="path on this site"):
        tell(user, link=link)
    assert not Notification.objects.exists()


@pytest.mark.parametrize("name", ["notification", "notification_read", "notification_delete"])
def test_somebody_elses_notification_is_not_there(client, user, name):
    notification = tell(UserFactory())
    address = reverse(f"accounts:{name}", args=[notification.pk])
    response = client.get(address) if name == "notification" else client.post(address)
    assert response.status_code == 404
    notification.refresh_from_db()
    assert not notification.is_read


def test_marking_all_read_leaves_other_peoples_alone(client, user):
    other = tell(UserFactory())
    tell(user)
    client.post(reverse("accounts:notifications_read"))
    other.refresh_from_db()
    assert not other.is_read
    assert user.notifications.unread().count() == 0


@pytest.mark.parametrize("name", ["notification_read", "notification_delete"])
def test_looking_changes_nothing(client, user, name):
    notification = tell(user)
    assert client.get(reverse(f"accounts:{name}", args=[notification.pk])).status_code == 405
    assert Notification.objects.filter(pk=notification.pk, is_read=False).exists()


# Allowed


def test_long_texts_are_cut_rather_than_lost(user):
    notification = tell(user, title="x" * 500, message="y" * 5000)
    notification.refresh_from_db()
    assert (len(notification.title), len(notification.message)) == (200, 1000)


def test_a_notification_and_its_mail_are_written_together_or_not_at_all(user):
    def broken_mail():
        raise RuntimeError("no template")

    with pytest.raises(RuntimeError):
        tell(user, mail=broken_mail)
    assert not Notification.objects.exists()


def test_following_a_notification_marks_it_read_and_leads_on(client, user):
    notification = tell(user)
    assert client.get(notification.get_absolute_url())["Location"] == "/dashboard/"
    notification.refresh_from_db()
    assert notification.is_read


def test_a_notification_without_link_leads_to_the_list(client, user):
    notification = tell(user, link="")
    assert client.get(notification.get_absolute_url())["Location"] == reverse("accounts:notifications")


def test_reading_and_deleting_lead_back_to_the_same_part_of_the_list(client, user):
    notification = tell(user)
    position = {"show": "unread", "page": "2"}
    for name in ("notification_read", "notification_delete"):
        response = client.post(reverse(f"accounts:{name}", args=[notification.pk]), position)
        assert response["Location"] == f"{reverse('accounts:notifications')}?show=unread&page=2"
    assert not Notification.objects.exists()


def test_the_list_shows_the_newest_first_a_page_at_a_time(client, user):
    for number in range(25):
        tell(user, title=f"sale {number}")
    page = client.get(reverse("accounts:notifications")).context["page"]
    assert [item.title for item in page.object_list[:2]] == ["sale 24", "sale 23"]
    assert (len(page.object_list), page.paginator.num_pages) == (20, 2)


def test_the_list_of_unread_ones_leaves_the_read_out(client, user):
    tell(user, title="read").user.notifications.mark_read()
    tell(user, title="new")
    page = client.get(reverse("accounts:notifications"), {"show": "unread"}).context["page"]
    assert [item.title for item in page.object_list] == ["new"]


def test_titles_cannot_bring_markup(client, user):
    tell(user, title="<script>alert(1)</script>")
    content = client.get(reverse("accounts:notifications")).content.decode()
    assert "<script>alert(1)" not in content


def test_the_list_costs_the_same_queries_for_two_and_for_twenty(client, user):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("accounts:notifications"))
        return len(captured)

    tell(user)
    tell(user)
    client.get(reverse("accounts:notifications"))
    few = queries()
    for _ in range(18):
        tell(user)
    client.get(reverse("accounts:notifications"))
    assert queries() == few <= 6


def test_the_count_in_the_header_is_one_query_a_minute(client, user, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        tell(user)
    assert unread_count(user.pk) == 1
    with CaptureQueriesContext(connection) as captured:
        assert unread_count(user.pk) == 1
    assert len(captured) == 0
    with django_capture_on_commit_callbacks(execute=True):
        tell(user)
    assert unread_count(user.pk) == 2


# Live, over the real channel layer


@pytest.mark.django_db(transaction=True)
def test_a_visitor_is_told_to_sign_in_first():
    async def scenario():
        socket = Socket(AnonymousUser())
        await socket.connect()
        assert await socket.receive_output(5) == {"type": "websocket.close", "code": SIGN_IN_FIRST}

    run(scenario)


@pytest.mark.django_db(transaction=True)
def test_a_suspended_persons_socket_is_closed():
    user = UserFactory(is_active=False)

    async def scenario():
        socket = Socket(user)
        await socket.connect()
        assert (await socket.receive_output(5))["code"] == SIGN_IN_FIRST

    run(scenario)


@pytest.mark.django_db(transaction=True)
def test_a_notification_reaches_every_open_page_of_its_person_and_nobody_elses():
    user, other = UserFactory(), UserFactory()
    tell(user)

    async def scenario():
        first, second, others = Socket(user), Socket(user), Socket(other)
        for socket in (first, second, others):
            await socket.connect()
        assert await first.receive() == {"type": "unread", "unread": 1}
        assert await second.receive() == {"type": "unread", "unread": 1}
        assert await others.receive() == {"type": "unread", "unread": 0}
        notification = await sync_to_async(tell)(user, message="For $24.00.")
        for socket in (first, second):
            assert await socket.receive() == {
                "type": "notification",
                "kind": "sale",
                "title": "Oak chair was sold",
                "message": "For $24.00.",
                "link": notification.get_absolute_url(),
                "unread": 2,
            }
        assert await others.receive_nothing()
        for socket in (first, second, others):
            await socket.disconnect()

    run(scenario)


@pytest.mark.django_db(transaction=True)
def test_nothing_is_pushed_before_the_commit_or_after_a_rollback():
    user = UserFactory()

    def tell_and_take_back():
        with transaction.atomic():
            tell(user)
            transaction.set_rollback(True)

    async def scenario():
        socket = Socket(user)
        await socket.connect()
        await socket.receive()
        await sync_to_async(tell_and_take_back)()
        assert await socket.receive_nothing()
        await socket.disconnect()

    run(scenario)


@pytest.mark.django_db(transaction=True)
def test_reading_on_one_page_corrects_the_count_on_another(client):
    user = UserFactory()
    client.force_login(user)
    notification = tell(user)

    async def scenario():
        socket = Socket(user)
        await socket.connect()
        assert await socket.receive() == {"type": "unread", "unread": 1}
        await sync_to_async(client.post)(reverse("accounts:notification_read", args=[notification.pk]))
        assert await socket.receive() == {"type": "unread", "unread": 0}
        await socket.disconnect()

    run(scenario)


@pytest.mark.django_db(transaction=True)
def test_a_page_that_vanished_in_the_middle_of_a_word_is_no_fault():
    user, ended = UserFactory(), []

    async def scenario():
        words = asyncio.Queue()
        await words.put({"type": "websocket.connect"})

        async def send(message):
            if message["type"] == "websocket.send":
                await words.put({"type": "websocket.disconnect", "code": 1006})
                raise ConnectionResetError

        await Socket.consumer.as_asgi()(Socket(user).scope, words.get, send)
        ended.append(True)

    run(scenario)
    assert ended


@pytest.mark.django_db(transaction=True)
def test_whatever_a_page_sends_is_ignored():
    user = UserFactory()

    async def scenario():
        socket = Socket(user)
        await socket.connect()
        await socket.receive()
        await socket.send(text="not json {")
        await socket.send(bytes=b"\0" * 1000)
        assert await socket.receive_nothing()
        await sync_to_async(tell)(user)
        assert (await socket.receive())["type"] == "notification"
        await socket.disconnect()

    run(scenario)


# What the person has chosen


def test_what_is_not_wanted_is_neither_written_nor_mailed(user):
    mails = []
    choose(user, {KIND: Channels(on_site=False, by_mail=False)})
    assert tell(user, mail=lambda: mails.append(1)) is None
    assert not Notification.objects.exists()
    assert mails == []
    choose(user, {KIND: Channels(on_site=False, by_mail=True)})
    assert tell(user, mail=lambda: mails.append(1)) is None
    assert mails == [1]


def test_receipts_cannot_be_ended(user):
    choose(user, {Notification.Kind.PURCHASE: Channels(on_site=False, by_mail=False)})
    assert channels_of(user, Notification.Kind.PURCHASE) == (True, True)
    assert unsubscribe_url(user, Notification.Kind.PURCHASE) == ""


def test_the_table_of_choices_is_saved(client, user):
    address = reverse("accounts:settings_notifications")
    client.post(address, {"site-like": "on", "mail-mention": "on"})
    assert channels_of(user, "like") == (True, False)
    assert channels_of(user, "mention") == (False, True)
    assert channels_of(user, "comment") == (False, False)
    page = client.get(address).content.decode()
    assert 'name="mail-mention" checked' in page
    assert 'name="mail-comment"' in page


def test_every_kind_can_be_chosen_and_news_come_by_mail_alone(client, user):
    address = reverse("accounts:settings_notifications")
    page = client.get(address).content.decode()
    for kind in Notification.Kind:
        assert f'name="site-{kind.value}"' in page or f'name="mail-{kind.value}"' in page
    assert 'name="site-news"' not in page
    assert 'name="mail-news" checked' not in page
    client.post(address, {"mail-news": "on"})
    assert channels_of(user, "news").by_mail


def test_whoever_gets_no_mail_any_more_is_told_so(client, user):
    address = reverse("accounts:settings_notifications")
    assert "came back" not in client.get(address).content.decode()
    MailSuppression.note(user.email.upper(), MailSuppression.Cause.COMPLAINT)
    assert "called spam" in client.get(address).content.decode()
    MailSuppression.note(user.email, MailSuppression.Cause.BOUNCE)
    assert "came back" in client.get(address).content.decode()


@pytest.mark.parametrize("token", ["x", "WzEsImxpa2UiXQ:forged", "é"])
def test_a_forged_link_ends_nothing(client, token):
    assert client.post(reverse("accounts:unsubscribe", args=[token])).status_code == 404


def test_one_press_of_a_mail_program_ends_mails_of_the_kind_without_cookie_or_form(user):
    tell(user, mail=lambda: send(kind="accounts/welcome", to=user))
    mail = OutgoingMail.objects.get(kind="accounts/welcome")
    assert mail.unsubscribe_url in mail.text
    assert mail.unsubscribe_url in mail.html
    address = mail.unsubscribe_url.removeprefix(settings.SITE_URL.rstrip("/"))
    stranger = Client(enforce_csrf_checks=True)
    assert stranger.get(address).status_code == 200
    assert channels_of(user, KIND).by_mail
    assert stranger.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert channels_of(user, KIND) == (True, False)


# Told together


def test_events_of_a_group_are_one_row_until_it_is_read(user):
    people = UserFactory.create_batch(3)
    for actor in (*people, people[0]):
        tell(user, title="liked “Chest”", actor=actor, group="like:model:1")
    row = user.notifications.get()
    assert row.sentence == f"{people[0].display_name} and 2 others liked “Chest”"
    user.notifications.mark_read()
    tell(user, title="liked “Chest”", actor=people[1], group="like:model:1")
    assert user.notifications.count() == 2
    assert user.notifications.unread().get().sentence == f"{people[1].display_name} liked “Chest”"


# Filtered


def test_filters_count_and_show_their_kinds(client, user):
    tell(user, title="Oak chair was sold")
    notify(user=user, kind=Notification.Kind.NEW_FOLLOWER, title="follows you", actor=UserFactory())
    page = client.get(reverse("accounts:notifications"), {"show": "people"})
    assert [row.kind for row in page.context["page"]] == ["new_follower"]
    assert [tab["count"] for tab in page.context["tabs"]] == [2, 2, 0, 1, 1, 0, 0]
    assert client.get(reverse("accounts:notifications"), {"show": "x\0"}).status_code == 200


def test_all_read_ones_are_deleted_and_no_other(client, user):
    tell(user, title="Old")
    user.notifications.mark_read()
    tell(user, title="New")
    client.post(reverse("accounts:notifications_delete_read"))
    assert [row.title for row in user.notifications.all()] == ["New"]


def test_an_open_page_gets_its_list_anew_without_the_frame(client, user):
    tell(user, title="Missed")
    page = client.get(reverse("accounts:notifications"), {"show": "sales"}, headers={"HX-Request": "true"})
    content = page.content.decode()
    assert "Missed" in content
    assert 'aria-current="page">Sales and purchases' in content
    assert "<html" not in content


# Ended


def signed_in_socket(client, user) -> Socket:
    client.force_login(user)
    return Socket(user, session_key=client.session.session_key)


async def closed(socket) -> bool:
    return await socket.receive_output(5) == {"type": "websocket.close", "code": SIGN_IN_FIRST}


def log_out(client, other, user):
    client.post(reverse("account_logout"))


def log_out_from_elsewhere(client, other, user):
    other.post(reverse("usersessions_list"))


def suspend(client, other, user):
    with transaction.atomic():
        standing.suspend(user=user, by=UserFactory(admin=True), reason="Spam")


def change_the_password(client, other, user):
    other.post(
        reverse("account_change_password"),
        {
            "oldpassword": PASSWORD,
            "password1": "an anvil and a lathe 42",
            "password2": "an anvil and a lathe 42",
        },
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("end", [log_out, log_out_from_elsewhere, suspend, change_the_password])
def test_a_socket_closes_when_its_session_ends_whatever_ends_it(client, end):
    user = UserFactory()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    other = Client()
    other.force_login(user)
    socket = signed_in_socket(client, user)
    for open_client in (client, other):
        open_client.get("/")

    async def scenario():
        await socket.connect()
        await socket.receive()
        await sync_to_async(end)(client, other, user)
        assert await closed(socket)

    run(scenario)


@pytest.mark.django_db(transaction=True)
def test_the_end_of_another_session_leaves_a_socket_open(client):
    user = UserFactory()
    other = Client()
    other.force_login(user)
    socket = signed_in_socket(client, user)

    async def scenario():
        await socket.connect()
        await socket.receive()
        await sync_to_async(log_out)(other, client, user)
        assert await socket.receive_nothing()
        await sync_to_async(tell)(user)
        assert (await socket.receive())["type"] == "notification"
        await socket.disconnect()

    run(scenario)


@pytest.mark.django_db(transaction=True)
def test_a_session_that_lapsed_unheard_is_found_out_by_asking(client, monkeypatch):
    monkeypatch.setattr(sockets, "RECHECK_SECONDS", 0.05)
    user = UserFactory()
    socket = signed_in_socket(client, user)

    async def scenario():
        await socket.connect()
        await socket.receive()
        await sync_to_async(client.session.delete)()
        assert await closed(socket)

    run(scenario)
