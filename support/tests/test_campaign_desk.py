"""Page 59: campaigns in the console."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.tests.factories import UserFactory
from core.models import AuditEntry, MailSuppression, OutgoingMail
from support.admin.campaign_forms import CampaignForm
from support.models import MailCampaign
from support.tests.mailing import a_campaign, begun, wants_news
from support.tests.test_admin import press

pytestmark = pytest.mark.django_db

EMAILS = "/admin/emails/"
ADD = "/admin/support/mailcampaign/add/"
FIELDS = {
    "subject": "News of spring",
    "preheader": "",
    "text": "## Hello\r\n\r\n{name}",
    "segment": "all",
    "country": "",
    "active_days": "",
    "mails_a_minute": "600",
}
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>"


@pytest.fixture
def mailer(client):
    user = UserFactory(staff=True, full_name=HOSTILE)
    user.groups.add(Group.objects.get(name="Mail"))
    client.force_login(user)
    return user


def page_of(campaign, name="change") -> str:
    return reverse(f"admin:support_mailcampaign_{name}", args=[campaign.pk])


@pytest.mark.parametrize("role", ["Moderators", "Support agents", "Finance", "Editors"])
def test_other_roles_neither_see_nor_send(client, role):
    user = UserFactory(staff=True)
    user.groups.add(Group.objects.get(name=role))
    client.force_login(user)
    campaign = a_campaign()
    list_of_them = "/admin/support/mailcampaign/"
    for address in (EMAILS, list_of_them, ADD, page_of(campaign), page_of(campaign, "frame")):
        assert client.get(address).status_code == 403
    assert press(client, "send_now", campaign).status_code == 403
    assert client.post("/admin/support/mailcampaign/preview/", {"text": "x"}).status_code == 403
    campaign.refresh_from_db()
    assert campaign.is_draft


def test_a_campaign_is_written_looked_at_tried_out_and_sent(client, mailer):
    reader = wants_news()
    assert "Nothing has been written yet" in client.get(EMAILS).content.decode()
    assert client.post(ADD, FIELDS).status_code == 302
    campaign = MailCampaign.objects.get()
    assert (campaign.created_by, campaign.text) == (mailer, "## Hello\n\n{name}\n")
    page = client.get(page_of(campaign)).content.decode()
    assert "Would go to <b>1</b> person" in page
    assert 'title="The mail on a phone"' in page
    framed = client.get(page_of(campaign, "frame")).content.decode()
    assert "&lt;script&gt;" in framed
    assert "<script" not in framed
    assert press(client, "try_out", campaign).status_code == 302
    assert OutgoingMail.objects.get().recipient == mailer
    assert press(client, "send_now", campaign).status_code == 302
    campaign.refresh_from_db()
    assert campaign.is_sending
    progress = client.get(page_of(campaign, "progress")).content.decode()
    assert "every 3s" in progress
    assert "Being sent" in progress
    assert reader.email not in progress
    changed = client.post(page_of(campaign), FIELDS | {"subject": "Other"})
    assert changed.status_code == 403, "what people get is what was tried out"
    assert client.post(reverse("admin:support_mailcampaign_delete", args=[campaign.pk])).status_code == 403
    mine = AuditEntry.objects.filter(actor=mailer, action__startswith="campaign.").order_by("pk")
    assert list(mine.values_list("action", flat=True)) == [
        "campaign.write",
        "campaign.try_out",
        "campaign.start",
    ]


def test_it_is_scheduled_halted_and_called_off(client, mailer):
    campaign = a_campaign()
    address = page_of(campaign, "schedule")
    past = (timezone.now() - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    ahead = (timezone.now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    for at, state in ((past, "draft"), ("soon", "draft"), (ahead, "scheduled")):
        client.post(address, {"_form_submitted": "1", "at": at})
        campaign.refresh_from_db()
        assert campaign.status == state
    assert press(client, "send_now", campaign).status_code == 302
    for button, state in (("halt", "paused"), ("go_on", "sending"), ("call_off", "cancelled")):
        press(client, button, campaign)
        campaign.refresh_from_db()
        assert campaign.status == state
    press(client, "go_on", campaign)
    campaign.refresh_from_db()
    assert campaign.status == "cancelled"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("subject", ""),
        ("subject", "x" * 161),
        ("text", " "),
        ("text", "x" * 20_001),
        ("segment", "enemies"),
        ("country", "XX"),
        ("active_days", "0"),
        ("active_days", "-3"),
        ("mails_a_minute", "0"),
        ("mails_a_minute", "1e9"),
        ("mails_a_minute", "60001"),
    ],
)
def test_what_makes_no_sense_is_refused_beside_its_field(client, mailer, field, value):
    answer = client.post(ADD, FIELDS | {field: value})
    assert answer.status_code == 200
    assert field in answer.context["adminform"].form.errors
    assert not MailCampaign.objects.exists()


def test_words_that_want_to_be_markup_stay_words(client, mailer):
    campaign = a_campaign(subject=HOSTILE, preheader=HOSTILE, text=f"{HOSTILE}\n\n[x](javascript:alert(1))")
    pages = [EMAILS, page_of(campaign), page_of(campaign, "frame"), page_of(campaign, "progress")]
    shown = [client.get(page).content.decode() for page in pages]
    shown.append(
        client.post("/admin/support/mailcampaign/preview/", {"text": campaign.text}).content.decode()
    )
    for page in shown:
        assert HOSTILE not in page
        assert "onerror=alert(1)>" not in page
        assert 'href="javascript' not in page


def test_the_list_asks_as_much_for_many_as_for_one(client, mailer):
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(EMAILS).status_code == 200
        return len(asked)

    wants_news()
    begun()
    client.get(EMAILS)
    few = queries()
    for _ in range(24):
        begun()
    assert queries() == few


def test_stopped_addresses_are_shown_and_let_through_again_with_a_trace(client, mailer):
    MailSuppression.note("gone@example.com", MailSuppression.Cause.BOUNCE, "550 5.1.1")
    row = MailSuppression.objects.get()
    listed = client.get("/admin/core/mailsuppression/").content.decode()
    assert "gone@example.com" in listed
    assert "Mail came back" in listed
    deleting = reverse("admin:core_mailsuppression_delete", args=[row.pk])
    assert client.post(deleting, {"post": "yes"}).status_code == 302
    assert not MailSuppression.objects.exists()
    fields = {"address": "Other@example.com", "reason": "Asked on the phone."}
    assert client.post("/admin/core/mailsuppression/add/", fields).status_code == 302
    assert MailSuppression.objects.get().cause == "staff"
    again = client.post("/admin/core/mailsuppression/add/", fields | {"address": "OTHER@example.com"})
    assert "stopped already" in again.content.decode()
    actions = AuditEntry.objects.filter(actor=mailer).order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["core.mailsuppression.deleted", "core.mailsuppression.added"]


def test_a_form_that_comes_after_the_start_changes_nothing(mailer):
    campaign = a_campaign()
    read = MailCampaign.objects.get(pk=campaign.pk)
    begun(campaign)
    form = CampaignForm({**FIELDS, "subject": "Too late"}, instance=read)
    assert not form.is_valid()
    assert form.non_field_errors() == ["It is no draft any more: nothing of it was changed."]
    campaign.refresh_from_db()
    assert campaign.is_sending
