"""What moderators can do about things of each kind, by the calls of the app that owns them."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Model

from accounts.models import User
from blog.actions import comments as blog_comments
from blog.actions import testimonials
from blog.models import BlogComment, Testimonial
from commerce.actions import reviews
from commerce.actions.bounties import comments as bounty_comments
from commerce.actions.bounties import moderating as bounties
from commerce.models import Bounty, BountyComment, Review
from community.actions import comments as post_comments
from community.actions import founding
from community.actions.posts import moderating as posts
from community.models import Community, CommunityPost, DirectMessage, PostComment
from marketplace.actions import comments, moderating
from marketplace.models import Collection, Model3D, ModelComment
from support.models import ModerationDecision

Measure = ModerationDecision.Measure
# What a thing's own page has room for.
LONGEST_REASON = 500
_OF_PEOPLE = (Measure.DISMISS, Measure.WARN, Measure.SUSPEND)


@dataclass(frozen=True)
class Target:
    """`take_down(thing, by, reason)` and `put_back(thing, by)` say whether they changed anything. They tell nobody:
    whose thing it is reads the decision.
    """

    name: str
    take_down: Callable[[Model, User, str], bool] | None = None
    put_back: Callable[[Model, User], bool] | None = None
    measures: tuple[str, ...] = (*_OF_PEOPLE, *ModerationDecision.REMOVING)


def why(decision: ModerationDecision) -> str:
    """As the thing itself, or the person, keeps it."""
    return f"{decision.get_reason_display()}. {decision.note}"[:LONGEST_REASON]


def _hide_review(review: Review, by: User, reason: str) -> bool:
    was_shown = not review.is_removed
    reviews.hide(review=review, by=by, reason=reason, quiet=True)
    return was_shown


def _restore_review(review: Review, by: User) -> bool:
    was_hidden = review.is_removed
    reviews.restore(review=review, by=by)
    return was_hidden


def _reject_testimonial(said: Testimonial, by: User, reason: str) -> bool:
    if said.status != Testimonial.Status.APPROVED:
        return False
    testimonials.reject(testimonial=said, by=by, reason=reason, quiet=True)
    return True


def _approve_testimonial(said: Testimonial, by: User) -> bool:
    if said.status == Testimonial.Status.APPROVED:
        return False
    testimonials.approve(testimonial=said, by=by, quiet=True)
    return True


def _of_discussion(name: str, discussion) -> Target:
    return Target(
        name,
        lambda comment, by, reason: discussion.take_down(comment=comment, by=by, reason=reason, quiet=True),
        lambda comment, by: discussion.put_back(comment=comment, by=by),
    )


TARGETS: dict[type[Model], Target] = {
    Model3D: Target(
        "model",
        lambda model, by, reason: moderating.take_model_down(model=model, by=by, reason=reason),
        lambda model, by: moderating.put_model_back(model=model, by=by),
        measures=(*_OF_PEOPLE, *ModerationDecision.REMOVING, Measure.HOLD),
    ),
    Collection: Target(
        "collection",
        lambda collection, by, reason: moderating.take_collection_down(
            collection=collection, by=by, reason=reason
        ),
        lambda collection, by: moderating.put_collection_back(collection=collection, by=by),
    ),
    ModelComment: _of_discussion("comment", comments),
    BlogComment: _of_discussion("comment on the blog", blog_comments),
    PostComment: _of_discussion("comment in a community", post_comments.discussion),
    BountyComment: _of_discussion("comment on a bounty", bounty_comments),
    CommunityPost: Target(
        "post",
        lambda post, by, reason: posts.take_down(post=post, by=by, reason=reason, quiet=True),
        lambda post, by: posts.put_back(post=post, by=by, quiet=True),
    ),
    Community: Target(
        "community",
        lambda community, by, reason: founding.suspend(community=community, by=by, note=reason, quiet=True),
        lambda community, by: founding.restore(community=community, by=by, quiet=True),
    ),
    Bounty: Target(
        "bounty",
        lambda bounty, by, reason: bounties.take_down(bounty=bounty, by=by, reason=reason),
        lambda bounty, by: bounties.put_back(bounty=bounty, by=by),
    ),
    Review: Target("review", _hide_review, _restore_review),
    Testimonial: Target("testimonial", _reject_testimonial, _approve_testimonial),
    # What two people write to each other stays between them.
    DirectMessage: Target("message", measures=_OF_PEOPLE),
    User: Target("person", measures=_OF_PEOPLE),
}
UNKNOWN = Target("thing", measures=_OF_PEOPLE)


def target_of(model: type[Model] | None) -> Target:
    return TARGETS.get(model, UNKNOWN)
