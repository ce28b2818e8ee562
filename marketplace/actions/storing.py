"""Rows and stored files together: neither outlives the other."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import transaction
from django.db.models.fields.files import FieldFile

logger = logging.getLogger(__name__)


def delete_stored(files: Iterable[FieldFile]) -> None:
    """Delete stored files at once. A storage that fails is logged: an orphan is better than a broken action."""
    for file in files:
        try:
            file.storage.delete(file.name)
        except Exception:
            logger.exception("The stored file %s could not be deleted.", file.name)


def delete_stored_on_commit(files: Iterable[FieldFile]) -> None:
    """Delete stored files when the transaction that gives them up has committed."""
    # New objects: the caller may clear or refill the fields before the commit.
    given_up = [FieldFile(file.instance, file.field, file.name) for file in files]
    if given_up:
        transaction.on_commit(lambda: delete_stored(given_up), robust=True)


@contextmanager
def deleted_on_error() -> Iterator[list[FieldFile]]:
    """What the block stores and adds to the list is deleted again where the block fails. Goes around a transaction."""
    stored: list[FieldFile] = []
    try:
        yield stored
    except BaseException:
        delete_stored(stored)
        raise
