"""What lies where in a backup's folder."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import BinaryIO

from config.backups.exceptions import BackupError

DUMP, SUMS, MANIFEST, FILES = "database.dump", "SHA256SUMS", "manifest.json", "files"
# Storage -> its folder in a backup.
STORAGES = {"default": "public", "private": "private"}
BLOCK_BYTES = 1024**2
_FORMAT = 1


@dataclass(frozen=True)
class Manifest:
    """What a finished backup is of."""

    made_at: str
    site: str
    server: str
    files: int
    bytes: int
    # Of SHA256SUMS, which has those of everything else.
    sums: str
    # Those applied to the database, each as "app.name".
    migrations: list[str] = field(default_factory=list)
    format: int = _FORMAT

    def write(self, folder: Path) -> None:
        part = folder / f"{MANIFEST}.part"
        part.write_text(json.dumps(asdict(self), indent=2) + "\n")
        part.replace(folder / MANIFEST)


def read_manifest(folder: Path) -> Manifest:
    """Of a finished backup.

    Raises:
        BackupError: there is none, or it is none that this version reads.
    """
    try:
        manifest = Manifest(**json.loads((folder / MANIFEST).read_text()))
    except FileNotFoundError as error:
        raise BackupError(
            f"{folder} has no {MANIFEST}: it is no backup, or an unfinished one, which `manage.py backup` finishes."
        ) from error
    except (ValueError, TypeError) as error:
        raise BackupError(f"{folder / MANIFEST} cannot be read: {error}") from error
    if manifest.format != _FORMAT:
        raise BackupError(f"{folder} was made by another version of the site (format {manifest.format}).")
    return manifest


@dataclass(frozen=True)
class Sum:
    """One line of SHA256SUMS: a file of the backup, by its path in it."""

    path: str
    sha256: str

    @property
    def storage(self) -> tuple[str, str] | None:
        """The storage it belongs into, and its name there; None for the database."""
        top, _, rest = self.path.partition("/")
        if top != FILES:
            return None
        label, _, name = rest.partition("/")
        return next(alias for alias, folder in STORAGES.items() if folder == label), name


def read_sums(folder: Path) -> Iterator[Sum]:
    """The lines of SHA256SUMS, one after the other.

    Raises:
        BackupError: a line is none.
    """
    with (folder / SUMS).open() as lines:
        for line in lines:
            sha256, separator, path = line.rstrip("\n").partition("  ")
            if len(sha256) != 64 or not separator or path.startswith("/") or ".." in path.split("/"):
                raise BackupError(
                    f"{folder / SUMS} has a line that is none of a backup's: {line.strip()[:80]}"
                )
            yield Sum(path, sha256)


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return digest_of_stream(file)


def digest_of_stream(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    while block := file.read(BLOCK_BYTES):
        digest.update(block)
    return digest.hexdigest()
