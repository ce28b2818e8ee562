"""The storage of a person: what counts, and that many uploads at once do not overshoot it."""

import threading
import uuid

from django.core.files.base import ContentFile
from django.db import connection
from django.utils import timezone

from accounts.entitlements import entitlements_of
from accounts.tests.factories import UserFactory
from marketplace.actions.assembly import assemble
from marketplace.arrivals import Arrival
from marketplace.assembly import PlanRefused
from marketplace.exceptions import UploadRefused
from marketplace.incoming import incoming_from_bytes
from marketplace.models import ModelDocument, ModelFile, Upload
from marketplace.quota import Quota
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
