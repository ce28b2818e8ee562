"""The doctor: what it sees of each part, and what it says to do."""

import json
import socket
from io import StringIO
from unittest.mock import patch

import pytest
from django.core.management import CommandError, call_command

from config import heartbeat
from config.doctor import State, look_over, services
from config.doctor.round import PARTS
from config.status import QUEUES
from core.tests.clamd import clamd
from core.tests.smtp import SmtpServer

pytestmark = pytest.mark.django_db


def seen(part: str) -> list:
    return list(look_over([part]))


def remedies(part: str) -> str:
    return " ".join(finding.remedy for finding in seen(part))


def test_a_site_without_workers_and_beat_is_told_to_start_them():
    assert {finding.state for finding in seen("workers")} == {State.BAD}
    assert "-Q mail" in remedies("workers")
    assert seen("beat")[0].seen == "has never given a sign"
    heartbeat.give_sign()
    assert seen("beat")[0].state is State.GOOD


def test_a_redis_out_of_reach_is_said_and_the_round_goes_on(settings, tmp_path):
    settings.COUNTERS_REDIS_URL = f"unix://{tmp_path}/nobody-listens.sock?db=0"
    findings = list(look_over(["redis", "beat", "database"]))
    assert [finding.state for finding in findings] == [State.BAD, State.BAD, State.GOOD], findings
    assert "REDIS_URL" in findings[0].remedy


@pytest.mark.django_db(databases=[])
def test_a_database_out_of_reach_is_said():
    (finding,) = seen("database")
    assert finding.state is State.BAD
    assert "DATABASE_URL" in finding.remedy


def test_a_storage_that_cannot_be_written_to_is_said(settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "private": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": "/proc/nowhere"},
        },
    }
    (finding,) = seen("storage")
    assert finding.state is State.BAD
    assert "may this user write" in finding.remedy


def test_a_storage_is_left_as_it_was(settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        **{
            alias: {
                "BACKEND": "django.core.files.storage.FileSystemStorage",
                "OPTIONS": {"location": tmp_path / alias},
            }
            for alias in ("default", "private")
        },
    }
    assert {finding.state for finding in seen("storage")} == {State.GOOD}
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_mail_server_is_greeted_and_a_missing_one_named(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    assert "/dev/mail/" in seen("mail")[0].seen
    server = SmtpServer()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, 5
    assert seen("mail")[0].state is State.BAD
    assert "EMAIL_URL" in remedies("mail")
    server.start()
    try:
        assert seen("mail")[0].state is State.GOOD
        assert server.mails == []
    finally:
        server.stop()


def test_a_malware_scanner_is_greeted_where_there_is_one_and_a_silent_or_missing_one_named(settings):
    settings.CLAMD = ""
    assert (seen("scanner")[0].state, "CLAMD" in seen("scanner")[0].seen) == (State.GOOD, True)
    with clamd() as server:
        settings.CLAMD = server.address
        assert seen("scanner")[0].state is State.GOOD
        assert server.seen == []
        server.hangs_up = True
        (finding,) = seen("scanner")
        assert (finding.state, "CLAMD has to name" in finding.remedy) == (State.BAD, True)
    (finding,) = seen("scanner")
    assert (finding.state, "Is clamd running" in finding.remedy) == (State.BAD, True)
    # It takes connections, and says nothing.
    with socket.create_server(("127.0.0.1", 0)) as mute, patch.object(services, "SCANNER_SECONDS", 0.1):
        settings.CLAMD = f"127.0.0.1:{mute.getsockname()[1]}"
        assert seen("scanner")[0].state is State.BAD


@pytest.mark.parametrize("part", ["settings", "clock", "disk", "database", "migrations"])
def test_what_is_in_order_says_what_was_seen(part):
    findings = seen(part)
    assert {finding.state for finding in findings} <= {State.GOOD, State.WARNING}, findings
    assert all(finding.seen for finding in findings)


def test_whatever_is_not_well_comes_with_a_remedy():
    parts = [part for part in PARTS if part != "tools"]
    unwell = [finding for finding in look_over(parts) if finding.state is not State.GOOD]
    assert unwell
    assert all(finding.remedy for finding in unwell)


def test_the_command_ends_with_what_failed_and_speaks_to_machines_too():
    out = StringIO()
    # A worker of each queue is missing, and beat.
    missing = len(QUEUES) + 1
    with pytest.raises(CommandError, match=rf"^{missing} failed\.$"):
        call_command("doctor", "--only", "migrations", "workers", "beat", "--json", stdout=out)
    said = [json.loads(line) for line in out.getvalue().splitlines()]
    assert said[0] == {"part": "migrations", "state": "ok", "seen": "all are applied", "remedy": ""}
    assert [line["state"] for line in said[1:]] == ["failed"] * missing
