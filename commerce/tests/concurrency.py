"""Running one call many times at once, each in a thread with a database connection of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection


def at_once(call: Callable[[int], object], times: int, *, threads: int = 20) -> list:
    """What `call(number)` returned or raised, `times` times, by `threads` threads that start together."""
    barrier = Barrier(min(threads, times))

    def work(numbers: range) -> list:
        barrier.wait(timeout=60)
        try:
            return [_outcome(call, number) for number in numbers]
        finally:
            connection.close()

    count = min(threads, times)
    with ThreadPoolExecutor(count) as pool:
        parts = list(pool.map(work, [range(start, times, count) for start in range(count)]))
    return [outcome for part in parts for outcome in part]


def _outcome(call: Callable[[int], object], number: int):
    try:
        return call(number)
    except Exception as error:
        return error
