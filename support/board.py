"""The page of help: all questions by category, those of one category, or what a search finds."""

from dataclasses import dataclass, field
from functools import cached_property

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Q, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils.safestring import SafeString

from marketplace.search.forms import clean_text
from marketplace.search.headlines import marked, marked_excerpt
from support.models import DocSection, HelpArticle, HelpCategory
from support.search import articles_matching, articles_nearly_titled, marks_of, sections_matching

# Questions of a category on the page of all.
SHOWN = 6
PAGE_SIZE = 24
# Sections of the docs beside what help has.
SECTIONS = 6


@dataclass(frozen=True)
class Shelf:
    """A category with its first questions."""

    category: HelpCategory
    articles: list[HelpArticle] = field(default_factory=list)

    @property
    def more(self) -> int:
        return self.category.count - len(self.articles)


@dataclass(frozen=True)
class Found:
    """A text that a search found, with what matches marked."""

    row: HelpArticle | DocSection
    title: SafeString
    excerpt: SafeString


class Board:
    """One page for an address's query; whatever it does not know is left out."""

    def __init__(self, query) -> None:
        self._query = query
        self.text = clean_text(query.get("q", ""))
        slug = clean_text(query.get("category", ""))
        self.category = HelpCategory.objects.filter(slug=slug).first() if slug and not self.text else None

    @property
    def path(self) -> str:
        """The one address of what it shows, without pages and words."""
        return self.category.get_absolute_url() if self.category else reverse("support:help")

    @cached_property
    def shelves(self) -> list[Shelf]:
        """The categories in which there is something, with their first questions."""
        is_shown = Q(articles__status=HelpArticle.Status.PUBLISHED)
        counted = HelpCategory.objects.annotate(count=Count("articles", filter=is_shown))
        shelves = {category.pk: Shelf(category) for category in counted.filter(count__gt=0).in_order()}
        place = Window(RowNumber(), partition_by=F("category"), order_by=["order", "title", "pk"])
        first = HelpArticle.objects.published().annotate(place=place).filter(place__lte=SHOWN)
        for article in first.defer("content").order_by("place"):
            # A category that came into being between the two questions waits for the next visitor.
            if shelf := shelves.get(article.category_id):
                shelf.articles.append(article)
        return list(shelves.values())

    @cached_property
    def page(self) -> Page:
        """The questions of the category, or those that were found."""
        if self.text:
            found = articles_matching(self.text).annotate(**marks_of(self.text))
        else:
            found = HelpArticle.objects.published().filter(category=self.category).in_order()
        return Paginator(found.for_lists(), PAGE_SIZE).get_page(self._query.get("page"))

    @property
    def found(self) -> list[Found]:
        return [_found(article) for article in self.page]

    @cached_property
    def near(self) -> list[HelpArticle]:
        """What comes close, where nothing has the words."""
        return list(articles_nearly_titled(self.text).for_lists()) if self.text else []

    @cached_property
    def sections(self) -> list[Found]:
        """What the docs say of it."""
        if not self.text:
            return []
        found = sections_matching(self.text).annotate(**marks_of(self.text))
        return [_found(section) for section in found.for_lists()[:SECTIONS]]


def _found(row: HelpArticle | DocSection) -> Found:
    return Found(row, marked(row.marked_title), marked_excerpt(row.marked_words))
