"""PostgreSQL cuts every connection, as a restart does: before a request nobody notices, within one the page says so."""

import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import connection, transaction
from django.test import Client

from accounts.models import User, UserProfile
from accounts.tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.full
AT_ONCE = 24


def status_of(address: str) -> int:
    try:
        with urllib.request.urlopen(address, timeout=60) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def cut(*, only_waiting: bool = False) -> int:
    """End the connections to the database of this test but our own, or those that wait for a row; how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND (wait_event_type = 'Lock' OR NOT %s)",
            [only_waiting],
        )
        return cursor.fetchone()[0]


def pages(site, count: int = AT_ONCE) -> Counter:
    with ThreadPoolExecutor(count) as pool:
        return Counter(pool.map(status_of, [f"{site.url}/accounts/login/"] * count))


def test_requests_after_a_cut_are_answered_as_if_nothing_had_been(live_site):
    # Fills the pool of the web process.
    assert pages(live_site) == {HTTPStatus.OK: AT_ONCE}
    for _ in range(3):
        assert cut() >= 2
        assert status_of(f"{live_site.url}/accounts/login/") == HTTPStatus.OK
        assert cut() >= 1
        assert pages(live_site) == {HTTPStatus.OK: AT_ONCE}


def test_a_request_that_is_cut_off_gets_our_own_page_and_changes_nothing(live_site):
    person = UserFactory(username="ana", full_name="Ana", creator=True)
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    UserProfile.of(person)
    cookies = _signed_in(person)
    answers = []
    with transaction.atomic():
        # The account is stored first, then the profile, which waits for us.
        UserProfile.objects.select_for_update().get(user=person)
        asking = threading.Thread(target=lambda: answers.append(_change_name(live_site, cookies, "Boris")))
        asking.start()
        deadline = time.monotonic() + 30
        while not cut(only_waiting=True):
            assert time.monotonic() < deadline, "Nobody waited for the row."
            time.sleep(0.1)
    asking.join(60)
    status, headers, body = answers[0]
    assert (status, headers["Retry-After"]) == (HTTPStatus.SERVICE_UNAVAILABLE, "5")
    assert "We are back in a moment" in body
    assert "Traceback" not in body
    person.refresh_from_db()
    assert person.full_name == "Ana"
    # The person sends it again, and now it is done.
    assert _change_name(live_site, cookies, "Boris")[0] == HTTPStatus.OK
    person.refresh_from_db()
    assert person.full_name == "Boris"


def _signed_in(person: User) -> dict[str, str]:
    client = Client()
    client.get("/accounts/login/")
    assert client.login(username=person.username, password=PASSWORD)
    client.get("/dashboard/settings/")
    return {name: client.cookies[name].value for name in (settings.SESSION_COOKIE_NAME, "csrftoken")}


def _change_name(site, cookies: dict[str, str], name: str) -> tuple[int, dict, str]:
    """Send the settings' form, as a browser does."""
    token = cookies["csrftoken"]
    form = {
        "csrfmiddlewaretoken": token,
        "full_name": name,
        "username": "ana",
        "bio": "",
        "mature_content": "blur",
    }
    request = urllib.request.Request(
        f"{site.url}/dashboard/settings/",
        data=urllib.parse.urlencode(form).encode(),
        headers={"Cookie": "; ".join(f"{key}={value}" for key, value in cookies.items())},
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read().decode()
