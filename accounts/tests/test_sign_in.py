"""Logging in, being kept out, resetting a password, second factors, sessions."""

import re
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.tests.factories import PASSWORD, UserFactory
from core.models import OutgoingMail

pytestmark = pytest.mark.django_db

NEW = "a rather good one 42"


@pytest.fixture
def user():
    user = UserFactory(username="Ana", email="ana@example.com")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@pytest.fixture
def totp(user):
    """A user's authenticator app: call it for the present code."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)

    def code():
        # A code is good for one use; the next log-in of a test comes within the same half minute.
        cache.clear()
        return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))

    return code


def log_in(client, login, password=PASSWORD, **more):
    return client.post(reverse("account_login"), {"login": login, "password": password, **more})


def is_logged_in(client):
    return "_auth_user_id" in client.session


def reauthenticate(client):
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


def link_in(mail, part):
    return urlsplit(re.search(rf"\S*{part}\S*", mail.text)[0]).path


# Kept out


@pytest.mark.parametrize(
    ("login", "password"), [("ana", "wrong"), ("ana@example.com", "wrong"), ("eve", PASSWORD)]
)
def test_a_wrong_name_and_a_wrong_password_look_alike(client, user, login, password):
    response = log_in(client, login, password)
    assert response.status_code == 200
    (message,) = response.context["form"].non_field_errors()
    assert "do not belong together" in message
    assert not is_logged_in(client)


def test_after_five_wrong_passwords_even_the_right_one_is_kept_out(client, user):
    for _ in range(5):
        log_in(client, "ana", "wrong")
    response = log_in(client, "ana")
    assert "Too many attempts" in str(response.context["form"].errors)
    assert not is_logged_in(client)


def test_being_locked_out_under_one_name_locks_nobody_else_out(client, user):
    for _ in range(5):
        log_in(client, "eve", "wrong")
    log_in(client, "ana")
    assert is_logged_in(client)


def test_many_attempts_from_one_address_are_slowed_down(client, user):
    answers = {log_in(client, f"somebody{number}", "wrong").status_code for number in range(40)}
    assert 429 in answers


def test_a_suspended_person_is_told_so_and_kept_out(client, user):
    User.objects.filter(pk=user.pk).update(is_active=False)
    response = client.post(reverse("account_login"), {"login": "ana", "password": PASSWORD}, follow=True)
    assert "This account is suspended" in response.content.decode()
    assert not is_logged_in(client)


def test_a_wrong_password_does_not_tell_that_an_account_is_suspended(client, user):
    User.objects.filter(pk=user.pk).update(is_active=False)
    response = log_in(client, "ana", "wrong")
    assert "do not belong together" in str(response.context["form"].errors)


def test_a_session_ends_when_its_person_is_suspended(client, user):
    client.force_login(user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    response = client.get(reverse("accounts:settings"))
    assert response["Location"].startswith(reverse("account_login"))


def test_nobody_is_sent_to_another_site_after_log_in(client, user):
    response = log_in(client, "ana", next="https://evil.example.com/")
    assert response["Location"] == "/"


@pytest.mark.parametrize("name", ["account_login", "account_signup", "account_reset_password"])
def test_forms_without_their_token_are_refused(user, name):
    assert Client(enforce_csrf_checks=True).post(reverse(name), {}).status_code == 403


# Let in


@pytest.mark.parametrize("login", ["ana", "ANA", "ana@example.com", "Ana@Example.COM", " ana "])
def test_a_name_or_an_address_of_any_case_lets_in(client, user, login):
    log_in(client, login)
    assert client.session["_auth_user_id"] == str(user.pk)


def test_a_session_ends_with_the_browser_unless_remembered(client, user):
    log_in(client, "ana")
    assert client.session.get_expire_at_browser_close()


def test_a_remembered_session_outlives_the_browser(client, user):
    log_in(client, "ana", remember="on")
    assert not client.session.get_expire_at_browser_close()


# Forgotten password


def test_the_reset_form_answers_the_same_for_known_and_unknown_addresses(client, user):
    known = client.post(reverse("account_reset_password"), {"email": "ana@example.com"}, follow=True)
    unknown = client.post(reverse("account_reset_password"), {"email": "eve@example.com"}, follow=True)
    assert known.redirect_chain == unknown.redirect_chain
    pages = [re.sub(r"<input[^>]*csrf[^>]*>", "", page.content.decode()) for page in (known, unknown)]
    assert pages[0].partition("<main")[2] == pages[1].partition("<main")[2] != ""
    kinds = OutgoingMail.objects.order_by("pk").values_list("to_address", "kind")
    assert list(kinds) == [
        ("ana@example.com", "account/password_reset_key"),
        ("eve@example.com", "account/unknown_account"),
    ]


def test_a_reset_link_sets_a_new_password_once(client, user):
    client.post(reverse("account_reset_password"), {"email": "ana@example.com"})
    link = link_in(OutgoingMail.objects.get(), "password/reset/key")
    form_page = client.get(link)["Location"]
    client.post(form_page, {"password1": NEW, "password2": NEW})
    user.refresh_from_db()
    assert user.check_password(NEW)
    assert "no longer works" in Client().get(link).content.decode()
    assert OutgoingMail.objects.filter(kind="account/password_reset", to_address="ana@example.com").exists()


def test_a_weak_new_password_is_refused_beside_its_field(client, user):
    client.post(reverse("account_reset_password"), {"email": "ana@example.com"})
    form_page = client.get(link_in(OutgoingMail.objects.get(), "password/reset/key"))["Location"]
    response = client.post(form_page, {"password1": "password", "password2": "password"})
    assert response.context["form"].errors["password1"] or response.context["form"].errors["password2"]
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


# Second factor


def test_a_password_alone_does_not_let_in_where_a_second_factor_is_set(client, user, totp):
    response = log_in(client, "ana")
    assert response["Location"] == reverse("mfa_authenticate")
    assert not is_logged_in(client)


def test_a_wrong_code_does_not_let_in(client, user, totp):
    log_in(client, "ana")
    response = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert response.context["form"].errors["code"]
    assert not is_logged_in(client)


def test_the_code_of_the_app_lets_in(client, user, totp):
    log_in(client, "ana")
    client.post(reverse("mfa_authenticate"), {"code": totp()})
    assert is_logged_in(client)


def test_a_recovery_code_lets_in_once(client, user, totp):
    client.force_login(user)
    client.post(reverse("mfa_reauthenticate"), {"code": totp()})
    client.post(reverse("mfa_generate_recovery_codes"))
    code = (
        Authenticator.objects.get(user=user, type=Authenticator.Type.RECOVERY_CODES)
        .wrap()
        .get_unused_codes()[0]
    )
    for expected in (True, False):
        client.logout()
        cache.clear()
        log_in(client, "ana")
        client.post(reverse("mfa_authenticate"), {"code": code})
        assert is_logged_in(client) is expected


def test_setting_up_the_app_asks_for_the_password_first(client, user):
    client.force_login(user)
    response = client.get(reverse("mfa_activate_totp"))
    assert response["Location"].startswith(reverse("account_reauthenticate"))


def test_the_app_is_set_up_with_its_code_and_told_by_mail(client, user, django_capture_on_commit_callbacks):
    client.force_login(user)
    reauthenticate(client)
    form = client.get(reverse("mfa_activate_totp")).context["form"]
    code = format_hotp_value(hotp_value(form.secret, next(yield_hotp_counters_from_time())))
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("mfa_activate_totp"), {"code": code})
    assert Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()
    assert OutgoingMail.objects.filter(kind="mfa/totp_activated", recipient=user).exists()


def test_the_password_alone_cannot_remove_the_second_factor(client, user, totp):
    client.force_login(user)
    response = client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert response["Location"].startswith(reverse("mfa_reauthenticate"))
    response = client.post(reverse("mfa_deactivate_totp"))
    assert response.status_code == 302
    assert Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()


def test_the_second_factor_itself_can_remove_it(client, user, totp):
    client.force_login(user)
    client.post(reverse("mfa_reauthenticate"), {"code": totp()})
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.filter(user=user).exists()


# What belongs to the sign-in


def test_nobody_reaches_the_settings_of_sign_in_without_logging_in(client):
    for name in (
        *(
            "account_email",
            "account_change_password",
            "mfa_index",
            "usersessions_list",
            "socialaccount_connections",
        ),
        *("accounts:settings", "accounts:creator", "accounts:notifications"),
    ):
        assert client.get(reverse(name))["Location"].startswith(reverse("account_login"))


def test_somebody_elses_passkey_cannot_be_removed(client, user):
    other = Authenticator.objects.create(
        user=UserFactory(), type=Authenticator.Type.WEBAUTHN, data={"name": "Key"}
    )
    client.force_login(user)
    reauthenticate(client)
    assert client.post(reverse("mfa_remove_webauthn", args=[other.pk])).status_code == 404
    assert Authenticator.objects.filter(pk=other.pk).exists()


def test_other_sessions_are_listed_and_ended(client, user):
    elsewhere = Client()
    for browser in (client, elsewhere):
        log_in(browser, "ana")
        browser.get(reverse("usersessions_list"))
    assert len(client.get(reverse("usersessions_list")).context["sessions"]) == 2
    client.post(reverse("usersessions_list"))
    assert client.get(reverse("accounts:settings")).status_code == 200
    assert elsewhere.get(reverse("accounts:settings")).status_code == 302


def test_using_a_session_writes_once_in_a_while_rather_than_at_every_page(client, user):
    client.force_login(user)
    client.get(reverse("accounts:settings"))
    before = user.usersession_set.get().last_seen_at
    client.get(reverse("accounts:settings"))
    assert user.usersession_set.get().last_seen_at == before
    cache.clear()
    client.get(reverse("accounts:settings"))
    assert user.usersession_set.get().last_seen_at > before


def test_the_password_is_changed_only_with_the_present_one(client, user):
    client.force_login(user)
    reauthenticate(client)
    data = {"oldpassword": "wrong", "password1": NEW, "password2": NEW}
    response = client.post(reverse("account_change_password"), data)
    assert response.context["form"].errors["oldpassword"]
    client.post(reverse("account_change_password"), {**data, "oldpassword": PASSWORD})
    user.refresh_from_db()
    assert user.check_password(NEW)
    assert is_logged_in(client)
    assert OutgoingMail.objects.filter(kind="account/password_changed", recipient=user).exists()


def test_anothers_main_address_cannot_be_added_and_is_not_given_away(client, user):
    UserFactory(username="eve", email="shared@example.com")
    client.force_login(user)
    reauthenticate(client)
    for address in ("shared@example.com", "free@example.com"):
        response = client.post(reverse("account_email"), {"email": address, "action_add": ""}, follow=True)
        assert f"We have sent a link to {address}" in response.content.decode()
    kinds = OutgoingMail.objects.order_by("pk").values_list("to_address", "kind")
    assert list(kinds) == [
        ("shared@example.com", "account/address_taken"),
        ("free@example.com", "account/email_confirmation"),
    ]
    client.post(reverse("account_email"), {"email": "shared@example.com", "action_primary": ""})
    user.refresh_from_db()
    assert user.email == "ana@example.com"


def test_an_old_link_does_not_move_an_address_that_has_become_anothers(client, user):
    client.force_login(user)
    reauthenticate(client)
    client.post(reverse("account_email"), {"email": "shared@example.com", "action_add": ""})
    UserFactory(username="eve", email="shared@example.com")
    client.post(link_in(OutgoingMail.objects.get(), "confirm-email"))
    assert not EmailAddress.objects.filter(email="shared@example.com", verified=True).exists()


def test_a_confirmed_second_address_becomes_the_main_one_and_the_first_is_told(client, user):
    EmailAddress.objects.create(user=user, email="second@example.com", verified=True)
    client.force_login(user)
    reauthenticate(client)
    client.post(reverse("account_email"), {"email": "second@example.com", "action_primary": ""})
    user.refresh_from_db()
    assert user.email == "second@example.com"
    assert OutgoingMail.objects.get(kind="account/email_changed").to_address == "ana@example.com"
