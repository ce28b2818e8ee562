"""What a look at one part found."""

from dataclasses import dataclass
from enum import Enum


class State(Enum):
    GOOD = "ok"
    WARNING = "warning"
    BAD = "failed"


@dataclass(frozen=True)
class Finding:
    """One part: how it is, what was seen of it, and what to do where it is not well."""

    part: str
    state: State
    seen: str
    remedy: str = ""


def good(part: str, seen: str) -> Finding:
    return Finding(part, State.GOOD, seen)


def warning(part: str, seen: str, remedy: str) -> Finding:
    return Finding(part, State.WARNING, seen, remedy)


def bad(part: str, seen: str, remedy: str) -> Finding:
    return Finding(part, State.BAD, seen, remedy)
