"""The job that processes a file: what it stores, and what happens when it is interrupted, repeated or impossible."""

import threading
import uuid
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.models import Notification
from marketplace.actions import processing, results
from marketplace.exceptions import LeaseLost, TransitionRefused
from marketplace.leases import Lease
from marketplace.models import Finding, Model3D, ModelFile
from marketplace.processing.types import FindingData, Severity, Step
from marketplace.tests.factories import ModelFileFactory
from marketplace.tests.glb import grid_glb, pack_glb
from marketplace.workspace import sweep_work_folders, work_folder, work_root

pytestmark = pytest.mark.django_db(transaction=True)


def uploaded(content: bytes, **fields) -> ModelFile:
    return ModelFileFactory(original=ContentFile(content, "model.glb"), **fields)


def processed(file: ModelFile) -> ModelFile:
    processing.process(file.pk)
    file.refresh_from_db()
    return file


def work_left() -> list:
    return [path for path in work_root().iterdir() if path.is_dir()]


def test_a_file_becomes_ready_with_measures_pictures_and_a_preview_that_does_not_tell_its_names():
    file = processed(uploaded(grid_glb(16, name="author-secret"), model__price="5.00"))

    assert (file.state, file.step, file.failure_message) == ("ready", "", "")
    assert file.lease_token is None
    assert file.finished_steps == file.expected_steps
    assert file.inspection.triangles == 512
    assert file.inspection.materials == 1
    assert file.inspection.dimensions == pytest.approx([1, 0.25, 1], abs=0.01)
    assert file.inspection.is_watertight is False
    for picture in (file.poster_small, file.poster_medium, file.poster_large, file.turntable):
        assert picture.open().read(4) == b"RIFF"
    preview = file.preview.open().read()
    assert preview[:4] == b"glTF"
    assert b"author-secret" not in preview
    model = Model3D.objects.get(pk=file.model_id)
    assert model.current_file == file
    assert (model.poly_count, model.has_materials, model.has_uv) == (512, True, True)
    assert model.file_size == file.size
    assert work_left() == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"glTF",
        b"PK\x03\x04 a zip archive",
        grid_glb(8)[:-200],
        pack_glb(b"{ not json"),
        pack_glb({"asset": {"version": "2.0"}, "nodes": [{"children": [1]}, {"children": [0]}]}),
    ],
    ids=["empty", "header only", "zip", "truncated", "invalid json", "node cycle"],
)
def test_a_bad_file_fails_with_a_sentence_and_leaves_nothing_behind(content):
    file = processed(uploaded(content))

    assert file.state == ModelFile.State.FAILED
    assert file.failure_message.endswith(".")
    assert "Traceback" not in file.failure_message
    assert file.lease_token is None
    told = Notification.objects.get(user=file.model.creator)
    assert told.kind == Notification.Kind.PROCESSING_FAILED
    assert told.message == file.failure_message
    assert told.link == file.model.get_edit_url()
    assert Model3D.objects.get(pk=file.model_id).current_file is None
    assert work_left() == []


def test_a_finished_file_and_one_that_another_worker_has_are_left_alone():
    done = ModelFileFactory(ready=True)
    taken = ModelFileFactory()
    lease = Lease.take(taken.pk)

    processing.process(done.pk)
    processing.process(taken.pk)

    taken.refresh_from_db()
    assert taken.lease_token == lease.token
    assert taken.attempts == 1
    assert taken.finished_steps == []
    assert Lease.take(done.pk) is None


def test_of_many_workers_at_once_one_gets_the_file():
    file = ModelFileFactory()
    taken = []
    workers = [threading.Thread(target=lambda: taken.append(_take_in_thread(file.pk))) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert len([lease for lease in taken if lease]) == 1


def _take_in_thread(file_id):
    from django.db import connection

    try:
        return Lease.take(file_id)
    finally:
        connection.close()


@pytest.mark.full
def test_processing_goes_on_at_the_step_that_is_not_stored_yet():
    file = processed(uploaded(grid_glb(8)))
    first = file.inspection
    poster, preview = file.poster_small.name, file.preview.name
    del first.details["turntable"], first.details["geometry"]
    first.save()
    ModelFile.objects.filter(pk=file.pk).update(state=ModelFile.State.QUEUED, turntable="")

    file = processed(file)

    assert file.state == ModelFile.State.READY
    assert file.finished_steps == file.expected_steps
    assert (file.poster_small.name, file.preview.name) == (poster, preview)
    assert file.turntable.open().read(4) == b"RIFF"


def test_a_worker_that_lost_its_lease_stores_nothing_and_the_files_it_wrote_are_removed(monkeypatch):
    file = uploaded(grid_glb(8))
    original_run = processing.run_step

    def lose_lease_meanwhile(step, **arguments):
        result = original_run(step, **arguments)
        if step == Step.GLTF:
            ModelFile.objects.filter(pk=file.pk).update(lease_token=uuid.uuid4())
        return result

    before = _derivatives()
    monkeypatch.setattr(processing, "run_step", lose_lease_meanwhile)
    file = processed(file)

    assert file.state == ModelFile.State.PROCESSING
    assert file.finished_steps == ["preflight"]
    assert not file.preview
    assert _derivatives() == before
    assert work_left() == []


def _derivatives() -> set:
    return {path for path in settings.PRIVATE_MEDIA_ROOT.rglob("derivatives/*/*") if path.is_file()}


def test_a_lapsed_lease_and_a_lost_job_are_queued_again_and_what_waits_is_not(redis_databases):
    lapsed = ModelFileFactory()
    Lease.take(lapsed.pk)
    ModelFile.objects.filter(pk=lapsed.pk).update(lease_expires_at=timezone.now() - timedelta(seconds=1))
    held = ModelFileFactory()
    Lease.take(held.pk)
    lost = ModelFileFactory()
    waiting = ModelFileFactory()
    processing.enqueue(waiting.pk)
    ModelFileFactory(ready=True)
    ModelFileFactory(failed=True)
    queue = redis_databases[1]
    queue.delete("files")

    assert processing.requeue_stalled() == 2
    assert queue.llen("files") == 2
    assert processing.requeue_stalled() == 1, (
        "the lost one is in the queue now, the lapsed one still is nobody's"
    )
    assert Lease.take(lapsed.pk)
    assert Lease.take(held.pk) is None
    assert Lease.take(lost.pk)


def test_the_work_folder_of_a_living_job_is_not_swept():
    with work_folder(uuid.uuid4()) as folder:
        assert sweep_work_folders() == []
        assert folder.is_dir()
    assert work_left() == []


def test_the_work_folder_of_a_dead_process_is_swept_and_its_lease_is_void_at_once():
    file = ModelFileFactory()
    lease = Lease.take(file.pk)
    folder = work_root() / str(lease.token)
    folder.mkdir()
    (folder / "half-written.glb").write_bytes(b"x" * 1000)

    processing.requeue_stalled()

    assert not folder.exists()
    file.refresh_from_db()
    assert file.lease_token is None
    assert Lease.take(file.pk) is not None


def test_a_file_whose_worker_dies_again_and_again_fails_with_a_reason():
    file = uploaded(grid_glb(4))
    ModelFile.objects.filter(pk=file.pk).update(attempts=processing.MAX_ATTEMPTS, step="gltf")

    file = processed(file)

    assert file.state == ModelFile.State.FAILED
    assert file.failure_code == "gave_up"
    assert file.step == "gltf"


def test_a_storage_that_breaks_counts_as_an_attempt_and_the_file_stays_queued():
    file = uploaded(grid_glb(4))
    file.original.storage.delete(file.original.name)

    file = processed(file)

    assert file.state != ModelFile.State.READY
    assert file.lease_token is None
    assert work_left() == []


def test_only_a_failed_file_can_be_started_again_and_it_goes_on_where_it_failed():
    with pytest.raises(TransitionRefused):
        processing.retry(file=ModelFileFactory())
    file = uploaded(grid_glb(8), failed=True)

    processing.retry(file=file)

    file = processed(file)
    assert file.state == ModelFile.State.READY
    assert file.failure_message == ""


def test_a_repeated_check_replaces_its_own_findings_and_resolves_what_is_gone():
    file = ModelFileFactory()
    scale = FindingData(Severity.WARNING, "tiny", "It is tiny.", "Scale it.")
    holes = FindingData(Severity.INFO, "holes", "It has holes.", "", "mesh 1")
    results.replace_findings(file, Step.GEOMETRY, [scale, holes, holes])
    other = FindingData(Severity.ERROR, "bad-accessor", "Broken." * 500, "", "/accessors/1\0")
    results.replace_findings(file, Step.GLTF, [other])

    results.replace_findings(
        file, Step.GEOMETRY, [FindingData(Severity.ERROR, "tiny", "It is far too tiny.")]
    )

    assert [(found.code, found.severity) for found in file.findings.open().worst_first()] == [
        ("bad-accessor", "error"),
        ("tiny", "error"),
    ]
    assert Finding.objects.get(code="holes").is_resolved
    assert file.findings.count() == 3


def test_results_of_a_deleted_file_are_thrown_away():
    file = uploaded(grid_glb(4))
    lease = Lease.take(file.pk)
    file.delete()

    with pytest.raises(LeaseLost):
        results.complete(lease)


@pytest.mark.full
def test_a_file_that_became_paid_while_its_full_preview_was_made_gets_a_reduced_one(monkeypatch):
    file = uploaded(grid_glb(120), model__price="0.00")
    original_run = processing.run_step
    made = []

    def raise_price_meanwhile(step, **arguments):
        result = original_run(step, **arguments)
        if step == Step.GLTF:
            made.append(arguments["reduction"].paid)
            Model3D.objects.filter(pk=file.model_id).update(price="9.00")
        return result

    monkeypatch.setattr(processing, "run_step", raise_price_meanwhile)
    file = processed(file)

    assert made == [False, True]
    assert file.inspection.details["gltf"]["paid"] is True
    assert file.inspection.details["gltf"]["preview"]["triangles"] <= 0.6 * file.inspection.triangles
