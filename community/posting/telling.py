"""Notifications and mails about posts, written in the transaction that they tell about."""

from accounts.models import Notification, User
from accounts.notifications import notify
from community.models import CommunityPost
from community.telling import tell
from core.markdown import plain_text
from core.mentions import mentioned_names

Kind = Notification.Kind
EXCERPT = 200
# So many people of one post are told that they are mentioned.
MAX_MENTIONS = 10


def tell_mentioned(post: CommunityPost, *, said: str = "") -> None:
    """To those whom it names and who may read it; not again to those whom what it `said` before had named."""
    told = {name.lower() for name in mentioned_names(said)}
    names = [name.lower() for name in mentioned_names(post.body) if name.lower() not in told]
    if not names:
        return
    people = User.objects.active().called(names[:MAX_MENTIONS])
    if not post.community.is_listed:
        people = people.filter(community_memberships__community=post.community)
    for person in people.exclude(pk=post.author_id).order_by("pk"):
        tell(
            person,
            post.community,
            kind=Kind.MENTION,
            title=f"mentioned you in “{post.community.name}”",
            line=plain_text(post.body, length=EXCERPT),
            key=f"mention:post:{post.pk}",
            link=post.get_absolute_url(),
            actor=post.author,
        )


def tell_reacted(post: CommunityPost, by: User) -> None:
    """To its author; one message for all who react while it is unread."""
    notify(
        user=post.author,
        kind=Kind.LIKE,
        title=f"reacted to your post in “{post.community.name}”",
        message=post.title,
        link=post.get_absolute_url(),
        actor=by,
        group=f"reaction:post:{post.pk}",
    )


def tell_taken_down(post: CommunityPost) -> None:
    """To its author, who still sees it with the reason; not of their own deed."""
    if post.removed_by_id != post.author_id:
        tell(
            post.author,
            post.community,
            kind=Kind.COMMUNITY,
            title=f"Your post in “{post.community.name}” was taken down",
            line=post.removal_reason,
            key=f"post-taken-down:{post.pk}:{post.removed_at.timestamp():.0f}",
            link=post.get_absolute_url(),
        )


def tell_put_back(post: CommunityPost) -> None:
    tell(
        post.author,
        post.community,
        kind=Kind.COMMUNITY,
        title=f"Your post in “{post.community.name}” is back",
        line=post.title,
        link=post.get_absolute_url(),
    )
