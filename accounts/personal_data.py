"""The registry of a person's data: each app says what it keeps, how it forgets, and what stands against it.

An app registers in its `AppConfig.ready`; accounts knows nothing of what the others keep.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.files import File

from accounts.models import User


@dataclass(frozen=True)
class Exported:
    """What an app keeps about a person: JSON-able rows by table, and files by the name that the copy gives them."""

    rows: dict[str, list[dict[str, Any]]]
    files: Iterable[tuple[str, File]] = field(default_factory=tuple)


@dataclass(frozen=True)
class Keeper:
    """One app's part.

    `export` returns all that is kept about the person. `erase` deletes or anonymises it, in the caller's transaction,
    may be called again, and leaves what others have a right to. `veto` returns, as a sentence to the person, what has
    to be settled before the account can go, or None.
    """

    name: str
    export: Callable[[User], Exported]
    erase: Callable[[User], None]
    veto: Callable[[User], str | None]


_keepers: dict[str, Keeper] = {}


def register(keeper: Keeper) -> None:
    """Later registrations stand above earlier ones, as apps do: they are erased first."""
    _keepers[keeper.name] = keeper


def keepers() -> list[Keeper]:
    """Highest first."""
    return list(reversed(_keepers.values()))


def vetoes(user: User) -> list[str]:
    """What stands against the deletion of this account."""
    found = (keeper.veto(user) for keeper in keepers())
    return [sentence for sentence in found if sentence]
