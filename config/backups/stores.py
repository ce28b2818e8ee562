"""The site's storages, folder or bucket alike: what is in them, and its bytes, in bounded memory."""

import os
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

from botocore.exceptions import ClientError
from django.core.files.storage import FileSystemStorage, storages

from config.backups.layout import BLOCK_BYTES


class Vanished(Exception):
    """The site deleted the file after it was seen."""


def names_in(alias: str) -> Iterator[tuple[str, int]]:
    """Name and size of every file of a storage, in the order of their names within each folder."""
    storage = storages[alias]
    if not isinstance(storage, FileSystemStorage):
        yield from ((item.key, item.size) for item in storage.bucket.objects.all())
        return
    root = Path(storage.location)
    for folder, folders, files in os.walk(root):
        folders.sort()
        for file in sorted(files):
            path = Path(folder) / file
            with suppress(FileNotFoundError):
                yield path.relative_to(root).as_posix(), path.stat().st_size


def blocks_of(alias: str, name: str) -> Iterator[bytes]:
    """The bytes of a stored file.

    Raises:
        Vanished: it is not there any more.
    """
    storage = storages[alias]
    try:
        if isinstance(storage, FileSystemStorage):
            with Path(storage.path(name)).open("rb") as file:
                while block := file.read(BLOCK_BYTES):
                    yield block
        else:
            with closing(storage.bucket.Object(name).get()["Body"]) as body:
                yield from body.iter_chunks(BLOCK_BYTES)
    except FileNotFoundError as error:
        raise Vanished from error
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
            raise Vanished from error
        raise
