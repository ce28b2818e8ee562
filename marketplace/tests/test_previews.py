import time
from decimal import Decimal

import pytest
from django.core import signing
from django.utils import timezone

from accounts.tests.factories import UserFactory
from marketplace.actions import publishing, review
from marketplace.models import Model3D, ModelFile
from marketplace.previews import preview_url, restricted_preview_url
from marketplace.tests.factories import Model3DFactory, ModelFileFactory, original_bytes, preview_bytes

pytestmark = pytest.mark.django_db


@pytest.fixture
def model():
    return Model3DFactory(listed=True)


def content(response):
    return b"".join(response.streaming_content)


@pytest.mark.parametrize("token", ["x", "a:b:c", "." * 3000, "%00", "..%2f..%2fsecret"])
def test_an_invented_address_is_not_found(client, token):
    assert client.get(f"/preview/{token}/model.glb").status_code == 404


def test_a_changed_address_is_not_found(client, model):
    address = preview_url(model.current_file)
    token = address.split("/")[2]
    broken = token[:-1] + ("A" if token[-1] != "A" else "B")
    assert client.get(address.replace(token, broken)).status_code == 404


def test_an_address_signed_for_something_else_is_not_found(client, model):
    token = signing.TimestampSigner(salt="other").sign_object(["public", str(model.current_file.public_id)])
    assert client.get(f"/preview/{token}/model.glb").status_code == 404


def test_an_expired_address_is_not_found(client, model, settings):
    address = preview_url(model.current_file)
    settings.PREVIEW_URL_SECONDS = -1
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    "change",
    [
        {"removed_at": timezone.now()},
        {"status": "pending"},
        {"is_published": False},
        {"visibility": "private"},
        {"preview_mode": "pictures"},
        {"current_file": None},
    ],
)
def test_an_address_ends_with_the_permission_not_with_its_time(client, model, change):
    address = preview_url(model.current_file)
    assert client.get(address).status_code == 200
    Model3D.objects.filter(pk=model.pk).update(**change)
    assert client.get(address).status_code == 404


def test_an_older_version_is_not_shown(client, model):
    address = preview_url(model.current_file)
    ModelFileFactory(model=model, version=2, ready=True, current=True)
    assert client.get(address).status_code == 404


def test_there_is_no_address_where_only_pictures_are_shown(model):
    model.preview_mode = Model3D.PreviewMode.PICTURES
    model.current_file.model = model
    assert preview_url(model.current_file) == ""
    assert restricted_preview_url(model.current_file)


def test_there_is_no_address_before_there_is_a_preview():
    model_file = ModelFileFactory()
    assert preview_url(model_file) == restricted_preview_url(model_file) == ""


@pytest.mark.parametrize("kind", ["anonymous", "buyer", "staff"])
def test_a_restricted_address_does_not_work_for_others(client, kind):
    model = Model3DFactory(pending=True)
    if kind != "anonymous":
        client.force_login(UserFactory(**({"staff": True} if kind == "staff" else {})))
    assert client.get(restricted_preview_url(model.current_file)).status_code == 404


@pytest.mark.parametrize("kind", ["creator", "moderator"])
def test_a_restricted_address_works_for_creator_and_moderators(client, kind):
    model = Model3DFactory(pending=True)
    client.force_login(model.creator if kind == "creator" else UserFactory(moderator=True))
    response = client.get(restricted_preview_url(model.current_file))
    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"


def test_what_is_sent_is_the_preview_and_never_the_original(client, model):
    response = client.get(preview_url(model.current_file))
    assert response["Content-Type"] == "model/gltf-binary"
    assert content(response) == preview_bytes()
    assert preview_bytes() != original_bytes()


def test_a_part_of_the_preview_can_be_asked_for(client, model):
    response = client.get(preview_url(model.current_file), headers={"Range": "bytes=0-3"})
    assert response.status_code == 206
    assert content(response) == b"glTF"


def test_the_address_stays_the_same_for_a_while_so_that_browsers_can_keep_the_file(model, monkeypatch):
    monkeypatch.setattr(time, "time", lambda: 1_800_000_000.0)
    first = preview_url(model.current_file)
    monkeypatch.setattr(time, "time", lambda: 1_800_000_599.0)
    assert preview_url(model.current_file) == first
    monkeypatch.setattr(time, "time", lambda: 1_800_000_601.0)
    assert preview_url(model.current_file) != first


def test_only_reading_is_allowed(client, model):
    assert client.post(preview_url(model.current_file)).status_code == 405


def test_no_page_for_visitors_names_the_original_or_its_place(client, model):
    stored = ModelFile.objects.get(pk=model.current_file_id)
    for path in ("/", "/marketplace/", f"/model/{model.pk}/", f"/view/{model.pk}/"):
        page = client.get(path).content.decode()
        assert stored.original.name not in page
        assert str(stored.public_id) not in page
        assert stored.preview.name not in page


def test_a_model_approved_while_its_paid_preview_is_made_shows_its_poster(
    client, django_capture_on_commit_callbacks
):
    model = Model3DFactory(pending=True, free=True)
    stored = ModelFile.objects.get(pk=model.current_file_id)
    addresses = [preview_url(stored), restricted_preview_url(stored)]
    moderator = UserFactory(moderator=True)
    with django_capture_on_commit_callbacks(execute=True):
        publishing.edit_model(model=model, tags=[], price=Decimal("9.00"))
        review.approve(model=model, by=moderator)

    assert not stored.preview.storage.exists(stored.preview.name)
    for user in (None, model.creator, moderator):
        if user is not None:
            client.force_login(user)
        for address in addresses:
            assert client.get(address).status_code == 404
        for path in (f"/model/{model.pk}/", f"/view/{model.pk}/", "/"):
            page = client.get(path).content.decode()
            assert "/preview/" not in page
            assert stored.poster_medium.url in page
