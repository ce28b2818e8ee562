"""The counts of listed models stay right whatever makes models come and go."""

import pytest

from accounts.actions import standing
from accounts.tests.factories import UserFactory
from marketplace.models import Model3D
from marketplace.tests.factories import CategoryFactory, Model3DFactory

pytestmark = pytest.mark.django_db


def test_a_suspended_creators_models_are_not_counted_until_they_are_restored(
    django_capture_on_commit_callbacks,
):
    admin = UserFactory(admin=True)
    shelf, other_shelf = CategoryFactory(), CategoryFactory()
    creator = UserFactory(creator=True)
    Model3DFactory(listed=True, creator=creator, category=shelf)
    Model3DFactory(listed=True, creator=creator, category=other_shelf)
    Model3DFactory(creator=creator)
    somebody_elses = Model3DFactory(listed=True, category=shelf)

    def counts():
        for row in (shelf, other_shelf, creator, somebody_elses.creator):
            row.refresh_from_db()
        return (
            shelf.model_count,
            other_shelf.model_count,
            creator.total_models,
            somebody_elses.creator.total_models,
        )

    assert counts() == (2, 1, 2, 1)
    with django_capture_on_commit_callbacks(execute=True):
        standing.suspend(user=creator, by=admin, reason="Sells what is not theirs.")
    assert counts() == (1, 0, 0, 1)
    waiting = Model3DFactory(pending=True, creator=creator, category=shelf)
    waiting.approve(by=admin)
    assert counts() == (1, 0, 0, 1)
    with django_capture_on_commit_callbacks(execute=True):
        standing.restore(user=creator, by=admin)
    assert counts() == (3, 1, 3, 1)


def test_a_listed_model_of_the_factory_can_be_withdrawn():
    model = Model3DFactory(listed=True)

    assert model.category.model_count == model.creator.total_models == 1
    Model3D.objects.get(pk=model.pk).withdraw()

    model.category.refresh_from_db()
    model.creator.refresh_from_db()
    assert model.category.model_count == model.creator.total_models == 0
