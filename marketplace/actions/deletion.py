"""Deleting models: they lie in the creator's bin for a while; then what was nobody else's business is erased."""

import logging
from datetime import datetime

from django.db import transaction

from core.models import AuditEntry
from marketplace.actions.announcing import announce
from marketplace.actions.storing import delete_stored_on_commit
from marketplace.exceptions import MarketplaceError, TransitionRefused
from marketplace.models import Model3D
from marketplace.uploads import take

logger = logging.getLogger(__name__)

AT_A_TIME = 200


def delete_model(*, model: Model3D) -> bool:
    """Take the creator's model off the site; `restore_model` brings it back. False where it was deleted before.

    Those who have it keep it.

    Raises:
        TransitionRefused: nothing of it is left.
    """
    with transaction.atomic():
        # Before the model: whoever finishes a drop has its rows when it comes to the model.
        list(model.uploads.select_for_update(of=("self",)).order_by("pk"))
        model.lock()
        if model.deleted_at is not None:
            return False
        AuditEntry.record(actor=model.creator, action="model.delete", target=model)
        take(model.uploads.all())
        model.withdraw()
    return True


def restore_model(*, model: Model3D) -> bool:
    """Bring a deleted model back to where it was; False where it is there.

    Raises:
        TransitionRefused: it was deleted too long ago, or nothing of it is left.
    """
    with transaction.atomic():
        if not model.restore():
            return False
        AuditEntry.record(actor=model.creator, action="model.restore", target=model)
        announce(model)
    return True


def purge_model(*, model: Model3D) -> None:
    """Erase a deleted model with all its files, for good.

    Raises:
        TransitionRefused: it is not deleted, or others may have it: a moderator has decided on it.
    """
    with transaction.atomic():
        model.lock()
        if model.deleted_at is None:
            raise TransitionRefused("Only what was deleted can be erased.")
        if not model.is_nobodys:
            raise TransitionRefused("It was in review or on the marketplace: its record stays, off the site.")
        AuditEntry.record(actor=model.creator, action="model.purge", target=model)
        files = [stored for file in model.files.all() for stored in file.stored_files()]
        files += [picture.image for picture in model.preview_images.all()]
        files += [document.file for document in model.documents.all()]
        delete_stored_on_commit(files)
        Model3D.objects.filter(pk=model.pk).update(current_file=None)
        model.delete()


def purge_old(now: datetime | None = None) -> int:
    """Erase what lies in bins for too long and nobody else has anything to do with; how many models that were."""
    count, last = 0, 0
    while batch := list(Model3D.objects.purgeable(now).filter(pk__gt=last).order_by("pk")[:AT_A_TIME]):
        for model in batch:
            last = model.pk
            try:
                purge_model(model=model)
                count += 1
            except MarketplaceError as error:
                logger.info("Model %s stays: %s", model.pk, error)
    return count
