"""One page of the search over everything, from the address's query."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.urls import reverse
from django.utils.http import urlencode

from config.search.communities import Communities
from config.search.courses import Courses
from config.search.discussions import Discussions
from config.search.help import Help
from config.search.kinds import Collections, Count, Kind, Models, People
from config.search.posts import Posts
from core.templatetags.core_tags import exact_number
from marketplace.search import clean_text

# In the order of their tabs.
KINDS: tuple[type[Kind], ...] = (
    *(Models, People, Collections, Communities, Discussions, Courses, Posts, Help),
)


@dataclass(frozen=True)
class Section:
    """What was found of one kind; `is_near` where nothing matches and these are what comes close."""

    kind: Kind
    hits: Sequence[Any]
    is_near: bool = False
    meant: str = ""

    @property
    def total_text(self) -> str:
        """`12`, `1,000+`, `about 240,000`."""
        return _text_of(self.kind.count)

    @property
    def has_more(self) -> bool:
        return self.kind.count.number > len(self.hits)


class SearchPage:
    """The tab of everything, or that of one kind; an address without words is a page to begin on."""

    def __init__(self, parameters, *, viewer):
        self.text = clean_text(parameters.get("q", ""))
        self.kinds = [kind(self.text, viewer=viewer) for kind in KINDS]
        asked = parameters.get("kind", "")
        self.kind: Kind | None = next((kind for kind in self.kinds if kind.key == asked), None)
        self._page_asked = parameters.get("page", "")

    @property
    def tabs(self) -> list[dict]:
        """As the component `tabs` wants them."""
        everything = {
            "label": "All",
            "url": f"{reverse('search')}?{urlencode({'q': self.text})}",
            "count": None,
            "is_current": self.kind is None,
        }
        kinds = [
            {
                "label": kind.label,
                "url": kind.url,
                "count": kind.count.number,
                "is_current": kind is self.kind,
            }
            for kind in self.kinds
        ]
        return [everything, *kinds]

    @cached_property
    def sections(self) -> list[Section]:
        """The first of each kind, without the kinds of which there is nothing at all; what only comes close is last."""
        found = [_section(kind) for kind in self.kinds]
        return sorted((section for section in found if section.hits), key=lambda section: section.is_near)

    @cached_property
    def near(self) -> Section:
        """What comes close, for the tab of a kind of which nothing matches."""
        return _section(self.kind)

    @cached_property
    def page(self) -> Page:
        """Which part of the kind of this tab is shown; a page that does not exist is the last one."""
        return Paginator(range(self.kind.count.number), self.kind.page_size).get_page(self._page_asked)

    @cached_property
    def hits(self) -> list[Any]:
        places = self.page.object_list
        return self.kind.hits(places.start, places.stop) if places else []

    @property
    def cut_short_at(self) -> str:
        """How many are shown where there are more, on the last page of them; empty elsewhere."""
        is_end = self.kind.count.is_capped and not self.page.has_next()
        return exact_number(self.kind.count.number) if is_end else ""


def _section(kind: Kind) -> Section:
    if kind.count.number:
        return Section(kind, kind.hits(0, kind.shown))
    near = kind.near()
    return Section(kind, near.hits, is_near=True, meant=near.meant)


def _text_of(count: Count) -> str:
    number = exact_number(count.number)
    if count.is_estimate:
        return f"about {number}"
    return f"{number}+" if count.is_capped else number
