"""Stored files that no row names: left where a storage failed, or a process died between the two.

However many there are, memory stays constant: names go from the storage into a temporary table as they are read, and
the database tells which of them nothing names.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.apps import apps
from django.core.files.storage import FileSystemStorage, storages
from django.db import connection
from django.db.models import FileField
from django.utils import timezone

from core.storages import PrivateFileSystemStorage, PrivateS3Storage

# Younger files may belong to a row that is about to be committed.
LEAST_AGE = timedelta(days=1)
# What is walked; whatever else lies in a storage is none of ours.
FOLDERS = {
    "default": ("renders", "previews", "avatars"),
    "private": ("originals", "derivatives", "documents"),
}
BATCH = 1000
_TABLE = "stored_names"


@dataclass
class Orphans:
    """What was, or would be, removed from one folder; `size` in bytes."""

    storage: str
    folder: str
    files: int = 0
    size: int = 0
    empty_folders: int = 0


def remove_orphans(*, dry_run: bool = False) -> Iterator[Orphans]:
    """Remove what no row names and is older than `LEAST_AGE`; yields what was found in each folder. Idempotent."""
    for alias, folders in FOLDERS.items():
        for folder in folders:
            found = Orphans(alias, folder)
            with _names_table() as cursor:
                for batch in _batches(_walk(alias, folder)):
                    cursor.executemany(f"INSERT INTO {_TABLE} VALUES (%s, %s)", batch)  # noqa: S608
                for name, size in _without_row(cursor, alias):
                    found.files += 1
                    found.size += size
                    if not dry_run:
                        storages[alias].delete(name)
            found.empty_folders = _remove_empty_folders(alias, folder, dry_run=dry_run)
            yield found


@contextmanager
def _names_table() -> Iterator:
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE {_TABLE} (name text NOT NULL, size bigint NOT NULL)")
        try:
            yield cursor
        finally:
            cursor.execute(f"DROP TABLE {_TABLE}")


def _without_row(cursor, alias: str) -> Iterator[tuple[str, int]]:
    named = " ".join(
        f"AND NOT EXISTS (SELECT 1 FROM {_quoted(table)} WHERE {_quoted(table)}.{_quoted(column)} = stored.name)"  # noqa: S608
        for table, column in _columns(alias)
    )
    cursor.execute(f"CREATE TEMPORARY TABLE orphans AS SELECT * FROM {_TABLE} AS stored WHERE true {named}")  # noqa: S608
    try:
        last = ""
        while True:
            cursor.execute(
                "SELECT name, size FROM orphans WHERE name > %s ORDER BY name LIMIT %s", [last, BATCH]
            )
            rows = cursor.fetchall()
            if not rows:
                return
            yield from rows
            last = rows[-1][0]
    finally:
        cursor.execute("DROP TABLE orphans")


def _columns(alias: str) -> list[tuple[str, str]]:
    """Table and column of every file field of the site whose files are in this storage."""
    private = (PrivateFileSystemStorage, PrivateS3Storage)
    return [
        (model._meta.db_table, field.column)
        for model in apps.get_models()
        for field in model._meta.local_concrete_fields
        if isinstance(field, FileField) and isinstance(field.storage, private) == (alias == "private")
    ]


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def _walk(alias: str, folder: str) -> Iterator[tuple[str, int]]:
    """Names and sizes of the files in a folder of a storage that are old enough."""
    storage = storages[alias]
    oldest = timezone.now() - LEAST_AGE
    if isinstance(storage, FileSystemStorage):
        root = Path(storage.location)
        for path, status in _files_below(root / folder):
            # A rename into the storage changes only the second.
            if max(status.st_mtime, status.st_ctime) < oldest.timestamp():
                yield path.relative_to(root).as_posix(), status.st_size
    else:
        for item in storage.bucket.objects.filter(Prefix=f"{folder}/"):
            if item.last_modified < oldest:
                yield item.key, item.size


def _files_below(folder: Path) -> Iterator[tuple[Path, os.stat_result]]:
    for entry in _entries(folder):
        if entry.is_dir(follow_symlinks=False):
            yield from _files_below(Path(entry.path))
        elif entry.is_file(follow_symlinks=False):
            with suppress(FileNotFoundError):
                yield Path(entry.path), entry.stat(follow_symlinks=False)


def _entries(folder: Path) -> Iterator[os.DirEntry]:
    """Those of a folder, which may go away at this very moment."""
    with suppress(FileNotFoundError), os.scandir(folder) as entries:
        yield from entries


def _remove_empty_folders(alias: str, folder: str, *, dry_run: bool) -> int:
    """Each file has a folder of its own on disk, which stays behind when the file is deleted."""
    storage = storages[alias]
    if not isinstance(storage, FileSystemStorage):
        return 0
    oldest = (timezone.now() - LEAST_AGE).timestamp()
    count = 0
    for entry in _entries(Path(storage.location) / folder):
        with suppress(OSError):
            is_old = entry.is_dir(follow_symlinks=False) and entry.stat().st_mtime < oldest
            if is_old and not any(_entries(Path(entry.path))):
                count += 1
                if not dry_run:
                    Path(entry.path).rmdir()
    return count


def _batches(items: Iterator[tuple[str, int]]) -> Iterator[list[tuple[str, int]]]:
    batch = []
    for item in items:
        batch.append(item)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
