"""Communities among what a search finds."""

from dataclasses import dataclass

from django.utils.safestring import SafeString

from community.finding import communities_matching, communities_nearly_named
from community.models import Community
from config.search.kinds import Kind
from marketplace.search.headlines import excerpt, headline, marked, marked_excerpt


@dataclass(frozen=True)
class CommunityHit:
    """A community, its name and a part of its description with what matches marked."""

    community: Community
    name: SafeString
    excerpt: SafeString


class Communities(Kind):
    key, label = "communities", "Communities"
    template, shown = "config/_found_communities.html", 4

    def matching(self):
        return communities_matching(self.text)

    def resembling(self):
        return communities_nearly_named(self.text)

    def present(self, found):
        marks = {
            "marked_name": headline("name", self.text),
            "marked_words": excerpt("description", self.text),
        }
        return [
            CommunityHit(each, marked(each.marked_name), marked_excerpt(each.marked_words))
            for each in found.annotate(**marks)
        ]
