"""The outbox: what is written, what leaves, and what never leaves twice."""

import html
import re
import socket
import threading
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.template import TemplateDoesNotExist
from django.utils import timezone

from core.mail import send, unsubscribable
from core.mail_delivery import STUCK_AFTER, deliver, due_mails, give_up_stuck_mail
from core.models import MailSuppression, OutgoingMail
from core.tasks import send_due_mail
from core.tests.smtp import SmtpServer

BROKER = 1


@pytest.fixture
def smtp(settings):
    server = SmtpServer.serve(settings)
    yield server
    server.stop()


@pytest.fixture
def user(db):
    return make_user(full_name="Ana <Ruiz> & Sons")


@pytest.fixture
def mail(user):
    return send(kind="accounts/restored", to=user)


def make_user(**fields):
    return get_user_model().objects.create_user("ana", "ana@example.com", **fields)


def in_state(mail, status):
    mail.refresh_from_db()
    return mail.status == status


def make_due(mail):
    OutgoingMail.objects.filter(pk=mail.pk).update(send_at=timezone.now())


# Writing


def test_a_mail_without_templates_is_refused_and_not_written(user):
    with pytest.raises(TemplateDoesNotExist):
        send(kind="accounts/no_such_mail", to=user)
    assert not OutgoingMail.objects.exists()


def test_a_person_without_an_address_gets_no_mail(user):
    user.email = ""
    with pytest.raises(ValueError, match="no e-mail address"):
        send(kind="accounts/restored", to=user)


def test_a_mail_holds_text_as_written_and_html_escaped(mail):
    assert "Ana <Ruiz> & Sons" in mail.text
    assert "Ana &lt;Ruiz&gt; &amp; Sons" in mail.html
    assert "<Ruiz>" not in mail.html


def test_a_subject_is_one_line_whatever_the_values_hold(user):
    mail = send(
        kind="socialaccount/account_connected", to=user, context={"provider": "Git\r\nBcc: all@example.com"}
    )
    assert mail.subject == "Git Bcc: all@example.com connected"


def test_the_subject_is_the_heading_unless_the_mail_has_its_own(mail):
    heading = re.search(r"<h1[^>]*>(.*?)</h1>", mail.html)[1]
    assert html.unescape(heading) == mail.subject


def test_links_in_mails_are_absolute(mail, settings):
    assert f'href="{settings.SITE_URL}/' in mail.html
    assert 'href="/' not in mail.html


def test_the_same_event_is_written_once(user):
    first = send(kind="accounts/restored", to=user, dedupe_key="welcome:1")
    second = send(kind="accounts/restored", to=user, dedupe_key="welcome:1")
    assert first == second
    assert OutgoingMail.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_event_told_by_many_at_once_is_written_once():
    user = make_user()
    in_threads(8, lambda: send(kind="accounts/restored", to=user, dedupe_key="welcome:1"))
    assert OutgoingMail.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_mail_of_a_rolled_back_transaction_is_neither_kept_nor_queued(redis_databases):
    user = make_user()
    with transaction.atomic():
        send(kind="accounts/restored", to=user)
        transaction.set_rollback(True)
    assert not OutgoingMail.objects.exists()
    assert redis_databases[BROKER].llen("mail") == 0


@pytest.mark.django_db(transaction=True)
def test_a_mail_is_queued_when_its_transaction_commits(redis_databases):
    user = make_user()
    with transaction.atomic():
        send(kind="accounts/restored", to=user)
        assert redis_databases[BROKER].llen("mail") == 0
    assert redis_databases[BROKER].llen("mail") == 1


WAY_OUT = "https://example.com/unsubscribe/x/"


def notice(to) -> OutgoingMail:
    """A mail that its person could do without."""
    with unsubscribable(WAY_OUT):
        return send(kind="accounts/restored", to=to)


def test_what_can_be_ended_waits_in_a_queue_of_its_own(
    user, redis_databases, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        send(kind="accounts/restored", to=user)
        notice(user)
        notice(user)
    assert [redis_databases[BROKER].llen(queue) for queue in ("mail", "bulk")] == [1, 2]


def test_however_many_others_are_due_what_somebody_waits_for_is_among_the_first(user):
    for _ in range(3):
        notice(user)
    urgent = send(kind="accounts/restored", to=user)
    assert [mail.is_urgent for mail in due_mails(limit=2)] == [True, False, False]
    assert due_mails(limit=2)[0] == urgent


def test_a_mail_is_written_in_the_language_asked_for_and_in_english_where_there_is_none(
    user, settings, tmp_path
):
    folder = tmp_path / "accounts" / "email" / "fr"
    folder.mkdir(parents=True)
    (folder / "restored.subject.txt").write_text("Votre compte est ouvert")
    (folder / "restored.txt").write_text(
        "{% now 'F' as month %}Bonjour {{ recipient.display_name }} <{{ month }}>"
    )
    (folder / "restored.html").write_text(
        '{% extends "email/base.html" %}{% block body %}<p>Bonjour {{ recipient.display_name }}</p>{% endblock %}'
    )
    ours = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**ours, "DIRS": [tmp_path, *ours["DIRS"]]}]
    french = send(kind="accounts/restored", to=user, language="fr-ca")
    assert french.subject == "Votre compte est ouvert"
    assert french.text.startswith("Bonjour Ana <Ruiz> & Sons")
    assert '<html lang="fr-ca"' in french.html
    months = {"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre"}
    assert french.text.strip().rpartition("<")[2][:-1] in months | {"novembre", "décembre"}
    assert send(kind="accounts/restored", to=user, language="es").subject.startswith("Your account")


# Sending


def test_a_mail_reaches_the_server_with_text_html_and_a_steady_id(smtp, mail):
    deliver(mail.pk)
    assert in_state(mail, OutgoingMail.Status.SENT)
    (received,) = smtp.mails
    assert smtp.recipients == ["ana@example.com"]
    assert received["Subject"] == mail.subject
    assert received["Message-ID"] == mail.message_id
    assert received.get_body(["plain"]).get_content().split() == mail.text.split()
    assert "<h1" in received.get_body(["html"]).get_content()


def test_a_sent_mail_is_not_sent_again(smtp, mail):
    deliver(mail.pk)
    deliver(mail.pk)
    assert len(smtp.mails) == 1


@pytest.mark.django_db(transaction=True)
def test_ten_workers_send_one_mail_once(smtp):
    mail = send(kind="accounts/restored", to=make_user())
    in_threads(10, lambda: deliver(mail.pk))
    assert len(smtp.mails) == 1
    assert in_state(mail, OutgoingMail.Status.SENT)


def test_a_mail_not_yet_due_stays(smtp, mail):
    OutgoingMail.objects.filter(pk=mail.pk).update(send_at=timezone.now() + timedelta(hours=1))
    deliver(mail.pk)
    assert smtp.mails == []
    assert mail not in due_mails()


def test_a_suppressed_address_gets_nothing_whatever_its_case(smtp, mail):
    MailSuppression.objects.create(address="ANA@example.com", reason="bounced")
    deliver(mail.pk)
    assert smtp.mails == []
    assert in_state(mail, OutgoingMail.Status.SUPPRESSED)


def test_who_called_our_mail_spam_gets_what_they_have_to_know_and_nothing_else(smtp, user, mail):
    MailSuppression.note("ana@example.com", MailSuppression.Cause.COMPLAINT)
    other = notice(user)
    for one in (mail, other):
        deliver(one.pk)
    assert in_state(mail, OutgoingMail.Status.SENT)
    assert in_state(other, OutgoingMail.Status.SUPPRESSED)
    assert len(smtp.mails) == 1


def test_what_stops_everything_takes_over_from_a_complaint_and_is_not_taken_back_by_one(db):
    for cause in ("complaint", "bounce", "complaint"):
        MailSuppression.note("Ana@Example.com", cause, "5.1.1 who?\n\0")
    assert MailSuppression.objects.get().cause == "bounce"
    for none in ("", "no address", f"{'a' * 250}@example.com"):
        MailSuppression.note(none, "bounce")
    assert MailSuppression.objects.count() == 1


def test_an_address_that_does_not_exist_gets_no_second_mail(smtp, user, mail):
    smtp.refused["ana@example.com"] = "550 5.1.1 No such mailbox"
    deliver(mail.pk)
    assert in_state(mail, OutgoingMail.Status.FAILED)
    assert MailSuppression.objects.of("ANA@example.com").get().cause == MailSuppression.Cause.BOUNCE
    second = send(kind="accounts/restored", to=user)
    deliver(second.pk)
    assert in_state(second, OutgoingMail.Status.SUPPRESSED)


def test_a_full_mailbox_is_no_address_that_does_not_exist(smtp, mail):
    smtp.refused["ana@example.com"] = "552 5.2.2 Mailbox full"
    deliver(mail.pk)
    assert in_state(mail, OutgoingMail.Status.FAILED)
    assert not MailSuppression.objects.exists()


def test_a_temporary_refusal_is_tried_again_later_and_then_succeeds(smtp, mail):
    smtp.answers = ["451 Try again later"]
    deliver(mail.pk)
    assert in_state(mail, OutgoingMail.Status.QUEUED)
    assert mail.attempts == 1
    assert mail.send_at > timezone.now()
    assert "451" in mail.last_error
    make_due(mail)
    deliver(mail.pk)
    assert in_state(mail, OutgoingMail.Status.SENT)
    assert mail.last_error == ""
    assert len(smtp.mails) == 1


def test_a_mail_refused_at_every_attempt_fails_in_the_end(smtp, mail):
    smtp.answers = ["451 Try again later"] * OutgoingMail.MAX_ATTEMPTS
    delays = []
    for _ in range(OutgoingMail.MAX_ATTEMPTS):
        make_due(mail)
        deliver(mail.pk)
        mail.refresh_from_db()
        delays.append(mail.retry_delay())
    assert mail.status == OutgoingMail.Status.FAILED
    assert delays == sorted(delays)
    assert smtp.mails == []


def test_a_permanent_refusal_fails_at_once(smtp, mail):
    smtp.answers = ["550 No such mailbox"]
    deliver(mail.pk)
    assert in_state(mail, OutgoingMail.Status.FAILED)
    assert "550" in mail.last_error


def test_a_server_that_is_away_is_tried_again_later(smtp, settings, mail):
    settings.EMAIL_PORT = SmtpServer.free_port()
    deliver(mail.pk)
    assert in_state(mail, OutgoingMail.Status.QUEUED)
    assert mail.last_error


def test_a_server_that_says_nothing_is_given_up_after_a_while_and_tried_again(settings, smtp, mail):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = silent.getsockname()[1], 0.2
        deliver(mail.pk)
    assert in_state(mail, OutgoingMail.Status.QUEUED)
    assert "timed out" in mail.last_error


def test_a_server_that_takes_the_mail_and_says_nothing_is_left_to_a_person(settings, smtp, mail):
    smtp.answers = [SmtpServer.SILENCE]
    settings.EMAIL_TIMEOUT = 0.3
    deliver(mail.pk)
    assert in_state(mail, OutgoingMail.Status.FAILED)
    assert "not known" in mail.last_error


def test_a_connection_lost_after_the_mail_was_handed_over_is_left_to_a_person(smtp, mail):
    smtp.answers = [SmtpServer.HANG_UP]
    deliver(mail.pk)
    assert in_state(mail, OutgoingMail.Status.FAILED)
    assert "not known" in mail.last_error
    assert mail not in due_mails()


def test_a_mail_whose_worker_was_killed_while_sending_is_left_to_a_person(smtp, mail):
    OutgoingMail.objects.filter(pk=mail.pk).update(
        status=OutgoingMail.Status.SENDING, claimed_at=timezone.now() - STUCK_AFTER - timedelta(seconds=1)
    )
    assert give_up_stuck_mail() == 1
    assert in_state(mail, OutgoingMail.Status.FAILED)
    deliver(mail.pk)
    assert smtp.mails == []


def test_a_mail_being_sent_right_now_is_left_alone(mail):
    OutgoingMail.objects.filter(pk=mail.pk).update(
        status=OutgoingMail.Status.SENDING, claimed_at=timezone.now()
    )
    assert give_up_stuck_mail() == 0


def test_a_failed_mail_can_be_restarted_by_a_person(smtp, mail):
    smtp.answers = ["550 No such mailbox"]
    deliver(mail.pk)
    assert mail.restart() is True
    deliver(mail.pk)
    assert in_state(mail, OutgoingMail.Status.SENT)


def test_a_sent_mail_cannot_be_restarted(smtp, mail):
    deliver(mail.pk)
    assert mail.restart() is False
    assert in_state(mail, OutgoingMail.Status.SENT)


def test_the_regular_job_queues_every_due_mail(mail, redis_databases):
    send(kind="accounts/restored", to="somebody@example.com", context={"recipient": None})
    send_due_mail()
    assert redis_databases[BROKER].llen("mail") == 2


def in_threads(count, function):
    """Run `function` in `count` threads that start together; each closes its own connection."""
    barrier = threading.Barrier(count)
    errors = []

    def run():
        barrier.wait()
        try:
            function()
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
