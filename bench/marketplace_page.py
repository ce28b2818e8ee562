"""The marketplace page at 10,000 models against a bare view of the same 24 cards, on the same server.

    python -m bench.marketplace_page [--models 10000] [--pairs 6] [--seconds 4]

Both run under granian (WSGI, one worker, DEBUG off) on one scratch database. The bare view has no middleware and no
page around its cards, takes them by one query and renders them anew; the marketplace page is the visitor's, with
everything on it and its cards from the cache. They are measured in turn, pair by pair, and the ratio of each pair is
taken, since a busy machine slows both. Exit code 1 where the median ratio is below 1 or a page takes over 12 queries.
"""

import argparse
import os
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

from bench.scratch import scratch_site

PROJECT = Path(__file__).resolve().parent.parent
CONNECTIONS = 4
MAX_QUERIES = 12
PAGES = {
    "grid": "/marketplace/",
    "category": "/marketplace/?category=furniture",
    "search": "/marketplace/?q=oak+chai",
}


def seed(count: int) -> None:
    """Listed models of 40 creators in 10 categories with 3 tags each; their files are names only."""
    from datetime import timedelta
    from decimal import Decimal

    from django.utils import timezone

    from accounts.models import User
    from marketplace.models import Category, Model3D, ModelFile, Tag

    now = timezone.now()
    names = [
        "furniture",
        "characters",
        "vehicles",
        "props",
        "nature",
        "tools",
        "food",
        "weapons",
        "plants",
        "toys",
    ]
    categories = Category.objects.bulk_create(
        Category(name=name.title(), slug=name, order=place, model_count=count // len(names))
        for place, name in enumerate(names)
    )
    creators = User.objects.bulk_create(
        User(
            username=f"creator{n}",
            email=f"creator{n}@example.org",
            full_name=f"Creator {n}",
            user_type="creator",
        )
        for n in range(40)
    )
    tags = Tag.objects.bulk_create(Tag(name=f"tag{number}") for number in range(60))
    woods, things = (
        ["oak", "pine", "walnut", "steel", "glass"],
        ["chair", "table", "lamp", "robot", "tree", "car"],
    )
    models = Model3D.objects.bulk_create(
        (
            Model3D(
                creator=creators[number % 40],
                category=categories[number % 10],
                title=f"{woods[number % 5].title()} {things[number % 6]} {number}",
                description="Made for close views, measured in metres, with one set of textures.",
                price=Decimal(number % 60) / 2,
                status="approved",
                submitted_at=now,
                published_at=now - timedelta(minutes=number),
                trending_score=number % 97,
                is_validated=True,
                has_animations=number % 4 == 0,
            )
            for number in range(count)
        ),
        batch_size=1000,
    )
    files = ModelFile.objects.bulk_create(
        (
            ModelFile(
                model=model,
                original=f"originals/{model.pk}.glb",
                original_name="model.glb",
                state="ready",
                preview=f"derivatives/{model.pk}/preview.glb",
                poster_small=f"renders/{model.pk}/poster-320.webp",
                poster_medium=f"renders/{model.pk}/poster-640.webp",
                poster_large=f"renders/{model.pk}/poster-1280.webp",
                turntable=f"renders/{model.pk}/turntable.webp",
            )
            for model in models
        ),
        batch_size=1000,
    )
    for model, file in zip(models, files, strict=True):
        model.current_file = file
    Model3D.objects.bulk_update(models, ["current_file"], batch_size=1000)
    through = Model3D.tags.through
    through.objects.bulk_create(
        (
            through(model3d_id=model.pk, tag_id=tags[(place * 7 + step * 11) % 60].pk)
            for place, model in enumerate(models)
            for step in range(3)
        ),
        batch_size=5000,
    )


def count_queries() -> dict[str, tuple[int, int]]:
    """Queries of each page, with an empty and with a filled cache."""
    from django.core.cache import cache
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    counts = {}
    for name, path in PAGES.items():
        cache.clear()
        both = []
        for _ in range(2):
            with CaptureQueriesContext(connection) as queries:
                assert Client(headers={"host": "localhost"}).get(path).status_code == 200
            both.append(len(queries))
        counts[name] = (both[0], both[1])
    return counts


@contextmanager
def server(settings: str, port: int, *, threads: int = 0):
    command = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
    ]
    command += ["--workers", "1", "--log-level", "error", "config.wsgi:application"]
    command += ["--blocking-threads", str(threads)] if threads else []
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": settings}
    process = subprocess.Popen(command, cwd=PROJECT, env=environment, start_new_session=True)
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=20)


def wait_for(url: str) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                assert answer.status == 200
                return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def requests_per_second(port: int, path: str, seconds: float) -> float:
    """Rate over a few kept-open connections; every answer is read to its end and has to be 200."""
    request = (
        f"GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\nUser-Agent: Mozilla/5.0 (bench)\r\n\r\n".encode()
    )
    deadline = time.monotonic() + seconds
    done = []

    def ask() -> None:
        count = 0
        with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
            reader = connection.makefile("rb")
            while time.monotonic() < deadline:
                connection.sendall(request)
                assert b" 200 " in reader.readline()
                length = 0
                while (line := reader.readline()) != b"\r\n":
                    name, _, value = line.partition(b":")
                    if name.lower() == b"content-length":
                        length = int(value)
                assert length > 5000
                reader.read(length)
                count += 1
        done.append(count)

    started = time.monotonic()
    threads = [threading.Thread(target=ask) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == CONNECTIONS, "a connection failed"
    return sum(done) / (time.monotonic() - started)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def measure(pairs: int, seconds: float) -> float:
    ours, bare = free_port(), free_port()
    with server("config.settings", ours), server("bench.bare_settings", bare):
        wait_for(f"http://localhost:{ours}{PAGES['grid']}")
        wait_for(f"http://localhost:{bare}/bare/")
        ratios = []
        for number in range(pairs + 1):
            ours_rate = requests_per_second(ours, PAGES["grid"], seconds)
            bare_rate = requests_per_second(bare, "/bare/", seconds)
            if number == 0:
                continue  # The first pair warms both up.
            ratios.append(ours_rate / bare_rate)
            print(
                f"pair {number}: marketplace page {ours_rate:6.1f}/s, bare {bare_rate:6.1f}/s, {ratios[-1]:.2f}"
            )
        for name, path in PAGES.items():
            print(f"{name:>9}: {requests_per_second(ours, path, seconds):6.1f}/s")
    print(
        f"ratio: median {statistics.median(ratios):.2f}, {min(ratios):.2f} to {max(ratios):.2f} (at least 1.0)"
    )
    return statistics.median(ratios)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--models", type=int, default=10_000)
    parser.add_argument("--pairs", type=int, default=6)
    parser.add_argument("--seconds", type=float, default=4)
    options = parser.parse_args()
    with scratch_site():
        from django.core.management import call_command

        call_command("collectstatic", interactive=False, verbosity=0)
        seed(options.models)
        with_statistics()
        queries = count_queries()
        for name, (cold, warm) in queries.items():
            print(f"{name:>9}: {cold} queries with an empty cache, {warm} with a filled one")
        ratio = measure(options.pairs, options.seconds)
    return 1 if ratio < 1 or max(max(both) for both in queries.values()) > MAX_QUERIES else 0


def with_statistics() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


if __name__ == "__main__":
    sys.exit(main())
