"""The factories make what they say."""

import pytest

from accounts.tests.factories import PASSWORD, UserFactory
from marketplace.models import Model3D, ModelFile
from marketplace.tests.factories import Model3DFactory, ModelFileFactory

pytestmark = pytest.mark.django_db


def test_a_listed_model_is_listed_and_its_files_are_in_the_storages():
    model = Model3DFactory(listed=True, tags=["wood"])

    assert list(Model3D.objects.listed()) == [model]
    assert model.is_listed
    file = model.current_file
    assert file.original.open().read(4) == b"glTF"
    assert file.preview.open().read(4) == b"glTF"
    assert file.poster_small.open().read(4) == b"RIFF"
    assert [tag.name for tag in model.tags.all()] == ["wood"]


def test_a_draft_has_no_file_and_an_uploaded_one_waits():
    model = Model3DFactory()
    file = ModelFileFactory(model=model)

    assert model.current_file is None
    assert model.status == Model3D.Status.DRAFT
    assert file.state == ModelFile.State.QUEUED
    assert len(file.sha256) == 64


def test_a_moderator_may_review_and_sign_in(client):
    moderator = UserFactory(moderator=True)

    assert moderator.has_perm("marketplace.review_model3d")
    assert client.login(username=moderator.username, password=PASSWORD)
