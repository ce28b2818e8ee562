"""Rows that all tests of a module find: made once, since to make them takes longer than the tests.

Every test works in a savepoint above them, and nothing of them is left at the end.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from django.conf import settings
from django.db import transaction
from django.test import TestCase

Made = TypeVar("Made")


@contextmanager
def standing_rows(django_db_blocker, make: Callable[[], Made]) -> Iterator[Made]:
    """What `make` makes, in a transaction that is taken back; for a fixture of the module's scope.

    What waits for the commit is done once everything is made.
    """
    with django_db_blocker.unblock():
        outermost = transaction.atomic()
        # As that of a test case: code that must not be inside a transaction cannot know better.
        outermost._from_testcase = True
        with outermost:
            with TestCase.captureOnCommitCallbacks(execute=True):
                made = make()
            yield made
            transaction.set_rollback(True)


class StandingFiles:
    """The files of such rows, put back after a test that removed some."""

    def __init__(self, folder: Path) -> None:
        """Keep a copy in `folder` of what is in the storages now."""
        self._kept = {Path(root): folder / str(place) for place, root in enumerate(_roots())}
        for root, kept in self._kept.items():
            shutil.copytree(root, kept)

    def put_back(self) -> None:
        for root, kept in self._kept.items():
            shutil.rmtree(root)
            shutil.copytree(kept, root)


def _roots() -> list[str]:
    return [settings.MEDIA_ROOT, settings.PRIVATE_MEDIA_ROOT]
