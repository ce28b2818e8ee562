from importlib import import_module

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.http import HttpResponse
from django.test import RequestFactory, override_settings
from django.urls import path

from core.ratelimit import RateLimited, client_address, rate_limited, ratelimit, requester_key

# No window of this length (about 31 years) ends while a test runs.
LONG = 1_000_000_000


@rate_limited("example", limit=2, seconds=LONG)
def limited(request):
    return HttpResponse("done")


class Routes:
    """The site's routes, and a limited one."""

    urlpatterns = [path("limited/", limited), *import_module(settings.ROOT_URLCONF).urlpatterns]


@pytest.fixture
def post(client, db):
    """Posts to the limited view from an address."""

    def send(address: str = "10.0.0.1", method: str = "post"):
        with override_settings(ROOT_URLCONF=Routes):
            return getattr(client, method)("/limited/", REMOTE_ADDR=address)

    return send


def request_from(address: str, user=None, **headers):
    request = RequestFactory().post("/", REMOTE_ADDR=address, **headers)
    request.user = user or AnonymousUser()
    return request


def test_a_use_past_the_limit_is_refused_until_the_window_ends():
    ratelimit("key", 2, LONG)
    ratelimit("key", 2, LONG)
    with pytest.raises(RateLimited) as refused:
        ratelimit("key", 2, LONG)
    assert 0 < refused.value.retry_after <= LONG


def test_the_next_window_starts_a_new_count():
    for _ in range(1000):
        try:
            ratelimit("key", 1, 1)
            ratelimit("key", 1, 1)
        except RateLimited:
            break
    else:
        pytest.fail("The limit was never reached.")
    while True:
        try:
            ratelimit("key", 1, 1)
        except RateLimited:
            continue
        break


def test_keys_are_counted_apart():
    ratelimit("one", 1, LONG)
    ratelimit("two", 1, LONG)
    with pytest.raises(RateLimited):
        ratelimit("one", 1, LONG)


def test_a_cache_that_forgets_starts_a_new_count():
    ratelimit("key", 1, LONG)
    cache.clear()
    ratelimit("key", 1, LONG)


def test_a_limited_view_answers_429_with_the_time_to_wait(post):
    assert [post().status_code for _ in range(3)] == [200, 200, 429]
    refused = post()
    assert 0 < int(refused["Retry-After"]) <= LONG
    assert "try again" in refused.content.decode()


def test_reading_a_page_is_not_limited(post):
    assert {post(method="get").status_code for _ in range(5)} == {200}


def test_one_visitor_does_not_use_up_the_limit_of_another(post):
    for _ in range(3):
        post("10.0.0.1")
    assert post("10.0.0.2").status_code == 200


def test_a_signed_in_person_is_counted_wherever_they_are():
    user = get_user_model()(pk=7)
    keys = {requester_key(request_from(address, user)) for address in ("10.0.0.1", "10.0.0.2")}
    assert len(keys) == 1


def test_addresses_are_not_stored_in_the_clear():
    assert "10.0.0.1" not in requester_key(request_from("10.0.0.1"))


def test_a_forwarded_address_counts_only_behind_a_trusted_proxy(settings):
    request = request_from("10.0.0.1", HTTP_X_FORWARDED_FOR="1.2.3.4, 198.51.100.7")
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0
    assert client_address(request) == "10.0.0.1"
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert client_address(request) == "198.51.100.7"
