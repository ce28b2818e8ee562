"""From the sign-up form to the first log-in, with the link out of the mail; and what nobody can find out there."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.preferences import channels_of
from accounts.tests.factories import PASSWORD, UserFactory
from core.models import OutgoingMail

pytestmark = pytest.mark.django_db

NEW = "a rather good one 42"


def sign_up(client, **changes):
    data = {
        "user_type": "buyer",
        "email": "ana@example.com",
        "username": "ana",
        "full_name": "Ana Ruiz",
        "password1": NEW,
        "password2": NEW,
        "terms": "on",
        **changes,
    }
    return client.post(
        reverse("account_signup"), {name: value for name, value in data.items() if value is not None}
    )


def field_errors(response, field):
    return response.context["form"].errors.get(field, [])


def link_in(mail, part):
    address = re.search(rf"\S*{part}\S*", mail.text)[0]
    return urlsplit(address).path


def log_in(client, login, password=PASSWORD, **more):
    return client.post(reverse("account_login"), {"login": login, "password": password, **more})


# Refused


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("terms", None),
        ("username", ""),
        ("username", "a b"),
        ("username", "ab"),
        ("username", "Admin"),
        ("username", "x" * 41),
        ("username", "<script>"),
        ("email", "nowhere"),
        ("email", "x" * 250 + "@example.com"),
        ("full_name", "x" * 121),
        ("user_type", "moderator"),
        ("password1", "short"),
        ("password1", "1234567890123"),
        ("password2", "another one entirely"),
    ],
)
def test_a_wrong_value_is_named_beside_its_field_and_nothing_is_made(client, field, value):
    response = sign_up(client, **{field: value})
    assert response.status_code == 200
    assert field_errors(response, field)
    assert not User.objects.exists()
    assert not OutgoingMail.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_name_taken_at_the_same_instant_is_named_beside_its_field():
    response = sign_up_while_taking(username="Ana", email="other@example.com")
    assert field_errors(response, "username") == ["This username is taken."]
    assert User.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_address_taken_at_the_same_instant_is_told_by_mail_alone():
    response = sign_up_while_taking(username="other", email="ana@example.com")
    assert response["Location"] == reverse("account_email_verification_sent")
    assert User.objects.count() == 1
    assert OutgoingMail.objects.get().kind == "account/account_already_exists"


def test_an_address_of_an_operators_account_in_capitals_is_known(client):
    User.objects.create_superuser(username="boss", email="Ana@Example.com", password=PASSWORD)
    response = sign_up(client)
    assert response["Location"] == reverse("account_email_verification_sent")
    assert User.objects.count() == 1


def sign_up_while_taking(**taken):
    """The answer to a sign-up whose form was right when it was checked; `taken` is stored before it is."""

    def elsewhere():
        try:
            return sign_up(Client())
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            UserFactory(**taken)
            answer = pool.submit(elsewhere)
            wait_until_somebody_waits()
        return answer.result(timeout=60)


def wait_until_somebody_waits():
    with connection.cursor() as cursor:
        for _ in range(600):
            # What a transaction has seen of the activity it would see for ever.
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if cursor.fetchone()[0]:
                return
            time.sleep(0.05)
    raise AssertionError("Nobody waits for a lock.")


def test_the_other_values_are_kept_when_one_is_wrong(client):
    response = sign_up(client, username="a b")
    assert response.context["form"]["full_name"].value() == "Ana Ruiz"


def test_a_username_taken_in_other_letters_case_is_said_beside_the_field(client):
    UserFactory(username="ANA")
    assert "taken" in field_errors(sign_up(client), "username")[0]


def test_nobody_signs_up_as_staff(client):
    sign_up(client, is_staff="on", is_superuser="on", is_verified="on")
    user = User.objects.get()
    assert not (user.is_staff or user.is_superuser or user.is_verified)


def test_a_known_address_is_not_given_away(client):
    UserFactory(username="owner", email="ana@example.com")
    known = sign_up(client, email="ANA@example.com")
    client.logout()
    cache.clear()
    new = sign_up(client, username="eve", email="eve@example.com")
    assert known.status_code == new.status_code == 302
    assert known["Location"] == new["Location"]
    assert not User.objects.filter(username="ana").exists()
    mail = OutgoingMail.objects.get(to_address="ana@example.com")
    assert mail.kind == "account/account_already_exists"


def test_before_the_address_is_confirmed_there_is_no_log_in(client):
    sign_up(client)
    assert "_auth_user_id" not in client.session
    response = log_in(client, "ana", NEW)
    assert response["Location"] == reverse("account_email_verification_sent")
    assert "_auth_user_id" not in client.session


def test_looking_at_the_link_confirms_nothing(client):
    sign_up(client)
    path = link_in(OutgoingMail.objects.get(), "confirm-email")
    assert client.get(path).status_code == 200
    assert not User.objects.get().emailaddress_set.filter(verified=True).exists()


def test_a_made_up_link_is_explained(client):
    response = client.get(reverse("account_confirm_email", args=["MQ:made-up:link"]))
    assert "no longer works" in response.content.decode()


# Allowed


@pytest.mark.parametrize("user_type", ["buyer", "creator"])
def test_somebody_signs_up_confirms_and_is_logged_in_and_welcomed(client, user_type):
    response = sign_up(client, user_type=user_type)
    assert response["Location"] == reverse("account_email_verification_sent")
    user = User.objects.get()
    assert (user.full_name, user.user_type) == ("Ana Ruiz", user_type)
    assert user.terms_accepted_at is not None
    assert user.profile is not None

    mail = OutgoingMail.objects.get()
    assert (mail.kind, mail.to_address, mail.recipient) == (
        "account/email_confirmation_signup",
        "ana@example.com",
        user,
    )
    client.post(link_in(mail, "confirm-email"))
    assert client.session["_auth_user_id"] == str(user.pk)
    assert OutgoingMail.objects.filter(kind="accounts/welcome", recipient=user).count() == 1


def test_another_confirmed_address_brings_no_second_welcome(client):
    sign_up(client)
    client.post(link_in(OutgoingMail.objects.get(), "confirm-email"))
    client.post(reverse("account_reauthenticate"), {"password": NEW})
    client.post(reverse("account_email"), {"email": "second@example.com", "action_add": ""})
    client.post(link_in(OutgoingMail.objects.get(to_address="second@example.com"), "confirm-email"))
    assert User.objects.get().emailaddress_set.filter(verified=True).count() == 2
    assert OutgoingMail.objects.filter(kind="accounts/welcome").count() == 1


def test_links_in_mails_lead_to_the_sites_own_address_whatever_the_request_says(client, settings):
    settings.ALLOWED_HOSTS = ["testserver", "other.example.com"]
    settings.SITE_URL = "https://lathe.example.com"
    client.post(
        reverse("account_reset_password"),
        {"email": "nobody@example.com"},
        headers={"host": "other.example.com"},
    )
    mail = OutgoingMail.objects.get()
    assert "https://lathe.example.com/accounts/signup/" in mail.text
    assert "other.example.com" not in mail.text + mail.html


def test_news_come_only_to_who_asks_for_them(client):
    sign_up(client)
    sign_up(Client(), username="ben", email="ben@example.com", news="on")
    wanted = {user.username: channels_of(user, "news").by_mail for user in User.objects.all()}
    assert wanted == {"ana": False, "ben": True}
