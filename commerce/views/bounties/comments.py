"""The comments of a bounty."""

from commerce.bounties.conversation import BountyConversation
from commerce.views.bounties.finding import visible_bounty
from marketplace.views.commenting import CommentViews

views = CommentViews(BountyConversation, find=visible_bounty)
