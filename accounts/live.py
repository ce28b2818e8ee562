"""What open pages are told, and what they may say, over the socket that every page of a signed-in person has.

Apps above send events of kinds of their own to a person's pages, and register what a page may say to them. An event is
a sign that something is there: whoever misses one finds it when the page is loaded, or asks for it.
"""

import logging
from collections.abc import Callable

from redis.exceptions import RedisError

from accounts.models import User
from core.broadcasting import broadcast

logger = logging.getLogger(__name__)

# Called outside any request, with the person whose page speaks and what it says.
Listener = Callable[[User, dict], None]

_listeners: dict[str, Listener] = {}


def group_name(user_id: int) -> str:
    """The channel group of a person's open pages."""
    return f"notifications.{user_id}"


def sessions_group(user_id: int) -> str:
    """The channel group of every socket of a person, which all end with the session they were opened with."""
    return f"sessions.{user_id}"


def listen(kind: str, listener: Listener) -> None:
    """Let pages say things of this kind: `{"type": kind, …}`. Nothing of it is to be trusted."""
    _listeners[kind] = listener


def listener_of(kind) -> Listener | None:
    return _listeners.get(kind) if isinstance(kind, str) else None


def tell(user_id: int, event: dict) -> None:
    """Send `event` (with a `type` that the page's script knows) to every open page of the person, and to no other."""
    send(user_id, {"type": "page.event", "event": event})


def send(user_id: int, message: dict) -> None:
    """A message to the consumers themselves. Where nobody can be told live, that is logged and nothing fails."""
    send_to(group_name(user_id), message)


def send_to(group: str, message: dict) -> None:
    """The same for any group."""
    try:
        broadcast(group, message)
    except RedisError as error:
        logger.warning("Open pages were not told of %s: %s", message["type"], error)
