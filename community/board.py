"""The list of communities: what is looked for in the address, and what that finds."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django import forms
from django.core.paginator import Page, Paginator

from community.finding import communities_matching, suggested_to
from community.models import Community, CommunityMembership

PAGE_SIZE = 24
# Lists end here: beyond, a search finds more than paging.
LAST_PAGE = 100
SORTS = {"lively": "Latest posts", "members": "Most members", "newest": "Newest"}
TABS = {"all": "All", "mine": "Mine", "invited": "Invitations"}


class SearchForm(forms.Form):
    """What narrows the list; whatever is not understood is left out."""

    q = forms.CharField(label="Search", required=False, max_length=100)
    category = forms.ChoiceField(
        label="Subject", required=False, choices=[("", "All subjects"), *Community.Category.choices]
    )
    sort = forms.ChoiceField(label="Sort by", required=False, choices=list(SORTS.items()))


@dataclass(frozen=True)
class Card:
    """A community in a list, and what the viewer is in it."""

    community: Community
    membership: CommunityMembership | None = None

    @property
    def has_unread(self) -> bool:
        """Whether somebody has posted since the viewer looked."""
        last = self.community.last_post_at
        return self.membership is not None and last is not None and last > self.membership.last_read_at


def cards_of(communities: Iterable[Community], viewer) -> list[Card]:
    communities, inside = list(communities), {}
    if viewer.is_authenticated:
        rows = viewer.community_memberships.filter(community__in=communities)
        inside = {row.community_id: row for row in rows}
    return [Card(community, inside.get(community.pk)) for community in communities]


class Board:
    """One page of the list for an address's query."""

    def __init__(self, query, *, viewer) -> None:
        self.viewer = viewer
        self.form = SearchForm(query or None)
        self.form.is_valid()
        found = getattr(self.form, "cleaned_data", {})
        self.text, self.category = found.get("q") or "", found.get("category") or ""
        self.sort = found.get("sort") or "lively"
        asked = query.get("tab", "")
        self.tab = asked if asked in TABS and viewer.is_authenticated else "all"
        self.page: Page = Paginator(self._communities(), PAGE_SIZE).get_page(query.get("page"))

    @property
    def is_narrowed(self) -> bool:
        return bool(self.text or self.category)

    @property
    def tabs(self) -> list[dict]:
        """As the component `tabs` wants them; a visitor needs none."""
        if not self.viewer.is_authenticated:
            return []
        waiting = self.viewer.community_invites.open().count()
        counts = {"invited": waiting or None}
        return [
            {
                "label": label,
                "url": "?" if key == "all" else f"?tab={key}",
                "count": counts.get(key),
                "is_current": key == self.tab,
            }
            for key, label in TABS.items()
        ]

    @cached_property
    def cards(self) -> list[Card]:
        return cards_of(self.page.object_list, self.viewer)

    @cached_property
    def suggested(self) -> list[Card]:
        """On the first page of all, to those who are signed in."""
        is_first = self.tab == "all" and not self.is_narrowed and self.page.number == 1
        if not is_first or not self.viewer.is_authenticated:
            return []
        return [Card(community) for community in suggested_to(self.viewer)]

    def _communities(self):
        if self.tab == "mine":
            # Also those of one's own that wait, or were suspended.
            mine = Community.objects.of_member(self.viewer)
            return (mine.active() | mine.filter(owner=self.viewer)).distinct().liveliest_first()
        if self.tab == "invited":
            invites = self.viewer.community_invites.open().values("community")
            return Community.objects.active().filter(pk__in=invites).newest_first()
        shown = communities_matching(self.text) if self.text else self._listed()
        if self.category:
            shown = shown.filter(category=self.category)
        return shown[: PAGE_SIZE * LAST_PAGE]

    def _listed(self):
        shown = Community.objects.listed()
        return {
            "lively": shown.liveliest_first,
            "members": shown.largest_first,
            "newest": shown.newest_first,
        }[self.sort]()
