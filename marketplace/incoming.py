"""Uploads on their way in: streamed to a file beside the originals, counted and hashed as they come.

Memory stays constant whatever the size. A finished upload becomes an original by a rename (on object storage by a
streamed copy); one that broke off, was refused or was not claimed by its view is gone when the request ends.
"""

import errno
import hashlib
import logging
import tempfile
import time
from contextlib import suppress
from functools import wraps
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopUpload
from django.template.defaultfilters import filesizeformat
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from marketplace.exceptions import UploadRefused

logger = logging.getLogger(__name__)

GLB_MAGIC = b"glTF"
# Left behind only by a web process that was killed while it received.
ABANDONED_SECONDS = 24 * 3600
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def incoming_folder() -> Path:
    """On the same file system as the originals, so that taking an upload over is a rename."""
    folder = Path(settings.PRIVATE_MEDIA_ROOT) / "incoming"
    folder.mkdir(mode=0o750, parents=True, exist_ok=True)
    return folder


class IncomingFile(TemporaryUploadedFile):
    """An upload in the incoming folder; removed when closed, unless a storage has moved it away before."""

    def __init__(
        self, name: str, content_type: str, charset: str | None, content_type_extra: dict | None
    ) -> None:
        file = tempfile.NamedTemporaryFile(dir=incoming_folder(), suffix=".upload")  # noqa: SIM115 - closed by Django
        UploadedFile.__init__(self, file, name, content_type, 0, charset, content_type_extra)
        self.sha256 = ""


class IncomingFileHandler(FileUploadHandler):
    """Takes one file of the field `file`; refuses what is no GLB, too large, or finds no room.

    `refusal` is the reason, or None. After a refusal the rest of the request is read and thrown away, so that the
    browser gets to see the answer, except where it announces more than twice what is allowed.
    """

    chunk_size = 512 * 1024

    def __init__(self, request=None) -> None:
        super().__init__(request)
        self.refusal: UploadRefused | None = None
        # Not named `file`: Django would close that with every other file that is skipped.
        self.received: IncomingFile | None = None
        self._hash = hashlib.sha256()
        self._is_complete = False

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None) -> None:  # noqa: N803
        self._announced = content_length

    def new_file(self, field_name, *args, **kwargs) -> None:
        super().new_file(field_name, *args, **kwargs)
        if field_name != "file" or self.received is not None:
            raise SkipFile
        try:
            self.received = IncomingFile(
                self.file_name, self.content_type, self.charset, self.content_type_extra
            )
        except OSError as error:
            self._refuse_for(error)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start == 0 and not raw_data.startswith(GLB_MAGIC):
            self._refuse(not_a_glb())
        if start + len(raw_data) > settings.MAX_UPLOAD_BYTES:
            self._refuse(too_large())
        try:
            self.received.write(raw_data)
        except OSError as error:
            self._refuse_for(error)
        self._hash.update(raw_data)

    def file_complete(self, file_size: int) -> IncomingFile:
        try:
            self.received.flush()
        except OSError as error:
            self._refuse_for(error)
        self.received.seek(0)
        self.received.size = file_size
        self.received.sha256 = self._hash.hexdigest()
        self._is_complete = True
        return self.received

    def upload_interrupted(self) -> None:
        # Django calls this also where a further file, skipped here, ends the request after ours was complete.
        if not self._is_complete:
            self.discard()

    def discard(self) -> None:
        """Remove the file, unless a storage has taken it over. Idempotent."""
        if self.received is not None:
            # Closing flushes what did not fit the first time.
            with suppress(OSError):
                self.received.close()
            Path(self.received.temporary_file_path()).unlink(missing_ok=True)

    def _refuse_for(self, error: OSError) -> None:
        logger.error("An upload could not be stored: %s", error)
        self._refuse(no_room() if error.errno in _NO_ROOM else not_stored())

    def _refuse(self, refusal: UploadRefused) -> None:
        self.refusal = refusal
        self.discard()
        raise StopUpload(connection_reset=self._announced > 2 * settings.MAX_UPLOAD_BYTES)


def receives_upload(view):
    """View decorator: `request.incoming` is the handler that stores the file of a POST.

    The handler must be in place before anything reads the request, CSRF protection included, so that is applied here.
    It checks `Origin` before the body is read and the token after; a file that fails it is discarded as any other that
    the view did not take over.
    """
    protected = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def receive(request, *args, **kwargs):
        request.incoming = IncomingFileHandler(request)
        request.upload_handlers = [request.incoming]
        try:
            return protected(request, *args, **kwargs)
        finally:
            request.incoming.discard()

    return receive


def incoming_from_bytes(name: str, content: bytes) -> IncomingFile:
    """A finished upload of what a command made, for the actions that take one."""
    file = IncomingFile(name, "model/gltf-binary", None, None)
    file.write(content)
    file.seek(0)
    file.size = len(content)
    file.sha256 = hashlib.sha256(content).hexdigest()
    return file


def sweep_incoming() -> int:
    """Remove what killed web processes left behind; returns how many files."""
    oldest = time.time() - ABANDONED_SECONDS
    count = 0
    for path in incoming_folder().glob("*.upload"):
        # It may be taken over or removed by its request at this very moment.
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < oldest:
                path.unlink()
                count += 1
    return count


def not_a_glb() -> UploadRefused:
    return UploadRefused(
        "not-glb", "This is not a GLB file. Export the model as “glTF Binary (.glb)” and upload that file."
    )


def empty() -> UploadRefused:
    return UploadRefused(
        "empty", "The file is empty. Export the model again and check that the file has content."
    )


def too_large() -> UploadRefused:
    limit = filesizeformat(settings.MAX_UPLOAD_BYTES)
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
