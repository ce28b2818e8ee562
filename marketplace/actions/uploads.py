"""From arrived files to a model's files, several formats side by side, and away again."""

import re
from pathlib import PurePosixPath

from django.db import transaction

from accounts.models import User
from core.metrics import STORED_BYTES, UPLOADS, count
from core.models import AuditEntry
from marketplace.actions.comparing import compare
from marketplace.actions.processing import enqueue_on_commit
from marketplace.actions.storing import delete_stored, delete_stored_on_commit
from marketplace.arrivals import Arrival
from marketplace.exceptions import TransitionRefused
from marketplace.incoming import IncomingFile
from marketplace.models import Model3D, ModelFile
from marketplace.processing.formats import ARCHIVE_EXTENSION, FORMATS, Format, format_of_name

_TITLE_LENGTH = Model3D._meta.get_field("title").max_length
_EXTENSIONS = (ARCHIVE_EXTENSION, *(extension for info in FORMATS.values() for extension in info.extensions))
_NAME_LENGTH = ModelFile._meta.get_field("original_name").max_length
CLOSED = "The files of a model that is in review, or was taken down, cannot be changed."
# What a new file is, by whether it is added to an approved model.
STANDING = {False: ModelFile.Standing.INCLUDED, True: ModelFile.Standing.PROPOSED}


def create_draft(*, creator: User, upload: IncomingFile) -> Model3D:
    """A draft with its first file, which is processed as soon as this is committed."""
    with transaction.atomic():
        model = Model3D.objects.create(creator=creator, title=title_from_name(upload.name))
        put_file(model=model, arrival=Arrival.of_incoming(upload), file_format=format_of_name(upload.name))
    return model


def put_file(
    *, model: Model3D, arrival: Arrival, file_format: Format, name: str = "", main_member: str = ""
) -> ModelFile:
    """A file of a further format, or a new version of one that the model has.

    Of an approved model it is a proposal: what is live stays until a moderator has approved the new one. An older
    version that no moderator has decided on is deleted. `name` is what the creator calls the file, by default the
    arrival's name; `main_member` names the model's own file where the arrival is a zip.

    Raises:
        TransitionRefused: the model is in review, was taken down, or was deleted.
    """
    with transaction.atomic():
        model.lock()
        if not model.may_take_files:
            raise TransitionRefused(CLOSED)
        previous = model.files.filter(format=file_format).order_by("-version").first()
        file = _store(
            ModelFile(
                model=model,
                format=file_format,
                version=previous.version + 1 if previous else 1,
                standing=STANDING[model.may_propose_file],
                main_member=main_member,
                original_name=(name or arrival.name)[-_NAME_LENGTH:],
                size=arrival.size,
                sha256=arrival.sha256,
            ),
            arrival,
        )
        if previous is not None and not _is_kept(model, previous):
            if model.current_file_id == previous.pk:
                # Nothing else is shown in its place: the new version will be, when it is ready.
                Model3D.objects.filter(pk=model.pk).update(current_file=None)
                model.current_file = None
            _delete(previous)
            compare(model)
            if file.standing == ModelFile.Standing.PROPOSED:
                model.settle_proposals()
    return file


def remove_file(*, model: Model3D, file: ModelFile) -> None:
    """Take one format out of a model, with all its versions; or take back a version that waits for review.

    Raises:
        TransitionRefused: the model is in review or published, it is its only format, somebody may have it, or it was
            removed already.
    """
    with transaction.atomic():
        model.lock()
        file = model.files.filter(pk=file.pk).first()
        if file is None:
            raise TransitionRefused("This file was removed already.")
        if file.standing == ModelFile.Standing.PROPOSED:
            _delete(file)
            model.settle_proposals()
            return
        if not model.may_replace_file:
            raise TransitionRefused("The files of a model that is in review or published cannot be changed.")
        versions = list(model.files.filter(format=file.format))
        if not model.files.exclude(format=file.format).exists():
            raise TransitionRefused("This is the model's only file: replace it instead, or delete the model.")
        if any(_is_kept(model, version) for version in versions):
            raise TransitionRefused(
                "A moderator has decided on this file, or somebody may have it: it stays. You can replace it."
            )
        for version in versions:
            model.drop_file(version)
            _delete(version)
        compare(model)
        AuditEntry.record(actor=model.creator, action="model.file.remove", target=model, format=file.format)


def show_file(*, model: Model3D, file: ModelFile) -> None:
    """Choose the format that the model's page shows.

    Raises:
        TransitionRefused: the file is not ready, or the model is in review or published, where what is shown is what a
            moderator has seen.
    """
    with transaction.atomic():
        model.lock()
        if not model.may_replace_file:
            raise TransitionRefused("What a model in review or published shows cannot be changed.")
        model.show_file(file)
        compare(model)


def title_from_name(name: str) -> str:
    """`flight_helmet-v2.fbx` becomes `Flight helmet v2`: a start that the creator can change."""
    stem = PurePosixPath(name).name
    extension = next((known for known in _EXTENSIONS if stem.lower().endswith(known)), "")
    stem = stem[: len(stem) - len(extension)]
    words = re.sub(r"[\s_.\-]+", " ", "".join(sign if sign.isprintable() else " " for sign in stem)).strip()
    return (words[:1].upper() + words[1:])[:_TITLE_LENGTH].strip() or "Untitled model"


def _is_kept(model: Model3D, file: ModelFile) -> bool:
    """Whether somebody may have the file, or a moderator has seen it."""
    if file.standing == ModelFile.Standing.PROPOSED:
        return False
    reviews = model.reviews_by_moderators.filter(created_at__gte=file.created_at)
    return model.published_at is not None or model.sales_count > 0 or reviews.exists()


def _delete(file: ModelFile) -> None:
    delete_stored_on_commit(file.stored_files())
    file.delete()


def _store(file: ModelFile, arrival: Arrival) -> ModelFile:
    arrival.move_to(file.original, arrival.name)
    try:
        # A savepoint, so that the stored file goes exactly when its row does not come.
        with transaction.atomic():
            file.save()
    except BaseException:
        delete_stored([file.original])
        raise
    enqueue_on_commit(file)
    count(UPLOADS, "stored")
    count(STORED_BYTES, file.format, amount=file.size)
    return file
