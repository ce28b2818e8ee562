"""The filters beside the grid as they are shown: groups of choices with their counts, and chips of what is chosen."""

from collections.abc import Iterator
from dataclasses import dataclass

from core.templatetags.core_tags import money_text, short_number
from marketplace.models import Category
from marketplace.search import FACETS, Counts, Criteria, Facets, Option
from marketplace.search.vocabulary import AI, FEATURES, FORMATS, FREE, LICENSES, RATING, TRIANGLES

# Choices of one group before "Show all".
SHOWN_AT_ONCE = 8
# Groups that lie open; the others do once something in them is chosen.
OPEN = {"category", "with", "for", "triangles"}
# Of many choices that may be rare, those that lead nowhere are left out, and the most frequent come first.
MOST_FREQUENT_FIRST = {FORMATS, LICENSES}


@dataclass(frozen=True)
class Chip:
    """An active filter and the address without it."""

    label: str
    url: str


@dataclass(frozen=True)
class Row:
    """One choice with its count."""

    value: str
    label: str
    count: int
    is_chosen: bool
    is_exact: bool = True

    @property
    def is_empty(self) -> bool:
        return not (self.count or self.is_chosen)

    @property
    def count_text(self) -> str:
        """`14,208`, or `~14k` for an estimate."""
        return f"{self.count:,}" if self.is_exact or not self.count else f"~{short_number(self.count)}"


@dataclass(frozen=True)
class Group:
    """The choices of one facet; `name` is that of their field in the form."""

    name: str
    label: str
    rows: list[Row]
    is_single: bool = False

    @property
    def kind(self) -> str:
        """Of the fields in the form."""
        return "radio" if self.is_single else "checkbox"

    @property
    def shown(self) -> list[Row]:
        return self.rows[:SHOWN_AT_ONCE]

    @property
    def folded(self) -> list[Row]:
        return self.rows[SHOWN_AT_ONCE:]

    @property
    def is_open(self) -> bool:
        return self.name in OPEN or self.chosen > 0

    @property
    def chosen(self) -> int:
        return sum(row.is_chosen for row in self.rows)

    @property
    def unfolds(self) -> bool:
        """Whether what is folded away holds a choice that is in force."""
        return any(row.is_chosen for row in self.folded)


def category_group(categories: list[Category], criteria: Criteria, facets: Facets) -> Group:
    counts = facets.of("category")
    rows = [
        Row(
            category.slug,
            category.name,
            counts[f"cat:{category.pk}"],
            category.slug in criteria.categories,
            counts.is_known(f"cat:{category.pk}"),
        )
        for category in categories
    ]
    return Group("category", "Category", rows)


def facet_groups(criteria: Criteria, facets: Facets, *, has_ratings: bool) -> Iterator[Group]:
    """All others but the price, in their order; a group in which nothing can be chosen is left out."""
    for facet in FACETS:
        if facet is RATING and not (has_ratings or criteria.rating):
            continue
        chosen, counts = getattr(criteria, facet.field), facets.of(facet.name)
        rows = [_row(option, counts, chosen) for option in facet.options]
        if facet in MOST_FREQUENT_FIRST:
            rows = [row for row in rows if row.count or row.is_chosen]
            rows.sort(key=lambda row: -row.count)
        if rows:
            yield Group(facet.name, facet.label, rows, facet.is_single)


def free_row(criteria: Criteria, facets: Facets) -> Row:
    counts = facets.of("price")
    return Row("1", "Free only", counts[FREE], criteria.free, counts.is_exact)


def ai_row(criteria: Criteria, facets: Facets) -> Row:
    return Row("1", "AI training allowed", facets.found[AI], criteria.ai, facets.is_exact)


def _row(option: Option, counts: Counts, chosen: tuple[str, ...]) -> Row:
    is_known = counts.is_known(option.word)
    return Row(option.value, option.label, counts[option.word], option.value in chosen, is_known)


# ---------------------------------------------------------------------- chips


def chips_of(criteria: Criteria, categories: list[Category]) -> list[Chip]:
    """One for every active filter, in the order of the address."""
    return [Chip(label, without.query_string() or ".") for label, without in _active(criteria, categories)]


def _active(criteria: Criteria, categories: list[Category]) -> Iterator[tuple[str, Criteria]]:
    if criteria.text:
        yield f"“{criteria.text}”", criteria.without(text=True)
    for category in categories:
        if category.slug in criteria.categories:
            yield category.name, criteria.without(categories=category.slug)
    if criteria.price_min is not None or criteria.price_max is not None:
        yield price_text(criteria), criteria.without(price_min=True, price_max=True)
    if criteria.free:
        yield "Free", criteria.without(free=True)
    for facet in FACETS:
        for option in facet.options:
            if option.value in getattr(criteria, facet.field):
                label = f"{option.label} triangles" if facet is TRIANGLES else option.label
                label = "Watertight" if facet is FEATURES and option.value == "watertight" else label
                yield label, criteria.without(**{facet.field: option.value})
    if criteria.ai:
        yield "AI training allowed", criteria.without(ai=True)


def price_text(criteria: Criteria) -> str:
    low, high = criteria.price_min, criteria.price_max
    if low is None:
        return f"Up to {money_text(high)}"
    return f"From {money_text(low)}" if high is None else f"{money_text(low)} – {money_text(high)}"
