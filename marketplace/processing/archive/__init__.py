"""Zip archives from strangers: what they hold, and their regular files unpacked below a folder of ours.

The directory of an archive is believed in nothing. Before an entry is opened, names, kinds, sizes and places of all
are checked; while it is read, its real size and checksum are. Whatever an archive does, nothing is written outside the
given folder, and never more than the limits allow. No Django here: the site asks what an upload holds, tools unpack it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ..formats import format_of_name
from .checked import HEAD_BYTES, opened_archive
from .names import ARCHIVE_EXTENSIONS, JUNK_FOLDERS, JUNK_NAMES, PROGRAM_EXTENSIONS

__all__ = [
    "ARCHIVE_EXTENSIONS",
    "JUNK_FOLDERS",
    "JUNK_NAMES",
    "PROGRAM_EXTENSIONS",
    "Member",
    "extract",
    "main_members",
    "members",
    "verify",
]


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
    with opened_archive(path, limits) as checked:
        return [Member(name, info.file_size) for name, info in checked.entries.items()]


def extract(
    path: Path, folder: Path, limits: Mapping[str, int] | None = None, *, only: Collection[str] | None = None
) -> dict[str, Path]:
    """Unpacks the files of the archive (or ``only`` those named) below ``folder``, which exists: name -> path.

    Raises FileRejected as ``members`` does, and for an entry whose content is not what the directory says; then what
    was unpacked so far is left in ``folder`` for its owner to remove.
    """
    unpacked = {}
    with opened_archive(path, limits) as checked:
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
    with opened_archive(path, limits) as checked:
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
