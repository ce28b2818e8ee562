"""Posts as somebody sees them: on a page all that is theirs in it, in what open pages are sent only what all of their
kind see alike."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from accounts.models import User
from community.models import CommunityMembership, CommunityPost, PostImage, PostReaction, Role
from community.standing import Standing
from core.markdown import render_markdown
from marketplace.conversation import addresses_of
from marketplace.models import Model3D

# Signs and line ends of a post that would push the others out of sight.
LONG, LONG_LINES = 1_500, 24
ICONS = {"like": "thumbs-up", "love": "heart", "wow": "sparkles", "fire": "flame"}


@dataclass(frozen=True)
class Audience:
    """All by which posts look different to those who look on, but for whose they are."""

    may_take_part: bool = False
    may_pin: bool = False
    may_take_down: bool = False
    is_signed_in: bool = False
    mature: str = User.MatureContent.BLUR

    @property
    def hides_mature(self) -> bool:
        return self.mature == User.MatureContent.HIDE

    @property
    def shows_mature(self) -> bool:
        return self.mature == User.MatureContent.SHOW


def audience_of(standing: Standing) -> Audience:
    user = standing.user
    if not user.is_authenticated:
        return Audience()
    return Audience(
        may_take_part=standing.may_take_part,
        may_pin=standing.may_moderate,
        may_take_down=standing.may_take_down,
        is_signed_in=True,
        mature=user.mature_content,
    )


@dataclass(frozen=True)
class Tile:
    """One of the reactions below a post."""

    kind: PostReaction.Kind
    count: int
    is_chosen: bool

    @property
    def icon(self) -> str:
        return ICONS[self.kind]


@dataclass
class ShownPost:
    """One post. What is the viewer's own in it (`is_own`, `reaction`, `is_new`) is known on pages only."""

    post: CommunityPost
    audience: Audience
    html: SafeString
    role: str = ""
    is_own: bool = False
    reaction: str = ""
    is_new: bool = False

    @property
    def tiles(self) -> list[Tile]:
        return [
            Tile(kind, getattr(self.post, kind.counter), kind == self.reaction) for kind in PostReaction.Kind
        ]

    @property
    def reactions_count(self) -> int:
        return sum(tile.count for tile in self.tiles)

    @property
    def images(self) -> list[PostImage]:
        return list(self.post.images.all())

    @cached_property
    def model(self) -> Model3D | None:
        """What everybody may open; anything else is gone for everybody, also for whose it is."""
        model = self.post.model
        return model if model is not None and model.is_open_to_all else None

    @property
    def is_model_hidden(self) -> bool:
        return self.model is not None and self.model.is_mature and self.audience.hides_mature

    @property
    def is_picture_hidden(self) -> bool:
        return self.model is not None and self.model.is_mature and not self.audience.shows_mature

    @property
    def is_long(self) -> bool:
        """Whether it is shown cut off in a list until its reader wants all of it."""
        return len(self.post.body) > LONG or self.post.body.count("\n") > LONG_LINES


def shown(posts: Iterable[CommunityPost], standing: Standing) -> list[ShownPost]:
    """On a page of the one whose standing this is."""
    posts, user = list(posts), standing.user
    reactions = {}
    if user.is_authenticated and posts:
        own = PostReaction.objects.filter(user=user, post__in=posts)
        reactions = dict(own.values_list("post_id", "kind"))
    since = standing.membership.last_read_at if standing.is_member else None
    items = shown_alike(posts, audience_of(standing))
    for item in items:
        item.is_own = item.post.author_id == user.pk
        item.reaction = reactions.get(item.post.pk, "")
        item.is_new = since is not None and item.post.created_at > since and not item.is_own
    return items


def shown_alike(posts: Iterable[CommunityPost], audience: Audience) -> list[ShownPost]:
    """As all of this audience see them, whoever they are."""
    posts = list(posts)
    people = addresses_of([post.body for post in posts])
    roles = _roles_of_authors(posts)
    return [
        ShownPost(
            post,
            audience,
            html=render_markdown(post.body, people=people),
            role=roles.get((post.community_id, post.author_id), ""),
        )
        for post in posts
    ]


def _roles_of_authors(posts: list[CommunityPost]) -> dict[tuple[int, int], str]:
    """What is written at the names of those who run the community."""
    if not posts:
        return {}
    team = CommunityMembership.objects.team().filter(
        community__in={post.community_id for post in posts}, user__in={post.author_id for post in posts}
    )
    roles = {
        (community, user): Role(role).label
        for community, user, role in team.values_list("community_id", "user_id", "role")
    }
    roles |= {
        (post.community_id, post.author_id): "Owner"
        for post in posts
        if post.author_id == post.community.owner_id
    }
    return roles


def row_html(item: ShownPost) -> str:
    """One post for a page that is open already; the page's own script gives its forms their token."""
    return render_to_string("community/posts/_post.html", {"item": item})
