"""When things that many do at once are done: spread out, so that they do not all come in the same moment."""

import random


def about(seconds: float, *, within: float = 0.25) -> float:
    """So many seconds, more or less by up to that part of them."""
    return seconds * random.uniform(1 - within, 1 + within)  # noqa: S311 (no secret)
