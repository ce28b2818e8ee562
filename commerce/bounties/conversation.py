"""The comments of a bounty as its page shows them."""

from django.urls import reverse

from commerce.actions.bounties import comments
from marketplace.conversation import Conversation


class BountyConversation(Conversation):
    discussion = comments.discussion
    owner_label = "Poster"
    empty_text = "No comments yet. Ask what the brief leaves open: everybody reads the answer."

    @property
    def address(self) -> str:
        return reverse("commerce:bounty_comments", args=[self.model.pk])
