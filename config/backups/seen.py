"""A set of files that does not fit into memory: which have been copied, by storage and name."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

EVERY = 200


class Seen:
    """Files with their digests, kept in an SQLite file, so that whoever is interrupted goes on where it was."""

    def __init__(self, path: Path | str):
        self._rows = sqlite3.connect(path)
        self._rows.execute(
            "CREATE TABLE IF NOT EXISTS seen (path TEXT PRIMARY KEY, size INTEGER, sha256 TEXT, run TEXT) WITHOUT ROWID"
        )
        self._unsaved = 0

    def add(self, path: str, size: int, sha256: str, run: str) -> None:
        self._rows.execute("INSERT OR REPLACE INTO seen VALUES (?, ?, ?, ?)", (path, size, sha256, run))
        self._unsaved += 1
        if self._unsaved >= EVERY:
            self.save()

    def digest(self, path: str, size: int) -> str | None:
        """Of the file as it was copied before; None where it was not, or had another size."""
        row = self._rows.execute(
            "SELECT sha256 FROM seen WHERE path = ? AND size = ?", (path, size)
        ).fetchone()
        return row[0] if row else None

    def has(self, path: str) -> bool:
        return self._rows.execute("SELECT 1 FROM seen WHERE path = ?", (path,)).fetchone() is not None

    def of_run(self, run: str) -> Iterator[tuple[str, int, str]]:
        """Path, size and digest of what this run has seen, by path."""
        yield from self._rows.execute(
            "SELECT path, size, sha256 FROM seen WHERE run = ? ORDER BY path", (run,)
        )

    def not_of_run(self, run: str) -> Iterator[str]:
        yield from (row[0] for row in self._rows.execute("SELECT path FROM seen WHERE run <> ?", (run,)))

    def save(self) -> None:
        self._rows.commit()
        self._unsaved = 0

    def close(self) -> None:
        self.save()
        self._rows.close()
