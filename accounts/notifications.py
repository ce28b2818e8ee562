"""The one way to tell somebody on the site that something happened."""

from collections.abc import Callable

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from accounts import live
from accounts.live import group_name
from accounts.models import Notification, NotificationActor, User, UserBlock
from accounts.preferences import channels_of, unsubscribe_url
from core.broadcasting import broadcast
from core.database.prepared import PreparedCount
from core.mail import unsubscribable

UNREAD_CACHE_SECONDS = 60

_UNREAD = PreparedCount(lambda user: Notification.objects.filter(user_id=user).unread(), user=int)


def notify(
    *,
    user: User,
    kind: str,
    title: str,
    message: str = "",
    link: str = "",
    mail: Callable[[], object] | None = None,
    actor: User | None = None,
    group: str = "",
) -> Notification | None:
    """Write a notification in the caller's transaction; when that commits, push it to the person's open pages.

    What the person does not want to hear of on the site is not written, and what they do not want by mail not mailed
    (see `accounts.preferences`). Nothing is told of somebody's own deeds, of
    somebody who is blocked, or to an account that was deleted.

    Args:
        kind: one of `Notification.Kind`.
        title: with an actor what follows their name ("liked “Chest”"), otherwise the whole sentence.
        link: a path on this site, or empty.
        mail: writes the accompanying mail (a call of `core.mail.send`), in the same transaction; left out where the
            event is told on the site only.
        actor: who caused it.
        group: events of one group are one row for as long as it is unread: "Ana and 12 others".

    Returns:
        The row, or None where none was written.

    Raises:
        ValueError: `link` leads away from this site.
    """
    if link and not (link.startswith("/") and url_has_allowed_host_and_scheme(link, allowed_hosts=None)):
        raise ValueError(f"A notification links to a path on this site, not to {link!r}.")
    if user.is_deleted:
        return None
    if actor is not None and (
        actor == user or UserBlock.objects.filter(blocker=user, blocked=actor).exists()
    ):
        return None
    on_site, by_mail = channels_of(user, kind)
    with transaction.atomic():
        notification = None
        if on_site:
            notification = _written(
                user=user,
                kind=kind,
                title=_shortened(title, "title"),
                message=_shortened(message, "message"),
                link=link,
                actor=actor,
                group=group[: Notification._meta.get_field("group").max_length],
            )
            # The page that caused it must not fail because nobody can be told live: the row is there.
            transaction.on_commit(lambda: push(notification), robust=True)
        if mail is not None and by_mail:
            with unsubscribable(unsubscribe_url(user, kind)):
                mail()
    return notification


def _written(*, user: User, group: str, actor: User | None, **fields) -> Notification:
    """A new row, or the unread one of the same group, renewed and with one more person in it."""
    # Two events of one group may come at once: the person's row is the lock.
    User.objects.select_for_update(no_key=True).only("pk").get(pk=user.pk)
    row = group and Notification.objects.filter(user=user, group=group).unread().first()
    if not row:
        row = Notification.objects.create(user=user, group=group, actor=actor, **fields)
    else:
        for name, value in (fields | {"actor": actor, "created_at": timezone.now()}).items():
            setattr(row, name, value)
    if group and actor is not None:
        NotificationActor.objects.get_or_create(notification=row, actor=actor)
        row.others = row.actors.count() - 1
    row.save()
    return row


def push(notification: Notification) -> None:
    """Send a stored notification to every open page of its person."""
    forget_unread_count(notification.user_id)
    broadcast(
        group_name(notification.user_id),
        {
            "type": "notification.created",
            "kind": notification.kind,
            "title": notification.sentence,
            "message": notification.message,
            "link": notification.get_absolute_url() if notification.link else "",
            "unread": unread_count(notification.user_id),
        },
    )


def push_unread_count(user_id: int) -> None:
    """Tell the person's other open pages that something was read or deleted."""
    forget_unread_count(user_id)
    # Untold, the rows are right, and every page counts them when it is loaded.
    live.send(user_id, {"type": "unread.changed", "unread": unread_count(user_id)})


def close_ended_sessions(user_id: int) -> None:
    """Sessions of the person have ended: their open pages hear nothing any more."""
    # Untold, they find out by themselves, later.
    live.send_to(live.sessions_group(user_id), {"type": "sessions.ended"})


def unread_count(user_id: int) -> int:
    """How many notifications a person has not read, at most a minute old."""
    key = _unread_key(user_id)
    count = cache.get(key)
    if count is None:
        count = _UNREAD(user=user_id)
        cache.set(key, count, UNREAD_CACHE_SECONDS)
    return count


def forget_unread_count(user_id: int) -> None:
    cache.delete(_unread_key(user_id))


def _unread_key(user_id: int) -> str:
    return f"notifications:unread:{user_id}"


def _shortened(text: str, field: str) -> str:
    longest = Notification._meta.get_field(field).max_length
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
