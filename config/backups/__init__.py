"""Backups: the database and both storages in one folder, and back from it.

The database is taken first, and files after it. A file's name is never used for other bytes, so whatever the database
names is among the files, but for what was deleted in between; and what came later is there without a row, and goes as
an orphan. The folder:

    database.dump    pg_dump's custom format
    files/public/…   the public storage, by name
    files/private/…  the private one
    SHA256SUMS       of all of these, as `sha256sum --check` reads it
    manifest.json    written last: a folder without it is unfinished
"""

from config.backups.exceptions import BackupError
from config.backups.restoring import restore
from config.backups.taking import take
from config.backups.verifying import verify

__all__ = ["BackupError", "restore", "take", "verify"]
