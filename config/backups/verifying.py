"""Reads a backup through: is every byte still the one that was written?"""

from collections.abc import Callable
from pathlib import Path

from config.backups.exceptions import BackupError
from config.backups.layout import SUMS, Manifest, digest_of, read_manifest, read_sums

_EVERY = 1000


def verify(folder: Path, *, tell: Callable[[str], None] = str) -> Manifest:
    """Check every file against its digest, and that none is missing.

    Raises:
        BackupError: names the first that is not as it was.
    """
    manifest = read_manifest(folder)
    if digest_of(folder / SUMS) != manifest.sums:
        raise BackupError(f"{folder / SUMS} was changed after the backup was made.")
    number = 0
    for number, line in enumerate(read_sums(folder)):
        path = folder / line.path
        if not path.is_file():
            raise BackupError(f"{line.path} is missing from the backup.")
        if digest_of(path) != line.sha256:
            raise BackupError(f"{line.path} is not as it was when the backup was made.")
        if number and number % _EVERY == 0:
            tell(f"{number} of {manifest.files} files are as they were")
    if number != manifest.files:
        raise BackupError(f"The backup has {number} files instead of {manifest.files}.")
    return manifest
