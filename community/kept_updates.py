"""Updates are made once for all sockets of a process: a thousand who look on cost little more than one."""

import asyncio
import json
import time
from collections import OrderedDict
from collections.abc import Callable
from weakref import WeakKeyDictionary

from channels.db import database_sync_to_async

from community.posting.showing import Audience
from community.posting.updates import Missed, for_audience, last_event

# What was made is soon not asked for any more: all are told of it in the same second.
KEPT = 64
LAST_EVENT_SECONDS = 5
# Of each event loop, since nothing of one can be awaited in another.
_kept: WeakKeyDictionary[asyncio.AbstractEventLoop, OrderedDict] = WeakKeyDictionary()


async def updates_after(community_pk: int, after: int, upto: int, audience: Audience) -> tuple[Missed, str]:
    """What was missed, and its updates as JSON."""
    return await _once(
        ("updates", community_pk, after, upto, audience), _made, community_pk, after, upto, audience
    )


async def newest_number(community_pk: int) -> int:
    """At most some seconds old."""
    return await _once(
        ("last", community_pk, int(time.monotonic() / LAST_EVENT_SECONDS)), last_event, community_pk
    )


def _made(community_pk: int, after: int, upto: int, audience: Audience) -> tuple[Missed, str]:
    missed = for_audience(community_pk, after, upto, audience)
    return missed, json.dumps(missed.updates)


async def _once(key: tuple, make: Callable, *arguments):
    kept = _kept.setdefault(asyncio.get_running_loop(), OrderedDict())
    task = kept.get(key)
    if task is None or (task.done() and (task.cancelled() or task.exception())):
        task = kept[key] = asyncio.ensure_future(database_sync_to_async(make)(*arguments))
        while len(kept) > KEPT:
            kept.popitem(last=False)
    # One who goes away does not take it from the others.
    return await asyncio.shield(task)
