"""The public page of a person."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import UserProfile
from accounts.tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def page_of(client, username):
    return client.get(reverse("accounts:profile", args=[username]))


def test_a_suspended_person_has_no_page(client):
    UserFactory(username="ana", is_active=False)
    assert page_of(client, "ana").status_code == 404


def test_nobody_has_no_page(client):
    assert page_of(client, "nobody").status_code == 404


@pytest.mark.parametrize("name", ["%00", "ana%00", "x" * 5000, "%ff%fe"])
def test_a_name_that_nobody_can_have_has_no_page(client, name):
    assert client.get(f"/profile/{name}/").status_code == 404


def test_a_page_tells_no_address_phone_or_role(client):
    user = UserFactory(username="ana", email="secret@example.com", is_staff=True)
    UserProfile.objects.create(user=user, phone="+34 600 000 000")
    content = page_of(client, "ana").content.decode()
    assert "secret@example.com" not in content
    assert "600 000" not in content


def test_markup_in_a_profile_stays_text(client):
    user = UserFactory(
        username="ana", full_name="</script><script>alert(1)</script>", bio="<img src=x onerror=alert(1)>"
    )
    UserProfile.objects.create(user=user, skills=["<b>bold</b>"])
    content = page_of(client, "ana").content.decode()
    for markup in ("<script>alert(1)", "<img src=x", "<b>bold</b>"):
        assert markup not in content


def test_a_name_in_other_letters_case_leads_to_the_one_address(client):
    UserFactory(username="Ana.Ruiz")
    response = page_of(client, "ana.ruiz")
    assert response.status_code == 301
    assert response["Location"] == "/profile/Ana.Ruiz/"


def test_a_person_without_profile_row_has_a_page(client):
    UserFactory(username="ana", full_name="Ana Ruiz")
    assert "Ana Ruiz" in page_of(client, "ana").content.decode()


def test_a_page_shows_what_a_person_tells_of_themselves(client):
    user = UserFactory(username="ana", creator=True, is_verified=True, bio="I model chairs.")
    UserProfile.objects.create(
        user=user,
        city="Vigo",
        country="Spain",
        website="https://ana.example.com",
        twitter="ana_ruiz",
        skills=["UVs"],
    )
    content = page_of(client, "ana").content.decode()
    for words in ("I model chairs.", "Vigo, Spain", "Verified"):
        assert words in content
    content = client.get(reverse("accounts:profile_about", args=["ana"])).content.decode()
    for words in (
        "I model chairs.",
        "https://ana.example.com",
        "https://x.com/ana_ruiz",
        "UVs",
    ):
        assert words in content


def test_a_page_costs_few_queries(client):
    user = UserFactory(username="ana")
    UserProfile.objects.create(user=user)
    with CaptureQueriesContext(connection) as captured:
        page_of(client, "ana")
    assert len(captured) <= 3


TABS = (
    "accounts:profile",
    "accounts:profile_about",
    "marketplace:profile_collections",
    "commerce:profile_reviews",
    "community:profile_communities",
    "marketplace:profile_likes",
)


@pytest.mark.parametrize("name", TABS)
def test_each_tab_has_an_address_of_its_own_and_says_who_it_is_about(client, name):
    user = UserFactory(username="ana", full_name="Ana Ruiz", is_verified=True, creator=True)
    UserProfile.objects.create(user=user, shows_likes=True)
    address = reverse(name, args=["ana"])
    page = client.get(address, {"page": "1"})
    content = page.content.decode()
    assert f'<link rel="canonical" href="http://localhost:8000{address}">' in content
    assert '"@type": "Person", "name": "Ana Ruiz"' in content
    assert "Verified creator" in content
    assert [tab["url"] for tab in page.context["tabs"] if tab["is_current"]] == [address]
    assert {tab["url"] for tab in page.context["tabs"]} == {reverse(tab, args=["ana"]) for tab in TABS}


@pytest.mark.parametrize("name", TABS)
def test_who_does_not_want_to_be_found_is_not(client, name):
    user = UserFactory(username="ana")
    UserProfile.objects.create(user=user, shows_likes=True, is_indexed=False)
    content = client.get(reverse(name, args=["ana"])).content.decode()
    assert 'name="robots" content="noindex' in content
    assert "ld+json" not in content


def test_likes_are_no_tab_unless_they_are_shown(client):
    user = UserFactory(username="ana")
    tabs = [tab["label"] for tab in page_of(client, "ana").context["tabs"]]
    assert tabs == ["Models", "Collections", "Communities", "About"]
    client.force_login(user)
    assert "Likes" in [tab["label"] for tab in page_of(client, "ana").context["tabs"]]


@pytest.mark.parametrize("page", ["0", "-1", "999999999999999999999", "x", "\0"])
@pytest.mark.parametrize(
    "name", ["accounts:profile", "accounts:followers", "marketplace:profile_collections"]
)
def test_an_odd_page_is_a_page(client, name, page):
    UserFactory(username="ana")
    assert client.get(reverse(name, args=["ana"]), {"page": page}).status_code in {200, 404}
