"""The site's lists at 1,000,000 models against 10,000, in one run, on embedded PostgreSQL.

    python -m bench.marketplace_scale [--models 1000000] [--rounds 3] [--folder DIR]

Two databases of one server are loaded by `seed_scale`. Each address is asked once to warm it up, then in turn of the
large and of the small marketplace, round by round, since a busy machine slows both. Before each request everything is
thrown out of the cache but rendered cards: no page, no count and no order of an earlier request helps. A request is the
whole of it, from the address to the last byte of the page, through Django's middleware, without a network; its query
part is the time of its SQL. Exit code 1 where the 95th percentile of a case takes over twice as long at the large size
as at the small one, or its query part over 150 ms.

Loading a million takes minutes and about 8 GB, mostly in the system's folder for temporary files; `--folder` keeps what
was loaded for the next run, and `--models 100000` is quicker.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.percentiles import p95
from bench.scratch import site_in

MAX_RATIO = 2.0
MAX_QUERY_SECONDS = 0.150
# A little over 10,000: about one in fourteen is a draft, unlisted or the like, and page 400 has to be there.
SMALL = 10_800
# Addresses of a case, where there are many.
SOME = 20
CARDS = ":card:"


@dataclass
class Figures:
    """What the requests of one case took, in seconds."""

    whole: list[float] = field(default_factory=list)
    sql: list[float] = field(default_factory=list)
    queries: int = 0

    def add(self, whole: float, sql: float, queries: int) -> None:
        self.whole.append(whole)
        self.sql.append(sql)
        self.queries = max(self.queries, queries)


def cases() -> dict[str, list[str]]:
    """Addresses by case, for the marketplace that is in use."""
    from config.scale.words import COMMON, rare_words, things
    from marketplace.models import Category, Model3D

    slugs = Category.objects.enabled().in_order().values_list("slug", flat=True)
    listed = Model3D.objects.listed()
    count = listed.count()
    shown = [listed.order_by("pk").values_list("pk", flat=True)[count * step // SOME] for step in range(SOME)]
    words = [word for shelf in things() for word in shelf if len(word) > 6 and " " not in word]
    rare = rare_words(max(1, Model3D.objects.count() // 500))
    pairs = ("with=textured&triangles=1", "with=watertight&free=1", "with=rigged&licence=royalty_free")
    pairs += (
        "for=mobile&size=1",
        "with=clean&format=glb",
        "for=print&price_max=15",
        "with=pbr&with=animated",
    )
    return {
        "first page": ["/marketplace/"],
        "first page, trending": ["/marketplace/?sort=trending"],
        "a category": [f"/marketplace/?category={slug}" for slug in slugs],
        "two facets": [f"/marketplace/?{pair}" for pair in pairs],
        "page 400": ["/marketplace/?page=400", "/marketplace/?sort=trending&page=400"],
        "a common word": [f"/marketplace/?q={COMMON}", "/marketplace/?q=textures"],
        "a rare word": [f"/marketplace/?q={rare[len(rare) * step // SOME]}" for step in range(SOME)],
        "a typo": [f"/marketplace/?q={_mistyped(words[len(words) * step // SOME])}" for step in range(SOME)],
        "similar shapes": [f"/model/{pk}/" for pk in shown],
    }


def _mistyped(word: str) -> str:
    """With two neighbours in its middle swapped."""
    middle = len(word) // 2
    return word[: middle - 1] + word[middle] + word[middle - 1] + word[middle + 1 :]


class Marketplace:
    """One of the databases, and how to work in it."""

    def __init__(self, name: str) -> None:
        from django.db import connections

        self.name = name
        self.connection = connections.create_connection("default")
        self.connection.settings_dict = {**self.connection.settings_dict, "NAME": name}
        self.cases: dict[str, list[str]] = {}
        self.figures: dict[str, Figures] = {}

    def use(self) -> None:
        """From now on the site has this database, and a cache of its own."""
        from django.core.cache import caches
        from django.db import connections

        connections["default"] = self.connection
        caches["default"].key_prefix = self.name

    def load(self, count: int) -> None:
        from django.core.management import call_command

        from marketplace.models import Model3D

        self.use()
        call_command("migrate", verbosity=0)
        if not Model3D.objects.exists():
            print(f"\n{count:,} models:", flush=True)
            call_command("seed_scale", count, no_pictures=True)
            with self.connection.cursor() as cursor:
                # So that pages are found all visible, as they are some time after.
                cursor.execute("VACUUM ANALYZE")
        print(f"{Model3D.objects.count():,} models, {Model3D.objects.listed().count():,} of them listed")

    def ask(self, case: str, place: int, *, counts: bool) -> None:
        from django.test import Client

        addresses = self.cases[case]
        address = addresses[place % len(addresses)]
        self._forget_all_but_cards()
        spent = []
        with self.connection.execute_wrapper(_timer(spent)):
            started = time.perf_counter()
            response = Client(headers={"host": "localhost", "user-agent": "Mozilla/5.0 (bench)"}).get(address)
            whole = time.perf_counter() - started
        assert response.status_code == 200, f"{address}: {response.status_code}"
        if counts:
            self.figures.setdefault(case, Figures()).add(whole, sum(spent), len(spent))

    def _forget_all_but_cards(self) -> None:
        from django.core.cache import caches

        client = caches["default"]._cache.get_client()
        others = [
            key for key in client.scan_iter(match=f"{self.name}:*", count=5000) if CARDS not in key.decode()
        ]
        if others:
            client.delete(*others)


def _timer(spent: list[float]):
    def timed(execute, sql, params, many, context):
        started = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            spent.append(time.perf_counter() - started)

    return timed


def measure(small: Marketplace, large: Marketplace, *, rounds: int, only: str) -> bool:
    """Prints each case; whether all are within bounds."""
    for marketplace in (small, large):
        marketplace.use()
        marketplace.cases = {name: asked for name, asked in cases().items() if only in name}
    head = f"{'p95, milliseconds':<24}{'small':>8}{'large':>8}{'ratio':>7}"
    print(f"\n{head}{'SQL small':>11}{'SQL large':>11}{'queries':>9}")
    passed = True
    for case, addresses in large.cases.items():
        # At least twenty requests: the 95th percentile of fewer is the slowest.
        wanted = max(SOME, len(addresses)) * rounds
        for number in range(len(addresses) + wanted):
            # The first time through the addresses only warms up.
            for marketplace in (small, large):
                marketplace.use()
                marketplace.ask(case, number, counts=number >= len(addresses))
        passed &= _say(case, small.figures[case], large.figures[case])
    return passed


def _say(case: str, small: Figures, large: Figures) -> bool:
    ratio = p95(large.whole) / p95(small.whole)
    is_within = ratio <= MAX_RATIO and p95(large.sql) <= MAX_QUERY_SECONDS
    times = [p95(small.whole), p95(large.whole), p95(small.sql), p95(large.sql)]
    whole_small, whole_large, sql_small, sql_large = (1000 * seconds for seconds in times)
    print(
        f"{case:<24}{whole_small:>8.1f}{whole_large:>8.1f}{ratio:>7.2f}{sql_small:>11.1f}{sql_large:>11.1f}"
        f"{large.queries:>9}  {'PASS' if is_within else 'FAIL'}"
        f"  (medians {1000 * statistics.median(small.whole):.1f}, {1000 * statistics.median(large.whole):.1f})",
        flush=True,
    )
    return is_within


@contextmanager
def servers(folder: Path) -> Iterator[None]:
    """Embedded PostgreSQL and Redis in `folder`, and Django set up for them, with its static files."""
    with site_in(folder):
        from django.core.management import call_command

        call_command("collectstatic", interactive=False, verbosity=0)
        yield


def create_database(name: str) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if cursor.fetchone() is None:
            cursor.execute(f'CREATE DATABASE "{name}"')


def compare(
    kind: type[Marketplace], prefix: str, small_size: int, options: argparse.Namespace, measure: Callable
) -> bool:
    """What `measure` says of two sites in databases of their own, of `small_size` and of `options.models` models, in
    `options.folder` or in one that is gone afterwards; `prefix` begins the names of the databases.
    """
    with ExitStack() as stack:
        if options.folder:
            options.folder.mkdir(parents=True, exist_ok=True)
        folder = options.folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        stack.enter_context(servers(folder.resolve()))
        names = [f"{prefix}small", f"{prefix}large"]
        for name in names:
            create_database(name)
        small, large = map(kind, names)
        try:
            small.load(small_size)
            large.load(options.models)
            return measure(small, large, rounds=options.rounds, only=options.only)
        finally:
            small.connection.close()
            large.connection.close()


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--models", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3, help="of at least twenty requests a case and size")
    parser.add_argument("--folder", type=Path, help="keep what is loaded here, and use what is there")
    parser.add_argument("--only", default="", help="only cases whose name contains this")
    options = parser.parse_args()
    passed = compare(Marketplace, "", SMALL, options, measure)
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
