"""The site is closed for a while: to whom, and what they are told."""

from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.utils import timezone

from core import maintenance
from core.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_file(settings, tmp_path):
    settings.MAINTENANCE_FILE = tmp_path / "maintenance.json"


def person(**fields):
    return get_user_model().objects.create_user(
        username="ana", email="ana@example.org", password="long enough to be one", **fields
    )


def run(*arguments) -> str:
    out = StringIO()
    call_command("maintenance", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("path", ["/", "/marketplace/", "/status/", "/no-such-page/", "/admin/"])
def test_visitors_read_what_is_going_on_everywhere(client, path):
    maintenance.begin(message="We move to <larger> machines.")
    answer = client.get(path)
    assert answer.status_code == 503
    assert answer["Retry-After"] == str(maintenance.UNKNOWN)
    assert answer["Cache-Control"] == "no-store"
    assert "We move to &lt;larger&gt; machines." in answer.content.decode()


def test_somebody_signed_in_who_is_no_staff_waits_as_well(client):
    maintenance.begin()
    client.force_login(person())
    answer = client.get("/")
    assert answer.status_code == 503
    assert "Nothing of yours is lost" in answer.content.decode()


def test_what_is_sent_is_not_taken_and_is_told_to_come_again(client):
    maintenance.begin(until=timezone.now() + timedelta(hours=1))
    answer = client.post("/payments/webhooks/sandbox/", b"{}", content_type="application/json")
    assert answer.status_code == 503
    assert 3590 <= int(answer["Retry-After"]) <= 3600


def test_a_database_that_is_away_changes_nothing_of_it(client, settings):
    settings.SESSION_ENGINE = "core.tests.broken_sessions"
    maintenance.begin()
    client.cookies[settings.SESSION_COOKIE_NAME] = "anybody"
    assert client.get("/").status_code == 503


def test_staff_get_in_and_pass(client):
    person(is_staff=True)
    maintenance.begin()
    assert client.get("/accounts/login/").status_code == 200
    client.force_login(get_user_model().objects.get())
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("path", ["/healthz", "/metrics"])
def test_machines_are_answered_all_the_same(client, path):
    maintenance.begin()
    assert client.get(path).status_code == 200


def test_an_open_site_asks_nobody(client):
    assert maintenance.current() is None
    assert client.get("/about/").status_code == 200


@pytest.mark.parametrize("content", ["", "{", "[]", '{"until": "soon"}', '{"message": 7, "until": null}'])
def test_a_file_made_by_hand_closes_the_site_whatever_it_holds(content):
    maintenance.begin()
    path = Path(maintenance.settings.MAINTENANCE_FILE)
    path.unlink()
    path.write_text(content)
    assert maintenance.current() is not None
    assert maintenance.current().until is None


def test_the_command_closes_and_opens_and_writes_it_down():
    assert run() == "The site is open.\n"
    assert run("on", "--message", "New disks.", "--until", "2099-01-31 18:30") == (
        "The site is closed until 2099-01-31 18:30 UTC. New disks.\n"
    )
    assert maintenance.current().retry_after() == maintenance.MOST
    assert run() == "The site is closed until 2099-01-31 18:30 UTC. New disks.\n"
    assert run("off") == "The site is open.\n"
    entries = AuditEntry.objects.order_by("pk").values_list("action", flat=True)
    assert list(entries) == ["maintenance on", "maintenance off"]


def test_an_hour_that_has_passed_is_tomorrows():
    hour = timezone.now() - timedelta(minutes=2)
    run("on", "--until", f"{hour:%H:%M}")
    assert timedelta(hours=23) < maintenance.current().until - timezone.now() < timedelta(hours=24)


@pytest.mark.parametrize("until", ["later", "2001-01-01 10:00", "25:00"])
def test_an_end_that_is_none_is_refused_and_the_site_stays_open(until):
    with pytest.raises(CommandError):
        run("on", "--until", until)
    assert maintenance.current() is None


def test_an_open_site_cannot_be_opened():
    with pytest.raises(CommandError, match="open already"):
        run("off")
