"""One migrated database for a whole run, of which every worker takes a copy: to migrate takes as long as a minute.

Its name tells by what migrations it was made, so the next run of the same ones finds it. The first process of a run
starts making it while the workers still collect; whoever needs it sooner waits for the lock.
"""

import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import distributions
from pathlib import Path

import psycopg
from psycopg import sql

from config import embedded

PREFIX = "migrated_"


def begin() -> None:
    """Start making the migrated database, in a process of its own that nobody has to wait for."""
    subprocess.Popen(
        [sys.executable, "-m", "tests.databases"],
        cwd=embedded.BASE_DIR,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        # What goes wrong is said by the worker, which then makes it itself.
        stderr=subprocess.DEVNULL,
    )


def migrated() -> str:
    """Name of a database that has all migrations and that nobody is connected to; made where there is none.

    Raises:
        subprocess.CalledProcessError: a migration failed; its words are on the standard error output.
    """
    name = PREFIX + _digest()
    with _only_one(), _server() as server:
        # A long name is no template yet: its maker was stopped in the middle.
        known = {row[0] for row in server.execute("SELECT datname FROM pg_database")}
        for outdated in known:
            if outdated.startswith(PREFIX) and outdated != name:
                server.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(outdated)))
        if name not in known:
            unfinished = f"{name}_unfinished"
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(unfinished)))
            _migrate(unfinished)
            server.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                    sql.Identifier(unfinished), sql.Identifier(name)
                )
            )
    return name


def _migrate(name: str) -> None:
    url = f"postgresql://{embedded.POSTGRES_USER}@/{name}?host={embedded.socket_dir('postgres')}"
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
        cwd=embedded.BASE_DIR,
        env={**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        check=True,
    )


def _digest() -> str:
    """Of everything that decides what the migrations make: those of this project, and the packages by version."""
    digest = hashlib.sha256()
    for path in sorted(embedded.BASE_DIR.glob("*/migrations/*.py")):
        digest.update(str(path.relative_to(embedded.BASE_DIR)).encode() + path.read_bytes())
    for package in sorted(f"{one.name} {one.version}" for one in distributions()):
        digest.update(package.encode())
    return digest.hexdigest()[:16]


@contextmanager
def _only_one() -> Iterator[None]:
    with Path(embedded.var_dir() / "migrated.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def _server() -> Iterator[psycopg.Connection]:
    url = f"postgresql://{embedded.POSTGRES_USER}@/postgres?host={embedded.socket_dir('postgres')}"
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


if __name__ == "__main__":
    migrated()
