"""The one way to tell somebody on the site that something happened."""

import logging
from collections.abc import Callable

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.core.cache import cache
from django.db import transaction
from django.utils.http import url_has_allowed_host_and_scheme
from redis.exceptions import RedisError

from accounts.models import Notification, User

logger = logging.getLogger(__name__)

UNREAD_CACHE_SECONDS = 60


def notify(
    *,
    user: User,
    kind: str,
    title: str,
    message: str = "",
    link: str = "",
    mail: Callable[[], object] | None = None,
) -> Notification:
    """Write a notification in the caller's transaction; when that commits, push it to the person's open pages.

    Args:
        kind: one of `Notification.Kind`.
        link: a path on this site, or empty.
        mail: writes the accompanying mail (a call of `core.mail.send`), in the same transaction; left out where the
            event is told on the site only.

    Raises:
        ValueError: `link` leads away from this site.
    """
    if link and not (link.startswith("/") and url_has_allowed_host_and_scheme(link, allowed_hosts=None)):
        raise ValueError(f"A notification links to a path on this site, not to {link!r}.")
    with transaction.atomic():
        notification = Notification.objects.create(
            user=user,
            kind=kind,
            title=_shortened(title, "title"),
            message=_shortened(message, "message"),
            link=link,
        )
        if mail is not None:
            mail()
        # The page that caused it must not fail because nobody can be told live: the row is there.
        transaction.on_commit(lambda: push(notification), robust=True)
    return notification


def push(notification: Notification) -> None:
    """Send a stored notification to every open page of its person."""
    forget_unread_count(notification.user_id)
    async_to_sync(get_channel_layer().group_send)(
        group_name(notification.user_id),
        {
            "type": "notification.created",
            "title": notification.title,
            "message": notification.message,
            "link": notification.get_absolute_url() if notification.link else "",
            "unread": unread_count(notification.user_id),
        },
    )


def push_unread_count(user_id: int) -> None:
    """Tell the person's other open pages that something was read or deleted."""
    forget_unread_count(user_id)
    message = {"type": "unread.changed", "unread": unread_count(user_id)}
    try:
        async_to_sync(get_channel_layer().group_send)(group_name(user_id), message)
    except RedisError as error:
        # The rows are right, and every page counts them when it is loaded.
        logger.warning("Open pages were not told of read notifications: %s", error)


def group_name(user_id: int) -> str:
    """The channel group of a person's open pages."""
    return f"notifications.{user_id}"


def unread_count(user_id: int) -> int:
    """How many notifications a person has not read, at most a minute old."""
    key = _unread_key(user_id)
    count = cache.get(key)
    if count is None:
        count = Notification.objects.filter(user_id=user_id).unread().count()
        cache.set(key, count, UNREAD_CACHE_SECONDS)
    return count


def forget_unread_count(user_id: int) -> None:
    cache.delete(_unread_key(user_id))


def _unread_key(user_id: int) -> str:
    return f"notifications:unread:{user_id}"


def _shortened(text: str, field: str) -> str:
    longest = Notification._meta.get_field(field).max_length
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
