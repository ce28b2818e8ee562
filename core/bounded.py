"""Questions to outside systems that may never answer: each is waited for only so long."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connections


@dataclass(frozen=True)
class Answer:
    """What came back: a value, or an error (`TimeoutError` where nothing did), and after how many seconds."""

    value: Any = None
    error: Exception | None = None
    seconds: float = 0.0


class _Asking(threading.Thread):
    """One question on its way."""

    def __init__(self, ask: Callable[[], Any]):
        super().__init__(daemon=True)
        self._ask = ask
        self.answer: Answer | None = None

    def run(self) -> None:
        started = time.perf_counter()
        try:
            value, error = self._ask(), None
        except Exception as reason:  # whatever goes wrong is the answer
            value, error = None, reason
        finally:
            # The thread's own; a pooled one goes back to the pool.
            connections.close_all()
        self.answer = Answer(value, error, time.perf_counter() - started)


_under_way: dict[str, _Asking] = {}
_lock = threading.Lock()


def ask_all(questions: Mapping[str, Callable[[], Any]], *, seconds: float) -> dict[str, Answer]:
    """Ask all at once, and wait for all of them no longer than `seconds`.

    Of each name only one is under way in a process: who asks meanwhile waits for the same answer, so that something
    that hangs holds one thread, however often it is asked.
    """
    asked = {name: _asking(name, ask) for name, ask in questions.items()}
    deadline = time.monotonic() + seconds
    for asking in asked.values():
        asking.join(max(deadline - time.monotonic(), 0))
    silence = Answer(error=TimeoutError(f"no answer within {seconds:g} s"), seconds=seconds)
    return {name: asking.answer or silence for name, asking in asked.items()}


def _asking(name: str, ask: Callable[[], Any]) -> _Asking:
    with _lock:
        asking = _under_way.get(name)
        if asking is None or not asking.is_alive():
            asking = _under_way[name] = _Asking(ask)
            asking.start()
    return asking
