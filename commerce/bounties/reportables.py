"""What of bounties can be reported, and by whom: whatever they see."""

from accounts import reporting
from accounts.models import User
from accounts.reporting import Reportable
from commerce.models import Bounty, BountyComment

_LONGEST_NUMBER = 18


def _number(text: str) -> int | None:
    is_number = text.isascii() and text.isdecimal() and len(text) <= _LONGEST_NUMBER
    return int(text) if is_number else None


def _bounty(user: User, object_id: str) -> Reportable | None:
    bounty = Bounty.objects.visible_to(user).select_related("creator").filter(pk=_number(object_id)).first()
    if bounty is None:
        return None
    snapshot = f"{bounty.title}\n\n{bounty.description}\n\n{bounty.requirements}"
    return Reportable(bounty, bounty.title, bounty.get_absolute_url(), bounty.creator, snapshot)


def _comment(user: User, object_id: str) -> Reportable | None:
    comments = BountyComment.objects.standing().select_related("author", "bounty")
    comment = comments.filter(pk=_number(object_id), bounty__in=Bounty.objects.visible_to(user)).first()
    if comment is None:
        return None
    title = f"A comment by {comment.author.display_name} on “{comment.bounty.title}”"
    return Reportable(comment, title, comment.get_absolute_url(), comment.author, comment.body)


def register() -> None:
    """Called when the app is ready."""
    reporting.register("bounty", _bounty)
    reporting.register("bounty-comment", _comment)
