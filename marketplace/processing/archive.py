"""Zip archives from strangers: what they hold, and their regular files unpacked below a folder of ours.

The directory of an archive is believed in nothing. Before an entry is opened, names, kinds, sizes and places of all
are checked; while it is read, its real size and checksum are. Whatever an archive does, nothing is written outside the
given folder, and never more than the limits allow. No Django here: the site asks what an upload holds, tools unpack it.
"""

import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from .formats import Format, format_of_name
from .signatures import is_program, starts_as_archive
from .tool import FileRejected
from .types import DEFAULT_LIMITS, MIB, Step

LOCAL_HEADER = struct.Struct("<4s5H3L2H")
END_RECORD = struct.Struct("<4s4H2LH")
LOCAL_MAGIC = b"PK\x03\x04"
END_MAGIC = b"PK\x05\x06"
LARGE_RECORD = struct.Struct("<4sQ2H2L4Q")
LARGE_RECORD_MAGIC = b"PK\x06\x06"
LARGE_LOCATOR_MAGIC = b"PK\x06\x07"
LARGE_LOCATOR_BYTES = 20
ENCRYPTED = 0x1
UTF8_NAMES = 0x800
MAX_COMMENT_BYTES = 65_535
# Of the directory: more than this an entry is not a list of files but a flood.
MAX_DIRECTORY_BYTES_PER_ENTRY = 1024
MAX_NAME_BYTES = 512
MAX_PART_BYTES = 200
# Small archives may be packed as tightly as they like: a plain texture shrinks a thousandfold.
RATIO_FLOOR = 64 * MIB
HEAD_BYTES = 512
PIECE_BYTES = 256 * 1024

JUNK_FOLDERS = {"__macosx", ".git", ".svn"}
JUNK_NAMES = {".ds_store", "thumbs.db", "desktop.ini", ".gitignore", ".gitattributes"}
PROGRAM_EXTENSIONS = {
    *(".exe", ".dll", ".com", ".scr", ".pif", ".cpl", ".msi", ".msp", ".bat", ".cmd", ".ps1", ".lnk", ".url"),
    *(
        ".vbs",
        ".vbe",
        ".js",
        ".jse",
        ".mjs",
        ".wsf",
        ".wsh",
        ".hta",
        ".reg",
        ".jar",
        ".class",
        ".html",
        ".htm",
    ),
    *(
        ".sh",
        ".bash",
        ".zsh",
        ".run",
        ".app",
        ".dmg",
        ".pkg",
        ".deb",
        ".rpm",
        ".apk",
        ".so",
        ".dylib",
        ".elf",
    ),
    *(
        ".py",
        ".pyc",
        ".pyw",
        ".rb",
        ".pl",
        ".php",
        ".asp",
        ".aspx",
        ".swf",
        ".desktop",
        ".command",
        ".appimage",
    ),
}
ARCHIVE_EXTENSIONS = {
    *(".zip", ".zipx", ".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".tbz", ".xz", ".txz", ".zst", ".lz"),
    *(".lzma", ".cab", ".arj", ".lzh", ".ace", ".z", ".iso", ".img"),
}
# Formats that are zip archives themselves: they may lie in one as the model, and are checked on their own.
ZIP_FORMATS = {Format.THREEMF, Format.USDZ}


@dataclass(frozen=True)
class Member:
    """A regular file in an archive: its sanitised name relative to the archive's root, and its size in bytes."""

    name: str
    size: int


def members(path: Path, limits: Mapping[str, int] | None = None) -> list[Member]:
    """The files that the archive holds, in its own order, without what file managers add.

    ``limits`` are those of types.Limits as a mapping. Raises FileRejected for everything that is not an ordinary zip of
    ordinary files: rejections.py has the sentence.
    """
    with _opened(path, limits) as checked:
        return [Member(name, info.file_size) for name, info in checked.entries.items()]


def extract(
    path: Path, folder: Path, limits: Mapping[str, int] | None = None, *, only: Collection[str] | None = None
) -> dict[str, Path]:
    """Unpacks the files of the archive (or ``only`` those named) below ``folder``, which exists: name -> path.

    Raises FileRejected as ``members`` does, and for an entry whose content is not what the directory says; then what
    was unpacked so far is left in ``folder`` for its owner to remove.
    """
    unpacked = {}
    with _opened(path, limits) as checked:
        for name, info in checked.entries.items():
            if only is not None and name not in only:
                continue
            target = folder.joinpath(*PurePosixPath(name).parts)
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("xb") as output:
                for piece in checked.read(name, info):
                    output.write(piece)
            unpacked[name] = target
    return unpacked


def verify(path: Path, limits: Mapping[str, int] | None = None) -> dict[str, bytes]:
    """Reads every file of the archive through, writing nothing: name -> its first 512 bytes.

    Raises FileRejected as ``extract`` does.
    """
    heads = {}
    with _opened(path, limits) as checked:
        for name, info in checked.entries.items():
            head = b""
            for piece in checked.read(name, info):
                head = head or piece[:HEAD_BYTES]
            heads[name] = head
    return heads


def main_members(names: Collection[str]) -> list[str]:
    """Which of these files may be the model itself: those of a known format, nearest to the root first."""
    found = [name for name in names if format_of_name(name)]
    return sorted(found, key=lambda name: (name.count("/"), name.lower()))


@contextmanager
def _opened(path: Path, limits: Mapping[str, int] | None) -> Iterator["_Checked"]:
    known = limits if limits is not None else asdict(DEFAULT_LIMITS[Step.PREFLIGHT])
    with path.open("rb") as stream:
        size = stream.seek(0, 2)
        _check_frame(stream, size, known)
        try:
            archive = zipfile.ZipFile(stream)
        except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError, struct.error, UnicodeError):
            raise FileRejected("archive_damaged") from None
        with archive:
            checked = _Checked(archive, known)
            checked.check_places(stream)
            checked.check_contents()
            yield checked


def _check_frame(stream: BinaryIO, size: int, limits: Mapping[str, int]) -> None:
    """The file begins with an entry and ends with a directory that is small enough to be read."""
    stream.seek(0)
    head = stream.read(4)
    if head == END_MAGIC:
        raise FileRejected("archive_empty")
    if head != LOCAL_MAGIC:
        raise FileRejected("not_an_archive")
    before = LARGE_LOCATOR_BYTES + LARGE_RECORD.size
    stream.seek(max(0, size - before - END_RECORD.size - MAX_COMMENT_BYTES))
    tail = stream.read()
    position = tail.rfind(END_MAGIC)
    if position < 0 or len(tail) - position < END_RECORD.size:
        raise FileRejected("archive_cut_off")
    record = END_RECORD.unpack_from(tail, position)
    if position + END_RECORD.size + record[7] != len(tail):
        raise FileRejected("archive_with_more")
    count, directory_bytes = record[4], record[5]
    if tail[max(0, position - LARGE_LOCATOR_BYTES) : position].startswith(LARGE_LOCATOR_MAGIC):
        # The record of large archives lies before its locator, and is what zipfile goes by.
        start = position - LARGE_LOCATOR_BYTES - LARGE_RECORD.size
        if start < 0 or not tail.startswith(LARGE_RECORD_MAGIC, start):
            raise FileRejected("archive_damaged")
        large = LARGE_RECORD.unpack_from(tail, start)
        count, directory_bytes = max(count, large[7]), max(directory_bytes, large[8])
    allowed = limits["max_archive_entries"]
    if count > allowed or directory_bytes > allowed * MAX_DIRECTORY_BYTES_PER_ENTRY:
        raise FileRejected("archive_too_many_files", limit=allowed)


class _Checked:
    """An open archive whose directory has been found harmless; ``entries`` maps sanitised names to its records."""

    def __init__(self, archive: zipfile.ZipFile, limits: Mapping[str, int]) -> None:
        self.archive = archive
        self.limits = limits
        self.infos = archive.infolist()
        self.entries: dict[str, zipfile.ZipInfo] = {}
        if len(self.infos) > limits["max_archive_entries"]:
            raise FileRejected("archive_too_many_files", limit=limits["max_archive_entries"])
        for info in self.infos:
            self._add(info)
        if not self.entries:
            raise FileRejected("archive_empty")
        self._check_tree()
        self._check_sizes()

    def _add(self, info: zipfile.ZipInfo) -> None:
        name = _clean_name(_decoded_name(info))
        kind = stat.S_IFMT(info.external_attr >> 16)
        if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise FileRejected("archive_special_file", name=_shown(name))
        if info.is_dir() or kind == stat.S_IFDIR or info.orig_filename.endswith("\\"):
            return
        if info.flag_bits & ENCRYPTED:
            raise FileRejected("archive_encrypted")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise FileRejected("archive_packing", name=_shown(name))
        if _is_junk(name):
            return
        if name in self.entries:
            raise FileRejected("archive_duplicate", name=_shown(name))
        self.entries[name] = info

    def _check_tree(self) -> None:
        """No file is also the folder of another."""
        folders = {str(parent) for name in self.entries for parent in PurePosixPath(name).parents}
        for name in self.entries:
            if name in folders:
                raise FileRejected("archive_duplicate", name=_shown(name))

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
        for name, info in self.entries.items():
            suffix = PurePosixPath(name).suffix.lower()
            if suffix in PROGRAM_EXTENSIONS:
                raise FileRejected("archive_program", name=_shown(name))
            if suffix in ARCHIVE_EXTENSIONS:
                raise FileRejected("archive_nested", name=_shown(name))
            head = b"".join(self.read(name, info, at_most=HEAD_BYTES))
            if is_program(head):
                raise FileRejected("archive_program", name=_shown(name))
            if starts_as_archive(head) and format_of_name(name) not in ZIP_FORMATS:
                raise FileRejected("archive_nested", name=_shown(name))

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
                    raise FileRejected("archive_entry_damaged", name=_shown(name))
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            NotImplementedError,
            RuntimeError,
            ValueError,
        ):
            raise FileRejected("archive_entry_damaged", name=_shown(name)) from None


def _decoded_name(info: zipfile.ZipInfo) -> str:
    """The name as it was meant: many programs write UTF-8 without saying so, where the standard says code page 437."""
    name = info.orig_filename
    if not info.flag_bits & UTF8_NAMES:
        try:
            return name.encode("cp437").decode("utf-8")
        except UnicodeError:
            return name
    return name


def _clean_name(name: str) -> str:
    """A relative path with forward slashes; raises FileRejected for one that leads elsewhere or hides something."""
    plain = unicodedata.normalize("NFC", name).replace("\\", "/")
    if plain.startswith("/") or plain[1:2] == ":" or any(part == ".." for part in plain.split("/")):
        raise FileRejected("archive_path", name=_shown(name))
    parts = [part for part in plain.split("/") if part not in ("", ".")]
    is_hidden = any(unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") for character in plain)
    is_long = len(plain.encode("utf-8", "replace")) > MAX_NAME_BYTES or any(
        len(part.encode("utf-8", "replace")) > MAX_PART_BYTES for part in parts
    )
    if not parts or is_hidden or is_long or any(part.startswith("~") or ":" in part for part in parts):
        raise FileRejected("archive_name", name=_shown(name))
    return "/".join(parts)


def _is_junk(name: str) -> bool:
    *folders, last = name.lower().split("/")
    return last in JUNK_NAMES or last.startswith("._") or not JUNK_FOLDERS.isdisjoint(folders)


def _shown(name: str) -> str:
    """The name as a sentence can show it: printable and short."""
    return "".join(character if character.isprintable() else "�" for character in name)[:120]
