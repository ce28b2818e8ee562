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
    "default": ("renders", "previews", "avatars", "banners", "blog"),
    "private": (
        "originals",
        "derivatives",
        "documents",
        "exports",
        "paperwork",
        "community",
        "courses",
        "support",
    ),
}
BATCH = 1000
# Processes die now and then; that many files have no row only where the database is an old or another one.
DOUBTFUL_FILES = 100
DOUBTFUL_SHARE = 0.1
_TABLE = "stored_names"


@dataclass
class Orphans:
    """What was, or would be, removed from one folder; `size` in bytes.

    `is_doubtful`: so much has no row that the database is probably not the one of this storage; nothing was removed.
    """

    storage: str
    folder: str
    walked: int = 0
    files: int = 0
    size: int = 0
    empty_folders: int = 0

    @property
    def is_doubtful(self) -> bool:
        return self.files > DOUBTFUL_FILES and self.files > DOUBTFUL_SHARE * self.walked


def remove_orphans(*, dry_run: bool = False, force: bool = False) -> Iterator[Orphans]:
    """Remove what no row names and is older than `LEAST_AGE`; yields what was found in each folder. Idempotent.

    A folder that is doubtful is left alone, but with `force`.
    """
    for alias, folders in FOLDERS.items():
        for folder in folders:
            found = Orphans(alias, folder)
            with _names_table() as cursor:
                for batch in _batches(_walk(alias, folder)):
                    cursor.executemany(f"INSERT INTO {_TABLE} VALUES (%s, %s)", batch)  # noqa: S608
                    found.walked += len(batch)
                _keep_orphans(cursor, alias)
                cursor.execute(f"SELECT count(*), coalesce(sum(size), 0) FROM {_TABLE}")  # noqa: S608
                found.files, found.size = (int(number) for number in cursor.fetchone())
                if not dry_run and (force or not found.is_doubtful):
                    for name in _names(cursor):
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


def _keep_orphans(cursor, alias: str) -> None:
    """Leave in the table only what no row names."""
    cursor.execute(f"ANALYZE {_TABLE}")
    for table, column in _columns(alias):
        named = f"{_quoted(table)}.{_quoted(column)}"
        # A join for each, since a condition with several subqueries would read whole tables again for every name.
        cursor.execute(f"DELETE FROM {_TABLE} USING {_quoted(table)} WHERE {named} = {_TABLE}.name")  # noqa: S608


def _names(cursor) -> Iterator[str]:
    last = ""
    while True:
        cursor.execute(
            f"SELECT name FROM {_TABLE} WHERE name > %s ORDER BY name LIMIT {BATCH}",  # noqa: S608
            [last],
        )
        names = [name for (name,) in cursor.fetchall()]
        if not names:
            return
        yield from names
        last = names[-1]


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
