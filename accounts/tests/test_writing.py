"""What moderators do not let in, and what new accounts may write."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.tests.factories import UserFactory
from accounts.writing import is_newcomer, refusal, refusal_of_new
from core.filters import refusal_of
from core.models import AuditEntry, TextFilter
from core.texts import domains_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_kept():
    cache.clear()
    yield
    cache.clear()


def keep_out(pattern: str, kind: str = "word") -> TextFilter:
    row = TextFilter(kind=kind, pattern=pattern)
    row.full_clean()
    row.save()
    cache.clear()
    return row


@pytest.mark.parametrize(
    "text",
    [
        "Buy GRABZILLA now",
        "grab\u200bzilla",
        "ｇｒａｂｚｉｌｌａ",
        "(grabzilla)",
        "see https://spamhaven.example/x",
        "www.spamhaven.example",
        "go to shop.SpamHaven.example, now",
        "[here](http://a@spamhaven.example:80/)",
    ],
)
def test_a_word_or_a_link_is_found_however_it_is_written(text):
    keep_out("Grabzilla")
    keep_out("www.SpamHaven.example", "link")
    assert refusal_of(text)
    assert refusal_of("", text)


@pytest.mark.parametrize(
    "text", ["grabzillas", "notspamhaven.example", "me@spamhaven.example", "chair.glb", "", "1.5 m"]
)
def test_what_only_looks_like_it_is_let_in(text):
    keep_out("grabzilla")
    keep_out("spamhaven.example", "link")
    assert refusal_of(text) == ""


def test_a_filter_that_would_match_too_much_or_nothing_is_refused():
    for kind, pattern in (
        ("word", "ab"),
        ("word", " \u200b "),
        ("link", "https://a.example/x"),
        ("link", "a"),
    ):
        with pytest.raises(ValidationError):
            TextFilter(kind=kind, pattern=pattern).full_clean()


def test_names_of_files_are_no_links():
    assert domains_in("chair.glb, wood.png and notes.txt beside https://lathe.example/a") == ["lathe.example"]


def test_a_switched_off_filter_lets_everything_in():
    row = keep_out("grabzilla")
    row.is_enabled = False
    row.save()
    cache.clear()
    assert refusal_of("grabzilla") == ""


def test_newcomers_write_so_many_links_and_so_much_an_hour(settings):
    settings.NEW_ACCOUNT_HOURS, settings.NEW_ACCOUNT_LINKS, settings.NEW_ACCOUNT_TEXTS_AN_HOUR = 24, 1, 2
    new = UserFactory()
    old = UserFactory(created_at=timezone.now() - timedelta(hours=25))
    links = "https://a.example and https://b.example"
    assert "at most 1 link at a time" in refusal(new, links)
    for trusted in (old, UserFactory(staff=True), UserFactory(creator=True, is_verified=True)):
        assert not is_newcomer(trusted)
        assert refusal(trusted, links) == ""
        assert [refusal_of_new(trusted, "Hello") for _ in range(4)] == [""] * 4
    assert [bool(refusal_of_new(new, "Hello")) for _ in range(3)] == [False, False, True]
    # Changing what is there is not writing more.
    assert refusal(new, "Hello") == ""


def test_only_moderators_keep_filters_and_each_change_is_audited(client):
    address = reverse("admin:core_textfilter_add")
    client.force_login(UserFactory(staff=True))
    assert client.get(address).status_code == 403
    client.force_login(UserFactory(staff=True, permissions=["core.add_textfilter", "core.view_textfilter"]))
    assert client.post(address, {"kind": "word", "pattern": "x", "is_enabled": "on"}).status_code == 200
    client.post(address, {"kind": "word", "pattern": "Grabzilla", "is_enabled": "on"})
    assert TextFilter.objects.get().pattern == "grabzilla"
    assert AuditEntry.objects.get(action="core.textfilter.added").object_repr == "grabzilla"
