"""One page of the marketplace grid, from the address's query: everything that is asked stands there."""

from dataclasses import dataclass
from functools import cached_property

from django.http import Http404
from django.utils.safestring import SafeString

from core.templatetags.core_tags import money_text
from marketplace.cards import cards_of
from marketplace.categories import enabled_categories
from marketplace.models import Category
from marketplace.search import MAX_COUNT, Criteria, Facets, SearchForm, Sort, facets_of, search

PAGE_SIZE = 24
LAST_PAGE = -(-MAX_COUNT // PAGE_SIZE)
# So many pages load by themselves while scrolling; then the button has to be pressed, or the footer is out of reach.
PAGES_IN_A_ROW = 3
SUGGESTIONS = 8


@dataclass(frozen=True)
class Chip:
    """An active filter and the address without it."""

    label: str
    url: str


class Results:
    """One page of what an address asks for.

    Raises:
        Http404: the address names a page beyond the last one.
    """

    def __init__(self, parameters):
        self.categories: list[Category] = enabled_categories()
        self.form = SearchForm(parameters, categories=self.categories)
        self.criteria: Criteria = self.form.criteria
        self.number = _page_number(parameters.get("page", ""))
        start = (self.number - 1) * PAGE_SIZE
        stamps = list(search(self.criteria).card_stamps()[start : start + PAGE_SIZE + 1])
        if self.number > 1 and not stamps:
            raise Http404("There is no such page.")
        self.cards: list[SafeString] = cards_of(stamps[:PAGE_SIZE])
        self.has_next = len(stamps) > PAGE_SIZE and self.number < LAST_PAGE
        self.is_cut_short = len(stamps) > PAGE_SIZE and not self.has_next

    @cached_property
    def facets(self) -> Facets:
        return facets_of(self.criteria)

    @property
    def total_text(self) -> str:
        """`1 model`, `8,120 models`, `10,000+ models`."""
        total = self.facets.total
        number = f"{MAX_COUNT:,}+" if total > MAX_COUNT else f"{total:,}"
        return f"{number} model{'' if total == 1 else 's'}"

    @property
    def title(self) -> str:
        chosen = self.chosen_categories
        if self.criteria.text:
            return f"“{self.criteria.text}”"
        return chosen[0].name if len(chosen) == 1 else "All models"

    @property
    def chosen_categories(self) -> list[Category]:
        return [category for category in self.categories if category.slug in self.criteria.categories]

    @property
    def category_rows(self) -> list[tuple[Category, int, bool]]:
        """Each category with its count and whether it is chosen."""
        counts = self.facets.categories
        chosen = self.criteria.categories
        return [
            (category, counts.get(category.slug, 0), category.slug in chosen) for category in self.categories
        ]

    @property
    def chips(self) -> list[Chip]:
        criteria = self.criteria
        chips = (
            [Chip(f"“{criteria.text}”", criteria.without(text=True).query_string())] if criteria.text else []
        )
        chips += [
            Chip(category.name, criteria.without(category=category.slug).query_string())
            for category in self.chosen_categories
        ]
        if criteria.price_min is not None or criteria.price_max is not None:
            chips.append(
                Chip(self.price_text, criteria.without(price_min=True, price_max=True).query_string())
            )
        if criteria.free:
            chips.append(Chip("Free", criteria.without(free=True).query_string()))
        return [Chip(chip.label, chip.url or ".") for chip in chips]

    @property
    def price_text(self) -> str:
        low, high = self.criteria.price_min, self.criteria.price_max
        if low is None:
            return f"Up to {money_text(high)}"
        return f"From {money_text(low)}" if high is None else f"{money_text(low)} – {money_text(high)}"

    @property
    def sorts(self) -> list[tuple[str, str, bool]]:
        """Label, address and whether it is in force; relevance only where there are words to be relevant to."""
        offered = [sort for sort in Sort if self.criteria.text or sort != Sort.RELEVANCE]
        return [
            (
                sort.label,
                self.criteria.with_changes(sort=sort.value).query_string(),
                sort == self.criteria.order,
            )
            for sort in offered
        ]

    @property
    def sort_label(self) -> str:
        return Sort(self.criteria.order).label

    @property
    def next_url(self) -> str:
        return self.criteria.query_string(page=self.number + 1)

    @property
    def previous_url(self) -> str:
        return self.criteria.query_string(page=self.number - 1) if self.number > 2 else self.first_url

    @property
    def first_url(self) -> str:
        return self.criteria.query_string() or "."

    @property
    def text_only_url(self) -> str:
        return Criteria(text=self.criteria.text).query_string()

    @property
    def loads_by_itself(self) -> bool:
        return self.number % PAGES_IN_A_ROW != 0

    @property
    def is_indexed(self) -> bool:
        """Search engines get the shelves and their pages, not every combination of filters."""
        criteria = self.criteria
        return not (criteria.text or criteria.free or criteria.sort or len(criteria.categories) > 1) and (
            criteria.price_min is None and criteria.price_max is None
        )

    @property
    def canonical_query(self) -> str:
        page = {"page": self.number} if self.number > 1 else {}
        return Criteria(categories=self.criteria.categories[:1]).query_string(**page)

    @cached_property
    def suggestions(self) -> list[SafeString]:
        """What is trending, for a page that found nothing."""
        trending = search(Criteria(sort=Sort.TRENDING)).filter(is_mature=False)
        return cards_of(trending.card_stamps()[:SUGGESTIONS], eager=0)


def _page_number(text: str) -> int:
    """The page asked for; the first one where the address names no number."""
    digits = text.lstrip("0")
    if not (digits.isascii() and digits.isdecimal()):
        return 1
    # Compared by length first: so many digits are not worth a conversion.
    if len(digits) > len(str(LAST_PAGE)) or int(digits) > LAST_PAGE:
        raise Http404("There is no such page.")
    return int(digits)
