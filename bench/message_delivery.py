"""A direct message from its sending until the other one's page has it, against a bare `group_send` to one socket.

    python -m bench.message_delivery [--people 40] [--pairs 6] [--messages 200]

The server is one process of uvicorn, as the site starts it; who writes is a process of its own, as on the site, and so
are the pages; all share the machine's cores. As many pages are open in both cases. A message counts from the end of its
transaction, as an echo counts from its `group_send`: the way through Redis and the socket. What the transaction took
before, with its locks, counters, notification and drawing, is printed beside.

Messages and echoes take turns, and both come from the process that writes, after the same work: before an echo it
writes a message too, which it takes back. Echoes in a row, with nothing between them, meet a machine that does nothing
else and are some ten times as fast; they are printed beside. The ratio of each pair of 95th percentiles is taken. Exit
code 1 where the median ratio is over `MAX_RATIO`.
"""

import argparse
import asyncio
import json
import statistics
import sys
import time
from concurrent.futures import Executor, ProcessPoolExecutor
from functools import cache, partial
from multiprocessing import get_context
from typing import NamedTuple

from channels.layers import get_channel_layer

from bench.dashboard import people
from bench.percentiles import p95
from bench.scratch import scratch_site
from bench.sockets import GROUP, all_connected, closed, connected, sessions_of, socket_server

MAX_RATIO = 3.0
PATIENCE = 20


class Taken(NamedTuple):
    """Seconds: until a message was written down, until it then was there, and until an echo was."""

    writing: list[float]
    delivering: list[float]
    echoing: list[float]


def seed(count: int):
    """So many people who talk in twos: the conversations, and everybody's cookies."""
    from community.actions import messages
    from community.actions.messages import Letter

    everybody = people("person", count)
    talks = []
    for one, other in zip(everybody[::2], everybody[1::2], strict=True):
        conversation = messages.write_to(
            sender=one, recipient=other, letter=Letter(body="Hello")
        ).conversation
        messages.write_to(sender=other, recipient=one, letter=Letter(body="Hello to you"))
        talks.append((conversation, one, everybody.index(other)))
    return talks, sessions_of(everybody)


def send(conversation, sender, number: int) -> float:
    """When the message had been written down, before anybody was told."""
    from django.db import transaction

    from community.actions import messages
    from community.actions.messages import Letter

    letter = Letter(body=f"Number {number}, and **bold**.")
    written = []
    with transaction.atomic():
        transaction.on_commit(lambda: written.append(time.perf_counter()))
        messages.send(conversation=conversation, sender=sender, letter=letter)
    return written[0]


def echo(conversation, sender, number: int) -> float:
    """When the echo was sent, after a message had been written and taken back."""
    from django.db import transaction

    from community.actions import messages
    from community.actions.messages import Letter

    with transaction.atomic():
        messages.send(conversation=conversation, sender=sender, letter=Letter(body="Taken back, **bold**."))
        transaction.set_rollback(True)
    began = time.perf_counter()
    loop_of_writer().run_until_complete(
        get_channel_layer().group_send(GROUP, {"type": "echo", "text": f"{number}"})
    )
    return began


@cache
def loop_of_writer() -> asyncio.AbstractEventLoop:
    """One for the process, as the channel layer has a connection for each."""
    return asyncio.new_event_loop()


def begin_writing() -> None:
    """In the process of who writes."""
    import django

    django.setup()


async def pairs_taken(writer: Executor, pages, bare, talks, count: int) -> Taken:
    taken = Taken([], [], [])
    in_writer = partial(asyncio.get_running_loop().run_in_executor, writer)
    for number in range(count):
        conversation, sender, place = talks[number % len(talks)]
        began = time.perf_counter()
        sending = in_writer(send, conversation, sender, number)
        while True:
            said = json.loads(await asyncio.wait_for(pages[place].recv(), PATIENCE))
            if said["type"] == "message" and f"Number {number}," in said.get("html", ""):
                break
        arrived = time.perf_counter()
        written = await sending
        taken.writing.append(written - began)
        taken.delivering.append(arrived - written)
        sending = in_writer(echo, conversation, sender, number)
        await echoed(bare, number)
        arrived = time.perf_counter()
        taken.echoing.append(arrived - await sending)
    return taken


async def echoed(bare, number: int) -> None:
    while await asyncio.wait_for(bare.recv(), PATIENCE) != f"{number}":
        pass


async def in_a_row(bare, count: int) -> list[float]:
    taken, layer = [], get_channel_layer()
    for number in range(count):
        began = time.perf_counter()
        await layer.group_send(GROUP, {"type": "echo", "text": f"{number}"})
        await echoed(bare, number)
        taken.append(time.perf_counter() - began)
    return taken


def milliseconds(taken: list[float]) -> str:
    return f"{1000 * p95(taken):.1f} ms (median {1000 * statistics.median(taken):.1f})"


async def compare(writer: Executor, port: int, talks, cookies, options) -> float:
    pages = await all_connected(
        [lambda cookie=cookie: connected(port, "/ws/notifications/", cookie) for cookie in cookies]
    )
    # One is in the group, as one person's page is in theirs.
    bare = await connected(port, "/bench/echo/")
    ratios = []
    for pair in range(options.pairs + 1):
        taken = await pairs_taken(writer, pages, bare, talks, options.messages)
        row = await in_a_row(bare, options.messages)
        if pair == 0:
            continue  # The first pair warms both up.
        ratios.append(p95(taken.delivering) / p95(taken.echoing))
        print(
            f"pair {pair}: p95 {milliseconds(taken.delivering)}, bare {milliseconds(taken.echoing)},"
            f" {ratios[-1]:.2f}; written before in {milliseconds(taken.writing)};"
            f" bare in a row {milliseconds(row)}",
            flush=True,
        )
    await closed([*pages, bare])
    return statistics.median(ratios)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--people", type=int, default=40)
    parser.add_argument("--pairs", type=int, default=6)
    parser.add_argument("--messages", type=int, default=200)
    options = parser.parse_args()
    with scratch_site():
        from django.core.management import call_command

        call_command("collectstatic", interactive=False, verbosity=0)
        talks, cookies = seed(options.people)
        # Started anew rather than forked: it inherits the address of the scratch site, and no connection.
        writers = ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=begin_writing)
        with writers as writer, socket_server() as port:
            ratio = asyncio.run(compare(writer, port, talks, cookies, options))
    print(f"ratio: median {ratio:.2f} (at most {MAX_RATIO})")
    return 0 if ratio <= MAX_RATIO else 1


if __name__ == "__main__":
    sys.exit(main())
