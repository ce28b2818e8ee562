"""Files that have arrived, however they came: the one thing that models are made of."""

import os
import shutil
import uuid
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Protocol, Self

from django.core.files.base import File
from django.core.files.storage import storages
from django.db.models.fields.files import FieldFile

from marketplace.incoming import IncomingFile, incoming_folder
from marketplace.models import Upload
from marketplace.uploads.stored import part_path, private_bucket, remove


class _Bytes(Protocol):
    """Where the bytes of an arrived file are."""

    def open(self) -> BinaryIO: ...
    def move_to(self, field_file: FieldFile, name: str) -> None: ...
    def discard(self) -> None: ...


class Arrival:
    """One file that has arrived whole.

    ``path`` is relative, with the folders it was dropped with, and safe to put into an archive; ``size`` is in bytes;
    ``sha256`` is in hexadecimal, or empty where nobody has read the bytes yet; ``is_announced`` says that the owner's
    quota counts the bytes already.
    """

    def __init__(
        self, path: str, size: int, sha256: str, stored: _Bytes, *, is_announced: bool = False
    ) -> None:
        self.path = path
        self.size = size
        self.sha256 = sha256
        self.is_announced = is_announced
        self._stored = stored

    @classmethod
    def of_upload(cls, upload: Upload) -> Self:
        """From the row of a complete upload."""
        stored = _ObjectBytes(upload) if upload.transport == Upload.Transport.S3 else _PartBytes(upload)
        return cls(upload.path, upload.size, upload.sha256, stored, is_announced=True)

    @classmethod
    def of_incoming(cls, incoming_file: IncomingFile) -> Self:
        """From a file of a plain form."""
        return cls(
            incoming_file.name, incoming_file.size, incoming_file.sha256, _IncomingBytes(incoming_file)
        )

    def __repr__(self) -> str:
        return f"<Arrival {self.path} ({self.size} bytes)>"

    @property
    def name(self) -> str:
        """Without folders."""
        return PurePosixPath(self.path).name

    @contextmanager
    def open(self):
        """The bytes from the start, as a binary stream that can seek.

        Raises:
            FileNotFoundError: they are gone.
        """
        stream = self._stored.open()
        try:
            yield stream
        finally:
            stream.close()

    def move_to(self, field_file: FieldFile, name: str) -> None:
        """Store the bytes as `field_file` without saving its row: a rename on disk, a copy inside object storage.

        An upload in pieces keeps its own bytes until `uploads.take` is committed, so a transaction that fails deletes
        the stored file (as `marketplace.actions.storing` does) and the upload can be used again.
        """
        self._stored.move_to(field_file, name)

    def discard(self) -> None:
        """Remove the bytes, unless a storage has taken them over. Idempotent."""
        self._stored.discard()


class _MovableFile(File):
    """A file that file system storages take over by renaming it, and other storages by reading it."""

    def __init__(self, path: Path) -> None:
        super().__init__(path.open("rb"), name=path.name)

    def temporary_file_path(self) -> str:
        return self.file.name


class _PartBytes:
    """In a part file of this machine."""

    def __init__(self, upload: Upload) -> None:
        self._upload = upload
        self._path = part_path(upload)

    def open(self) -> BinaryIO:
        return self._path.open("rb")

    def move_to(self, field_file: FieldFile, name: str) -> None:
        # The storage renames a second name of the same bytes; the part keeps the first.
        second = incoming_folder() / f"{uuid.uuid4().hex}.upload"
        try:
            os.link(self._path, second)
        except FileNotFoundError:
            raise
        except OSError:
            # Not every file system knows two names for one file.
            shutil.copyfile(self._path, second)
        try:
            with _MovableFile(second) as file:
                field_file.save(name, file, save=False)
        finally:
            second.unlink(missing_ok=True)

    def discard(self) -> None:
        remove([self._upload])


class _ObjectBytes:
    """In the private bucket."""

    def __init__(self, upload: Upload) -> None:
        self._upload = upload

    def open(self) -> BinaryIO:
        return storages["private"].open(self._upload.storage_name, "rb")

    def move_to(self, field_file: FieldFile, name: str) -> None:
        field, storage, bucket = field_file.field, field_file.storage, private_bucket()
        target = storage.get_available_name(
            field.generate_filename(field_file.instance, name), max_length=field.max_length
        )
        # Managed by the SDK: in parts where the bucket wants parts, and without the bytes passing through here.
        bucket.meta.client.copy(
            {"Bucket": bucket.name, "Key": self._upload.storage_name}, storage.bucket.name, target
        )
        field_file.name = target
        setattr(field_file.instance, field.attname, target)

    def discard(self) -> None:
        remove([self._upload])


class _IncomingBytes:
    """In a file that the request of a plain form has received."""

    def __init__(self, file: IncomingFile) -> None:
        self._file = file

    def open(self) -> BinaryIO:
        return Path(self._file.temporary_file_path()).open("rb")

    def move_to(self, field_file: FieldFile, name: str) -> None:
        self._file.seek(0)
        field_file.save(name, self._file, save=False)

    def discard(self) -> None:
        # Closing flushes what did not fit the first time.
        with suppress(OSError):
            self._file.close()
        Path(self._file.temporary_file_path()).unlink(missing_ok=True)
