"""What happened last around somebody's models, from several tables in one order."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from accounts.models import Follow, Notification, User
from commerce.models import Transaction

SHOWN = 10
# Told by others than the tables below, and only while the person wants to hear of them.
HEARD = (Notification.Kind.COMMENT, Notification.Kind.ANSWER)


@dataclass(frozen=True)
class Event:
    """One thing that happened: `who` did `what` to `title`, where there are such."""

    at: datetime
    icon: str
    what: str
    link: str
    title: str = ""
    who: str = ""
    amount: Decimal | None = None


def latest(user: User) -> list[Event]:
    """The last events, the newest first; each table is asked for no more than is shown."""
    events = [*_sales(user), *_reviews(user), *_followers(user), *_heard(user)]
    return sorted(events, key=lambda event: event.at, reverse=True)[:SHOWN]


def _sales(user: User) -> list[Event]:
    """Not who bought: that is nobody's business."""
    sold = Transaction.objects.completed().filter(seller=user, amount__gt=0)
    sold = sold.select_related("model", "course")
    return [
        Event(
            line.completed_at or line.created_at,
            "circle-dollar-sign",
            "Sold",
            line.thing.get_absolute_url(),
            line.title,
            amount=line.amount,
        )
        for line in sold.order_by("-created_at", "-pk")[:SHOWN]
    ]


def _reviews(user: User) -> list[Event]:
    reviews = user.received_reviews.counted().newest_first().select_related("author", "model")[:SHOWN]
    return [
        Event(
            review.created_at,
            "star",
            f"gave {review.rating} star{'' if review.rating == 1 else 's'} to",
            review.get_absolute_url(),
            review.model.title,
            who=review.author.display_name,
        )
        for review in reviews
    ]


def _followers(user: User) -> list[Event]:
    follows = Follow.objects.filter(followed=user).select_related("follower").order_by("-created_at", "-pk")
    return [
        Event(
            follow.created_at,
            "user-plus",
            "follows you",
            follow.follower.get_absolute_url(),
            who=follow.follower.display_name,
        )
        for follow in follows[:SHOWN]
        if follow.follower.is_active
    ]


def _heard(user: User) -> list[Event]:
    heard = user.notifications.filter(kind__in=HEARD).select_related("actor").newest_first()[:SHOWN]
    return [
        Event(
            told.created_at,
            "message-circle",
            told.title if told.actor else told.sentence,
            told.get_absolute_url(),
            who=told.actor.display_name if told.actor else "",
        )
        for told in heard
    ]
