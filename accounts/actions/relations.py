"""Following and blocking: the rows, the counters of both people, and word to the one who is followed."""

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest

from accounts.exceptions import RelationRefused
from accounts.models import Follow, Notification, User, UserBlock
from accounts.notifications import notify
from accounts.signals import person_blocked
from core.mail import send


def follow(*, follower: User, followed: User) -> bool:
    """False where it is so already. Two requests at once make one row and count once.

    Raises:
        RelationRefused: oneself, or one of the two has blocked the other.
    """
    if follower.pk == followed.pk:
        raise RelationRefused("You cannot follow yourself.")
    if UserBlock.objects.between(follower, followed).exists():
        raise RelationRefused("You cannot follow this person.")
    with transaction.atomic():
        _, is_new = Follow.objects.get_or_create(follower=follower, followed=followed)
        if is_new:
            _count(follower.pk, followed.pk, 1)
            notify(
                user=followed,
                kind=Notification.Kind.NEW_FOLLOWER,
                title="follows you",
                link=follower.get_absolute_url(),
                actor=follower,
                group="followers",
                mail=lambda: send(
                    kind="accounts/new_follower",
                    to=followed,
                    context={"actor": follower, "url": follower.get_absolute_url()},
                    # Who follows, gives up and follows again is written of once.
                    dedupe_key=f"new_follower:{follower.pk}:{followed.pk}",
                ),
            )
    return is_new


def unfollow(*, follower: User, followed: User) -> bool:
    """False where there was nothing to give up."""
    with transaction.atomic():
        deleted, _ = Follow.objects.filter(follower=follower, followed=followed).delete()
        if deleted:
            _count(follower.pk, followed.pk, -1)
    return bool(deleted)


def block(*, blocker: User, blocked: User) -> bool:
    """From now on they cannot follow, comment on or write to each other's things; neither follows the other any more.

    Raises:
        RelationRefused: oneself.
    """
    if blocker.pk == blocked.pk:
        raise RelationRefused("You cannot block yourself.")
    with transaction.atomic():
        _, is_new = UserBlock.objects.get_or_create(blocker=blocker, blocked=blocked)
        unfollow(follower=blocker, followed=blocked)
        unfollow(follower=blocked, followed=blocker)
        transaction.on_commit(
            lambda: person_blocked.send_robust(sender=UserBlock, blocker=blocker, blocked=blocked)
        )
    return is_new


def unblock(*, blocker: User, blocked: User) -> bool:
    """False where there was no block. Who followed whom does not come back."""
    deleted, _ = UserBlock.objects.filter(blocker=blocker, blocked=blocked).delete()
    return bool(deleted)


def _count(follower: int, followed: int, amount: int) -> None:
    """The rows in the order of their numbers, so that two who follow each other at once never wait for each other."""
    fields = {follower: "following_count", followed: "followers_count"}
    for pk in sorted(fields):
        name = fields[pk]
        User.objects.filter(pk=pk).update(**{name: Greatest(F(name) + amount, 0)})
