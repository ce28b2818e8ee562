"""Uploads that have arrived become part of a model."""

import logging
import uuid
from collections.abc import Iterable

from django.db import transaction

from accounts.models import User
from marketplace.models import Upload
from marketplace.uploads import stored

logger = logging.getLogger(__name__)


def complete_of_batch(owner: User, batch: uuid.UUID) -> list[Upload]:
    """What has arrived of a drop, in the order in which it was announced.

    Inside a transaction only: the rows are locked until its end, so that two requests do not make two models of one
    drop; the second one finds nothing.
    """
    rows = Upload.objects.owned_by(owner).alive().filter(batch=batch, state=Upload.State.COMPLETE)
    return list(rows.select_for_update(of=("self",)).order_by("pk"))


def take(uploads: Iterable[Upload]) -> None:
    """Delete the rows of uploads that are part of a model now, and when that is committed what is left of their bytes.

    Until then the bytes stay, so that a transaction that fails loses nothing.
    """
    taken = list(uploads)
    Upload.objects.filter(pk__in=[upload.pk for upload in taken]).delete()
    transaction.on_commit(lambda: discard_bytes(taken), robust=True)


def discard_bytes(uploads: Iterable[Upload]) -> None:
    """Remove bytes whose rows are gone. What cannot be removed now is logged, and goes as an orphan later."""
    for upload in uploads:
        try:
            stored.remove([upload])
        except Exception:
            logger.exception("The bytes of upload %s could not be removed.", upload.public_id)
