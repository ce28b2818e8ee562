"""Comments on bounties; see `marketplace.commenting`."""

from accounts.models import User
from commerce.models import Bounty, BountyComment, BountyCommentLike
from marketplace.commenting import Discussion


class BountyDiscussion(Discussion):
    comment = BountyComment
    likes = BountyCommentLike
    field = "bounty"
    name = "bounty_comment"
    closed = "Comments open when the bounty is paid."
    blocked = "You cannot comment on this person’s bounties."


discussion = BountyDiscussion()
edit, delete = discussion.edit, discussion.delete
like, unlike = discussion.like, discussion.unlike
take_down, put_back = discussion.take_down, discussion.put_back


def post(*, bounty: Bounty, author: User, body: str, parent: BountyComment | None = None) -> BountyComment:
    """See `Discussion.post`."""
    return discussion.post(bounty, author=author, body=body, parent=parent)
