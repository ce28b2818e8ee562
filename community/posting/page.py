"""One post as its page shows it."""

from functools import cached_property

from django.urls import reverse

from community.models import CommunityPost
from community.page import CommunityPage
from community.posting.showing import ShownPost, shown
from community.standing import Standing
from core.addresses import absolute_url
from core.markdown import plain_text

DESCRIPTION_LENGTH = 160


class PostPage(CommunityPage):
    """The page of a community with one of its posts."""

    def __init__(self, standing: Standing, post: CommunityPost) -> None:
        super().__init__(standing, current="post")
        self.post = post
        # Read before the comments: what is missing in these comes with the events after it.
        self.last_event = standing.community.last_event

    @cached_property
    def item(self) -> ShownPost:
        return shown([self.post], self.standing)[0]

    @property
    def description(self) -> str:
        return plain_text(self.post.body, length=DESCRIPTION_LENGTH) or self.community.summary

    @property
    def is_indexed(self) -> bool:
        """For search engines: what everybody may read."""
        return self.community.is_listed and self.post.is_standing

    @property
    def structured_data(self) -> dict:
        post, author = self.post, self.post.author
        counter = {"@type": "InteractionCounter", "interactionType": "https://schema.org/LikeAction"}
        return {
            "@type": "DiscussionForumPosting",
            "headline": post.title,
            "text": self.description,
            "url": absolute_url(post.get_absolute_url()),
            "datePublished": post.created_at.isoformat(),
            "dateModified": (post.edited_at or post.created_at).isoformat(),
            "author": {
                "@type": "Person",
                "name": author.display_name,
                "url": absolute_url(author.get_absolute_url()),
            },
            "commentCount": post.comments_count,
            "interactionStatistic": {**counter, "userInteractionCount": self.item.reactions_count},
            "isPartOf": {
                "@type": "WebPage",
                "name": self.community.name,
                "url": absolute_url(reverse("community:community", args=[self.community.pk])),
            },
        }
