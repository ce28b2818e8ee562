"""Builds the archive that keeps a model's file and what it names together."""

import zipfile
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from shutil import copyfileobj
from typing import BinaryIO

from marketplace.assembly.pieces import Piece, PlannedFile
from marketplace.assembly.roles import folders_of

COPY_BYTES = 1024 * 1024
# Formats that are compressed already.
STORED_EXTENSIONS = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".ktx2", ".usdz", ".3mf")
# More than this takes longer to compress than somebody waits for an answer, and is stored as it is.
MOST_DEFLATED_BYTES = 256 * 1024**2
# The first time that a zip can name: the author's clock tells nothing.
NO_TIME = (1980, 1, 1, 0, 0, 0)
FILE_MODE = 0o100644 << 16


def names_in_archive(file: PlannedFile) -> dict[Piece, str]:
    """What each piece is called in the archive: its path below the folder that all share, no two alike."""
    pieces = [file.main, *file.companions]
    shared = _shared_folders(pieces)
    names: dict[Piece, str] = {}
    taken: set[str] = set()
    for piece in pieces:
        path = PurePosixPath(*PurePosixPath(piece.path).parts[shared:])
        name = next(name for name in _variants(path) if name.casefold() not in taken)
        taken.add(name.casefold())
        names[piece] = name
    return names


def write_archive(target: BinaryIO, file: PlannedFile, open_piece: Callable[[Piece], BinaryIO]) -> str:
    """Write the zip of a planned file into `target`, at constant memory; returns the main file's name in it.

    Nothing of the author's machine goes along: no times, owners, modes or extra fields.
    """
    names = names_in_archive(file)
    deflates = sum(piece.size for piece in names if not _is_stored(piece)) <= MOST_DEFLATED_BYTES
    with zipfile.ZipFile(target, "w", allowZip64=True) as archive:
        for piece, name in names.items():
            entry = zipfile.ZipInfo(name, NO_TIME)
            entry.external_attr = FILE_MODE
            entry.create_system = 3
            packed = deflates and not _is_stored(piece)
            entry.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
            entry.file_size = piece.size
            with open_piece(piece) as content, archive.open(entry, "w") as member:
                copyfileobj(content, member, COPY_BYTES)
    return names[file.main]


def _is_stored(piece: Piece) -> bool:
    return piece.name.lower().endswith(STORED_EXTENSIONS)


def _shared_folders(pieces: list[Piece]) -> int:
    """How many leading folders all of them have in common."""
    parts = [folders_of(piece.path) for piece in pieces]
    count = 0
    for level in zip(*parts, strict=False):
        if len(set(level)) > 1:
            break
        count += 1
    return count


def _variants(path: PurePosixPath) -> Iterator[str]:
    yield str(path)
    number = 2
    while True:
        yield str(path.with_name(f"{path.stem}-{number}{path.suffix}"))
        number += 1
