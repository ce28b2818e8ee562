"""What the steps of the pipeline found, into rows and storages. Every write is made under the worker's lease."""

import logging
from pathlib import Path

from django.core.files import File
from django.db import transaction
from django.utils import timezone

from accounts.models import Notification
from accounts.notifications import notify
from marketplace.actions.comparing import compare
from marketplace.actions.findings import clean, replace_findings
from marketplace.actions.storing import delete_stored, delete_stored_on_commit
from marketplace.exceptions import LeaseLost
from marketplace.leases import Lease
from marketplace.models import Fingerprint, Inspection, Model3D, ModelFile
from marketplace.processing.types import ProcessingError, Step, StepResult

logger = logging.getLogger(__name__)

# Fields of Inspection under which the engine's measures of a step are stored for searching and showing.
MEASURES = {
    Step.GLTF: (
        "triangles", "vertices", "meshes", "draw_calls", "materials", "textures", "max_texture_size", "texture_memory",
        "animations", "is_rigged", "joints", "uv_sets", "has_vertex_colors",
    ),
}  # fmt: skip


def begin_step(lease: Lease, step: Step) -> None:
    """Show on the creator's page that the step runs."""
    with transaction.atomic():
        file = lease.locked_file()
        file.step = step
        file.save(update_fields=["step", "updated_at"])


def store_result(lease: Lease, step: Step, result: StepResult, *, paid: bool) -> bool:
    """Store what one step found, replacing what an earlier run of it stored.

    `paid` says for which kind of model the preview was made. False, with nothing stored, where the model's price has
    made that wrong meanwhile: a paid model never gets a full preview.
    """
    model_file = ModelFile.objects.get(pk=lease.file_id)
    stored = _store_files(model_file, result.files)
    try:
        with transaction.atomic():
            # The model before its file, as everywhere; its price cannot change until this is committed.
            model = _locked_model(lease)
            file = lease.locked_file()
            kept = step != Step.GLTF or model.is_paid == paid
            if kept:
                for done, part in result.parts(step):
                    _write(file, done, part, stored if done is step else {}, paid=paid)
    except BaseException:
        delete_stored(stored.values())
        raise
    if not kept:
        delete_stored(stored.values())
    return kept


def complete(lease: Lease) -> None:
    """All steps are done: the file is ready, and the model shows it, or moderators decide whether it is to."""
    with transaction.atomic():
        model = _locked_model(lease)
        file = lease.locked_file()
        file.state = ModelFile.State.READY
        file.step = ""
        file.attempts = 0
        file.processed_at = timezone.now()
        _end_lease(file)
        if file.standing == ModelFile.Standing.PROPOSED:
            model.propose_file(file)
        elif file.standing == ModelFile.Standing.INCLUDED:
            model.adopt_file(file)
        compare(model)


def fail(lease: Lease, error: ProcessingError) -> None:
    """The file cannot be processed: say why, and tell the creator."""
    with transaction.atomic():
        file = lease.locked_file()
        file.state = ModelFile.State.FAILED
        file.step = error.step
        file.failure_code = error.code[:60]
        file.failure_message = clean(error.message)[:1000]
        _end_lease(file)
        notify(
            user=file.model.creator,
            kind=Notification.Kind.PROCESSING_FAILED,
            title=f"“{file.model.title}” could not be processed",
            message=file.failure_message,
            link=file.model.get_edit_url(),
        )


def give_back(lease: Lease) -> None:
    """Put the file back into the queue, for another attempt at the step it is at."""
    with transaction.atomic():
        file = lease.locked_file()
        file.state = ModelFile.State.QUEUED
        _end_lease(file)


def hold_back(lease: Lease) -> None:
    """As `give_back`, without an attempt being counted: nobody tried."""
    with transaction.atomic():
        file = lease.locked_file()
        file.state = ModelFile.State.QUEUED
        file.attempts = max(file.attempts - 1, 0)
        _end_lease(file)


def _locked_model(lease: Lease) -> Model3D:
    model = Model3D.objects.select_for_update(of=("self",)).filter(files=lease.file_id).first()
    if model is None:
        raise LeaseLost(f"File {lease.file_id} was deleted.")
    return model


def _end_lease(file: ModelFile) -> None:
    file.lease_token = None
    file.lease_expires_at = None
    file.save(
        update_fields=[
            "state", "step", "attempts", "processed_at", "failure_code", "failure_message", "lease_token",
            "lease_expires_at", "updated_at",
        ]
    )  # fmt: skip


def _store_files(model_file: ModelFile, files: dict[str, Path]) -> dict[str, object]:
    """Put a step's output files into the storages that their fields name; by role."""
    stored = {}
    try:
        for role, path in files.items():
            with path.open("rb") as content:
                getattr(model_file, role).save(path.name, File(content), save=False)
            stored[role] = getattr(model_file, role)
    except BaseException:
        delete_stored(stored.values())
        raise
    return stored


def _write(file: ModelFile, step: Step, result: StepResult, stored: dict, *, paid: bool) -> None:
    delete_stored_on_commit([getattr(file, role) for role in stored if getattr(file, role)])
    for role, stored_file in stored.items():
        setattr(file, role, stored_file.name)
    if step == Step.PREFLIGHT and not file.sha256:
        # What went straight to object storage passed nobody who could hash it.
        file.sha256 = result.data.get("sha256", "")
    # Progress: what went wrong before does not count against the steps to come.
    file.attempts = 1
    file.save(update_fields=[*stored, "sha256", "attempts", "updated_at"])

    inspection, _ = Inspection.objects.get_or_create(file=file)
    data = clean(result.data)
    if step == Step.GLTF:
        data["paid"] = paid
    if step == Step.FINGERPRINT:
        data = _store_fingerprint(file, data)
    inspection.details[step.value] = data
    inspection.stale_steps = [stale for stale in inspection.stale_steps if stale != step.value]
    inspection.step_seconds[step.value] = round(result.seconds, 3)
    inspection.tool_versions[step.value] = clean(result.tool_versions)
    take_measures(inspection, step, data)
    inspection.save()
    replace_findings(file, step, result.findings)


def _store_fingerprint(file: ModelFile, data: dict) -> dict:
    """The row that shapes are searched by, and what is left to note of the step; a file without a surface has none."""
    if data["vector"] is None:
        Fingerprint.objects.filter(file=file).delete()
    else:
        Fingerprint.objects.update_or_create(file=file, defaults=data)
    return {"version": data["version"], "has_surface": data["vector"] is not None}


def take_measures(inspection: Inspection, step: Step, data: dict) -> None:
    """Put what a step measured into the fields that are searched and shown; nothing is saved."""
    for name in MEASURES.get(step, ()):
        setattr(inspection, name, data[name])
    if step == Step.GEOMETRY:
        bounds = data.get("bounds") or {}
        inspection.bounds_min = bounds.get("min")
        inspection.bounds_max = bounds.get("max")
        inspection.is_watertight = data.get("watertight")
