"""How many files one process receives, or makes models of, at a time: its other threads stay free for pages.

A file that arrives keeps a thread for as long as its sender takes. Without a limit, senders that take their time, or
mean harm, would leave a process none for anybody else.
"""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from accounts.models import User

# What a browser of ours sends at once, and one more for a connection that has died without a word.
LANES_A_PERSON = 4

_lock = threading.Lock()
_taken: Counter[int] = Counter()


class NoLaneFree(Exception):
    """This process receives as many files as it may, of everybody or of this person; another time it works."""


@contextmanager
def lane(user: User) -> Iterator[None]:
    """The right to send one file to this process, or a form of files, while the block runs.

    Raises:
        NoLaneFree: try again in some seconds.
    """
    with _lock:
        if _taken.total() >= settings.UPLOAD_LANES or _taken[user.pk] >= LANES_A_PERSON:
            raise NoLaneFree
        _taken[user.pk] += 1
    try:
        yield
    finally:
        with _lock:
            _taken[user.pk] -= 1
            if not _taken[user.pk]:
                del _taken[user.pk]
