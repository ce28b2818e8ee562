"""A person's data as one zip: JSON by table, and their files, written a piece at a time however much there is."""

import json
import logging
import time
import zipfile
from collections.abc import Callable
from typing import Any, BinaryIO

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string
from django.utils import timezone

from accounts.models import User
from accounts.personal_data import keepers

logger = logging.getLogger(__name__)

BLOCK_BYTES = 256 * 1024
# How often whoever waits is told that the work goes on.
TOLD_EVERY_SECONDS = 30.0


class Pulse:
    """Calls `tell` now and then while it is beaten."""

    def __init__(self, tell: Callable[[], None]):
        self._tell = tell
        self._told = time.monotonic()

    def beat(self) -> None:
        if time.monotonic() - self._told >= TOLD_EVERY_SECONDS:
            self._told = time.monotonic()
            self._tell()


class BeatingFile:
    """An open file that beats a pulse whenever it is read."""

    def __init__(self, file: BinaryIO, pulse: Pulse):
        self._file = file
        self._pulse = pulse

    def read(self, size: int = -1) -> bytes:
        self._pulse.beat()
        return self._file.read(size)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


def write_copy(user: User, target: BinaryIO, *, pulse: Pulse) -> None:
    """Write everything that the registry's keepers have about `user` into `target`, which can seek.

    A file that its storage does not have any more is left out and named in `missing.txt`.
    """
    missing: list[str] = []
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        words = {"person": user, "at": timezone.now(), "SITE_NAME": settings.SITE_NAME}
        archive.writestr("README.txt", render_to_string("accounts/data_copy.txt", words))
        for keeper in keepers():
            exported = keeper.export(user)
            for table, rows in exported.tables:
                _write_rows(archive, f"{keeper.name}/{table}.json", rows, pulse)
            for name, file in exported.files:
                if not _write_file(archive, f"{keeper.name}/files/{name}", file, pulse):
                    missing.append(name)
        if missing:
            archive.writestr("missing.txt", "\n".join(missing) + "\n")


def _write_rows(archive: zipfile.ZipFile, name: str, rows, pulse: Pulse) -> None:
    with archive.open(name, "w", force_zip64=True) as out:
        separator = b"[\n"
        for row in rows:
            text = json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)
            out.write(separator + text.encode())
            separator = b",\n"
            pulse.beat()
        out.write(b"[]\n" if separator == b"[\n" else b"\n]\n")


def _write_file(archive: zipfile.ZipFile, name: str, file, pulse: Pulse) -> bool:
    """Stored as it is: pictures and 3D files do not get smaller."""
    try:
        source = file.storage.open(file.name, "rb")
    except OSError as error:
        logger.error("The file %s of a data copy cannot be read: %s", file.name, error)
        return False
    entry = zipfile.ZipInfo(name, date_time=timezone.now().timetuple()[:6])
    with source, archive.open(entry, "w", force_zip64=True) as out:
        while block := source.read(BLOCK_BYTES):
            out.write(block)
            pulse.beat()
    return True
