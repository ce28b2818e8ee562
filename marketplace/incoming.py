"""Uploads on their way in: streamed to a file beside the originals, counted and hashed as they come.

Memory stays constant whatever the size. A finished upload becomes an original by a rename (on object storage by a
streamed copy); one that broke off, was refused or was not claimed by its view is gone when the request ends.
"""

import errno
import hashlib
import logging
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cached_property, partial, wraps
from io import BytesIO
from pathlib import Path
from shutil import copyfileobj
from typing import BinaryIO

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopUpload
from django.template.defaultfilters import filesizeformat
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from accounts.entitlements import entitlements_of
from marketplace.exceptions import UploadRefused
from marketplace.quota import Quota

logger = logging.getLogger(__name__)

# Of one form without scripts; the uploads in pieces take more.
MAX_FILES = 100
# Left behind only by a web process that was killed while it received.
ABANDONED_SECONDS = 24 * 3600
ASSEMBLY_SUFFIX = ".assembly"
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def incoming_folder() -> Path:
    """On the same file system as the originals, so that taking an upload over is a rename."""
    folder = Path(settings.PRIVATE_MEDIA_ROOT) / "incoming"
    folder.mkdir(mode=0o750, parents=True, exist_ok=True)
    return folder


@contextmanager
def assembly_folder() -> Iterator[Path]:
    """A folder for taking uploads apart, gone when the block ends."""
    with tempfile.TemporaryDirectory(dir=incoming_folder(), suffix=ASSEMBLY_SUFFIX) as folder:
        yield Path(folder)


class IncomingFile(TemporaryUploadedFile):
    """An upload in the incoming folder; removed when closed, unless a storage has moved it away before."""

    def __init__(
        self, name: str, content_type: str, charset: str | None, content_type_extra: dict | None
    ) -> None:
        file = tempfile.NamedTemporaryFile(dir=incoming_folder(), suffix=".upload")  # noqa: SIM115 - closed by Django
        UploadedFile.__init__(self, file, name, content_type, 0, charset, content_type_extra)
        self.sha256 = ""


class IncomingFileHandler(FileUploadHandler):
    """Takes the files of the field `file` that a signed-in person sends, up to MAX_FILES.

    Refuses what is too large, more than they may keep, or finds no room on the disk.

    `refusal` is the reason, or None. After a refusal the rest of the request is read and thrown away, so that the
    browser gets to see the answer, except where it announces more than twice what is allowed.
    """

    chunk_size = 512 * 1024
    max_files = MAX_FILES

    def __init__(self, request=None) -> None:
        super().__init__(request)
        self.refusal: UploadRefused | None = None
        # Not named `file`: Django would close that with every other file that is skipped.
        self.received: list[IncomingFile] = []
        self._hash = hashlib.sha256()
        self._is_receiving = False

    @cached_property
    def max_bytes(self) -> int:
        """Of one file."""
        return entitlements_of(self.request.user).max_upload_bytes

    def too_many(self) -> UploadRefused:
        """What is said where more than `max_files` come."""
        return too_many()

    def room_of(self, user) -> int:
        """Bytes that `user` may send now, all files together."""
        return Quota.of(user).left

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None) -> None:  # noqa: N803
        self._announced = content_length
        # Bytes that may still come, all files together.
        self._room = self.room_of(self.request.user)

    def new_file(self, field_name, *args, **kwargs) -> None:
        super().new_file(field_name, *args, **kwargs)
        if field_name != "file":
            raise SkipFile
        if len(self.received) == self.max_files:
            self._refuse(self.too_many())
        try:
            self.received.append(
                IncomingFile(self.file_name, self.content_type, self.charset, self.content_type_extra)
            )
        except OSError as error:
            self._refuse_for(error)
        self._hash = hashlib.sha256()
        self._is_receiving = True

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start + len(raw_data) > self.max_bytes:
            self._refuse(too_large(self.max_bytes))
        self._room -= len(raw_data)
        if self._room < 0:
            self._refuse(over_quota())
        try:
            self.received[-1].write(raw_data)
        except OSError as error:
            self._refuse_for(error)
        self._hash.update(raw_data)

    def file_complete(self, file_size: int) -> IncomingFile:
        file = self.received[-1]
        try:
            file.flush()
        except OSError as error:
            self._refuse_for(error)
        file.seek(0)
        file.size = file_size
        file.sha256 = self._hash.hexdigest()
        self._is_receiving = False
        return file

    def upload_interrupted(self) -> None:
        # Django calls this also where a file that is skipped here ends the request after ours were complete.
        if self._is_receiving:
            self.discard()

    def discard(self) -> None:
        """Remove the files, unless a storage has taken them over. Idempotent."""
        for file in self.received:
            # Closing flushes what did not fit the first time.
            with suppress(OSError):
                file.close()
            Path(file.temporary_file_path()).unlink(missing_ok=True)

    def _refuse_for(self, error: OSError) -> None:
        logger.error("An upload could not be stored: %s", error)
        self._refuse(no_room() if error.errno in _NO_ROOM else not_stored())

    def _refuse(self, refusal: UploadRefused) -> None:
        self.refusal = refusal
        self.discard()
        raise StopUpload(connection_reset=self._announced > 2 * self.max_bytes)


def receives_upload(view=None, *, handler=IncomingFileHandler):
    """View decorator, below one that lets only people in: `request.incoming` is the handler that stores the files.

    The handler must be in place before anything reads the request, CSRF protection included, so that is applied here.
    It checks `Origin` before the body is read and the token after; a file that fails it is discarded as any other that
    the view did not take over.
    """
    if view is None:
        return partial(receives_upload, handler=handler)
    protected = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def receive(request, *args, **kwargs):
        request.incoming = handler(request)
        request.upload_handlers = [request.incoming]
        try:
            return protected(request, *args, **kwargs)
        finally:
            request.incoming.discard()

    return receive


def incoming_from_bytes(name: str, content: bytes) -> IncomingFile:
    """A finished upload of what a command made, for the actions that take one."""
    return incoming_from_stream(name, BytesIO(content))


def incoming_from_stream(name: str, stream: BinaryIO) -> IncomingFile:
    """A finished upload of what a stream has left, at constant memory."""
    file = IncomingFile(name, "application/octet-stream", None, None)
    copyfileobj(stream, file, IncomingFileHandler.chunk_size)
    return finished(file)


def finished(file: IncomingFile) -> IncomingFile:
    """Measure and hash what has been written into an incoming file."""
    file.flush()
    file.seek(0)
    file.sha256 = hashlib.file_digest(file.file, "sha256").hexdigest()
    file.size = file.tell()
    file.seek(0)
    return file


def sweep_incoming() -> int:
    """Remove what killed web processes left behind; returns how many files and folders."""
    oldest = time.time() - ABANDONED_SECONDS
    count = 0
    for path in incoming_folder().glob("*.upload"):
        # It may be taken over or removed by its request at this very moment.
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < oldest:
                path.unlink()
                count += 1
    for folder in incoming_folder().glob(f"*{ASSEMBLY_SUFFIX}"):
        with suppress(FileNotFoundError):
            if folder.stat().st_mtime < oldest:
                shutil.rmtree(folder, ignore_errors=True)
                count += 1
    return count


def too_many() -> UploadRefused:
    return UploadRefused(
        "too-many", f"These are more than {MAX_FILES} files. Make a zip of the folder and upload that."
    )


def over_quota() -> UploadRefused:
    return UploadRefused(
        "quota",
        "These files are more than you have room left for. Delete models that you do not need,"
        " choose less, or a larger plan (see Pricing).",
    )


def empty() -> UploadRefused:
    return UploadRefused(
        "empty", "The file is empty. Export the model again and check that the file has content."
    )


def too_large(most: int) -> UploadRefused:
    limit = filesizeformat(most)
    return UploadRefused("too-large", f"The file is larger than {limit}, the most that can be uploaded.")


def incomplete() -> UploadRefused:
    return UploadRefused(
        "incomplete", "The upload broke off before the whole file had arrived. Please upload it again."
    )


def no_room() -> UploadRefused:
    return UploadRefused(
        "no-room",
        "The server has no room for this file at the moment. Nothing was stored; please try again later.",
    )


def not_stored() -> UploadRefused:
    return UploadRefused(
        "not-stored", "The file could not be stored. Nothing was kept; please try again later."
    )
