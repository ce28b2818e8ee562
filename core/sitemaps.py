"""What the site offers to search engines, in parts of a bounded size: the protocol of sitemaps.org, version 0.9.

A section is one kind of page. Each app describes its own; `config.sitemaps` lists them.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from xml.sax.saxutils import escape

from django.core.cache import cache
from django.db.models import BigIntegerField, ExpressionWrapper, F, Max, QuerySet

from core.addresses import absolute_url

# Addresses of one part. The protocol allows 50,000; so many are written in a moment.
ROWS = 10_000
KEPT_SECONDS = 3600
_SCHEMA = "http://www.sitemaps.org/schemas/sitemap/0.9"


class Entry(NamedTuple):
    """One page, and when its content last changed, where that is known."""

    path: str
    changed: datetime | None = None


@dataclass(frozen=True)
class FixedSection:
    """Few pages, all in one part."""

    name: str
    listed: Callable[[], Iterable[Entry]]

    def parts(self) -> dict[int, datetime | None]:
        """The number of each part that holds a page, with the time of its latest change."""
        entries = list(self.listed())
        times = [entry.changed for entry in entries if entry.changed]
        return {0: max(times, default=None)} if entries else {}

    def entries(self, part: int) -> Iterator[Entry]:
        return iter(self.listed() if part == 0 else ())


@dataclass(frozen=True)
class KeyedSection:
    """Rows of a table, cut by their primary keys: a part costs one range of an index however far in it lies.

    `fields` of a row are what `entry` makes its entry of; `changed` is the field of its latest change.
    """

    name: str
    rows: Callable[[], QuerySet]
    fields: tuple[str, ...]
    entry: Callable[..., Entry]
    changed: str = "updated_at"

    def parts(self) -> dict[int, datetime | None]:
        """Counted once in a while: it is the one question that looks at every row."""
        return cache.get_or_set(f"sitemap:{self.name}", self._parts, KEPT_SECONDS)

    def _parts(self) -> dict[int, datetime]:
        part = ExpressionWrapper((F("pk") - 1) / ROWS, output_field=BigIntegerField())
        rows = self.rows().order_by().annotate(part=part)
        return dict(rows.values("part").annotate(latest=Max(self.changed)).values_list("part", "latest"))

    def entries(self, part: int) -> Iterator[Entry]:
        rows = self.rows().filter(pk__gt=part * ROWS, pk__lte=(part + 1) * ROWS).order_by("pk")
        return (self.entry(*row) for row in rows.values_list(*self.fields))


Section = FixedSection | KeyedSection


def write_index(places: Iterable[Entry]) -> Iterator[str]:
    """The document that names the others."""
    return _document("sitemapindex", "sitemap", places)


def write_part(entries: Iterable[Entry]) -> Iterator[str]:
    """The document that names pages."""
    return _document("urlset", "url", entries)


def _document(root: str, element: str, entries: Iterable[Entry]) -> Iterator[str]:
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{_SCHEMA}">\n'
    for entry in entries:
        changed = f"<lastmod>{entry.changed.isoformat(timespec='seconds')}</lastmod>" if entry.changed else ""
        yield f"<{element}><loc>{escape(absolute_url(entry.path))}</loc>{changed}</{element}>\n"
    yield f"</{root}>\n"
