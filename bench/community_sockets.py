"""1,000 people look at one community where somebody posts once a second: how soon each has it, and that none is lost.

    python -m bench.community_sockets [--sockets 1000] [--pairs 4] [--seconds 20] [--soak 600]

Load and server share the machine's cores; the server is one process of uvicorn, as the site starts it. In turn with the
community as many bare sockets of Channels are open, which hand on what is sent to their group, once a second too and of
the same length. The 95th percentile of the time from before the sending (for a post: before its transaction) until a
socket has it is taken of each, and the ratio of each pair, since a busy machine slows both. Afterwards, for `--soak`
seconds, the sockets are cut off at random, one in a hundred each second, and come back with the last number they have
seen: each must have seen every number once, in order. Exit code 1 where the median ratio is over `MAX_RATIO`, or a
number is missing or came twice.
"""

import argparse
import asyncio
import json
import random
import statistics
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field

from websockets.exceptions import ConnectionClosed

from bench.dashboard import people
from bench.percentiles import p95
from bench.scratch import scratch_site
from bench.sockets import GROUP, all_connected, closed, connected, in_thread, sessions_of, socket_server

MAX_RATIO = 4.0
CUT_OFF = 0.01


@dataclass
class Onlooker:
    """One open page: what it has seen, and when a number came."""

    port: int
    path: str
    cookie: str
    last: int
    arrived: dict[int, float] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    reconnects: int = 0
    connection = None

    async def open(self) -> None:
        self.connection = await connected(self.port, f"{self.path}?after={self.last}", self.cookie)

    async def look(self) -> None:
        """Until it is cancelled; comes back whenever it was cut off."""
        while True:
            try:
                async for message in self.connection:
                    self._take(json.loads(message))
            except ConnectionClosed:
                pass
            self.reconnects += 1
            await asyncio.sleep(random.random())
            await self.open()

    def _take(self, frame: dict) -> None:
        now = time.perf_counter()
        if frame["after"] != self.last:
            self.faults.append(f"had {self.last}, was told from {frame['after']}")
        if frame.get("is_too_much"):
            self.faults.append(f"was told of nothing between {frame['after']} and {frame['upto']}")
        for number in range(self.last + 1, frame["upto"] + 1):
            self.arrived[number] = now
        self.last = max(self.last, frame["upto"])


def seed(count: int):
    """A community and as many members with their cookies."""
    from community.models import Community, CommunityMembership

    members = people("member", count)
    community = Community.objects.create(
        name="Hard surface", description="Edges.", category="modelling", owner=members[0], state="active",
        members_count=count,
    )  # fmt: skip
    CommunityMembership.objects.bulk_create(
        CommunityMembership(community=community, user=member) for member in members
    )
    return community, members, sessions_of(members)


def post(community, members, number: int) -> int:
    """Somebody posts; the number of the event."""
    from community.actions.posts import Draft, publish

    body = f"Post {number}. " + "How the edge holds from the side. " * 8
    publish(community=community, author=members[number % len(members)], draft=Draft(body=body))
    community.refresh_from_db(fields=["last_event"])
    return community.last_event


async def posting(community, members, onlookers: list[Onlooker], seconds: int, first: int) -> list[float]:
    """One a second; how long each took to each."""
    sent = {}
    for number in range(first, first + seconds):
        began = time.perf_counter()
        sent[await in_thread(post)(community, members, number)] = began
        await asyncio.sleep(max(0, 1 - (time.perf_counter() - began)))
    await asyncio.sleep(2)
    return [
        onlooker.arrived[number] - began
        for number, began in sent.items()
        for onlooker in onlookers
        if number in onlooker.arrived
    ]


async def echoing(port: int, count: int, seconds: int, length: int) -> list[float]:
    """The same for bare sockets."""
    from channels.layers import get_channel_layer

    taken = []

    async def hear(connection) -> None:
        with suppress(ConnectionClosed):
            async for message in connection:
                began = float(message.partition(" ")[0])
                taken.append(time.perf_counter() - began)

    connections = await all_connected([lambda: connected(port, "/bench/echo/")] * count)
    tasks = [asyncio.create_task(hear(connection)) for connection in connections]
    for _ in range(seconds):
        began = time.perf_counter()
        text = f"{began!r} ".ljust(length, "x")
        await get_channel_layer().group_send(GROUP, {"type": "echo", "text": text})
        await asyncio.sleep(max(0, 1 - (time.perf_counter() - began)))
    await asyncio.sleep(2)
    await closed(connections)
    for task in tasks:
        task.cancel()
    return taken


async def look_on(port: int, community, cookies: list[str]) -> tuple[list[Onlooker], list[asyncio.Task]]:
    path = f"/ws/community/{community.pk}/"
    onlookers = [Onlooker(port, path, cookie, community.last_event) for cookie in cookies]
    await all_connected([onlooker.open for onlooker in onlookers])
    return onlookers, [asyncio.create_task(onlooker.look()) for onlooker in onlookers]


async def leave(onlookers: list[Onlooker], tasks: list[asyncio.Task]) -> None:
    for task in tasks:
        task.cancel()
    await closed([onlooker.connection for onlooker in onlookers])


async def compare(port: int, community, members, cookies, options) -> float:
    ratios, posted = [], 0
    length = await in_thread(fragment_length)(community, members)
    for pair in range(options.pairs + 1):
        onlookers, tasks = await look_on(port, community, cookies)
        ours = await posting(community, members, onlookers, options.seconds, posted)
        posted += options.seconds
        faults = [fault for onlooker in onlookers for fault in onlooker.faults]
        await leave(onlookers, tasks)
        assert not faults, faults[:5]
        assert len(ours) == options.seconds * len(cookies), "something did not arrive"
        bare = await echoing(port, len(cookies), options.seconds, length)
        if pair == 0:
            continue  # The first pair warms both up.
        ratios.append(p95(ours) / p95(bare))
        print(
            f"pair {pair}: p95 {1000 * p95(ours):.0f} ms (median {1000 * statistics.median(ours):.0f}),"
            f" bare {1000 * p95(bare):.0f} ms ({1000 * statistics.median(bare):.0f}), {ratios[-1]:.2f}",
            flush=True,
        )
    return statistics.median(ratios)


def fragment_length(community, members) -> int:
    """Of a frame that tells of one post."""
    from community.posting.showing import Audience
    from community.posting.updates import for_audience

    number = post(community, members, 10**6)
    audience = Audience(may_take_part=True, is_signed_in=True)
    return len(json.dumps(for_audience(community.pk, number - 1, number, audience).updates))


async def soak(port: int, community, members, cookies, seconds: int) -> bool:
    """Whether everybody has seen everything once, though they were cut off again and again."""
    await in_thread(community.refresh_from_db)()
    first = community.last_event
    onlookers, tasks = await look_on(port, community, cookies)

    async def cut_off() -> None:
        while True:
            await asyncio.sleep(1)
            for onlooker in random.sample(onlookers, max(1, int(len(onlookers) * CUT_OFF))):
                onlooker.connection.transport.abort()

    cutting = asyncio.create_task(cut_off())
    await posting(community, members, onlookers, seconds, 2 * 10**6)
    cutting.cancel()
    # Whoever is on the way back gets what they have missed.
    await asyncio.sleep(10)
    await in_thread(community.refresh_from_db)()
    wanted = set(range(first + 1, community.last_event + 1))
    missing = sum(len(wanted - set(onlooker.arrived)) for onlooker in onlookers)
    faults = [fault for onlooker in onlookers for fault in onlooker.faults]
    reconnects = sum(onlooker.reconnects for onlooker in onlookers)
    await leave(onlookers, tasks)
    print(
        f"{len(wanted)} events to {len(onlookers)} sockets in {seconds} s, {reconnects} times cut off:"
        f" {missing} missing, {len(faults)} out of order {faults[:3]}",
        flush=True,
    )
    return not missing and not faults


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sockets", type=int, default=1000)
    parser.add_argument("--pairs", type=int, default=4)
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--soak", type=int, default=600)
    options = parser.parse_args()

    async def run(port: int, community, members, cookies) -> bool:
        ratio = await compare(port, community, members, cookies, options)
        print(f"ratio: median {ratio:.2f} (at most {MAX_RATIO})", flush=True)
        is_whole = await soak(port, community, members, cookies, options.soak) if options.soak else True
        return ratio <= MAX_RATIO and is_whole

    with scratch_site():
        from django.core.management import call_command

        call_command("collectstatic", interactive=False, verbosity=0)
        community, members, cookies = seed(options.sockets)
        with socket_server() as port:
            return 0 if asyncio.run(run(port, community, members, cookies)) else 1


if __name__ == "__main__":
    sys.exit(main())
