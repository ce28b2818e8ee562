"""Bounties: what somebody pays for to have made, who answers it, and the money held meanwhile."""

from commerce.models.bounties.bounty import Bounty, BountyPicture
from commerce.models.bounties.comment import BountyComment, BountyCommentLike
from commerce.models.bounties.money import BountyPayment, EscrowReturn
from commerce.models.bounties.work import BountyApplication, BountySubmission

__all__ = [
    "Bounty",
    "BountyApplication",
    "BountyComment",
    "BountyCommentLike",
    "BountyPayment",
    "BountyPicture",
    "BountySubmission",
    "EscrowReturn",
]
