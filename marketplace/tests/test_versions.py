"""New versions of a model on the marketplace: decided on by moderators, while what is live stays as it is."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Notification
from accounts.tests.factories import UserFactory
from marketplace.actions import review, uploads
from marketplace.actions.publishing import edit_model
from marketplace.actions.results import complete
from marketplace.exceptions import ReviewNotAllowed, TransitionRefused
from marketplace.leases import Lease
from marketplace.models import Inspection, Model3D, ModelFile, ModelReview
from marketplace.review_desk import Desk, next_in_queue
from marketplace.tests.factories import Model3DFactory, ModelFileFactory, original_bytes
from marketplace.versions import differences, version_history

pytestmark = pytest.mark.django_db


@pytest.fixture
def moderator():
    return UserFactory(moderator=True)


@pytest.fixture
def live():
    return Model3DFactory(listed=True)


def proposed(model, **fields) -> ModelFile:
    """A version of the model's GLB that has been processed and waits for review."""
    fields = {"version": 2, "ready": True, "standing": "proposed", **fields}
    file = ModelFileFactory(model=model, **fields)
    if file.processed_at:
        model.propose_file(file)
    return file


def reject(model, by):
    return review.reject(model=model, by=by, reason="quality", note="It has holes.")


def test_nobody_but_moderators_decides_on_a_version_and_nobody_on_their_own(live):
    proposed(live)
    own = Model3DFactory(listed=True, creator=UserFactory(creator=True, moderator=True))
    proposed(own)

    for person in (UserFactory(), live.creator, UserFactory(staff=True)):
        with pytest.raises(ReviewNotAllowed):
            review.approve(model=live, by=person)
        with pytest.raises(ReviewNotAllowed):
            reject(live, person)
    with pytest.raises(ReviewNotAllowed):
        review.approve(model=own, by=own.creator)
    assert not ModelReview.objects.exists()
    assert ModelFile.objects.proposed().count() == 2


def test_what_the_creator_adds_to_a_live_model_stays_out_of_sight_until_it_is_approved(client, live):
    before = live.current_file
    client.force_login(live.creator)
    response = client.post(
        reverse("marketplace:add_files", args=[live.pk]),
        {"file": SimpleUploadedFile("chair.glb", original_bytes(3)), "end": "1"},
    )
    assert response.status_code == 302

    file = ModelFile.objects.get(version=2)
    live.refresh_from_db()
    assert file.standing == "proposed"
    assert live.is_listed
    assert live.current_file == before
    assert not live.has_version_waiting
    with Lease.take(file.pk) as lease:
        Inspection.objects.create(file=file, triangles=9, details={"gltf": {"triangles": 9}})
        complete(lease)
    live.refresh_from_db()
    assert live.is_listed
    assert live.current_file == before
    assert live.poly_count == before.inspection.triangles
    assert live.has_version_waiting
    assert list(Model3D.objects.awaiting_review()) == [live]
    page = client.get(live.get_edit_url()).content.decode()
    assert "New versions" in page
    assert "In review" in page


def test_an_approved_version_takes_the_place_of_the_live_one(
    live, moderator, django_capture_on_commit_callbacks
):
    file = proposed(live)

    with django_capture_on_commit_callbacks(execute=True):
        decision = review.approve(model=live, by=moderator)

    live.refresh_from_db()
    assert (decision.subject, decision.outcome, decision.file) == ("version", "approved", file)
    assert live.current_file == file
    assert live.is_listed
    assert not live.has_version_waiting
    assert review.approve(model=live, by=moderator) is None
    assert Notification.objects.filter(user=live.creator, kind="model_approved").count() == 1


def test_a_rejected_version_leaves_the_live_one_and_says_why(live, moderator):
    before = live.current_file
    file = proposed(live)

    decision = reject(live, moderator)

    live.refresh_from_db()
    file.refresh_from_db()
    assert (decision.subject, decision.outcome) == ("version", "rejected")
    assert (live.status, live.current_file, file.standing) == ("approved", before, "refused")
    assert live.is_listed
    assert not live.has_version_waiting
    told = Notification.objects.get(user=live.creator)
    assert "It has holes." in told.message
    assert live.refusals == [file]
    with pytest.raises(TransitionRefused):
        reject(live, moderator)


def test_a_newer_proposal_takes_the_place_of_the_one_nobody_decided_on(
    live, django_capture_on_commit_callbacks
):
    first = proposed(live)
    live.creator.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        uploads.remove_file(model=live, file=first)
    live.refresh_from_db()
    assert not live.has_version_waiting
    assert not first.original.storage.exists(first.original.name)
    assert live.is_listed


def test_a_live_file_is_not_taken_out(live):
    proposed(live)
    with pytest.raises(TransitionRefused):
        uploads.remove_file(model=live, file=live.current_file)


def test_a_model_that_goes_back_to_review_is_reviewed_with_what_waited(live, moderator):
    file = proposed(live)

    assert edit_model(model=live, tags=["other"], title="Another chair")

    live.refresh_from_db()
    file.refresh_from_db()
    assert (live.status, file.standing, live.current_file) == ("pending", "included", file)
    assert not live.has_version_waiting
    assert file.approved_at is None
    review.approve(model=live, by=moderator)
    file.refresh_from_db()
    assert file.approved_at is not None


def test_a_decision_on_what_was_replaced_meanwhile_is_refused(live, moderator):
    proposed(live)
    seen = Model3D.objects.get(pk=live.pk).updated_at
    live.propose_file(live.files.get(version=2))
    with pytest.raises(TransitionRefused):
        review.approve(model=live, by=moderator, seen=seen)


def test_the_queue_is_in_order_of_waiting_whatever_waits(moderator):
    old = Model3DFactory(listed=True)
    waiting = Model3DFactory(pending=True)
    proposed(old)
    assert list(Model3D.objects.awaiting_review()) == [waiting, old]
    assert next_in_queue(moderator) == waiting


def test_the_desk_shows_both_with_what_differs(client, live, moderator):
    file = proposed(live)
    Inspection.objects.filter(file=file).update(triangles=1000)
    ModelFile.objects.update(size=16_000)
    live.refresh_from_db()
    file.refresh_from_db()

    desk = Desk(live, moderator=moderator, claim=None)
    assert (desk.newest.file, desk.live.file) == (file, live.current_file)
    assert [difference.label for difference in desk.differences] == ["Triangles"]
    assert desk.may_decide
    client.force_login(moderator)
    page = client.get(reverse("admin:marketplace_model3d_change", args=[live.pk])).content.decode()
    assert "Live now: version 1" in page
    assert "+488 (+95 %)" in page
    queue = client.get(reverse("admin:marketplace_model3d_changelist")).content.decode()
    assert live.title in queue
    client.post(reverse("admin:marketplace_model3d_approve", args=[live.pk]), {"seen": desk.seen})
    live.refresh_from_db()
    assert live.current_file == file


def test_the_history_lists_approved_versions_alone_with_what_changed(
    live, moderator, django_assert_num_queries
):
    first = live.current_file
    second = proposed(live)
    Inspection.objects.filter(file=second).update(textures=2, max_texture_size=2048)
    ModelFile.objects.update(size=16_000)
    review.approve(model=live, by=moderator)
    proposed(live, version=3)

    with django_assert_num_queries(1):
        history = version_history(live)

    assert [(version.file, version.is_newest) for version in history] == [(second, True), (first, False)]
    assert [(found.label, found.before, found.after, found.change) for found in history[0].differences] == [
        ("Textures", "0", "2", "+2"),
        ("Largest texture", "none", "2,048 px", "+2,048 px"),
    ]
    assert history[1].differences == []
    assert {fact["label"] for fact in history[0].facts} >= {"Triangles", "File size"}


def test_the_same_measures_are_no_difference(live):
    assert differences(live.current_file, live.current_file) == []


def test_a_version_that_is_taken_back_twice_at_once_is_refused_the_second_time(live):
    file = proposed(live)
    seen_by_both = ModelFile.objects.get(pk=file.pk)
    uploads.remove_file(model=live, file=file)
    with pytest.raises(TransitionRefused, match="already"):
        uploads.remove_file(model=live, file=seen_by_both)
