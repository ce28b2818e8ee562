"""What a visitor looks for, as a value: parsed once, turned into a query and back into an address."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db import models


class Sort(models.TextChoices):
    RELEVANCE = "relevance", "Relevance"
    NEWEST = "newest", "Newest"
    TRENDING = "trending", "Trending"
    DOWNLOADS = "downloads", "Most downloaded"
    PRICE_UP = "price_up", "Price, low to high"
    PRICE_DOWN = "price_down", "Price, high to low"


@dataclass(frozen=True)
class Criteria:
    """Every part may be absent; prices are in the site's currency, both ends included."""

    text: str = ""
    categories: tuple[str, ...] = ()
    price_min: Decimal | None = None
    price_max: Decimal | None = None
    free: bool = False
    sort: str = ""

    @property
    def order(self) -> str:
        """The sort in force: relevance needs words, and is the default with them; newest is the default without."""
        if self.text:
            return self.sort or Sort.RELEVANCE
        return self.sort if self.sort and self.sort != Sort.RELEVANCE else Sort.NEWEST

    @property
    def has_filters(self) -> bool:
        return bool(self.categories or self.free or self.price_min is not None or self.price_max is not None)

    def without(self, **parts: Any) -> "Criteria":
        """A copy with parts taken out: `without(free=True)`, or one category by `without(category="props")`."""
        category = parts.pop("category", None)
        blank = Criteria()
        changed = replace(self, **{name: getattr(blank, name) for name, wanted in parts.items() if wanted})
        if category is not None:
            changed = replace(
                changed, categories=tuple(slug for slug in changed.categories if slug != category)
            )
        return changed

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
        if self.sort:
            pairs.append(("sort", self.sort))
        pairs += [(name, str(value)) for name, value in extra.items()]
        return f"?{urlencode(pairs)}" if pairs else ""


def _plain(amount: Decimal) -> str:
    """`4` rather than `4.00`."""
    return f"{amount:f}" if amount != amount.to_integral_value() else str(int(amount))
