"""An open archive of which nothing was believed."""

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from ..formats import Format, format_of_name
from ..signatures import is_program, starts_as_archive
from ..tool import FileRejected
from ..types import DEFAULT_LIMITS, MIB, Step
from .frame import LOCAL_HEADER, LOCAL_MAGIC, check_frame
from .names import (
    ARCHIVE_EXTENSIONS,
    PROGRAM_EXTENSIONS,
    clean_name,
    decoded_name,
    ending_of,
    is_junk,
    names_elsewhere,
    shown,
)

ENCRYPTED = 0x1
# Small archives may be packed as tightly as they like: a plain texture shrinks a thousandfold.
RATIO_FLOOR = 64 * MIB
HEAD_BYTES = 512
# What packers leave of an entry without content: nothing, or the end mark of an empty stream.
EMPTY_PACKED_BYTES = 2
PIECE_BYTES = 256 * 1024
# Formats that are zip archives themselves: they may lie in one as the model, and are checked on their own.
ZIP_FORMATS = {Format.THREEMF, Format.USDZ}


@contextmanager
def opened_archive(path: Path, limits: Mapping[str, int] | None) -> Iterator["CheckedArchive"]:
    """The archive at ``path``, once its directory has been found harmless; raises FileRejected."""
    known = limits if limits is not None else asdict(DEFAULT_LIMITS[Step.PREFLIGHT])
    with path.open("rb") as stream:
        size = stream.seek(0, 2)
        check_frame(stream, size, known)
        try:
            archive = zipfile.ZipFile(stream)
        except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError, struct.error, UnicodeError):
            raise FileRejected("archive_damaged") from None
        with archive:
            checked = CheckedArchive(archive, known)
            checked.check_places(stream)
            checked.check_contents()
            yield checked


class CheckedArchive:
    """An open archive whose directory has been found harmless; ``entries`` maps sanitised names to its records.

    What file managers add is none of them. It is checked all the same: an archive that is kept is handed on whole.
    """

    def __init__(self, archive: zipfile.ZipFile, limits: Mapping[str, int]) -> None:
        self.archive = archive
        self.limits = limits
        self.infos = archive.infolist()
        self.entries: dict[str, zipfile.ZipInfo] = {}
        self._junk: list[tuple[str, zipfile.ZipInfo]] = []
        if len(self.infos) > limits["max_archive_entries"]:
            raise FileRejected("archive_too_many_files", limit=limits["max_archive_entries"])
        for info in self.infos:
            self._add(info)
        if not self.entries:
            raise FileRejected("archive_empty")
        self._check_tree()
        self._check_sizes()

    def _add(self, info: zipfile.ZipInfo) -> None:
        name = clean_name(decoded_name(info))
        kind = stat.S_IFMT(info.external_attr >> 16)
        if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise FileRejected("archive_special_file", name=shown(name))
        if info.is_dir() or kind == stat.S_IFDIR or info.orig_filename.endswith("\\"):
            # Not every unpacker takes for a folder what says so: with content it may become a file.
            if info.file_size or info.compress_size > EMPTY_PACKED_BYTES:
                raise FileRejected("archive_entry_damaged", name=shown(name))
            return
        if info.flag_bits & ENCRYPTED:
            raise FileRejected("archive_encrypted")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise FileRejected("archive_packing", name=shown(name))
        if is_junk(name):
            self._junk.append((name, info))
            return
        if name in self.entries:
            raise FileRejected("archive_duplicate", name=shown(name))
        self.entries[name] = info

    def _check_tree(self) -> None:
        """No file is also the folder of another."""
        folders = {str(parent) for name in self.entries for parent in PurePosixPath(name).parents}
        for name in self.entries:
            if name in folders:
                raise FileRejected("archive_duplicate", name=shown(name))

    def _check_sizes(self) -> None:
        unpacked = sum(info.file_size for info in self.infos)
        packed = sum(info.compress_size for info in self.infos)
        if unpacked > self.limits["max_unpacked_bytes"]:
            raise FileRejected("archive_too_large", size=unpacked, limit=self.limits["max_unpacked_bytes"])
        if unpacked > RATIO_FLOOR and unpacked > packed * self.limits["max_unpacking_ratio"]:
            raise FileRejected("archive_bomb", size=unpacked)

    def check_places(self, stream: BinaryIO) -> None:
        """Each entry lies where the directory says, alone: bombs let thousands of entries share the same bytes."""
        end = 0
        for info in sorted(self.infos, key=lambda info: info.header_offset):
            if info.header_offset < end:
                raise FileRejected("archive_overlap")
            stream.seek(info.header_offset)
            header = stream.read(LOCAL_HEADER.size)
            if len(header) < LOCAL_HEADER.size or not header.startswith(LOCAL_MAGIC):
                raise FileRejected("archive_damaged")
            *_rest, name_bytes, extra_bytes = LOCAL_HEADER.unpack(header)
            end = info.header_offset + LOCAL_HEADER.size + name_bytes + extra_bytes + info.compress_size
            if end > self.archive.start_dir:
                raise FileRejected("archive_overlap")

    def check_contents(self) -> None:
        """No programs and no further archives, by their names and by how they begin."""
        for name, info in [*self.entries.items(), *self._junk]:
            for called in (name, *map(clean_name, names_elsewhere(info))):
                if ending_of(called) in PROGRAM_EXTENSIONS:
                    raise FileRejected("archive_program", name=shown(called))
                if ending_of(called) in ARCHIVE_EXTENSIONS:
                    raise FileRejected("archive_nested", name=shown(called))
            head = b"".join(self.read(name, info, at_most=HEAD_BYTES))
            if is_program(head):
                raise FileRejected("archive_program", name=shown(name))
            if starts_as_archive(head) and format_of_name(name) not in ZIP_FORMATS:
                raise FileRejected("archive_nested", name=shown(name))

    def read(self, name: str, info: zipfile.ZipInfo, *, at_most: int | None = None) -> Iterator[bytes]:
        """The content of an entry in pieces, ``at_most`` so many bytes of it; its checksum is compared at the end."""
        left = info.file_size if at_most is None else min(at_most, info.file_size)
        try:
            with self.archive.open(info) as entry:
                while left and (piece := entry.read(min(PIECE_BYTES, left))):
                    left -= len(piece)
                    yield piece
                # One byte beyond the declared size makes zipfile compare the checksum of a stored entry too.
                if at_most is None and (left or entry.read(1)):
                    raise FileRejected("archive_entry_damaged", name=shown(name))
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            NotImplementedError,
            RuntimeError,
            ValueError,
        ):
            raise FileRejected("archive_entry_damaged", name=shown(name)) from None
