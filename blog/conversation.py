"""The comments of a post as its page shows them."""

from django.urls import reverse

from blog.actions.comments import check_may_comment
from blog.models import BlogCommentLike
from marketplace.conversation import Conversation


class PostConversation(Conversation):
    likes = BlogCommentLike
    owner_label = "Author"
    empty_text = "No comments yet. Say what worked, or what did not."

    @property
    def address(self) -> str:
        return reverse("blog:comments", args=[self.model.slug])

    def check_may_comment(self) -> None:
        check_may_comment(self.model, self.viewer)
