"""The comments of a bounty as its page shows them."""

from django.urls import reverse

from commerce.actions.bounties.comments import check_may_comment
from commerce.models import BountyCommentLike
from marketplace.conversation import Conversation


class BountyConversation(Conversation):
    likes = BountyCommentLike
    owner_label = "Poster"
    empty_text = "No comments yet. Ask what the brief leaves open: everybody reads the answer."

    @property
    def address(self) -> str:
        return reverse("commerce:bounty_comments", args=[self.model.pk])

    def check_may_comment(self) -> None:
        check_may_comment(self.model, self.viewer)
