"""Takes a backup. Whoever is interrupted calls it again, and what was copied is not copied again."""

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from config.backups import postgres
from config.backups.exceptions import BackupError
from config.backups.layout import (
    DUMP,
    FILES,
    MANIFEST,
    STORAGES,
    SUMS,
    Manifest,
    digest_of,
    read_manifest,
    read_sums,
)
from config.backups.seen import Seen
from config.backups.stores import Vanished, blocks_of, names_in

_SEEN = "unfinished.sqlite"
# Uploads that are still arriving grow under their name; everything else is never changed under it.
_CHANGING = "incoming/"


@dataclass
class Taken:
    """What a backup holds; `copied` and `linked` are of this run, the others were there from an interrupted one."""

    files: int = 0
    size: int = 0
    copied: int = 0
    linked: int = 0
    vanished: int = 0


def take(folder: Path, *, previous: Path | None = None, tell: Callable[[str], None] = str) -> Taken:
    """Back the site up into `folder`, which is new, empty, or an unfinished backup.

    Files that the finished backup `previous` has, on the same file system, are linked instead of copied, and take no
    room. `tell` is called with what is going on.

    Raises:
        BackupError: the folder holds something else, or one of the parts failed.
    """
    known = _known_of(folder, previous)
    seen = Seen(folder / _SEEN)
    try:
        tell("Taking the database")
        postgres.dump(folder / DUMP)
        taken, run = Taken(), timezone.now().isoformat()
        for alias in STORAGES:
            tell(f"Copying the {STORAGES[alias]} files")
            for name, size in names_in(alias):
                _take_file(folder, seen, known, alias, name, size, run, taken, previous)
        seen.save()
        for path in seen.not_of_run(run):
            # Copied by an interrupted run, and deleted by the site since.
            (folder / path).unlink(missing_ok=True)
        _write_sums(folder, seen, run)
    finally:
        seen.close()
        if known:
            known.close()
    Manifest(
        made_at=timezone.now().isoformat(timespec="seconds"),
        site=settings.SITE_URL,
        server=postgres.server_version(),
        files=taken.files,
        bytes=taken.size,
        sums=digest_of(folder / SUMS),
        migrations=postgres.applied_migrations(),
    ).write(folder)
    (folder / _SEEN).unlink()
    return taken


def _known_of(folder: Path, previous: Path | None) -> Seen | None:
    """The files of the former backup; the new one's folder is made, for its owner alone."""
    if (folder / MANIFEST).exists():
        raise BackupError(f"{folder} holds a finished backup. Choose another folder.")
    if folder.exists() and any(folder.iterdir()) and not (folder / _SEEN).exists():
        raise BackupError(f"{folder} is not empty, and no unfinished backup. Choose another folder.")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if previous is None:
        return None
    read_manifest(previous)
    known = Seen("")
    for line in read_sums(previous):
        path = previous / line.path
        if line.storage and path.exists():
            known.add(line.path, path.stat().st_size, line.sha256, "")
    return known


def _take_file(folder, seen, known, alias, name, size, run, taken, previous) -> None:
    path = f"{FILES}/{STORAGES[alias]}/{name}"
    target = folder / path
    digest = None if name.startswith(_CHANGING) else seen.digest(path, size)
    if digest is None or not target.exists():
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        digest = known.digest(path, size) if known and not name.startswith(_CHANGING) else None
        if digest and _link(previous / path, target):
            taken.linked += 1
        else:
            try:
                size, digest = _copy(alias, name, target)
            except Vanished:
                taken.vanished += 1
                return
            taken.copied += 1
    seen.add(path, size, digest, run)
    taken.files += 1
    taken.size += size


def _link(source: Path, target: Path) -> bool:
    target.unlink(missing_ok=True)
    try:
        os.link(source, target)
    except OSError:
        return False
    return True


def _copy(alias: str, name: str, target: Path) -> tuple[int, str]:
    """Size and digest of what was copied; the file has its name only when it is whole."""
    part = target.with_name(f"{target.name}.part")
    digest, size = hashlib.sha256(), 0
    with part.open("wb") as file:
        for block in blocks_of(alias, name):
            file.write(block)
            digest.update(block)
            size += len(block)
    part.replace(target)
    return size, digest.hexdigest()


def _write_sums(folder: Path, seen: Seen, run: str) -> None:
    with (folder / SUMS).open("w") as lines:
        lines.write(f"{digest_of(folder / DUMP)}  {DUMP}\n")
        for path, _, sha256 in seen.of_run(run):
            lines.write(f"{sha256}  {path}\n")
