"""Campaigns: who gets them, what they get, and that nobody gets one twice."""

from datetime import timedelta

import pytest
from django.conf import settings as site
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import UserProfile
from accounts.preferences import channels_of
from accounts.tests.factories import UserFactory
from commerce.tests.factories import purchase_of
from commerce.tests.plans import first_plans, subscribed
from core.models import AuditEntry, MailSuppression, OutgoingMail
from core.tests.smtp import SmtpServer
from marketplace.tests.factories import Model3DFactory
from support.actions import campaigns
from support.exceptions import CampaignRefused
from support.mailing import gathering
from support.mailing.figures import progress_of
from support.mailing.segments import NEWS, people_of
from support.mailing.sending import INTERRUPTED, send_slice
from support.models import MailCampaign, MailDelivery, Segment
from support.tasks import queue_campaign, tend_campaigns
from support.tests.mailing import a_campaign, begun, wants_news

pytestmark = pytest.mark.django_db

Status, Fate = MailCampaign.Status, MailDelivery.Status
BROKER = 1


@pytest.fixture
def smtp(settings):
    server = SmtpServer.serve(settings)
    yield server
    server.stop()


@pytest.fixture
def staff():
    return UserFactory(admin=True)


def fates(campaign) -> dict:
    return dict(campaign.deliveries.order_by("pk").values_list("person__username", "status"))


def now_in(campaign, status) -> bool:
    campaign.refresh_from_db()
    return campaign.status == status


# Who


def test_nobody_gets_news_who_has_not_asked_or_cannot_be_written_to():
    ana = wants_news(username="ana")
    UserFactory(username="never-asked")
    unconfirmed, closed, bounced, changed = (wants_news() for _ in range(4))
    unconfirmed.emailaddress_set.update(verified=False)
    type(closed).objects.filter(pk=closed.pk).update(is_active=False)
    MailSuppression.note(bounced.email.upper(), MailSuppression.Cause.COMPLAINT)
    type(changed).objects.filter(pk=changed.pk).update(email="other@example.com")
    assert list(people_of(a_campaign())) == [ana]


def test_each_segment_has_its_people():
    plans = first_plans()
    creator, buyer, payer, away = (wants_news() for _ in range(4))
    creator.become_creator()
    purchase_of(buyer, Model3DFactory(listed=True))
    subscribed(payer, plans["pro"])
    for person in (creator, buyer, payer):
        type(person).objects.filter(pk=person.pk).update(last_login=timezone.now())
    type(away).objects.filter(pk=away.pk).update(last_login=timezone.now() - timedelta(days=40))
    UserProfile.objects.create(user=away, country="portugal")

    def of(**fields):
        return set(people_of(MailCampaign(**fields)))

    assert of(segment=Segment.ALL) == {creator, buyer, payer, away}
    assert of(segment=Segment.CREATORS) == {creator}
    assert of(segment=Segment.BUYERS) == {buyer}
    assert of(segment=Segment.SUBSCRIBERS) == {payer}
    assert of(active_days=30) == {creator, buyer, payer}
    assert of(country="PT") == {away}
    assert of(country="SE") == set()


# What


def test_everybody_gets_their_own_mail_with_a_way_out_that_works(smtp):
    ana = wants_news(username="ana", full_name="Ana <Ruiz>\r\nBcc: all@example.com")
    campaign = begun()
    assert send_slice(campaign.pk) is False
    assert now_in(campaign, Status.SENT)
    (mail,) = smtp.mails
    assert smtp.recipients == [ana.email]
    assert mail["Subject"] == "News of spring for Ana <Ruiz> Bcc: all@example.com"
    assert mail["Message-ID"] == campaign.deliveries.get().message_id
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    html = mail.get_body(["html"]).get_content()
    assert "Hello Ana &lt;Ruiz&gt;" in html
    assert f'href="{site.SITE_URL.rstrip("/")}/blog/"' in html
    assert "<strong>spring</strong>" in html
    way_out = mail["List-Unsubscribe"].strip(" <>")
    for part in (html, mail.get_body(["plain"]).get_content()):
        assert way_out in part.replace("\r\n", "")
        assert "mark" not in part
    stranger = Client(enforce_csrf_checks=True)
    assert stranger.post(way_out.removeprefix(site.SITE_URL.rstrip("/"))).status_code == 200
    assert not channels_of(ana, NEWS).by_mail
    assert not people_of(campaign).exists()


def test_a_test_goes_to_whoever_asks_and_to_nobody_else(staff):
    wants_news()
    campaigns.try_out(campaign=a_campaign(), by=staff)
    mail = OutgoingMail.objects.get()
    assert (mail.recipient, mail.subject) == (staff, f"[Test] News of spring for {staff.display_name}")
    with pytest.raises(CampaignRefused, match="no e-mail address"):
        campaigns.try_out(campaign=a_campaign(), by=UserFactory(email=""))


# Between queueing and sending


def test_what_has_changed_since_it_was_queued_counts(smtp):
    stays, ended, closed, bounced = (wants_news(username=name) for name in ("a", "b", "c", "d"))
    campaign = begun()
    gathering.gather_some(campaign.pk)
    assert campaign.deliveries.count() == 4
    ended.notification_preferences.update(by_mail=False)
    type(closed).objects.filter(pk=closed.pk).update(is_active=False)
    MailSuppression.note(bounced.email, MailSuppression.Cause.BOUNCE)
    send_slice(campaign.pk)
    assert smtp.recipients == [stays.email]
    assert fates(campaign) == {"a": "sent", "b": "skipped", "c": "skipped", "d": "skipped"}
    reasons = campaign.deliveries.exclude(reason="").order_by("pk").values_list("reason", flat=True)
    assert [reason.split()[0] for reason in reasons] == ["Does", "The", "Nothing"]
    progress = progress_of([campaign])[campaign.pk]
    assert (progress.sent, progress.skipped, progress.waiting, progress.total) == (1, 3, 0, 4)


def test_people_are_written_down_a_few_at_a_time_and_each_once(monkeypatch):
    monkeypatch.setattr(gathering, "PEOPLE_AT_A_TIME", 2)
    for _ in range(5):
        wants_news()
    campaign = begun()
    assert gathering.gather_some(campaign.pk) is True
    # As if the process had ended between two steps, and a second had begun from the start.
    MailCampaign.objects.filter(pk=campaign.pk).update(gathered_to=0)
    while gathering.gather_some(campaign.pk):
        pass
    assert campaign.deliveries.count() == 5


# Once


def test_a_campaign_that_is_sent_again_sends_nothing_more(smtp):
    wants_news()
    campaign = begun()
    for _ in range(3):
        send_slice(campaign.pk)
    assert len(smtp.mails) == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        MailDelivery.objects.create(campaign=campaign, person=campaign.deliveries.get().person)


def test_a_mail_that_lost_its_process_is_left_to_a_person_who_sends_it_with_the_same_id(smtp, staff):
    wants_news()
    campaign = begun()
    gathering.gather_some(campaign.pk)
    delivery = campaign.deliveries.get()
    assert delivery.claim() is True
    assert delivery.claim() is False
    send_slice(campaign.pk)
    delivery.refresh_from_db()
    assert (delivery.status, delivery.reason) == (Fate.UNKNOWN, INTERRUPTED)
    assert smtp.mails == []
    assert now_in(campaign, Status.SENT)
    assert campaigns.send_doubtful(campaign=campaign, by=staff, queue=lambda pk: None) == 1
    send_slice(campaign.pk)
    assert [mail["Message-ID"] for mail in smtp.mails] == [delivery.message_id]
    with pytest.raises(CampaignRefused, match="known"):
        campaigns.send_doubtful(campaign=campaign, by=staff, queue=lambda pk: None)


def test_whoever_sent_it_knows_better_than_who_gave_it_up(smtp):
    wants_news()
    campaign = begun()
    gathering.gather_some(campaign.pk)
    delivery = campaign.deliveries.get()
    delivery.claim()
    delivery.mark_unknown("It took too long.")
    delivery.mark_sent()
    assert fates(campaign).popitem()[1] == "sent"


# The mail server


def test_answers_of_the_mail_server_decide_about_each_mail(smtp):
    names = ("later", "never", "gone", "lost", "fine")
    people = {name: wants_news(username=name) for name in names}
    smtp.refused[people["later"].email] = "451 4.3.0 Try again"
    smtp.refused[people["never"].email] = "554 5.7.1 We do not like you"
    smtp.refused[people["gone"].email] = "550 5.1.1 Nobody of this name"
    campaign = begun()
    smtp.answers = [SmtpServer.HANG_UP]
    send_slice(campaign.pk)
    assert fates(campaign) == {
        "later": "queued",
        "never": "failed",
        "gone": "failed",
        "lost": "unknown",
        "fine": "sent",
    }
    assert [row.address for row in MailSuppression.objects.all()] == [people["gone"].email]
    assert now_in(campaign, Status.SENDING), "one of them is tried again"
    smtp.refused.clear()
    campaign.deliveries.update(send_at=timezone.now())
    send_slice(campaign.pk)
    assert now_in(campaign, Status.SENT)
    assert campaign.figures == {"sent": 2, "failed": 2, "unknown": 1}


def test_a_mail_server_that_is_away_costs_no_mail_and_is_asked_again_later(smtp, settings, staff):
    wants_news()
    campaign = begun()
    settings.EMAIL_PORT = SmtpServer.free_port()
    assert send_slice(campaign.pk) is False
    assert now_in(campaign, Status.SENDING)
    assert "refused" in campaign.last_error
    assert campaign.retry_at > timezone.now()
    assert not MailCampaign.objects.under_way(timezone.now()).exists()
    assert fates(campaign).popitem()[1] == "queued"
    settings.EMAIL_PORT = smtp.port
    assert send_slice(campaign.pk) is False, "it waits"
    campaigns.resume(campaign=campaign, by=staff, queue=lambda pk: None)
    send_slice(campaign.pk)
    assert now_in(campaign, Status.SENT)
    assert (campaign.last_error, campaign.failures, len(smtp.mails)) == ("", 0, 1)


def test_a_server_that_takes_nothing_from_us_is_left_alone_for_a_while(smtp):
    people = [wants_news() for _ in range(5)]
    for person in people:
        smtp.refused[person.email] = "421 4.7.0 Too many mails"
    campaign = begun()
    send_slice(campaign.pk)
    assert now_in(campaign, Status.SENDING)
    assert campaign.retry_at > timezone.now()
    assert campaign.deliveries.filter(attempts=1).count() == 3, "the others were not even tried"


# Halting and the clock


def test_a_campaign_that_is_halted_or_called_off_sends_no_further_mail(smtp, staff):
    wants_news()
    campaign = begun()
    gathering.gather_some(campaign.pk)
    campaigns.pause(campaign=campaign, by=staff)
    assert campaign.deliveries.get().claim() is False
    assert send_slice(campaign.pk) is False
    campaigns.resume(campaign=campaign, by=staff, queue=lambda pk: None)
    campaigns.cancel(campaign=campaign, by=staff)
    send_slice(campaign.pk)
    assert smtp.mails == []
    for step in (campaigns.pause, campaigns.cancel):
        with pytest.raises(CampaignRefused, match="cancelled"):
            step(campaign=campaign, by=staff)
    steps = AuditEntry.objects.filter(actor=staff).order_by("pk").values_list("action", flat=True)
    assert list(steps) == ["campaign.pause", "campaign.resume", "campaign.cancel"]


def test_it_keeps_its_pace(smtp):
    for _ in range(4):
        wants_news()
    # One every two seconds, in two slices of half a second.
    campaign = begun(mails_a_minute=30)
    for _ in range(2):
        assert send_slice(campaign.pk, seconds=0.5) is True
    assert len(smtp.mails) == 1, "the pace holds from slice to slice"
    assert campaign.deliveries.filter(status=Fate.QUEUED).count() == 3


def test_a_scheduled_campaign_begins_at_its_hour_once_and_goes_on_when_its_worker_is_gone(
    staff, redis_databases, django_capture_on_commit_callbacks
):
    campaign, now = a_campaign(), timezone.now()
    for at in (now - timedelta(minutes=1), now + timedelta(days=800)):
        with pytest.raises(CampaignRefused, match="hour"):
            campaigns.schedule(campaign=campaign, at=at, by=staff)
    campaigns.schedule(campaign=campaign, at=now + timedelta(hours=1), by=staff)
    tend_campaigns()
    assert now_in(campaign, Status.SCHEDULED)
    campaigns.unschedule(campaign=campaign, by=staff)
    campaigns.schedule(campaign=campaign, at=now + timedelta(hours=1), by=staff)
    MailCampaign.objects.update(scheduled_at=now)
    with django_capture_on_commit_callbacks(execute=True):
        tend_campaigns()
    assert now_in(campaign, Status.SENDING)
    tend_campaigns()
    assert redis_databases[BROKER].llen("bulk") == 1, "it stands in line once"
    MailCampaign.objects.update(turn_at=now - timedelta(minutes=6))
    tend_campaigns()
    assert redis_databases[BROKER].llen("bulk") == 2
    campaign.refresh_from_db()
    assert not MailCampaign.objects.touch(campaign.pk, campaign.turn - 1), "the earlier turn counts no more"
    queue_campaign(campaign.pk)
    assert MailCampaign.objects.touch(campaign.pk, campaign.turn + 1)


@pytest.mark.parametrize(
    "fields",
    [
        {"subject": ""},
        {"text": ""},
        {"mails_a_minute": 0},
        {"mails_a_minute": 60_001},
        {"segment": "enemies"},
        {"status": "lost"},
        {"status": Status.SENDING},
        {"status": Status.SCHEDULED},
        {"status": Status.SENT, "started_at": timezone.now()},
    ],
)
def test_the_database_refuses_what_makes_no_sense(fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        a_campaign(**fields)
