"""The comments of a post as its page shows them."""

from functools import cached_property

from django.urls import reverse

from community.actions import comments
from community.models import CommunityPost, PostComment
from community.standing import Standing, rank_of, standing_of
from marketplace.conversation import Conversation
from marketplace.forms.comment import CommentForm


class PostConversation(Conversation):
    discussion = comments.discussion
    owner_label = "Author"
    empty_text = "No answers yet. Yours may be the one that helps."

    @property
    def address(self) -> str:
        return reverse("community:comments", args=[self.model.community_id, self.model.pk])

    @cached_property
    def standing(self) -> Standing:
        return standing_of(self.viewer, self.model.community)

    def check_may_comment(self) -> None:
        self.discussion.check_standing(self.model, self.standing)

    def may_take_down(self, comment: PostComment) -> bool:
        if not self.standing.may_take_down:
            return False
        return comments.may_judge(self.standing, self._ranks.get(comment.author_id, -1))

    @cached_property
    def _ranks(self) -> dict[int, int]:
        """Of those who run the community."""
        community = self.model.community
        return {row.user_id: rank_of(row, community) for row in community.memberships.team()}


def comments_of(post: CommunityPost, standing: Standing) -> dict:
    """What `community/_post_comments.html` shows; the post as `CommunityPostQuerySet.with_page_data` gives it."""
    conversation = PostConversation(post, viewer=standing.user)
    conversation.standing = standing
    return {"post": post, "conversation": conversation, "comment_form": CommentForm()}
