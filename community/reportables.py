"""What of communities can be reported, and by whom: whatever they see."""

from accounts import reporting
from accounts.models import User
from accounts.reporting import Reportable
from community.models import Community, CommunityPost, PostComment

_LONGEST_NUMBER = 18


def _number(text: str) -> int | None:
    is_number = text.isascii() and text.isdecimal() and len(text) <= _LONGEST_NUMBER
    return int(text) if is_number else None


def _community(user: User, object_id: str) -> Reportable | None:
    found = Community.objects.visible_to(user).select_related("owner").filter(pk=_number(object_id)).first()
    if found is None:
        return None
    snapshot = "\n\n".join([found.name, found.description, *found.rules])
    return Reportable(found, found.name, found.get_absolute_url(), found.owner, snapshot)


def _post(user: User, object_id: str) -> Reportable | None:
    posts = CommunityPost.objects.readable_by(user).select_related("author")
    post = posts.filter(pk=_number(object_id)).first()
    if post is None:
        return None
    title = f"A post by {post.author.display_name}: “{post.title}”"
    return Reportable(post, title, post.get_absolute_url(), post.author, post.body)


def _comment(user: User, object_id: str) -> Reportable | None:
    comments = PostComment.objects.standing().select_related("author", "post")
    comment = comments.filter(pk=_number(object_id), post__in=CommunityPost.objects.readable_by(user)).first()
    if comment is None:
        return None
    title = f"A comment by {comment.author.display_name} on “{comment.post.title}”"
    return Reportable(comment, title, comment.get_absolute_url(), comment.author, comment.body)


def register() -> None:
    """Called when the app is ready."""
    reporting.register("community", _community)
    reporting.register("post", _post)
    reporting.register("post-comment", _comment)
