"""The demo's news: written once, sent once, and to nobody outside."""

import pytest
from django.utils import timezone

from config.demo import mailing
from config.demo.accounts import ensure_demo_accounts, ensure_member
from config.demo.catalogue.society import MEMBERS
from core.models import OutgoingMail
from support.models import MailCampaign, MailDelivery

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    found = ensure_demo_accounts()
    for entry in MEMBERS[:3]:
        ensure_member(entry)
    return found


def test_one_campaign_was_sent_in_the_past_and_one_is_being_written(people, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    for _ in range(2):
        mailing.write(people)
    draft, sent = MailCampaign.objects.order_by("pk")
    assert (draft.status, sent.status) == ("draft", "sent")
    assert sent.finished_at < timezone.now()
    assert set(sent.deliveries.values_list("status", flat=True)) == {MailDelivery.Status.SENT}
    assert sent.figures == {"sent": sent.deliveries.count()}
    assert not OutgoingMail.objects.exists()


def test_nothing_leaves_where_mails_leave_for_real(people, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    mailing.write(people)
    assert MailCampaign.objects.get().is_draft
