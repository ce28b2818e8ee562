"""Brings a backup back, into an empty database and an empty storage.

Files come first, and the database last, in one transaction. So a restore that was interrupted leaves an empty database,
and a storage that holds nothing but the backup's own files: it is simply started again.
"""

from collections.abc import Callable
from pathlib import Path

from django.core.cache import cache
from django.core.files import File
from django.core.files.storage import storages
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from config.backups import postgres
from config.backups.exceptions import BackupError
from config.backups.layout import DUMP, FILES, STORAGES, Manifest, digest_of_stream, read_sums
from config.backups.seen import Seen
from config.backups.stores import names_in
from config.backups.verifying import verify


def restore(folder: Path, *, tell: Callable[[str], None] = str) -> Manifest:
    """Make this site the one that was backed up into `folder`.

    Raises:
        BackupError: database or storage are in use, the backup is damaged or of a newer version; nothing was changed.
            Or a part failed in the middle; then start again.
    """
    tell("Reading the backup through")
    manifest = verify(folder, tell=tell)
    _require_known_migrations(manifest)
    if not postgres.is_empty():
        raise BackupError(
            f"The database {connection.settings_dict['NAME']} is not empty. Backups are restored into empty ones only."
        )
    _require_empty_storages(folder)
    tell("Bringing the files back")
    for line in read_sums(folder):
        if line.storage:
            alias, name = line.storage
            _bring_back(folder / line.path, alias, name, line.sha256)
    tell("Bringing the database back")
    # The program needs the database alone.
    connection.close()
    postgres.load(folder / DUMP)
    # Of whatever site used this Redis before.
    cache.clear()
    return manifest


def _require_known_migrations(manifest: Manifest) -> None:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    known = {f"{app}.{name}" for app, name in loader.disk_migrations}
    apps = {name.partition(".")[0] for name in known}
    unknown = [name for name in manifest.migrations if name not in known and name.partition(".")[0] in apps]
    if unknown:
        raise BackupError(
            f"The backup is of a newer version of the site (it has {unknown[-1]}). Install that one first."
        )


def _require_empty_storages(folder: Path) -> None:
    """A storage may hold what an interrupted restore of the same backup brought, and nothing else."""
    ours = None
    for alias, label in STORAGES.items():
        for name, _ in names_in(alias):
            if ours is None:
                ours = Seen("")
                for line in read_sums(folder):
                    ours.add(line.path, 0, line.sha256, "")
            if not ours.has(f"{FILES}/{label}/{name}"):
                ours.close()
                raise BackupError(
                    f"The {label} storage is not empty (it has {name}). A backup is restored into an empty one only."
                )
    if ours is not None:
        ours.close()


def _bring_back(source: Path, alias: str, name: str, sha256: str) -> None:
    storage = storages[alias]
    if storage.exists(name):
        with storage.open(name) as there:
            if digest_of_stream(there) == sha256:
                return
        # Half of it, from a restore that was interrupted.
        storage.delete(name)
    with source.open("rb") as file:
        stored = storage.save(name, File(file, name=name))
    if stored != name:
        raise BackupError(f"The storage keeps {name} as {stored}.")
    with storage.open(name) as there:
        if digest_of_stream(there) != sha256:
            raise BackupError(f"{name} was read back from the storage as other bytes.")
