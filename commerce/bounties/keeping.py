"""What bounties keep about people: a part of what commerce does. See `accounts.personal_data`."""

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import Any

from django.db.models import F
from django.db.models.fields.files import FieldFile

from accounts.models import User
from accounts.personal_data import Fate, Held, rows
from commerce.actions.bounties import comments
from commerce.actions.bounties.posting import discard
from commerce.actions.bounties.working import withdraw_application
from commerce.models import (
    Bounty,
    BountyApplication,
    BountyComment,
    BountyCommentLike,
    BountyPicture,
    BountySubmission,
    EscrowReturn,
)
from core.templatetags.core_tags import money_text
from marketplace.erasing import forget_mentions

_STAFF_DEED = Held(
    "",
    Fate.ANONYMISED,
    not_copied="It is work done for the site, by somebody who cannot be deleted while they do it.",
    not_deleted="The trail of moderation stays whole, without the name.",
)
HOLDS = {
    "commerce.Bounty.creator": Held(
        "bounties", Fate.ANONYMISED, not_deleted="Those who answered it keep what was asked for and paid."
    ),
    "commerce.Bounty.winner": Held(
        "bounty_applications", Fate.ANONYMISED, not_deleted="What was paid has to stay in the books."
    ),
    "commerce.Bounty.removed_by": _STAFF_DEED,
    "commerce.BountyApplication.applicant": Held(
        "bounty_applications",
        Fate.ANONYMISED,
        not_deleted="The poster keeps what was handed in and awarded; the words are gone.",
    ),
    "commerce.BountyComment.author": Held(
        "bounty_comments",
        Fate.ANONYMISED,
        not_deleted="Answers would hang in the air; the name at it is “Deleted account”.",
    ),
    "commerce.BountyComment.removed_by": _STAFF_DEED,
    "commerce.BountyCommentLike.user": Held("bounty_comment_likes", Fate.DELETED),
}
_BILLING = [field.name for field in Bounty._meta.fields if field.name.startswith("billing_")]
_BOUNTY = (
    *("id", "title", "description", "requirements", "budget", "currency", "deadline", "license", "status"),
    *("applicants", "created_at", "opened_at", "closed_at", "close_reason", *_BILLING),
)


def tables(user: User) -> list[tuple[str, Iterable[dict[str, Any]]]]:
    submissions = BountySubmission.objects.of_maker(user).order_by("pk")
    likes = BountyCommentLike.objects.filter(user=user).order_by("pk")
    comment = ("bounty", "body", "likes", "created_at", "edited_at")
    return [
        ("bounties", rows(user.bounties.order_by("pk"), *_BOUNTY)),
        (
            "bounty_applications",
            rows(
                user.bounty_applications.order_by("pk"),
                *("bounty", "message", "status", "created_at"),
                title=F("bounty__title"),
            ),
        ),
        (
            "bounty_submissions",
            rows(submissions, "bounty", "model", "note", "status", "submitted_at", title=F("bounty__title")),
        ),
        ("bounty_comments", rows(user.bountycomments.order_by("pk"), *comment, title=F("bounty__title"))),
        ("bounty_comment_likes", rows(likes, "comment", "created_at")),
    ]


def files(user: User) -> Iterator[tuple[str, FieldFile]]:
    """The pictures of what somebody asked for."""
    for picture in BountyPicture.objects.filter(bounty__creator=user).order_by("pk"):
        suffix = PurePosixPath(picture.image.name).suffix
        yield f"bounties/{picture.bounty_id}/{picture.pk}{suffix}", picture.image


def veto(user: User) -> list[str]:
    """Budgets that are held, or on their way back."""
    found = [
        f"We hold {money_text(bounty.budget)} for your bounty “{bounty.title}”: award or cancel it first."
        for bounty in Bounty.objects.of_poster(user).holding_money().order_by("pk")
    ]
    unsent = EscrowReturn.objects.unsent().filter(bounty__creator=user).select_related("bounty")
    return found + [
        f"{money_text(back.amount)} of “{back.bounty.title}” is still on its way back to you."
        for back in unsent.order_by("pk")
    ]


def erase(user: User) -> None:
    """What others answered stays theirs; whose words it were is forgotten."""
    for application in user.bounty_applications.active().filter(bounty__status__in=Bounty.RUNNING):
        withdraw_application(application=application)
    BountyApplication.objects.filter(applicant=user).update(message="")
    BountySubmission.objects.of_maker(user).update(note="")
    for bounty in Bounty.objects.of_poster(user).filter(status=Bounty.Status.UNPAID):
        discard(bounty=bounty)
    never_seen = Bounty.objects.of_poster(user).filter(opened_at__isnull=True)
    never_seen.update(title="Discarded", description="", requirements="")
    Bounty.objects.of_poster(user).update(**dict.fromkeys(_BILLING, ""))
    for like in BountyCommentLike.objects.filter(user=user).select_related("comment"):
        comments.unlike(comment=like.comment, by=user)
    forget_mentions(user, BountyComment)
