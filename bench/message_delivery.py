"""A direct message from its sending until the other one's page has it, against a bare `group_send` to one socket.

    python -m bench.message_delivery [--people 40] [--pairs 6] [--messages 200]

The server is one process of uvicorn, as the site starts it; who writes is a process of its own, as on the site, and so
are the pages; all share the machine's cores. As many pages are open in both cases. A message counts from the end of its
transaction, as an echo counts from its `group_send`: the way through Redis and the socket. What the transaction took
before, with its locks, counters, notification and drawing, is printed beside. They are measured in turn, and the ratio
of each pair of 95th percentiles is taken. Exit code 1 where the median ratio is over `MAX_RATIO`.
"""

import argparse
import asyncio
import json
import statistics
import sys
import time
from concurrent.futures import Executor, ProcessPoolExecutor
from multiprocessing import get_context

from bench.dashboard import people
from bench.percentiles import p95
from bench.scratch import scratch_site
from bench.sockets import all_connected, closed, connected, sessions_of, socket_server

MAX_RATIO = 3.0
PATIENCE = 20


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


def begin_writing() -> None:
    """In the process of who writes."""
    import django

    django.setup()


async def messages_taken(writer: Executor, connections, talks, count: int) -> tuple[list[float], list[float]]:
    """How long each was written down, and how long it then was on its way."""
    writing, delivering = [], []
    for number in range(count):
        conversation, sender, place = talks[number % len(talks)]
        began = time.perf_counter()
        sending = asyncio.get_running_loop().run_in_executor(writer, send, conversation, sender, number)
        while True:
            said = json.loads(await asyncio.wait_for(connections[place].recv(), PATIENCE))
            if said["type"] == "message" and f"Number {number}," in said.get("html", ""):
                break
        arrived = time.perf_counter()
        written = await sending
        writing.append(written - began)
        delivering.append(arrived - written)
    return writing, delivering


async def echoes_taken(connections, count: int) -> list[float]:
    from channels.layers import get_channel_layer

    from bench.socket_asgi import GROUP

    taken, layer = [], get_channel_layer()
    for number in range(count):
        began = time.perf_counter()
        await layer.group_send(GROUP, {"type": "echo", "text": f"{number}"})
        while await asyncio.wait_for(connections[0].recv(), PATIENCE) != f"{number}":
            pass
        taken.append(time.perf_counter() - began)
    return taken


async def compare(writer: Executor, port: int, talks, cookies, options) -> float:
    pages = await all_connected(
        [lambda cookie=cookie: connected(port, "/ws/notifications/", cookie) for cookie in cookies]
    )
    # One is in the group, as one person's page is in theirs.
    bare = [await connected(port, "/bench/echo/")]
    ratios = []
    for pair in range(options.pairs + 1):
        writing, ours = await messages_taken(writer, pages, talks, options.messages)
        echoes = await echoes_taken(bare, options.messages)
        if pair == 0:
            continue  # The first pair warms both up.
        ratios.append(p95(ours) / p95(echoes))
        print(
            f"pair {pair}: p95 {1000 * p95(ours):.1f} ms (median {1000 * statistics.median(ours):.1f}),"
            f" bare {1000 * p95(echoes):.1f} ms ({1000 * statistics.median(echoes):.1f}), {ratios[-1]:.2f};"
            f" written before in {1000 * p95(writing):.1f} ms ({1000 * statistics.median(writing):.1f})",
            flush=True,
        )
    await closed([*pages, *bare])
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
