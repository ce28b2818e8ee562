"""A real Celery worker on the queue `files`: it finishes what it is given, also after `kill -9`."""

import time
from collections.abc import Callable

import pytest
from django.core.files.base import ContentFile

from marketplace.actions import processing
from marketplace.models import ModelFile
from marketplace.tests.factories import ModelFileFactory
from marketplace.tests.glb import grid_glb
from marketplace.workspace import work_root

pytestmark = pytest.mark.full

PATIENCE_SECONDS = 240


def wait_until(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain until {what}"
        time.sleep(0.05)


def state(file: ModelFile) -> str:
    file.refresh_from_db()
    return file.state


def work_folders() -> list:
    return [path for path in work_root().iterdir() if path.is_dir()]


def test_a_job_killed_in_the_middle_finishes_after_the_restart_and_once(celery_files_worker):
    file = ModelFileFactory(original=ContentFile(grid_glb(250), "large.glb"))
    processing.enqueue(file.pk)
    wait_until(
        lambda: state(file) == "processing" and file.finished_steps == ["preflight"], "the second step runs"
    )

    celery_files_worker.kill("files")
    assert state(file) == "processing"
    assert work_folders() != []
    measured_first = file.inspection.details["preflight"]
    celery_files_worker.ensure("files")

    wait_until(lambda: state(file) == "ready", "the file is ready")
    assert file.inspection.details["preflight"] == measured_first
    assert file.finished_steps == file.expected_steps
    assert file.model.current_file_id is None or file.model.current_file_id == file.pk
    finished = file.processed_at
    processing.enqueue(file.pk)
    time.sleep(2)
    assert state(file) == "ready"
    assert file.processed_at == finished
    wait_until(lambda: work_folders() == [], "the work folder is gone")


def test_bad_files_fail_and_the_worker_goes_on_with_good_ones(celery_files_worker):
    bad = [
        ModelFileFactory(original=ContentFile(content, "bad.glb"))
        for content in (b"glTF", b"not a model", grid_glb(8)[:-50])
    ]
    good = ModelFileFactory(original=ContentFile(grid_glb(8), "good.glb"))
    for file in (*bad, good):
        processing.enqueue(file.pk)

    wait_until(lambda: state(good) == "ready", "the good file is ready")

    for file in bad:
        wait_until(lambda file=file: state(file) == "failed", "a bad file has failed")
        assert file.failure_message
    assert celery_files_worker.is_running("files")
    wait_until(lambda: work_folders() == [], "the work folders are gone")
