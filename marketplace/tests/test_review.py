"""Decisions about models: who may decide, what follows, and how they are taken back."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Notification
from accounts.tests.factories import UserFactory
from core.models import AuditEntry, OutgoingMail
from marketplace.actions import review
from marketplace.exceptions import NotReadyForReview, ReviewNotAllowed, TransitionRefused
from marketplace.models import Model3D, ModelReview, ReviewClaim
from marketplace.review_desk import next_in_queue
from marketplace.tests.factories import Model3DFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def moderator():
    return UserFactory(moderator=True)


@pytest.fixture
def waiting():
    return Model3DFactory(pending=True)


def reject(model, by, **changes):
    return review.reject(model=model, by=by, **{"reason": "quality", "note": "Two holes.", **changes})


@pytest.mark.parametrize("decide", [lambda **who: review.approve(**who), lambda model, by: reject(model, by)])
def test_nobody_but_moderators_decides_and_nobody_about_their_own(waiting, decide):
    own = Model3DFactory(pending=True, creator=UserFactory(creator=True, moderator=True))
    strangers = [UserFactory(), UserFactory(creator=True), waiting.creator, UserFactory(staff=True)]

    for person in strangers:
        with pytest.raises(ReviewNotAllowed):
            decide(model=waiting, by=person)
    with pytest.raises(ReviewNotAllowed):
        decide(model=own, by=own.creator)

    assert set(Model3D.objects.values_list("status", flat=True)) == {"pending"}
    assert not ModelReview.objects.exists()


def test_an_approval_lists_the_model_and_tells_its_creator_once(waiting, moderator):
    first = review.approve(model=waiting, by=moderator)
    second = review.approve(model=waiting, by=UserFactory(moderator=True))

    waiting.refresh_from_db()
    assert waiting.is_listed
    assert waiting.published_at is not None
    assert (first.outcome, first.moderator, first.file) == ("approved", moderator, waiting.current_file)
    assert second is None
    told = Notification.objects.get(user=waiting.creator)
    assert (told.kind, told.link) == ("model_approved", waiting.get_absolute_url())
    mail = OutgoingMail.objects.get()
    assert (mail.kind, mail.to_address) == ("marketplace/model_approved", waiting.creator.email)
    assert waiting.get_absolute_url() in mail.text
    assert AuditEntry.objects.filter(action="model.approve", actor=moderator).count() == 1


def test_a_rejection_carries_its_reason_to_page_and_mail_and_nothing_of_it_is_markup(waiting, moderator):
    note = "Close the holes & resubmit.\n<script>alert(1)</script>"

    decision = reject(waiting, moderator, note=note)

    waiting.refresh_from_db()
    assert waiting.status == "rejected"
    assert not waiting.is_listed
    assert (decision.reason, decision.note) == ("quality", note)
    mail = OutgoingMail.objects.get()
    assert note.splitlines()[0] in mail.text
    assert "<script>" not in mail.html
    told = Notification.objects.get(user=waiting.creator)
    assert (told.kind, told.link) == ("model_rejected", waiting.get_edit_url())
    assert reject(waiting, moderator) is None


@pytest.mark.parametrize("state", [{}, {"listed": True}, {"rejected": True}])
def test_only_what_waits_is_decided(moderator, state):
    model = Model3DFactory(**state)

    if model.status != "approved":
        with pytest.raises(TransitionRefused):
            review.approve(model=model, by=moderator)
    if model.status != "rejected":
        with pytest.raises(TransitionRefused):
            reject(model, moderator)
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize(
    "gone", [{"deleted_at": timezone.now(), "is_published": False}, {"removed_at": timezone.now()}]
)
def test_what_is_gone_is_not_decided(waiting, moderator, gone):
    Model3D.objects.filter(pk=waiting.pk).update(**gone)

    with pytest.raises(TransitionRefused):
        review.approve(model=waiting, by=moderator)


def test_what_changed_after_the_moderator_looked_is_not_approved(waiting, moderator):
    seen = waiting.updated_at
    with waiting.changing("title"):
        waiting.title = "Something else entirely"

    with pytest.raises(TransitionRefused, match="changed this model"):
        review.approve(model=waiting, by=moderator, seen=seen)
    assert review.approve(model=waiting, by=moderator, seen=waiting.updated_at)


def test_an_undone_decision_puts_the_model_back_at_its_place_and_stays_in_the_history(waiting, moderator):
    place = waiting.submitted_at
    colleague = UserFactory(moderator=True)
    review.approve(model=waiting, by=moderator)

    decision = review.undo(model=waiting, by=colleague)

    waiting.refresh_from_db()
    assert (waiting.status, waiting.submitted_at, waiting.published_at) == ("pending", place, None)
    assert decision.undone_by == colleague
    assert list(waiting.reviews_by_moderators.values_list("outcome", flat=True)) == ["approved"]
    assert Notification.objects.filter(user=waiting.creator, kind="model_in_review").count() == 1
    assert review.undo(model=waiting, by=colleague) is None
    assert AuditEntry.objects.get(action="model.undo").actor == colleague


def test_a_decision_the_creator_has_acted_on_is_not_undone(waiting, moderator):
    reject(waiting, moderator)
    waiting.submit()

    with pytest.raises(TransitionRefused):
        review.undo(model=waiting, by=moderator)
    with pytest.raises(ReviewNotAllowed):
        review.undo(model=waiting, by=waiting.creator)


def test_a_rejected_model_is_mended_and_submitted_again_with_its_history(waiting, moderator):
    reject(waiting, moderator)
    first = waiting.submitted_at

    assert waiting.submit()
    review.approve(model=waiting, by=moderator)

    assert waiting.submitted_at > first
    history = waiting.reviews_by_moderators.order_by("pk").values_list("outcome", flat=True)
    assert list(history) == ["rejected", "approved"]
    assert OutgoingMail.objects.count() == 2


def test_an_incomplete_model_is_not_submitted():
    model = Model3DFactory(description=" ", category=None)

    with pytest.raises(NotReadyForReview) as refused:
        model.submit()

    assert [missing.anchor for missing in refused.value.missing] == ["file", "id_description", "id_category"]
    model.refresh_from_db()
    assert (model.status, model.submitted_at) == ("draft", None)


def test_a_claim_is_the_first_moderators_until_it_lapses_or_is_taken_over(waiting, moderator):
    colleague = UserFactory(moderator=True)

    assert review.claim(model=waiting, by=moderator).moderator == moderator
    assert review.claim(model=waiting, by=colleague).moderator == moderator
    assert review.claim(model=waiting, by=colleague, take_over=True).moderator == colleague
    ReviewClaim.objects.update(claimed_at=timezone.now() - timedelta(minutes=31))
    assert review.claim(model=waiting, by=moderator).moderator == moderator
    assert ReviewClaim.objects.count() == 1


def test_the_next_model_is_the_oldest_that_nobody_else_has_open_and_is_not_ones_own():
    moderator = UserFactory(creator=True, moderator=True)
    now = timezone.now()
    own, open_elsewhere, oldest, newer = (
        Model3DFactory(pending=True, submitted_at=now - timedelta(hours=hours), **fields)
        for hours, fields in ((9, {"creator": moderator}), (8, {}), (7, {}), (6, {}))
    )
    review.claim(model=open_elsewhere, by=UserFactory(moderator=True))

    assert next_in_queue(moderator) == oldest
    review.approve(model=oldest, by=moderator)
    assert next_in_queue(moderator) == newer
    assert own.status == "pending"


def test_only_approved_models_of_others_are_featured(waiting, moderator):
    live = Model3DFactory(listed=True)
    own = Model3DFactory(listed=True, creator=UserFactory(creator=True, moderator=True))

    with pytest.raises(TransitionRefused):
        review.set_featured(model=waiting, by=moderator, featured=True)
    with pytest.raises(ReviewNotAllowed):
        review.set_featured(model=own, by=own.creator, featured=True)
    with pytest.raises(ReviewNotAllowed):
        review.set_featured(model=live, by=live.creator, featured=True)
    assert review.set_featured(model=live, by=moderator, featured=True)
    assert not review.set_featured(model=live, by=moderator, featured=True)
    live.refresh_from_db()
    assert live.is_featured
