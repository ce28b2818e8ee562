"""The comments of a post as its page shows them."""

from django.urls import reverse

from blog.actions import comments
from marketplace.conversation import Conversation


class PostConversation(Conversation):
    discussion = comments.discussion
    owner_label = "Author"
    empty_text = "No comments yet. Say what worked, or what did not."

    @property
    def address(self) -> str:
        return reverse("blog:comments", args=[self.model.slug])
