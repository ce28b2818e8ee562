"""Comments on anything: who may write, how they hang together, who is told; see `Discussion`."""

from marketplace.commenting.discussion import Discussion

__all__ = ["Discussion"]
