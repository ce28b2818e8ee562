"""What the catalogue says about a model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

LICENCES = ("royalty_free", "editorial", "cc0", "cc_by", "cc_by_sa", "cc_by_nc")


@dataclass(frozen=True)
class DemoCategory:
    """A shelf of the shop. `icon` is a Lucide icon name."""

    name: str
    icon: str
    order: int
    description: str


@dataclass(frozen=True)
class DemoCreator:
    """A person who publishes demo models."""

    username: str
    full_name: str
    bio: str
    country: str
    skills: tuple[str, ...]
    software: tuple[str, ...]


@dataclass(frozen=True)
class DemoModel:
    """One model of the demo collection; `build` makes the same GLB every time. A price of 0 means free."""

    slug: str
    title: str
    description: str
    category: str
    tags: tuple[str, ...]
    price: Decimal
    creator: str
    licence: str
    build: Callable[[], bytes]
    ai_training: bool = False
    mature: bool = False
