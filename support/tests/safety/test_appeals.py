"""Appeals: by either side, once, in time, and heard by another person."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Report
from accounts.tests.factories import UserFactory
from core.models import OutgoingMail
from marketplace.tests.factories import Model3DFactory
from support.actions.safety.appealing import file_appeal, hear
from support.actions.safety.deciding import decide
from support.exceptions import SafetyRefused
from support.models import Appeal, ModerationDecision
from support.tests.safety.making import Measure, Reason, decided, moderator, reported, subject_of

pytestmark = pytest.mark.django_db
Side = Appeal.Side
TEXT = "I carved it myself, and the sources are attached to my page."


@pytest.fixture
def model():
    return Model3DFactory(listed=True, title="Walnut chest", creator=UserFactory(creator=True))


def again(row):
    return type(row)._base_manager.get(pk=row.pk)


def appealed(decision) -> Appeal:
    return file_appeal(decision=decision, side=Side.OWNER, by=decision.owner, text=TEXT)


def press(client, button: str, appeal: Appeal, answer: str = "You are right."):
    address = reverse(f"admin:support_appeal_{button}", args=[appeal.pk])
    return client.post(address, {"_form_submitted": "1", "answer": answer})


def test_whom_it_does_not_concern_cannot_appeal(model, client):
    made = decided(model, model.creator)
    client.force_login(UserFactory())
    assert client.post(reverse("support:appeal", args=[made.public_id]), {"text": TEXT}).status_code == 404
    client.logout()
    assert client.post(reverse("support:appeal", args=[made.public_id]), {"text": TEXT}).status_code == 404
    assert not Appeal.objects.exists()


def test_who_decided_first_never_hears_it_and_neither_does_anybody_it_concerns(model, client):
    first, reporter = moderator(), moderator()
    reported(model, model.creator, by=reporter)
    made = decide(subject=subject_of(model), by=first, measure=Measure.REMOVE, reason=Reason.SPAM, note="No.")
    appeal = appealed(made)
    for person, why in ((first, "You decided it first"), (reporter, "It concerns you")):
        with pytest.raises(SafetyRefused, match=why):
            hear(appeal=appeal, by=person, is_granted=True, answer="Yes.")
    client.force_login(first)
    assert press(client, "grant", appeal).status_code == 302
    assert again(appeal).is_open
    assert again(model).is_removed
    wrong = {"status": "granted", "decided_at": timezone.now(), "answer": "Yes."}
    for hearer in (first, model.creator):
        with pytest.raises(IntegrityError), transaction.atomic():
            Appeal.objects.filter(pk=appeal.pk).update(decided_by=hearer, **wrong)
    with pytest.raises(SafetyRefused, match="Write an answer"):
        hear(appeal=appeal, by=moderator(), is_granted=True, answer=" ")


def test_a_granted_appeal_reverses_the_decision_and_is_answered(model, client):
    appeal = appealed(decided(model, model.creator))
    client.force_login(moderator())
    assert press(client, "grant", appeal).status_code == 302
    assert again(appeal).status == Appeal.Status.GRANTED
    assert again(appeal.decision).is_reversed
    assert again(model).is_listed
    answer = OutgoingMail.objects.filter(subject__contains="was granted").get()
    assert "You are right." in answer.text
    with pytest.raises(SafetyRefused, match="heard this appeal already"):
        hear(appeal=appeal, by=moderator(), is_granted=False, answer="No.")


def test_a_declined_one_leaves_everything_and_cannot_be_repeated(model, client):
    appeal = appealed(decided(model, model.creator))
    client.force_login(moderator())
    press(client, "decline", appeal, "It is Mira’s.")
    assert again(model).is_removed
    client.force_login(model.creator)
    page = client.get(appeal.decision.get_absolute_url()).content.decode()
    assert "It is Mira’s." in page
    assert '<form class="panel form"' not in page
    client.post(reverse("support:appeal", args=[appeal.decision.public_id]), {"text": TEXT})
    assert Appeal.objects.count() == 1


def test_it_has_a_last_day(model):
    made = decided(model, model.creator)
    ModerationDecision.objects.filter(pk=made.pk).update(appeal_by=timezone.now() - timedelta(hours=1))
    with pytest.raises(SafetyRefused, match="could be appealed until"):
        appealed(again(made))


def test_who_reported_it_appeals_a_dismissal_and_it_is_looked_at_anew(model, client):
    reporter = UserFactory()
    reported(model, model.creator, by=reporter)
    made = decide(subject=subject_of(model), by=moderator(), measure=Measure.DISMISS)
    client.force_login(reporter)
    address = reverse("support:appeal", args=[made.public_id])
    assert client.post(address, {"text": "short"}).status_code == 422
    assert client.post(address, {"text": TEXT}).url == made.get_absolute_url()
    appeal = Appeal.objects.get()
    assert appeal.side == Side.OTHER
    hear(appeal=appeal, by=moderator(), is_granted=True, answer="We look again.")
    assert Report.objects.get().state == Report.State.OPEN
    assert subject_of(model).reports.open().exists()


def test_of_two_who_reported_it_neither_reads_what_the_other_wrote(model, client):
    first, second = UserFactory(), UserFactory()
    for person in (first, second):
        reported(model, model.creator, by=person)
    made = decide(subject=subject_of(model), by=moderator(), measure=Measure.DISMISS)
    file_appeal(decision=made, side=Side.OTHER, by=first, text=TEXT)
    for person, reads in ((first, True), (second, False)):
        client.force_login(person)
        page = client.get(made.get_absolute_url()).content.decode()
        assert ("I carved it myself" in page) == reads
        assert "There is an appeal already." in page or reads


def test_whoever_is_suspended_appeals_by_the_link_in_the_mail(model, client):
    made = decided(model, model.creator, measure=Measure.SUSPEND)
    mail = OutgoingMail.objects.filter(kind="support/decision").get()
    link = next(word for word in mail.text.split() if "/decisions/enter/" in word)
    path = link[link.index("/decisions/enter/") :]
    assert client.get(made.get_absolute_url()).status_code == 404
    assert client.get(path[:-3] + "x/").status_code == 404
    page = client.get(path, follow=True)
    assert page.status_code == 200
    assert "Your account is suspended" in page.content.decode()
    client.post(reverse("support:appeal", args=[made.public_id]), {"text": TEXT})
    appeal = Appeal.objects.get()
    assert (appeal.side, appeal.by) == (Side.OWNER, model.creator)
    hear(appeal=appeal, by=moderator(), is_granted=True, answer="Sorry.")
    assert again(model.creator).is_active
    assert again(model).in_catalogue


@pytest.mark.parametrize("count", [1, pytest.param(24, marks=pytest.mark.full)])
def test_however_much_was_decided_the_page_asks_as_often(client, count, django_assert_max_num_queries):
    owner = UserFactory(creator=True)
    by = moderator()
    for _ in range(count):
        decided(Model3DFactory(listed=True, creator=owner), owner, by=by, measure=Measure.WARN)
    client.force_login(owner)
    client.get(reverse("support:decisions"))
    with django_assert_max_num_queries(16):
        client.get(reverse("support:decisions"))
