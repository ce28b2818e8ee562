"""Growth of the web process while a purchase of 1 GiB is downloaded: `python -m bench.download_memory`.

It runs on a database and a web server of its own, as the tests do, and fails above `LIMIT`.
"""

import os
import shutil
import sys
import threading
import time

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


def main() -> int:
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
        address, session = _purchase()
        stack.ensure("web")
        return _download(stack, address, session)
    finally:
        stack.stop()
        runner.teardown_databases(databases)
        shutil.rmtree(environment.media_dir(), ignore_errors=True)


def _purchase() -> tuple[str, str]:
    """A link to a file of `SIZE`, and the session of who may follow it."""
    from django.conf import settings
    from django.test import Client

    from accounts.tests.factories import UserFactory
    from commerce.actions.downloads import make_link
    from commerce.tests.factories import purchase_of
    from marketplace.tests.factories import Model3DFactory

    buyer = UserFactory()
    purchase = purchase_of(buyer, Model3DFactory(listed=True))
    file = purchase.file()
    with file.original.storage.open(file.original.name, "r+b") as stored:
        stored.truncate(SIZE)
    client = Client()
    client.force_login(buyer)
    return make_link(purchase).get_absolute_url(), client.cookies[settings.SESSION_COOKIE_NAME].value


def _download(stack, address: str, session: str) -> int:
    import requests
    from django.conf import settings

    cookies = {settings.SESSION_COOKIE_NAME: session}
    # Whatever a first request loads is not growth.
    requests.get(f"{stack.url}{address}", cookies=cookies, headers={"Range": "bytes=0-99"}, timeout=60)
    peak = Peak(stack.processes["web"].pid)
    peak.start()
    began, received = time.perf_counter(), 0
    with requests.get(f"{stack.url}{address}", cookies=cookies, stream=True, timeout=300) as answer:
        answer.raise_for_status()
        for block in answer.iter_content(BLOCK):
            received += len(block)
    seconds, growth = time.perf_counter() - began, peak.growth()
    sys.stdout.write(
        f"{received / 1024**2:.0f} MiB in {seconds:.1f} s;"
        f" web process {peak.before / 1024**2:.0f} MiB before, grew by {growth / 1024**2:.1f} MiB"
        f" (limit {LIMIT / 1024**2:.0f})\n"
    )
    return 0 if received == SIZE and growth < LIMIT else 1


if __name__ == "__main__":
    raise SystemExit(main())
