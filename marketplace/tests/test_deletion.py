"""Deleted models lie in their creator's bin for a while; only what was nobody else's business is erased then."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Activity
from accounts.tests.factories import UserFactory
from marketplace.actions import announcing, deletion
from marketplace.actions.review import approve
from marketplace.exceptions import TransitionRefused
from marketplace.models import Category, Model3D
from marketplace.tests.factories import Model3DFactory, PreviewImageFactory

pytestmark = pytest.mark.django_db


def age(model, days: int) -> None:
    Model3D.objects.filter(pk=model.pk).update(deleted_at=timezone.now() - timedelta(days=days))
    model.refresh_from_db()


def test_what_was_deleted_too_long_ago_is_not_brought_back(settings):
    model = Model3DFactory(with_file=True)
    deletion.delete_model(model=model)
    age(model, settings.DELETED_MODELS_KEPT_DAYS + 1)

    with pytest.raises(TransitionRefused):
        deletion.restore_model(model=model)
    assert not model.may_be_restored
    assert not Model3D.objects.deleted_by(model.creator).exists()


def test_a_deleted_model_comes_back_to_where_it_was_and_is_counted_again():
    live = Model3DFactory(listed=True)
    hidden = Model3DFactory(listed=True, is_published=False, category=live.category, creator=live.creator)

    for model in (live, hidden):
        assert deletion.delete_model(model=model)
        assert not deletion.delete_model(model=model)
    assert Category.objects.get().model_count == 0
    assert set(Model3D.objects.deleted_by(live.creator)) == {live, hidden}
    assert live.may_be_restored
    for model in (live, hidden):
        assert deletion.restore_model(model=model)
        assert not deletion.restore_model(model=model)

    assert live.is_listed
    assert not hidden.is_published
    assert Category.objects.get().model_count == 1


def test_followers_hear_of_a_model_once_however_often_it_comes_and_goes():
    model = Model3DFactory(pending=True)
    approve(model=model, by=UserFactory(moderator=True))
    assert Activity.objects.filter(verb="published").count() == 1
    deletion.delete_model(model=model)
    assert not Activity.objects.exists()

    deletion.restore_model(model=model)

    assert not Activity.objects.exists()
    assert not announcing.announce(Model3D.objects.get())


def test_what_is_there_or_was_reviewed_is_not_erased():
    draft, sold = Model3DFactory(with_file=True), Model3DFactory(listed=True)
    rejected = Model3DFactory(pending=True)
    rejected.reject(by=UserFactory(moderator=True), reason="quality", note="Holes.")
    with pytest.raises(TransitionRefused):
        deletion.purge_model(model=draft)
    for model in (sold, rejected):
        deletion.delete_model(model=model)
        age(model, 400)
        with pytest.raises(TransitionRefused):
            deletion.purge_model(model=model)
    assert deletion.purge_old() == 0
    assert Model3D.objects.count() == 3


def test_old_drafts_are_erased_with_every_file_and_younger_ones_wait(
    settings, django_capture_on_commit_callbacks
):
    old, young = Model3DFactory.create_batch(2, with_file=True)
    picture = PreviewImageFactory(model=old)
    stored = [*old.current_file.stored_files(), picture.image]
    for model in (old, young):
        deletion.delete_model(model=model)
    age(old, settings.DELETED_MODELS_KEPT_DAYS + 1)

    with django_capture_on_commit_callbacks(execute=True):
        assert deletion.purge_old() == 1

    assert Model3D.objects.get() == young
    assert not any(file.storage.exists(file.name) for file in stored)
    assert all(file.storage.exists(file.name) for file in young.current_file.stored_files())
