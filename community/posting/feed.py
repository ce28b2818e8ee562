"""The posts of a community: what is looked for in the address, and a page of what that finds."""

from functools import cached_property

from community.models import CommunityPost
from community.models.post import WORDS_OF_POST
from community.posting.showing import ShownPost, shown
from community.standing import Standing
from core.key_pages import NEWEST, KeyPage, highest, key_page
from marketplace.search.text import text_query

PAGE_SIZE = 20
TABS = {"recent": "Recent", "top": "Top", "unanswered": "Unanswered"}
BEST = highest("score")


class Feed:
    """For an address's query: `show` is a name of `TABS`, `q` looks for words and finds the newest first."""

    def __init__(self, standing: Standing, query) -> None:
        self.standing = standing
        self.text = query.get("q", "").replace("\0", "").strip()[:100]
        asked = query.get("show", "")
        self.tab = asked if asked in TABS and not self.text else "recent"
        self._query = query
        # Read before the posts: what is missing in these comes with the events after it.
        self.last_event = standing.community.last_event

    @property
    def tabs(self) -> list[dict]:
        """As the component `tabs` wants them."""
        return [
            {
                "label": label,
                "url": self.address if key == "recent" else f"{self.address}?show={key}",
                "count": None,
                "is_current": key == self.tab and not self.text,
            }
            for key, label in TABS.items()
        ]

    @property
    def address(self) -> str:
        return self.standing.community.get_absolute_url()

    @cached_property
    def page(self) -> KeyPage:
        posts = self._posts()
        if self.text:
            found = posts.annotate(words=WORDS_OF_POST).filter(words=text_query(self.text))
            return key_page(found, self._query, size=PAGE_SIZE)
        if self.tab == "top":
            return key_page(posts, self._query, size=PAGE_SIZE, key=BEST)
        if self.tab == "unanswered":
            return key_page(posts.unanswered(), self._query, size=PAGE_SIZE)
        # Those stand above all others.
        return key_page(posts.filter(pinned_at__isnull=True), self._query, size=PAGE_SIZE, key=NEWEST)

    @property
    def is_front(self) -> bool:
        """The first page of the latest posts, on which new ones appear."""
        return self.tab == "recent" and not self.text and not self.page.newer

    @cached_property
    def _shown(self) -> dict[int, ShownPost]:
        """The page and what is pinned, in one go."""
        pinned = list(self._posts().pinned().latest_pinned_first()) if self.is_front else []
        return {item.post.pk: item for item in shown([*pinned, *self.page.rows], self.standing)}

    @property
    def pinned(self) -> list[ShownPost]:
        return [item for item in self._shown.values() if item.post.is_pinned] if self.is_front else []

    @property
    def items(self) -> list[ShownPost]:
        return [self._shown[post.pk] for post in self.page.rows]

    @property
    def is_empty(self) -> bool:
        return not (self.items or self.pinned)

    def _posts(self):
        return CommunityPost.objects.standing().filter(community=self.standing.community).with_page_data()
