"""Signing in with another site's account, spoken with a real server on loopback."""

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.github.views import GitHubOAuth2Adapter
from django.urls import reverse

from accounts.models import User
from accounts.tests.factories import PASSWORD, UserFactory
from accounts.tests.github import GitHub
from core.models import OutgoingMail

pytestmark = pytest.mark.django_db

DETAILS = {
    "user_type": "creator",
    "username": "ana",
    "email": "ana@example.com",
    "full_name": "Ana R.",
    "terms": "on",
}


@pytest.fixture
def github(settings, monkeypatch):
    server = GitHub()
    # allauth reads GITHUB_URL when its module is loaded, which was long ago.
    addresses = {
        "authorize_url": "/login/oauth/authorize",
        "access_token_url": "/login/oauth/access_token",
        "profile_url": "/api/v3/user",
        "emails_url": "/api/v3/user/emails",
    }
    for name, path in addresses.items():
        monkeypatch.setattr(GitHubOAuth2Adapter, name, server.url + path)
    settings.SOCIALACCOUNT_PROVIDERS = {
        "github": {
            "APPS": [{"client_id": "lathe", "secret": "shh", "key": ""}],
            "SCOPE": ["read:user", "user:email"],
            "OAUTH_PKCE_ENABLED": True,
        }
    }
    yield server
    server.stop()


def go_through(client, **query):
    """To the other site and back; returns the answer to the coming back."""
    start = client.post(reverse("github_login", query=query))
    answer = requests.get(start["Location"], allow_redirects=False, timeout=5)
    return client.get(answer.headers["Location"])


def test_without_keys_there_is_no_button_and_no_way(client, settings):
    settings.SOCIALACCOUNT_PROVIDERS = {}
    assert "GitHub" not in client.get(reverse("account_login")).content.decode()
    assert client.post(reverse("github_login")).status_code == 404


def test_a_link_alone_starts_nothing(client, github):
    response = client.get(reverse("github_login"))
    assert response.status_code == 200
    assert "Continue to GitHub" in response.content.decode()


def test_somebody_who_says_no_over_there_is_told_kindly(client, github):
    github.refuse = True
    response = client.get(go_through(client)["Location"])
    assert "You did not log in" in response.content.decode()


def test_coming_back_with_a_made_up_state_or_code_does_not_log_in(client, github):
    response = client.get(reverse("github_callback"), {"code": "made up", "state": "made up"})
    assert "did not work" in response.content.decode()
    assert not User.objects.exists()


def test_the_terms_are_asked_for_there_too(client, github):
    go_through(client)
    response = client.post(reverse("socialaccount_signup"), {**DETAILS, "terms": ""})
    assert response.context["form"].errors["terms"]
    assert not User.objects.exists()


def test_an_address_of_an_existing_account_does_not_open_that_account(client, github):
    owner = UserFactory(username="owner", email="ana@example.com")
    EmailAddress.objects.create(user=owner, email=owner.email, verified=True, primary=True)
    go_through(client)
    client.post(reverse("socialaccount_signup"), {**DETAILS, "username": "other"})
    assert "_auth_user_id" not in client.session
    assert not SocialAccount.objects.exists()
    assert OutgoingMail.objects.get().kind == "account/account_already_exists"


def test_a_newcomer_finishes_the_account_and_is_logged_in_and_welcomed(client, github):
    form_page = go_through(client)["Location"]
    form = client.get(form_page).context["form"]
    assert (form["email"].value(), form["full_name"].value()) == ("ana@example.com", "Ana Ruiz")
    client.post(form_page, DETAILS)
    user = User.objects.get()
    assert client.session["_auth_user_id"] == str(user.pk)
    assert (user.username, user.full_name, user.is_creator) == ("ana", "Ana R.", True)
    assert user.terms_accepted_at is not None
    assert OutgoingMail.objects.filter(kind="accounts/welcome", recipient=user).count() == 1


def test_another_address_than_the_proven_one_has_to_be_confirmed_first(client, github):
    form_page = go_through(client)["Location"]
    client.post(form_page, {**DETAILS, "email": "else@example.com"})
    assert not EmailAddress.objects.filter(email="else@example.com", verified=True).exists()


def test_who_came_that_way_comes_in_that_way_again(client, github):
    client.post(go_through(client)["Location"], DETAILS)
    client.logout()
    go_through(client)
    assert client.session["_auth_user_id"] == str(User.objects.get().pk)


def test_an_account_is_connected_and_disconnected_and_told_by_mail(client, github):
    user = UserFactory(username="ana", email="ana@example.com")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    client.force_login(user)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    go_through(client, process="connect")
    account = SocialAccount.objects.get(user=user)
    client.post(reverse("socialaccount_connections"), {"account": account.pk})
    assert not SocialAccount.objects.exists()
    kinds = OutgoingMail.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["socialaccount/account_connected", "socialaccount/account_disconnected"]
