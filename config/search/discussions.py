"""Posts of communities among what a search finds."""

from dataclasses import dataclass

from django.utils.safestring import SafeString

from community.finding import posts_matching
from community.models import CommunityPost
from config.search.kinds import Kind
from marketplace.search.headlines import excerpt, marked_excerpt


@dataclass(frozen=True)
class DiscussionHit:
    """A post with the part of its text that matches best."""

    post: CommunityPost
    excerpt: SafeString


class Discussions(Kind):
    """What is nearly written so is not looked for: a sentence is not mistyped like a name."""

    key, label = "discussions", "Discussions"
    template, shown = "config/_found_discussions.html", 3

    def matching(self):
        return posts_matching(self.text)

    def resembling(self):
        return CommunityPost.objects.none()

    def present(self, found):
        posts = found.select_related("author", "community").annotate(marked_words=excerpt("body", self.text))
        return [DiscussionHit(post, marked_excerpt(post.marked_words)) for post in posts]
