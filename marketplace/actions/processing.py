"""The pipeline as a job: claim a file, run the steps that are left, store each result, finish or fail.

Nothing here depends on a message being delivered exactly once: a job that is delivered twice finds the lease taken, one
that is lost is found by `requeue_stalled`.
"""

import logging
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from shutil import copyfileobj, rmtree

from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ObjectDoesNotExist
from django.core.files.storage import FileSystemStorage
from django.db import transaction
from django.db.models import F
from django.db.models.fields.files import FieldFile

from marketplace.actions import results, scanning
from marketplace.actions.storing import delete_stored_on_commit
from marketplace.exceptions import LeaseLost, TransitionRefused
from marketplace.incoming import sweep_incoming
from marketplace.leases import Lease
from marketplace.models import FormatSwitch, Inspection, Model3D, ModelFile
from marketplace.processing.formats import Format, Source, steps_of
from marketplace.processing.steps import run_step
from marketplace.processing.types import DEFAULT_LIMITS, ProcessingError, Reduction, Step, ToolFailed
from marketplace.workspace import sweep_work_folders, work_folder

logger = logging.getLogger(__name__)

TASK = "marketplace.tasks.process_model_file"
# Attempts at one step before it is given up: where the worker or the machine died in each, and where a tool did.
MAX_ATTEMPTS = 3
TOOL_ATTEMPTS = 2
# How long a job is trusted to be in the queue before it is queued once more.
QUEUED_SECONDS = 300
# How long a file waits before the scanner that did not answer is asked for it again.
HELD_SECONDS = 60
# So many unfinished files are put into the queue at a time; the rest wait in the database.
QUEUED_MOST = 1000
# Of the broker's 0 (first) to 9 (last).
BACKGROUND_PRIORITY = 9
COPY_BYTES = 1024 * 1024


def enqueue(file_id: int, *, in_background: bool = False) -> None:
    """Queue a file for processing; `in_background` after all that creators wait for.

    A broker that does not answer is an error at once rather than a page that hangs.
    """
    priority = BACKGROUND_PRIORITY if in_background else 0
    current_app.send_task(TASK, (file_id,), queue="files", retry=False, priority=priority)
    cache.set(_queued_key(file_id), True, QUEUED_SECONDS)


def enqueue_on_commit(file: ModelFile) -> None:
    """Queue a file when the transaction commits; should the broker be away, `requeue_stalled` does it later."""
    transaction.on_commit(lambda: enqueue(file.pk), robust=True)


def process(file_id: int) -> None:
    """Run the steps of a file that are left. Does nothing where the file is finished or another worker has it."""
    # The job that this was stands in the queue no more, whatever becomes of it.
    cache.delete(_queued_key(file_id))
    lease = Lease.take(file_id)
    if lease is None:
        return
    with lease, work_folder(lease.token) as folder:
        try:
            _run(lease, folder)
        except (LeaseLost, ObjectDoesNotExist) as error:
            logger.warning("Work on file %s is thrown away: %s", file_id, error)
        except ProcessingError as error:
            logger.warning("File %s failed at %s: %s %s", file_id, error.step, error.code, error.detail)
            _fail_or_give_back(lease, error)
        except Exception:
            # Ours or the machine's fault. Counted as an attempt; found again by `requeue_stalled`.
            logger.exception("File %s could not be processed.", file_id)
            _give_up_or_give_back(lease)


def requeue_stalled() -> int:
    """Queue unfinished files that nobody works on and that no queued job stands for; returns how many.

    Those that were never ready come first: their creators wait. Also removes what dead processes left on this
    machine: work folders, whose leases are void at once, and uploads.
    """
    for token in sweep_work_folders():
        if Lease.void(token):
            logger.warning("A worker died in the middle of a file; the file is queued again.")
            cache.delete_many(
                [_queued_key(pk) for pk in ModelFile.objects.claimable().values_list("pk", flat=True)]
            )
    sweep_incoming()
    count = 0
    never_ready_first = F("processed_at").asc(nulls_first=True)
    for file in ModelFile.objects.claimable().order_by(never_ready_first, "pk")[:QUEUED_MOST]:
        # A lapsed lease means that its job is gone; without one a job may still wait in the queue.
        if file.lease_token is not None or not cache.get(_queued_key(file.pk)):
            enqueue(file.pk, in_background=file.processed_at is not None)
            count += 1
    return count


def retry(*, file: ModelFile) -> None:
    """Start a failed file again, at the step that failed.

    Raises:
        TransitionRefused: the file has not failed.
    """
    with transaction.atomic():
        locked = ModelFile.objects.select_for_update().get(pk=file.pk)
        if locked.state != ModelFile.State.FAILED:
            raise TransitionRefused("Only a file that failed can be started again.")
        locked.state = ModelFile.State.QUEUED
        locked.attempts = 0
        locked.failure_code = locked.failure_message = ""
        locked.save(update_fields=["state", "attempts", "failure_code", "failure_message", "updated_at"])
        enqueue_on_commit(locked)


def remake_preview(*, model: Model3D) -> None:
    """Make the previews of a model anew for its price, inside the transaction that changes the price.

    A preview that shows more than the new price allows is gone with the commit; until the new one is there, the page
    shows poster and turntable.
    """
    for file in model.files.select_for_update():
        inspection = Inspection.objects.filter(file=file).first()
        made = inspection.details.get(Step.GLTF.value) if inspection else None
        if made is None or made["paid"] == model.is_paid:
            continue
        if model.is_paid:
            delete_stored_on_commit([file.preview] if file.preview else [])
            file.preview = ""
        del inspection.details[Step.GLTF.value]
        inspection.save(update_fields=["details", "updated_at"])
        if file.state != ModelFile.State.FAILED:
            file.state = ModelFile.State.QUEUED
            file.attempts = 0
            # Whoever works on it now must start anew.
            file.lease_token = file.lease_expires_at = None
        file.save(
            update_fields=["preview", "state", "attempts", "lease_token", "lease_expires_at", "updated_at"]
        )
        if file.state == ModelFile.State.QUEUED:
            enqueue_on_commit(file)


def _run(lease: Lease, folder: Path) -> None:
    file = ModelFile.objects.get(pk=lease.file_id)
    if file.attempts > MAX_ATTEMPTS:
        raise _gave_up(file)
    previous = _stored_data(file)
    for step in steps_of(Format(file.format)):
        if step in previous:
            continue
        if FormatSwitch.objects.refusal(file.format):
            results.give_back(lease)
            return
        if step is Step.PREFLIGHT and not scanning.passes(lease, file):
            # Asked for again by `requeue_stalled`, when this has lapsed.
            cache.set(_queued_key(file.pk), True, HELD_SECONDS)
            return
        results.begin_step(lease, step)
        file.refresh_from_db()
        previous |= _run_step(lease, step, _source(file, step, folder), folder / step.value, previous)
    results.complete(lease)


def _source(file: ModelFile, step: Step, folder: Path) -> Source:
    """What `step` reads: the upload, what was converted from it, or what was prepared for rendering."""
    if step in (Step.PREFLIGHT, Step.CONVERT):
        return Source(_local(file.original, folder), Format(file.format), file.main_member)
    if step is Step.GLTF:
        return Source(_local(file.converted or file.original, folder))
    return Source(_local(file.poster_source, folder))


def _run_step(
    lease: Lease, step: Step, source: Source, workdir: Path, previous: dict[Step, dict]
) -> dict[Step, dict]:
    """The data of `step`, and of those that came along with it, by step."""
    limits = replace(DEFAULT_LIMITS[step], max_file_bytes=settings.MAX_UPLOAD_BYTES)
    while True:
        model = Model3D.objects.select_related("poster_angle").get(files=lease.file_id)
        paid = model.is_paid
        workdir.mkdir()
        result = run_step(
            step,
            source=source,
            workdir=workdir,
            reduction=Reduction(paid=paid),
            previous=previous,
            angle=model.poster_view,
            limits=limits,
        )
        is_stored = results.store_result(lease, step, result, paid=paid)
        rmtree(workdir)
        if is_stored:
            return {done: part.data for done, part in result.parts(step)}


def _stored_data(file: ModelFile) -> dict[Step, dict]:
    inspection = Inspection.objects.filter(file=file).first()
    return {Step(name): data for name, data in inspection.done_steps.items()} if inspection else {}


def _local(stored: FieldFile, folder: Path) -> Path:
    """Where the tools find a stored file: in the storage itself if that is a disk, else a copy in `folder`."""
    if isinstance(stored.storage, FileSystemStorage):
        return Path(stored.path)
    copy = folder / f"{stored.field.name}{Path(stored.name).suffix}"
    if not copy.exists():
        with stored.open("rb") as content, copy.open("wb") as target:
            copyfileobj(content, target, COPY_BYTES)
    return copy


def _fail_or_give_back(lease: Lease, error: ProcessingError) -> None:
    with suppress(LeaseLost):
        if error.retryable and _attempts(lease) < TOOL_ATTEMPTS:
            results.give_back(lease)
            enqueue(lease.file_id)
        else:
            results.fail(lease, error)


def _give_up_or_give_back(lease: Lease) -> None:
    with suppress(LeaseLost):
        if _attempts(lease) < MAX_ATTEMPTS:
            results.give_back(lease)
        else:
            results.fail(lease, _gave_up(ModelFile.objects.get(pk=lease.file_id)))


def _attempts(lease: Lease) -> int:
    with transaction.atomic():
        return lease.locked_file().attempts


def _gave_up(file: ModelFile) -> ToolFailed:
    return ToolFailed(
        "gave_up",
        "Something on our side kept failing while this file was processed. Try again later; if that does not help,"
        " write to us and name this model.",
        step=Step(file.step or Step.PREFLIGHT),
    )


def _queued_key(file_id: int) -> str:
    return f"marketplace:queued:{file_id}"
