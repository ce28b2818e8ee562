"""Those who have a model hear of its new versions, and download the newest that was approved."""

import pytest

from accounts.models import Notification, NotificationPreference
from accounts.tests.factories import UserFactory
from commerce.actions.owners import tell_owners
from commerce.models import Purchase
from commerce.tests.factories import purchase_of
from core.models import OutgoingMail
from marketplace.actions import review
from marketplace.actions.publishing import edit_model
from marketplace.models import Inspection, ModelFile
from marketplace.tests.factories import Model3DFactory, ModelFileFactory

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
    model.propose_file(file)
    return file


def test_a_version_that_waits_or_was_refused_is_not_downloaded(live, moderator):
    purchase = purchase_of(UserFactory(), live)
    proposed(live)
    assert purchase.files() == [live.current_file]
    review.reject(model=live, by=moderator, reason="quality", note="Holes.")
    assert purchase.files() == [live.current_file]


def test_who_buys_while_a_further_format_waits_or_was_refused_does_not_get_it(live, moderator):
    fbx = proposed(live, format="fbx", version=1)
    purchase = purchase_of(UserFactory(), live)
    assert purchase.files() == [live.current_file]
    review.reject(model=live, by=moderator, reason="quality", note="Holes.")
    assert purchase.files() == [live.current_file]
    fbx.refresh_from_db()
    assert fbx.standing == "refused"


def test_a_format_that_waited_when_it_was_bought_is_not_downloaded_while_the_whole_is_in_review(moderator):
    model = Model3DFactory(pending=True, is_published=True)
    review.approve(model=model, by=moderator)
    model.refresh_from_db()
    before, fbx = model.current_file, proposed(model, format="fbx", version=1)
    purchase = purchase_of(UserFactory(), model)
    edit_model(model=model, tags=[], title="Another chair")
    assert Purchase.objects.get(pk=purchase.pk).files() == [before]
    review.approve(model=model, by=moderator)
    assert Purchase.objects.get(pk=purchase.pk).files() == [before, fbx]


def test_what_was_bought_stays_where_the_approval_is_taken_back(moderator):
    model = Model3DFactory(pending=True, is_published=True)
    stl = ModelFileFactory(model=model, format="stl", ready=True)
    review.approve(model=model, by=moderator)
    purchase = purchase_of(UserFactory(), model)
    review.undo(model=model, by=moderator)
    assert Purchase.objects.get(pk=purchase.pk).files() == [model.current_file, stl]


def test_buyers_get_the_approved_version_and_keep_what_their_purchase_says(live, moderator):
    before = purchase_of(UserFactory(), live)
    file = proposed(live)
    review.approve(model=live, by=moderator)
    live.refresh_from_db()
    after = purchase_of(UserFactory(), live)

    assert before.files() == after.files() == [file]
    assert (before.file_version, after.file_version) == (1, 2)


def test_what_goes_back_to_review_with_its_model_is_downloaded_when_that_is_approved(live, moderator):
    purchase = purchase_of(UserFactory(), live)
    before, file = live.current_file, proposed(live)
    edit_model(model=live, tags=[], title="Another chair")
    assert purchase.files() == [before]
    review.approve(model=live, by=moderator)
    assert purchase.files() == [file]


def test_owners_hear_of_it_as_they_wish_and_nobody_else(live, moderator):
    before = live.current_file
    owner, quiet, refunded, later, stranger = UserFactory.create_batch(5)
    for person in (owner, quiet, refunded):
        purchase_of(person, live)
    NotificationPreference.objects.create(user=quiet, kind="new_version", on_site=True, by_mail=False)
    refunded.purchases.update(revoked_at="2026-01-01T00:00:00Z")
    file = proposed(live)
    Inspection.objects.filter(file=file).update(triangles=before.inspection.triangles + 100)
    review.approve(model=live, by=moderator)
    purchase_of(later, live)
    OutgoingMail.objects.all().delete()

    for _ in range(2):
        assert tell_owners(model=live, file_ids=[file.pk]) == 2

    told = Notification.objects.filter(kind="new_version")
    assert {row.user for row in told} == {owner, quiet}
    mail = OutgoingMail.objects.get()
    assert mail.recipient == owner
    assert "Triangles: 512 before, 612 now" in mail.text
    assert not stranger.notifications.exists()


@pytest.mark.django_db(transaction=True)
def test_an_approval_has_a_worker_tell_the_owners(live, moderator, redis_databases):
    owner = UserFactory()
    purchase_of(owner, live)
    file = proposed(live)
    review.approve(model=live, by=moderator)
    queued = redis_databases[1].lrange("default", 0, -1)
    assert any(b"tell_owners_of_version" in job for job in queued)
    assert not Notification.objects.filter(user=owner, kind="new_version").exists()
    assert tell_owners(model=live, file_ids=[file.pk]) == 1
