"""The storage of a person: what counts, and that many uploads at once do not overshoot it."""

import threading
import uuid
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.utils import timezone

from accounts.entitlements import entitlements_of
from accounts.tests.factories import UserFactory
from marketplace.actions.assembly import assemble
from marketplace.actions.deletion import delete_model
from marketplace.actions.publishing import edit_model
from marketplace.arrivals import Arrival
from marketplace.assembly import PlanRefused
from marketplace.exceptions import PrivateModelsFull, UploadRefused
from marketplace.incoming import incoming_from_bytes
from marketplace.models import Model3D, ModelDocument, ModelFile, Upload
from marketplace.quota import PrivateModels, Quota
from marketplace.tests.factories import Model3DFactory, ModelFileFactory, UploadFactory, original_bytes
from marketplace.uploads.admission import announce

THREADS = 8


def test_everything_kept_or_announced_counts_and_nothing_of_others(db, settings):
    settings.STORAGE_QUOTA_BYTES = 10_000
    person = UserFactory(creator=True)
    model = Model3DFactory(creator=person)
    ModelFile.objects.filter(pk=ModelFileFactory(model=model).pk).update(size=1000)
    ModelDocument.objects.create(model=model, kind="txt", name="a.txt", file=ContentFile(b"a", "a"), size=200)
    UploadFactory(owner=person, size=30)
    UploadFactory(owner=person, size=5000, expires_at=timezone.now())
    UploadFactory(size=9999)
    ModelFileFactory()

    quota = Quota.of(person)
    assert (quota.used, quota.limit, quota.left) == (1230, 10_000, 8770)
    assert quota.has_room_for(8770)
    assert not quota.has_room_for(8771)
    assert "8.6\xa0KB are left" in quota.sentence


def test_a_limit_that_was_lowered_leaves_nothing_rather_than_less(db, settings):
    upload = UploadFactory(size=500)
    settings.STORAGE_QUOTA_BYTES = 100
    assert Quota.of(upload.owner).left == 0
    assert entitlements_of(upload.owner).storage_bytes == 100


def test_uploads_announced_at_once_do_not_overshoot(transactional_db, settings):
    settings.STORAGE_QUOTA_BYTES = 3000
    person = UserFactory(creator=True)
    start = threading.Barrier(THREADS)
    outcomes = []

    def ask(number: int) -> None:
        start.wait()
        try:
            announce(
                owner=person, path=f"{number}.glb", size=1000, batch=uuid.uuid4(), model=None, transport="tus"
            )
            outcomes.append("taken")
        except UploadRefused as error:
            outcomes.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["quota"] * (THREADS - 3) + ["taken"] * 3
    assert Upload.objects.total_size() == 3000


def test_plain_forms_at_once_do_not_overshoot(transactional_db, settings):
    size = len(original_bytes())
    settings.STORAGE_QUOTA_BYTES = 3 * size
    person = UserFactory(creator=True)
    start = threading.Barrier(THREADS)
    outcomes = []

    def send() -> None:
        arrival = Arrival.of_incoming(incoming_from_bytes("chair.glb", original_bytes()))
        start.wait()
        try:
            assemble(creator=person, arrivals=[arrival])
            outcomes.append("taken")
        except PlanRefused:
            outcomes.append("refused")
        finally:
            arrival.discard()
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["refused"] * (THREADS - 3) + ["taken"] * 3
    assert Quota.of(person).used == 3 * size


def make_private(model, **fields):
    return edit_model(model=model, tags=[], visibility=Model3D.Visibility.PRIVATE, **fields)


def test_one_private_model_too_many_is_refused_with_the_way_out(db, settings):
    settings.PRIVATE_MODELS = 1
    person = UserFactory(creator=True)
    first, second = Model3DFactory(creator=person), Model3DFactory(creator=person)
    make_private(first)
    with pytest.raises(PrivateModelsFull, match=r"at most 1 can be private.*the plan Free.*Pricing"):
        make_private(second)
    second.refresh_from_db()
    assert second.visibility == Model3D.Visibility.PUBLIC
    edit_model(model=first, tags=[], visibility=Model3D.Visibility.UNLISTED)
    make_private(second)


def test_what_is_private_stays_so_and_can_be_edited_when_the_limit_was_lowered(db, settings):
    person = UserFactory(creator=True)
    model = Model3DFactory(creator=person)
    make_private(model)
    settings.PRIVATE_MODELS = 0
    make_private(model, title="Renamed")
    model.refresh_from_db()
    assert (model.title, model.visibility) == ("Renamed", Model3D.Visibility.PRIVATE)


def test_a_deleted_private_model_keeps_its_place_until_it_cannot_be_brought_back(db, settings):
    settings.PRIVATE_MODELS = 1
    person = UserFactory(creator=True)
    first, second = Model3DFactory(creator=person), Model3DFactory(creator=person)
    make_private(first)
    delete_model(model=first)
    with pytest.raises(PrivateModelsFull, match="deleted ones count"):
        make_private(second)
    Model3D.objects.filter(pk=first.pk).update(deleted_at=timezone.now() - timedelta(days=31))
    make_private(second)


def test_models_made_private_at_once_do_not_overshoot(transactional_db, settings):
    settings.PRIVATE_MODELS = 2
    person = UserFactory(creator=True)
    models = [Model3DFactory(creator=person) for _ in range(THREADS)]
    start = threading.Barrier(THREADS)
    refused = []

    def ask(model) -> None:
        start.wait()
        try:
            make_private(model)
        except PrivateModelsFull as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=ask, args=[model]) for model in models]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == THREADS - 2
    assert PrivateModels.of(person).used == 2
