"""The bytes of an upload through this server: written to its part file as they come, by one request at a time.

The size of the part file is the offset, so what arrived before a connection, or this process, was cut off stays. Bytes
that come with a checksum count only once it was right: until then a small file beside the part says where they begin.
"""

import errno
import fcntl
import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.http import UnreadablePostError

from marketplace.exceptions import UploadRefused
from marketplace.models import Upload
from marketplace.uploads.admission import new_expiry
from marketplace.uploads.stored import LOCK_SUFFIX, UNVERIFIED_SUFFIX, part_path

logger = logging.getLogger(__name__)

BLOCK_BYTES = 1024**2
# A request whose sender has said nothing for so long gives way to another: its connection is gone, and nobody told us.
SILENT_SECONDS = 15
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class UploadBusy(Exception):
    """Another request writes to this upload."""


class UploadGone(Exception):
    """The bytes that had arrived are no longer there."""


class ChecksumMismatch(Exception):
    """What came is not what was sent; nothing of it was kept."""


def create_part(upload: Upload) -> None:
    """The empty part file of a new upload.

    Raises:
        UploadRefused: the disk does not take it; the row is gone again.
    """
    try:
        part_path(upload).touch(mode=0o640)
    except OSError as error:
        upload.delete()
        raise _refusal(error) from error


def offset_of(upload: Upload) -> int:
    """How many bytes have arrived, by what is on the disk.

    Raises:
        UploadGone: the part file is not there.
    """
    path = part_path(upload)
    try:
        unverified = _read_mark(path.with_suffix(UNVERIFIED_SUFFIX))
        size = path.stat().st_size
    except FileNotFoundError as error:
        raise UploadGone from error
    return size if unverified is None else min(size, unverified)


def record(upload: Upload, offset: int) -> None:
    """Write into the row how far the upload has come, and that it is complete where it is; it expires later now."""
    state = Upload.State.COMPLETE if offset == upload.size else Upload.State.RECEIVING
    changes = {"received": offset, "state": state, "expires_at": new_expiry()}
    # Never backwards: a request that was long under way may be the last to know.
    Upload.objects.filter(pk=upload.pk, received__lte=offset).update(**changes)
    for name, value in changes.items():
        setattr(upload, name, value)


class Part:
    """The part file of one upload, held by one request (see `hold`)."""

    def __init__(self, path: Path, lock: int) -> None:
        self._path = path
        self._lock = lock
        self._mark = path.with_suffix(UNVERIFIED_SUFFIX)
        self._file = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        unverified = _read_mark(self._mark)
        if unverified is not None:
            self._forget_after(unverified)

    @property
    def offset(self) -> int:
        return os.fstat(self._file).st_size

    def append(self, stream, length: int, digest=None, expected: bytes = b"") -> None:
        """Write `length` bytes from `stream`, or as many as come; all or nothing where there is a `digest`.

        Raises:
            ChecksumMismatch: `digest` of what came is not `expected`.
            UploadBusy: the request was silent for so long that another has taken over.
            UploadRefused: the disk does not take more; without a digest what it took stays.
        """
        if digest is None:
            self._write_all(stream, length)
            return
        start = self.offset
        self._mark.write_text(str(start))
        is_right = False
        try:
            came = self._write_all(stream, length, digest)
            is_right = came == length and digest.digest() == expected
        finally:
            # Who has taken over has looked after it already.
            if self._is_held():
                if is_right:
                    self._mark.unlink(missing_ok=True)
                else:
                    self._forget_after(start)
        if came == length and not is_right:
            raise ChecksumMismatch

    def close(self) -> None:
        os.close(self._file)

    def _write_all(self, stream, length: int, digest=None) -> int:
        start = position = self.offset
        for block in _blocks(stream, length):
            self._write(block, position)
            position += len(block)
            if digest is not None:
                digest.update(block)
        return position - start

    def _write(self, block: bytes, position: int) -> None:
        if not self._is_held():
            raise UploadBusy
        view = memoryview(block)
        try:
            while view:
                written = os.pwrite(self._file, view, position)
                view, position = view[written:], position + written
        except OSError as error:
            raise _refusal(error) from error

    def _forget_after(self, offset: int) -> None:
        os.ftruncate(self._file, min(self.offset, offset))
        self._mark.unlink(missing_ok=True)

    def _is_held(self) -> bool:
        return _is_same_file(self._lock, self._path.with_suffix(LOCK_SUFFIX))


@contextmanager
def hold(upload: Upload) -> Iterator[Part]:
    """The part file, for this request alone. The lock is the operating system's and ends with the process.

    Raises:
        UploadBusy: another request holds it, and has heard from its sender lately.
        UploadGone: the part file is not there.
    """
    path = part_path(upload)
    lock = _lock(path)
    try:
        try:
            part = Part(path, lock)
        except FileNotFoundError as error:
            raise UploadGone from error
        try:
            yield part
        finally:
            part.close()
    finally:
        os.close(lock)


def _lock(path: Path) -> int:
    """The locked lock file beside the part; taken over by putting a new one in its place."""
    name = path.with_suffix(LOCK_SUFFIX)
    while True:
        lock = os.open(name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(lock)
            if not _is_silent(path, name):
                raise UploadBusy from error
            logger.info("A silent request to %s gives way to another.", path.name)
            name.unlink(missing_ok=True)
            continue
        # Somebody may have put a new one there between opening and locking.
        if _is_same_file(lock, name):
            os.utime(lock)
            return lock
        os.close(lock)


def _is_silent(path: Path, lock_name: Path) -> bool:
    try:
        last = max(path.stat().st_mtime, lock_name.stat().st_mtime)
    except FileNotFoundError:
        return False
    return time.time() - last > SILENT_SECONDS


def _is_same_file(descriptor: int, name: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), name.stat())
    except FileNotFoundError:
        return False


def _read_mark(mark: Path) -> int | None:
    try:
        text = mark.read_text()
    except FileNotFoundError:
        return None
    # Empty where the process ended before it wrote the mark, and so before any byte that it would mark.
    return int(text) if text else None


def _blocks(stream, length: int) -> Iterator[bytes]:
    """What comes of `length` bytes; ends early where the connection does."""
    left = length
    while left:
        try:
            block = stream.read(min(left, BLOCK_BYTES))
        except UnreadablePostError:
            return
        if not block:
            return
        left -= len(block)
        yield block


def _refusal(error: OSError) -> UploadRefused:
    logger.error("An upload could not be stored: %s", error)
    if error.errno in _NO_ROOM:
        return UploadRefused(
            "no-room", "The server has no room for more at the moment. What has arrived is kept; go on later."
        )
    return UploadRefused(
        "not-stored", "The server could not store more of this file. What has arrived is kept; go on later."
    )
