"""What the memory benchmarks share: a site of their own, and the growth of its web process."""

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psutil

SIZE = 1024**3
BLOCK = 4 * 1024**2
LIMIT = 64 * 1024**2
SAMPLE_SECONDS = 0.02


class Peak(threading.Thread):
    """The largest resident memory of a process tree while it runs."""

    def __init__(self, pid: int):
        super().__init__(daemon=True)
        self.process, self.bytes, self.ended = psutil.Process(pid), 0, threading.Event()
        self.before = self.measure()

    def measure(self) -> int:
        family = [self.process, *self.process.children(recursive=True)]
        return sum(member.memory_info().rss for member in family)

    def run(self) -> None:
        while not self.ended.wait(SAMPLE_SECONDS):
            self.bytes = max(self.bytes, self.measure())

    def growth(self) -> int:
        self.ended.set()
        self.join()
        return max(self.bytes, self.before) - self.before

    def report(self, received: int, seconds: float) -> str:
        """One line with what was moved, how fast, and by how much the process has grown."""
        return (
            f"{received / 1024**2:.0f} MiB in {seconds:.1f} s;"
            f" web process {self.before / 1024**2:.0f} MiB before, grew by {self.growth() / 1024**2:.1f} MiB"
            f" (limit {LIMIT / 1024**2:.0f})\n"
        )


@contextmanager
def own_site() -> Iterator:
    """A web server on a database of its own, as the tests have them; its Stack, started with `ensure("web")`."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.test.runner import DiscoverRunner

    from tests import environment
    from tests.processes import Stack

    runner = DiscoverRunner(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    database = connection.settings_dict
    stack = Stack(f"postgresql://{database['USER']}@/{database['NAME']}?host={database['OPTIONS']['host']}")
    try:
        for folder in (settings.PRIVATE_MEDIA_ROOT, settings.MEDIA_ROOT):
            folder.mkdir(parents=True, exist_ok=True)
        yield stack
    finally:
        stack.stop()
        runner.teardown_databases(databases)
        shutil.rmtree(environment.media_dir(), ignore_errors=True)
