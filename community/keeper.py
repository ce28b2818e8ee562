"""What communities keep about people. See `accounts.personal_data`."""

from collections.abc import Iterator
from pathlib import PurePosixPath

from django.db import transaction
from django.db.models import F
from django.db.models.fields.files import FieldFile

from accounts.models import User
from accounts.personal_data import Exported, Fate, Held, Keeper, rows
from community.actions.founding import decline, suspend
from community.actions.joining import let_go
from community.actions.team import make_owner
from community.erasing import erase_posts
from community.locks import locked
from community.models import Community, PostCommentLike, PostImage, PostRevision

_TEAM = "It is work done for a community, about somebody else."
_TRAIL = "The trail of what was decided stays whole, without the name."
_STAFF_DEED = Held(
    "",
    Fate.ANONYMISED,
    not_copied="It is work done for the site, by somebody who cannot be deleted while they do it.",
    not_deleted=_TRAIL,
)
_TEAM_DEED = Held("", Fate.ANONYMISED, not_copied=_TEAM, not_deleted=_TRAIL)
HOLDS = {
    "community.Community.owner": Held(
        "communities",
        Fate.ANONYMISED,
        not_deleted="It goes to the next of those who run it; its members stay.",
    ),
    "community.CommunityDecision.by": Held(
        "",
        Fate.ANONYMISED,
        not_copied="It is work done for the site; of an owner’s wishes the community itself tells.",
        not_deleted=_TRAIL,
    ),
    "community.CommunityMembership.user": Held("community_memberships", Fate.DELETED),
    "community.JoinRequest.user": Held("join_requests", Fate.DELETED),
    "community.JoinRequest.decided_by": _TEAM_DEED,
    "community.CommunityInvite.user": Held("community_invites", Fate.DELETED),
    "community.CommunityInvite.invited_by": _TEAM_DEED,
    "community.CommunityBan.user": Held(
        "community_bans", Fate.ANONYMISED, not_deleted="The team keeps what it decided, without the name."
    ),
    "community.CommunityBan.banned_by": _TEAM_DEED,
    "community.CommunityBan.lifted_by": _TEAM_DEED,
    "community.CommunityPost.author": Held(
        "community_posts",
        Fate.ANONYMISED,
        not_deleted="Answers would hang in the air; the name at it is “Deleted account”.",
    ),
    "community.CommunityPost.pinned_by": _TEAM_DEED,
    "community.CommunityPost.removed_by": _STAFF_DEED,
    "community.PostReaction.user": Held("post_reactions", Fate.DELETED),
    "community.PostShare.user": Held("post_shares", Fate.DELETED),
    "community.PostComment.author": Held(
        "post_comments",
        Fate.ANONYMISED,
        not_deleted="Answers would hang in the air; the name at it is “Deleted account”.",
    ),
    "community.PostComment.removed_by": _STAFF_DEED,
    "community.PostCommentLike.user": Held("post_comment_likes", Fate.DELETED),
}
_COMMUNITY = (
    *("id", "name", "description", "category", "icon", "banner", "rules", "policy", "state"),
    *("members_count", "posts_count", "created_at"),
)
_POST = (
    *("id", "body", "model", "likes", "loves", "wows", "fires", "comments_count", "shares"),
    *("created_at", "edited_at"),
)


def export(user: User) -> Exported:
    named = {"community_name": F("community__name")}
    revisions = PostRevision.objects.filter(post__author=user).order_by("pk")
    comment_likes = PostCommentLike.objects.filter(user=user).order_by("pk")
    tables = [
        ("communities", rows(user.owned_communities.order_by("pk"), *_COMMUNITY)),
        (
            "community_memberships",
            rows(user.community_memberships.order_by("pk"), "role", "created_at", "last_read_at", **named),
        ),
        (
            "join_requests",
            rows(user.join_requests.order_by("pk"), "message", "state", "created_at", "decided_at", **named),
        ),
        (
            "community_invites",
            rows(user.community_invites.order_by("pk"), "state", "created_at", "decided_at", **named),
        ),
        (
            "community_bans",
            rows(user.community_bans.order_by("pk"), "reason", "created_at", "lifted_at", **named),
        ),
        ("community_posts", rows(user.community_posts.order_by("pk"), *_POST, **named)),
        ("community_post_versions", rows(revisions, "post", "body", "created_at")),
        ("post_reactions", rows(user.post_reactions.order_by("pk"), "post", "kind", "created_at")),
        ("post_shares", rows(user.post_shares.order_by("pk"), "post", "created_at")),
        (
            "post_comments",
            rows(user.postcomments.order_by("pk"), "post", "body", "likes", "created_at", "edited_at"),
        ),
        ("post_comment_likes", rows(comment_likes, "comment", "created_at")),
    ]
    return Exported(tables=tables, files=_files(user))


def _files(user: User) -> Iterator[tuple[str, FieldFile]]:
    """The pictures of their posts."""
    for image in PostImage.objects.filter(post__author=user).order_by("pk"):
        suffix = PurePosixPath(image.image.name).suffix
        yield f"community posts/{image.post_id}/{image.pk}{suffix}", image.image


def veto(user: User) -> list[str]:
    return []


def erase(user: User) -> None:
    """Communities go on with who ran them too; what the person wrote stays where others answered it."""
    for community in user.owned_communities.order_by("pk"):
        _hand_over(community, user)
    for membership in user.community_memberships.order_by("pk").select_related("community"):
        with transaction.atomic():
            let_go(locked(membership.community_id), user)
    user.join_requests.all().delete()
    user.community_invites.all().delete()
    erase_posts(user)


def _hand_over(community: Community, user: User) -> None:
    """To the highest of the others, of them whoever has been in it longest; with nobody there, it closes."""
    with transaction.atomic():
        row = locked(community)
        others = row.memberships.of_active_people().exclude(user=user).select_related("user")
        heir = others.highest_first().first()
        if heir is not None and row.is_active:
            make_owner(row, heir, by=None)
            return
    for close in (decline, suspend):
        close(community=community, by=None, note="Nobody is left to run it.")


def keeper() -> Keeper:
    return Keeper(name="community", holds=HOLDS, export=export, erase=erase, veto=veto)
