"""What a mail provider says of bounces and complaints: believed only of the provider itself."""

import base64
import hashlib
import hmac
import json

import pytest
from django.core.checks import run_checks
from django.urls import reverse

from core.models import MailSuppression

pytestmark = pytest.mark.django_db

SECRET = "lathe:a-long-and-random-password"
KEY = "signing-key"
BOUNCED = {
    "RecordType": "Bounce",
    "Type": "HardBounce",
    "ID": 42,
    "Email": "Gone@example.com",
    "Details": "smtp;550 5.1.1 The address does not exist",
    "BouncedAt": "2026-05-04T09:30:00Z",
}
COMPLAINED = BOUNCED | {"RecordType": "SpamComplaint", "Type": "SpamComplaint", "Email": "cross@example.com"}


@pytest.fixture
def provider(settings):
    """Makes one provider the one that carries our mails."""

    def choose(name: str) -> str:
        settings.MAIL_PROVIDER = name
        settings.MAIL_WEBHOOK_SECRET = SECRET
        settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET, "MAILGUN_WEBHOOK_SIGNING_KEY": KEY}
        return name

    return choose


def told(client, name: str, event, secret: str = SECRET):
    head = {"Authorization": f"Basic {base64.b64encode(secret.encode()).decode()}"} if secret else {}
    return client.post(
        reverse("mail_events", args=[name]),
        event if isinstance(event, str) else json.dumps(event),
        content_type="application/json",
        headers=head,
    ).status_code


def signed(event: dict, key: str = KEY) -> dict:
    token, timestamp = "t" * 50, "1777000000"
    signature = hmac.new(key.encode(), f"{timestamp}{token}".encode(), hashlib.sha256).hexdigest()
    return {
        "signature": {"timestamp": timestamp, "token": token, "signature": signature},
        "event-data": event,
    }


def test_nobody_is_listened_to_where_no_provider_is_named_or_nothing_proves_that_it_is_it(
    client, provider, settings
):
    assert told(client, "postmark", BOUNCED) == 404
    provider("postmark")
    assert told(client, "mailgun", BOUNCED) == 404
    assert told(client, "nobody", BOUNCED) == 404
    settings.MAIL_WEBHOOK_SECRET = ""
    assert told(client, "postmark", BOUNCED) == 404
    assert not MailSuppression.objects.exists()


def test_a_forged_message_changes_nothing(client, provider):
    provider("postmark")
    for secret in ("", "lathe:guessed", "lathe"):
        assert told(client, "postmark", BOUNCED, secret) == 400
    assert client.get(reverse("mail_events", args=["postmark"])).status_code == 405
    provider("mailgun")
    event = {
        "event": "failed",
        "severity": "permanent",
        "recipient": "a@example.com",
        "timestamp": 1.0,
        "id": "x",
    }
    assert told(client, "mailgun", signed(event, "another key")) == 400
    assert told(client, "mailgun", {"event-data": event}) == 400
    assert not MailSuppression.objects.exists()


@pytest.mark.parametrize(
    "nonsense",
    [
        "",
        "{",
        "[]",
        "null",
        '"x"',
        "{}",
        '{"RecordType": 3}',
        '{"RecordType": "Bounce", "Email": "a\\u0000@b"}',
    ],
)
def test_nonsense_of_the_provider_is_answered_and_stops_nobody(client, provider, nonsense):
    assert told(client, provider("postmark"), nonsense) in {200, 400}
    assert not MailSuppression.objects.exists()


def test_bounces_and_complaints_stop_mail_however_often_they_are_told(client, provider):
    name = provider("postmark")
    for event in (BOUNCED, BOUNCED, COMPLAINED):
        assert told(client, name, event) == 200
    assert dict(MailSuppression.objects.values_list("address", "cause")) == {
        "gone@example.com": "bounce",
        "cross@example.com": "complaint",
    }
    assert "5.1.1" in MailSuppression.objects.of("gone@example.com").get().reason


def test_what_passes_or_was_delivered_stops_nobody(client, provider):
    name = provider("postmark")
    passing = BOUNCED | {"Type": "Transient"}
    delivered = {"RecordType": "Delivery", "Recipient": "a@example.com", "DeliveredAt": BOUNCED["BouncedAt"]}
    for event in (passing, delivered):
        assert told(client, name, event) == 200
    assert not MailSuppression.objects.exists()


def test_a_signed_message_is_believed(client, provider):
    name = provider("mailgun")
    event = {
        "event": "failed",
        "severity": "permanent",
        "reason": "bounce",
        "recipient": "gone@example.com",
        "timestamp": 1777000000.0,
        "id": "abc",
        "delivery-status": {"message": "5.1.1 no such user", "code": 550},
    }
    assert told(client, name, signed(event)) == 200
    assert MailSuppression.objects.get().address == "gone@example.com"


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"MAIL_PROVIDER": "pigeon"}, ["core.E001"]),
        ({"MAIL_PROVIDER": "postmark", "MAIL_WEBHOOK_SECRET": "short:secret"}, ["core.E002"]),
        ({"MAIL_PROVIDER": "mailgun", "MAIL_WEBHOOK_SECRET": SECRET}, ["core.E003"]),
        ({"MAIL_PROVIDER": "postmark", "MAIL_WEBHOOK_SECRET": SECRET}, []),
        ({"MAIL_PROVIDER": ""}, []),
    ],
)
def test_settings_that_would_believe_anybody_are_refused_at_the_start(settings, given, found):
    for name, value in ({"MAIL_WEBHOOK_SECRET": "", "MAIL_WEBHOOK_KEY": ""} | given).items():
        setattr(settings, name, value)
    assert [problem.id for problem in run_checks() if problem.id.startswith("core.")] == found
