"""From an upload to a model with a queued file, and away again."""

import re
from pathlib import PurePath

from django.db import transaction

from accounts.models import User
from core.models import AuditEntry
from marketplace.actions.processing import enqueue_on_commit
from marketplace.actions.storing import delete_stored, delete_stored_on_commit
from marketplace.exceptions import TransitionRefused
from marketplace.incoming import IncomingFile
from marketplace.models import Model3D, ModelFile

_TITLE_LENGTH = Model3D._meta.get_field("title").max_length
_NAME_LENGTH = ModelFile._meta.get_field("original_name").max_length


def create_draft(*, creator: User, upload: IncomingFile) -> Model3D:
    """A draft with its first file, which is processed as soon as this is committed."""
    with transaction.atomic():
        model = Model3D.objects.create(creator=creator, title=title_from_name(upload.name))
        _add_file(model, upload, version=1)
    return model


def replace_file(*, model: Model3D, upload: IncomingFile) -> ModelFile:
    """A new version of the model's file. An older one that no moderator has seen is deleted.

    Raises:
        TransitionRefused: the model is in review, on the marketplace, or was deleted.
    """
    with transaction.atomic():
        model.lock()
        if not model.may_replace_file:
            raise TransitionRefused("The file of a model that is in review or published cannot be replaced.")
        previous = model.newest_file
        file = _add_file(model, upload, version=previous.version + 1 if previous else 1)
        if previous is not None and not _is_kept(model, previous):
            if model.current_file_id == previous.pk:
                Model3D.objects.filter(pk=model.pk).update(current_file=None)
                model.current_file = None
            delete_stored_on_commit(previous.stored_files())
            previous.delete()
    return file


def delete_model(*, model: Model3D) -> bool:
    """Take the creator's model off the site. True where nothing of it is left.

    What a moderator has decided on, or somebody may have bought, is withdrawn instead: those who have it keep it.

    Raises:
        TransitionRefused: it was deleted before.
    """
    with transaction.atomic():
        model.lock()
        AuditEntry.record(actor=model.creator, action="model.delete", target=model)
        if model.published_at is not None or model.reviews_by_moderators.exists():
            model.withdraw()
            return False
        files = [stored for file in model.files.all() for stored in file.stored_files()]
        files += [picture.image for picture in model.preview_images.all()]
        delete_stored_on_commit(files)
        Model3D.objects.filter(pk=model.pk).update(current_file=None)
        model.delete()
    return True


def title_from_name(name: str) -> str:
    """`flight_helmet-v2.glb` becomes `Flight helmet v2`: a start that the creator can change."""
    stem = PurePath(name).name
    stem = stem[: -len(".glb")] if stem.lower().endswith(".glb") else stem
    words = re.sub(r"[\s_.\-]+", " ", "".join(sign if sign.isprintable() else " " for sign in stem)).strip()
    return (words[:1].upper() + words[1:])[:_TITLE_LENGTH].strip() or "Untitled model"


def _is_kept(model: Model3D, file: ModelFile) -> bool:
    return model.published_at is not None or model.reviews_by_moderators.filter(file=file).exists()


def _add_file(model: Model3D, upload: IncomingFile, *, version: int) -> ModelFile:
    file = ModelFile(
        model=model,
        version=version,
        original_name=upload.name[-_NAME_LENGTH:],
        size=upload.size,
        sha256=upload.sha256,
    )
    file.original.save(upload.name, upload, save=False)
    try:
        # A savepoint, so that the stored file goes exactly when its row does not come.
        with transaction.atomic():
            file.save()
    except BaseException:
        delete_stored([file.original])
        raise
    enqueue_on_commit(file)
    return file
