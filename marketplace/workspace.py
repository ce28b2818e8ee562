"""Scratch folders of the file jobs below WORK_DIR: one a job, locked while its process lives, always removed.

The lock is the operating system's and ends with the process, whatever ended it. So the next worker on this machine
knows at once which jobs died with theirs, and need not wait for leases to lapse.
"""

import fcntl
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings

_LOCK = "lock"


def work_root() -> Path:
    root = Path(settings.WORK_DIR)
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    return root


@contextmanager
def work_folder(token: uuid.UUID) -> Iterator[Path]:
    """An empty folder for the job with this lease, gone when the block ends."""
    folder = work_root() / str(token)
    with _only_one():
        folder.mkdir(mode=0o700)
        lock = _lock(folder / _LOCK)
    try:
        inside = folder / "files"
        inside.mkdir(mode=0o700)
        yield inside
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def sweep_work_folders(*, dry_run: bool = False) -> list[uuid.UUID]:
    """Remove the folders of jobs whose process is gone; returns the tokens of their leases."""
    dead = []
    with _only_one():
        for folder in work_root().iterdir():
            if folder.is_dir() and _is_abandoned(folder):
                if not dry_run:
                    shutil.rmtree(folder, ignore_errors=True)
                with suppress(ValueError):
                    dead.append(uuid.UUID(folder.name))
    return dead


@contextmanager
def _only_one() -> Iterator[None]:
    """Nobody sweeps while a folder exists whose lock is not yet taken."""
    lock = _lock(work_root() / _LOCK)
    try:
        yield
    finally:
        os.close(lock)


def _lock(path: Path) -> int:
    lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    fcntl.flock(lock, fcntl.LOCK_EX)
    return lock


def _is_abandoned(folder: Path) -> bool:
    try:
        lock = os.open(folder / _LOCK, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        # Its process was about to remove it.
        return True
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(lock)
    return True
