"""What a visitor looks for, as a value: parsed once, turned into a query and back into an address."""

import hashlib
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db import models

from marketplace.search.vocabulary import FACETS


class Sort(models.TextChoices):
    RELEVANCE = "relevance", "Relevance"
    NEWEST = "newest", "Newest"
    TRENDING = "trending", "Trending"
    DOWNLOADS = "downloads", "Most downloaded"
    RATING = "rating", "Best rated"
    PRICE_UP = "price_up", "Price, low to high"
    PRICE_DOWN = "price_down", "Price, high to low"


@dataclass(frozen=True)
class Criteria:
    """Every part may be absent; prices are in the site's currency, both ends included.

    Facets hold values of `marketplace.search.vocabulary`. `hides_mature` is the viewer's wish, not the address's.
    """

    text: str = ""
    categories: tuple[str, ...] = ()
    price_min: Decimal | None = None
    price_max: Decimal | None = None
    free: bool = False
    ai: bool = False
    features: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    triangles: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    licenses: tuple[str, ...] = ()
    sizes: tuple[str, ...] = ()
    rating: tuple[str, ...] = ()
    sort: str = ""
    hides_mature: bool = False

    @property
    def order(self) -> str:
        """The sort in force: relevance needs words, and is the default with them; newest is the default without."""
        if self.text:
            return self.sort or Sort.RELEVANCE
        return self.sort if self.sort and self.sort != Sort.RELEVANCE else Sort.NEWEST

    @property
    def has_filters(self) -> bool:
        """Whether anything but words narrows the search."""
        return self.with_changes(text="", sort="", hides_mature=False) != Criteria()

    @property
    def narrows(self) -> bool:
        """Whether it leaves out any listed model."""
        return self.with_changes(sort="") != Criteria()

    def without(self, **parts: Any) -> "Criteria":
        """A copy with parts taken out: whole ones by `free=True`, one choice of several by `categories="props"`."""
        blank = Criteria()
        changes = {}
        for name, wanted in parts.items():
            if isinstance(wanted, str):
                changes[name] = tuple(value for value in getattr(self, name) if value != wanted)
            elif wanted:
                changes[name] = getattr(blank, name)
        return replace(self, **changes)

    def with_changes(self, **parts: Any) -> "Criteria":
        return replace(self, **parts)

    def query_string(self, **extra: Any) -> str:
        """The address's query, with a leading `?`, in one order; empty where nothing is asked."""
        pairs: list[tuple[str, str]] = [("q", self.text)] if self.text else []
        pairs += [("category", slug) for slug in self.categories]
        if self.price_min is not None:
            pairs.append(("price_min", _plain(self.price_min)))
        if self.price_max is not None:
            pairs.append(("price_max", _plain(self.price_max)))
        if self.free:
            pairs.append(("free", "1"))
        for facet in FACETS:
            pairs += [(facet.name, value) for value in getattr(self, facet.field)]
        if self.ai:
            pairs.append(("ai", "1"))
        if self.sort:
            pairs.append(("sort", self.sort))
        pairs += [(name, str(value)) for name, value in extra.items()]
        return f"?{urlencode(pairs)}" if pairs else ""

    @property
    def key(self) -> str:
        """Tells apart what finds other models, in whatever order; for caches."""
        return hashlib.sha256(repr(self.with_changes(sort="")).encode()).hexdigest()[:32]


def _plain(amount: Decimal) -> str:
    """`4` rather than `4.00`."""
    return f"{amount:f}" if amount != amount.to_integral_value() else str(int(amount))
