"""What waits for somebody: each a sentence with the page where they can do it."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count
from django.urls import reverse

from accounts.models import User
from commerce.models import Order, PayoutDetails, Refund
from marketplace.models import Model3D, ModelFile

Status = Model3D.Status


@dataclass(frozen=True)
class Todo:
    icon: str
    text: str
    link: str
    is_urgent: bool = False


def todos(user: User) -> list[Todo]:
    """The urgent ones first."""
    found = [*_as_buyer(user)]
    if user.is_creator:
        found += [*_about_models(user), *_about_money(user), *_about_reviews(user), *_about_profile(user)]
    return sorted(found, key=lambda todo: not todo.is_urgent)


def _as_buyer(user: User) -> Iterator[Todo]:
    waiting = Order.objects.of_buyer(user).payable().newest_first().first()
    if waiting is not None:
        yield Todo(
            "credit-card",
            f"Your order {waiting.number} waits for its payment",
            reverse("commerce:pay", args=[waiting.public_id]),
            is_urgent=True,
        )


def _about_models(user: User) -> Iterator[Todo]:
    inventory = reverse("marketplace:inventory")
    own = Model3D.objects.owned_by(user)
    counts = dict(own.order_by().values_list("status").annotate(Count("pk")))
    failed = own.filter(files__state=ModelFile.State.FAILED, current_file=None).distinct().count()
    if failed:
        yield Todo("triangle-alert", f"{_models(failed)} could not be processed", inventory, is_urgent=True)
    if counts.get(Status.REJECTED):
        text = f"{_models(counts[Status.REJECTED])} sent back by the moderators"
        yield Todo("circle-x", text, f"{inventory}?status={Status.REJECTED}", is_urgent=True)
    if counts.get(Status.DRAFT):
        text = f"{_models(counts[Status.DRAFT])} not yet submitted"
        yield Todo("file-pen", text, f"{inventory}?status={Status.DRAFT}")


def _about_money(user: User) -> Iterator[Todo]:
    if user.total_sales and not PayoutDetails.objects.of_user(user).current().exists():
        yield Todo(
            "wallet",
            "Say where your earnings are paid to",
            reverse("commerce:payout_details"),
            is_urgent=True,
        )
    asked = Refund.objects.of_seller(user).awaiting_seller().count()
    if asked:
        text = f"{asked:,} refund{'' if asked == 1 else 's'} asked for: answer before the time is over"
        yield Todo("undo-2", text, reverse("commerce:refunds"), is_urgent=True)


def _about_reviews(user: User) -> Iterator[Todo]:
    waiting = user.received_reviews.counted().unanswered().count()
    if waiting:
        address = reverse("commerce:profile_reviews", args=[user.username])
        text = f"{waiting:,} review{'' if waiting == 1 else 's'} without your answer"
        yield Todo("star", text, f"{address}?show=unanswered")


def _about_profile(user: User) -> Iterator[Todo]:
    if not user.bio:
        yield Todo("user", "Say on your profile who you are", reverse("accounts:settings"))


def _models(count: int) -> str:
    return f"{count:,} model{'' if count == 1 else 's'}"
