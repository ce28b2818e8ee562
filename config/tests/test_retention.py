"""What is thrown away by age, and what is not."""

from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone

from accounts.models import Notification
from accounts.tests.factories import UserFactory
from config import retention
from config.tasks import clear_away
from core.models import OutgoingMail

pytestmark = pytest.mark.django_db


def mail(days: float, status: str) -> OutgoingMail:
    return OutgoingMail.objects.create(
        kind=f"a/{status}",
        to_address="ana@example.org",
        subject="Hi",
        text="Hi",
        status=status,
        created_at=timezone.now() - timedelta(days=days),
    )


def test_what_may_still_be_needed_stays(settings):
    settings.MAIL_KEPT_DAYS = settings.NOTIFICATIONS_KEPT_DAYS = 10
    user = UserFactory()
    old = timezone.now() - timedelta(days=11)
    user.notifications.create(kind=Notification.Kind.SALE, title="Unread", created_at=old)
    user.notifications.create(kind=Notification.Kind.SALE, title="New", is_read=True)
    mail(11, "queued"), mail(11, "sending"), mail(9, "sent")
    Session.objects.create(session_key="valid", expire_date=timezone.now() + timedelta(days=1))
    clear_away()
    assert user.notifications.count() == 2
    assert OutgoingMail.objects.count() == 3
    assert Session.objects.filter(session_key="valid").exists()


def test_what_has_been_kept_for_its_time_goes_batch_by_batch(settings, monkeypatch):
    settings.MAIL_KEPT_DAYS = settings.NOTIFICATIONS_KEPT_DAYS = 10
    monkeypatch.setattr(retention, "BATCH", 2)
    user = UserFactory()
    old = timezone.now() - timedelta(days=11)
    for number in range(5):
        user.notifications.create(kind=Notification.Kind.SALE, title="Read", is_read=True, created_at=old)
        Session.objects.create(session_key=f"ended{number}", expire_date=timezone.now() - timedelta(days=1))
    mail(11, "sent"), mail(11, "failed"), mail(11, "suppressed")
    counted = StringIO()
    call_command("retention", "--dry-run", stdout=counted)
    assert user.notifications.count() == 5
    assert "5 notifications that were read, would be deleted (kept 10 days)" in counted.getvalue()
    clear_away()
    assert not user.notifications.exists()
    assert not OutgoingMail.objects.exists()
    assert not Session.objects.exists()
