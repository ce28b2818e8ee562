"""Deleting an account: asked for, taken back, carried out. (What is left of it: tests/test_personal_data.py.)"""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import personal_data
from accounts.actions import deletion, standing
from accounts.exceptions import DeletionRefused, ModerationRefused
from accounts.models import AccountDeletion, Notification, User
from accounts.notifications import notify
from accounts.personal_data import Exported, Keeper
from accounts.tasks import erase_due_accounts
from accounts.tests.factories import PASSWORD, UserFactory
from core.models import AuditEntry, OutgoingMail

pytestmark = pytest.mark.django_db

PAGE = "/dashboard/settings/delete/"


@pytest.fixture
def user(client):
    user = UserFactory(username="ana", email="ana@example.com")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    client.force_login(user)
    return user


@pytest.fixture
def own_keeper():
    """Registers a keeper for the test alone."""

    def register(*, veto=lambda user: [], erase=lambda user: None):
        personal_data.register(
            Keeper("of the test", holds={}, export=lambda user: Exported(tables=[]), erase=erase, veto=veto)
        )

    yield register
    personal_data._keepers.pop("of the test", None)


def ask(client, username="ana"):
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client.post(PAGE, {"username": username})


def make_due() -> None:
    AccountDeletion.objects.update(due_at=timezone.now())


def carry_out() -> None:
    make_due()
    OutgoingMail.objects.update(status=OutgoingMail.Status.SENT)
    erase_due_accounts()


# Refused


def test_without_saying_again_who_they_are_nobody_deletes_an_account(client, user):
    answer = client.post(PAGE, {"username": "ana"})
    assert answer["Location"].startswith(reverse("account_reauthenticate"))
    assert not AccountDeletion.objects.exists()


@pytest.mark.parametrize("name", ["", "bob", "ana\0", "x" * 5000])
def test_who_does_not_type_their_name_deletes_nothing(client, user, name):
    assert ask(client, username=name).status_code == 422
    assert not AccountDeletion.objects.exists()


def test_who_works_here_is_not_deleted(client):
    client.force_login(UserFactory(username="ana", staff=True))
    answer = ask(client)
    assert answer.status_code == 422
    assert "You work here" in answer.content.decode()


def test_what_has_to_be_settled_first_is_said_and_stands_against_it(client, user, own_keeper):
    own_keeper(veto=lambda user: ["Feed the cat first."])
    assert "Feed the cat first." in client.get(PAGE).content.decode()
    with pytest.raises(DeletionRefused):
        deletion.request_deletion(user=user)
    assert not AccountDeletion.objects.exists()


def test_before_its_time_nothing_happens(client, user):
    ask(client)
    erase_due_accounts()
    user.refresh_from_db()
    assert user.username == "ana"


def test_what_has_come_up_meanwhile_puts_it_off_and_is_told_once(client, user, own_keeper):
    ask(client)
    own_keeper(veto=lambda user: ["Feed the cat first."])
    for _ in range(2):
        make_due()
        erase_due_accounts()
    user.refresh_from_db()
    assert user.is_active
    assert user.deletion_due_at > timezone.now()
    assert user.notifications.get().message == "Feed the cat first."
    assert "It waits until this is settled" in client.get(PAGE).content.decode()


# Thought over


def test_until_then_everything_works_and_every_page_says_so(client, user):
    ask(client)
    for path in ("/", PAGE, reverse("accounts:notifications")):
        assert "Your account will be deleted" in client.get(path).content.decode()
    other = Client()
    answer = other.post(reverse("account_login"), {"login": "ana@example.com", "password": PASSWORD})
    assert answer.status_code == 302
    assert "Keep my account" in other.get("/").content.decode()
    assert "Your account will be deleted" not in Client().get("/").content.decode()
    days = AccountDeletion.objects.get().due_at - timezone.now()
    assert timedelta(days=settings.ACCOUNT_DELETION_DAYS - 1) < days


def test_asking_twice_is_asking_once(client, user):
    ask(client)
    due_at = AccountDeletion.objects.get().due_at
    ask(client)
    assert AccountDeletion.objects.get().due_at == due_at
    assert OutgoingMail.objects.filter(kind="accounts/deletion_requested").count() == 1


def test_the_mail_leads_to_where_it_can_be_taken_back(client, user):
    ask(client)
    assert PAGE in OutgoingMail.objects.get(kind="accounts/deletion_requested").text
    client.post(PAGE, {"_method": "delete"})
    assert not AccountDeletion.objects.exists()
    carry_out()
    user.refresh_from_db()
    assert (user.username, user.deletion_due_at) == ("ana", None)
    assert "Your account will be deleted" not in client.get("/").content.decode()
    actions = AuditEntry.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["account.deletion.asked", "account.deletion.taken_back"]


def test_taking_back_what_nobody_asked_for_changes_nothing(client, user):
    assert client.post(PAGE, {"_method": "delete"}).status_code == 302
    assert not AuditEntry.objects.exists()


# Carried out


def test_the_page_is_gone_the_session_ended_and_it_is_in_the_audit_log(client, user):
    ask(client)
    address = user.get_absolute_url()
    carry_out()
    user.refresh_from_db()
    for gone in (address, user.get_absolute_url()):
        assert Client().get(gone).status_code == 404
    assert client.get(PAGE)["Location"].startswith(reverse("account_login"))
    entry = AuditEntry.objects.get(action="account.deleted")
    assert entry.object_repr == user.username
    assert AccountDeletion.objects.get().done_at is not None


def test_the_address_and_the_name_can_be_taken_anew(client, user):
    ask(client)
    carry_out()
    form = {
        "email": "ana@example.com",
        "username": "ana",
        "password1": "an anvil and a lathe 42",
        "password2": "an anvil and a lathe 42",
        "user_type": "buyer",
        "terms": "on",
    }
    Client().post(reverse("account_signup"), form)
    new = User.objects.get(email="ana@example.com")
    assert (new.username, new.pk != user.pk) == ("ana", True)


def test_what_broke_off_goes_on_where_it_was(client, user, own_keeper):
    ask(client)
    seen = []

    def break_once(user):
        seen.append(user.is_active)
        if len(seen) == 1:
            raise RuntimeError("the machine lost its power")

    own_keeper(erase=break_once)
    carry_out()
    half = AccountDeletion.objects.get()
    assert (half.started_at is not None, half.done_at) == (True, None)
    # It is too late to take it back, and there is nobody signed in who could.
    assert not deletion.keep_account(user=user)
    erase_due_accounts()
    half.refresh_from_db()
    assert half.done_at is not None
    assert seen == [False, False]
    erase_due_accounts()
    assert len(seen) == 2


def test_one_that_fails_keeps_nobody_else_waiting(client, user, own_keeper):
    other = UserFactory()
    for person in (user, other):
        deletion.request_deletion(user=person)

    def fail_for_ana(person):
        if person.pk == user.pk:
            raise RuntimeError("cannot")

    own_keeper(erase=fail_for_ana)
    carry_out()
    assert AccountDeletion.objects.get(user=other).done_at is not None
    assert AccountDeletion.objects.get(user=user).done_at is None


def test_nobody_restores_or_tells_anything_to_a_deleted_account(client, user):
    ask(client)
    carry_out()
    user.refresh_from_db()
    with pytest.raises(ModerationRefused):
        standing.restore(user=user, by=UserFactory(admin=True))
    sent = []
    kind = Notification.Kind.SALE
    assert notify(user=user, kind=kind, title="Sold", mail=lambda: sent.append(1)) is None
    assert sent == []


def test_details_in_the_audit_log_that_do_not_name_the_person_stay(user):
    nameless, near = UserFactory(email=""), UserFactory(email="na@example.com")
    AuditEntry.record(actor=None, action="test.price", price="4.00")
    AuditEntry.record(actor=None, action="test.mail", to="ana@example.com")
    AuditEntry.record(actor=None, action="test.own", to="Wrote to NA@example.com.")
    for person in (nameless, near):
        deletion.request_deletion(user=person)
    carry_out()
    assert AccountDeletion.objects.filter(done_at__isnull=False).count() == 2
    kept = dict(AuditEntry.objects.filter(action__startswith="test.").values_list("action", "data"))
    assert kept == {
        "test.price": {"price": "4.00"},
        "test.mail": {"to": "ana@example.com"},
        "test.own": {"erased": True},
    }
