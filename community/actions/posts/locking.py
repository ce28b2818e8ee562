"""A post under its community's lock, and what follows from one more or one less that stands."""

from django.db.models import F
from django.db.models.functions import Greatest

from accounts.models import User
from community.exceptions import CommunityRefused
from community.locks import locked
from community.models import Community, CommunityPost
from community.standing import Standing, standing_of


def locked_post(post: CommunityPost) -> CommunityPost:
    """As it is now, with its community, whose row is locked until the transaction ends."""
    community = locked(post.community_id)
    row = CommunityPost.objects.select_related("author", "model").get(pk=post.pk)
    row.community = community
    return row


def taking_part(community: Community, user: User) -> Standing:
    """What `user` is in a community that is locked.

    Raises:
        CommunityRefused: they may not write there (any more).
    """
    standing = standing_of(user, community)
    if standing.is_banned:
        raise CommunityRefused("You are banned from this community.")
    if not standing.may_take_part:
        raise CommunityRefused("Only members of the community can do this.")
    return standing


def check_stands(post: CommunityPost) -> None:
    """
    Raises:
        CommunityRefused: the post is gone.
    """
    if not post.is_standing:
        raise CommunityRefused("This post is not there any more.")


def count_one_more(post: CommunityPost) -> None:
    """The post stands from now on."""
    Community.objects.filter(pk=post.community_id).update(
        posts_count=F("posts_count") + 1, last_post_at=Greatest("last_post_at", post.created_at)
    )


def count_one_less(post: CommunityPost) -> None:
    """The post stands no more; the last one is another one, perhaps."""
    standing = CommunityPost.objects.standing().filter(community=post.community_id)
    last = standing.newest_first().values_list("created_at", flat=True).first()
    Community.objects.filter(pk=post.community_id).update(
        posts_count=Greatest(F("posts_count") - 1, 0), last_post_at=last
    )
