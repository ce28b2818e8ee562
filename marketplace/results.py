"""One page of the marketplace grid, from the address's query: everything that is asked stands there."""

from functools import cached_property

from django.core.cache import cache
from django.http import Http404
from django.utils.safestring import SafeString

from marketplace import filters
from marketplace.cards import cards_of_pks
from marketplace.categories import enabled_categories
from marketplace.models import Category, Model3D
from marketplace.search import (
    LAST_PAGE,
    Criteria,
    Facets,
    SearchForm,
    Sort,
    corrected,
    facets_of,
    near,
    page_of,
    ranks_all_sooner,
    search,
)

# So many pages load by themselves while scrolling; then the button has to be pressed, or the footer is out of reach.
PAGES_IN_A_ROW = 3
SUGGESTIONS = 8
# How long it is believed whether there are few results, while a reader goes on; and whether anything is rated.
FEW_SECONDS, RATINGS_SECONDS = 15 * 60, 300


class Results:
    """One page of what an address asks for, as `viewer` wants to see it.

    Where its words find nothing and are likely to be mistyped, it is a page of what they were probably meant to be,
    unless the address insists (`verbatim`).

    Raises:
        Http404: the address names a page beyond the last one.
    """

    def __init__(self, parameters, *, viewer, is_continuation: bool = False):
        self.viewer = viewer
        self.categories: list[Category] = enabled_categories()
        hides = viewer.is_authenticated and viewer.mature_content == viewer.MatureContent.HIDE
        self.form = SearchForm(parameters, categories=self.categories, hides_mature=hides)
        self.criteria: Criteria = self.form.criteria
        self.number = _page_number(parameters.get("page", ""))
        self.asked_text = self.criteria.text
        if not is_continuation and "verbatim" not in parameters:
            self._correct()
        self.page = page_of(self.criteria, self.number, parameters, are_few=self._are_few(is_continuation))
        if self.number > 1 and not self.page.pks:
            raise Http404("There is no such page.")
        self.has_next = self.page.has_more and self.number < LAST_PAGE
        self.is_cut_short = self.page.has_more and not self.has_next

    def _correct(self) -> None:
        if not self.criteria.text or self.facets.total:
            return
        meant = corrected(self.criteria.text)
        if meant is None:
            return
        criteria = self.criteria.with_changes(text=meant)
        facets = facets_of(criteria)
        if facets.total:
            self.criteria, self.facets = criteria, facets

    def _are_few(self, is_continuation: bool) -> bool:
        """Whether all results are found and sorted sooner than the first are met on the way through all models."""
        if not self.criteria.narrows:
            return False
        if not is_continuation:
            return self._sorts_sooner()
        key = f"marketplace:few:{self.criteria.order}:{self.criteria.key}"
        return cache.get_or_set(key, self._sorts_sooner, timeout=FEW_SECONDS)

    def _sorts_sooner(self) -> bool:
        if self.facets.is_exact or self.criteria.order != Sort.RELEVANCE:
            return self.facets.is_exact
        listed = sum(category.model_count for category in self.categories)
        return ranks_all_sooner(self.facets.total, listed)

    @property
    def is_bare(self) -> bool:
        """Whether there is nothing to filter: no model at all."""
        return not self.page.pks and not self.chips

    @cached_property
    def cards(self) -> list[SafeString]:
        return cards_of_pks(self.page.pks, viewer=self.viewer)

    @cached_property
    def facets(self) -> Facets:
        return facets_of(self.criteria)

    @property
    def is_corrected(self) -> bool:
        return self.criteria.text != self.asked_text

    @property
    def verbatim_url(self) -> str:
        """Exactly what was typed."""
        return self.criteria.with_changes(text=self.asked_text).query_string(verbatim=1)

    @property
    def total_text(self) -> str:
        """`1 model`, `8,120 models`, `about 240,000 models`."""
        total = self.facets.total
        about = "" if self.facets.is_exact else "about "
        return f"{about}{total:,} model{'' if total == 1 else 's'}"

    @property
    def title(self) -> str:
        chosen = self.chosen_categories
        if self.criteria.text:
            return f"“{self.criteria.text}”"
        return chosen[0].name if len(chosen) == 1 else "All models"

    @property
    def chosen_categories(self) -> list[Category]:
        return [category for category in self.categories if category.slug in self.criteria.categories]

    # ------------------------------------------------------------------ filters and sorts

    @cached_property
    def has_ratings(self) -> bool:
        """Whether any listed model is rated: before, nothing is offered that asks for it."""
        rated = Model3D.objects.listed().filter(rating_score__gt=0)
        return cache.get_or_set("marketplace:has-ratings", rated.exists, timeout=RATINGS_SECONDS)

    @cached_property
    def category_group(self) -> filters.Group:
        return filters.category_group(self.categories, self.criteria, self.facets)

    @cached_property
    def groups(self) -> list[filters.Group]:
        return list(filters.facet_groups(self.criteria, self.facets, has_ratings=self.has_ratings))

    @property
    def free_row(self) -> filters.Row:
        return filters.free_row(self.criteria, self.facets)

    @property
    def ai_row(self) -> filters.Row:
        return filters.ai_row(self.criteria, self.facets)

    @cached_property
    def chips(self) -> list[filters.Chip]:
        return filters.chips_of(self.criteria, self.categories)

    @property
    def sorts(self) -> list[tuple[str, str, bool]]:
        """Label, address and whether it is in force; relevance only where there are words to be relevant to."""
        offered = [
            sort
            for sort in Sort
            if (self.criteria.text or sort != Sort.RELEVANCE) and (self.has_ratings or sort != Sort.RATING)
        ]
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

    # ------------------------------------------------------------------ addresses

    @property
    def next_url(self) -> str:
        return self.criteria.query_string(**self.page.next_parameters)

    @property
    def previous_url(self) -> str:
        return self.criteria.query_string(**self.page.previous_parameters) or "."

    @property
    def text_only_url(self) -> str:
        return Criteria(text=self.criteria.text).query_string()

    @property
    def loads_by_itself(self) -> bool:
        return self.number % PAGES_IN_A_ROW != 0

    @property
    def is_indexed(self) -> bool:
        """Search engines get the shelves and their pages, not every combination of filters."""
        shelf = Criteria(categories=self.criteria.categories[:1])
        return self.criteria.with_changes(hides_mature=False) == shelf

    @property
    def canonical_query(self) -> str:
        page = {"page": self.number} if self.number > 1 else {}
        return Criteria(categories=self.criteria.categories[:1]).query_string(**page)

    # ------------------------------------------------------------------ nothing found

    @cached_property
    def near_matches(self) -> list[SafeString]:
        """What has some of the words, for a page whose words found nothing together."""
        if not self.criteria.text:
            return []
        return cards_of_pks(near(self.criteria, SUGGESTIONS), viewer=self.viewer, eager=0)

    @cached_property
    def suggestions(self) -> list[SafeString]:
        """What is trending, for a page that found nothing near either."""
        trending = search(Criteria(sort=Sort.TRENDING)).filter(is_mature=False)
        pks = trending.values_list("pk", flat=True)[:SUGGESTIONS]
        return cards_of_pks(list(pks), viewer=self.viewer, eager=0)


def _page_number(text: str) -> int:
    """The page asked for; the first one where the address names no number."""
    digits = text.lstrip("0")
    if not (digits.isascii() and digits.isdecimal()):
        return 1
    # Compared by length first: so many digits are not worth a conversion.
    if len(digits) > len(str(LAST_PAGE)) or int(digits) > LAST_PAGE:
        raise Http404("There is no such page.")
    return int(digits)
