"""What machines are told, and what strangers are not."""

import pytest
from django.db import connection

from core import metrics
from core.models import OutgoingMail

pytestmark = pytest.mark.django_db

STRANGER = {"REMOTE_ADDR": "203.0.113.9"}
TOKEN = "a token of some length"


def figures(client, **extra) -> dict[str, float]:
    text = client.get("/metrics", **extra).content.decode()
    return {
        name: float(value)
        for name, _, value in (line.rpartition(" ") for line in text.splitlines() if not line.startswith("#"))
    }


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_a_stranger_learns_whether_and_not_what(client, path):
    assert list(client.get(path, **STRANGER).json()) == ["ok"]


def test_behind_a_proxy_of_this_machine_everybody_is_a_stranger(client):
    assert list(client.get("/readyz", headers={"X-Forwarded-For": "203.0.113.9"}).json()) == ["ok"]
    assert client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 404


@pytest.mark.parametrize("shown", ["", "Bearer wrong", "Bearer ", "Basic " + TOKEN])
def test_figures_are_nothing_that_strangers_find(client, settings, shown):
    settings.METRICS_TOKEN = TOKEN
    assert client.get("/metrics", headers={"Authorization": shown}, **STRANGER).status_code == 404


def test_without_a_token_none_is_the_right_one(client, settings):
    settings.METRICS_TOKEN = ""
    assert client.get("/metrics", headers={"Authorization": "Bearer "}, **STRANGER).status_code == 404


def test_a_site_without_workers_serves_and_is_not_ready(client):
    assert (client.get("/healthz").status_code, client.get("/healthz").json()) == (
        200,
        {"ok": True, "failed": []},
    )
    ready = client.get("/readyz")
    assert ready.status_code == 503
    assert ready.json() == {"ok": False, "failed": ["workers"]}
    assert "no-store" in ready["Cache-Control"]


@pytest.mark.django_db(databases=[])
def test_a_process_without_its_database_does_not_serve(client):
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json() == {"ok": False, "failed": ["database"]}


def test_who_shows_the_token_reads_the_figures_from_anywhere(client, settings):
    settings.METRICS_TOKEN = TOKEN
    extra = {**STRANGER, "headers": {"Authorization": f"Bearer {TOKEN}"}}
    assert figures(client, **extra)["lathe_mail_due"] == 0
    assert client.get("/readyz", **extra).json()["failed"] == ["workers"]


@pytest.mark.django_db(transaction=True)
def test_requests_and_what_waits_are_in_it(client):
    asked = 'lathe_requests_total{method="GET",status="200",view="about"}'
    before = figures(client).get(asked, 0)
    client.get("/about/")
    client.generic("MADE-UP-METHOD", "/about/")
    OutgoingMail.objects.create(kind="a/b", to_address="ana@example.org", subject="Hi", text="Hi")
    after = figures(client)
    assert after[asked] == before + 1
    assert 'lathe_requests_total{method="other",status="405",view="about"}' in after
    assert after['lathe_request_seconds_count{view="about"}'] >= 2
    assert after["lathe_mail_due"] == 1
    assert after['lathe_queue_jobs{queue="mail"}'] == 0
    assert after['lathe_up{part="database"}'] == after['lathe_up{part="redis"}'] == 1
    assert after['lathe_disk_free_bytes{folder="private"}'] > 0


def test_what_a_transaction_takes_back_was_never_counted(client, django_capture_on_commit_callbacks):
    counted = 'lathe_orders_total{outcome="test"}'
    with django_capture_on_commit_callbacks(execute=False):
        metrics.count(metrics.ORDERS, "test")
    assert counted not in figures(client)
    with django_capture_on_commit_callbacks(execute=True):
        metrics.count(metrics.ORDERS, "test")
    assert figures(client)[counted] == 1


def test_what_was_open_in_a_process_that_has_ended_is_open_no_more(client):
    left = metrics.FOLDER / f"gauge_livesum_{metrics._HOST}-4194304.db"
    left.write_bytes(b"")
    client.get("/metrics")
    assert not left.exists()


def test_asking_leaves_no_connection_behind(client):
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        before = cursor.fetchone()[0]
        for _ in range(5):
            client.get("/healthz")
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        assert cursor.fetchone()[0] <= before + 1
