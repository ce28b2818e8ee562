"""The registry of a person's data: each app says what it keeps, how it forgets, and what stands against it.

An app registers in its `AppConfig.ready`; accounts knows nothing of what the others keep.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.db.models import QuerySet
from django.db.models.fields.files import FieldFile

from accounts.models import User

ROWS_AT_A_TIME = 500


class Fate(Enum):
    """What becomes of rows when their person's account is deleted."""

    DELETED = "deleted"
    # They stay, with nothing in them that tells whose they were.
    ANONYMISED = "anonymised"
    # They stay as they are; the account that they point at is nobody's any more.
    KEPT = "kept"


@dataclass(frozen=True)
class Held:
    """One relation of a table to people, and what the registry does with it.

    Args:
        table: where a person finds these rows in the copy of their data; empty where they are not in it.
        fate: what becomes of them when the account is deleted.
        not_copied: why they are not in the copy.
        not_deleted: why they stay.

    Raises:
        ValueError: something is left out, or stays, without a reason.
    """

    table: str
    fate: Fate
    not_copied: str = ""
    not_deleted: str = ""

    def __post_init__(self):
        if not self.table and not self.not_copied:
            raise ValueError("What is not in the copy needs a reason.")
        if self.fate is not Fate.DELETED and not self.not_deleted:
            raise ValueError("What is not deleted needs a reason.")


@dataclass(frozen=True)
class Exported:
    """What an app keeps about a person, read while it is written out: rows by table, and stored files by their names.

    Names of files are paths inside the copy, each once.
    """

    tables: Iterable[tuple[str, Iterable[dict[str, Any]]]]
    files: Iterable[tuple[str, FieldFile]] = ()


@dataclass(frozen=True)
class Keeper:
    """One app's part.

    `holds` names every relation to people that the app answers for, as `app.Model.field`. `export` returns what is
    kept about the person. `erase` deletes or anonymises it in transactions of its own, may be called again at any
    point, and leaves what others have a right to; it may raise `NotYet`. `veto` returns, as sentences to the person,
    what has to be settled before the account can go.
    """

    name: str
    holds: dict[str, Held]
    export: Callable[[User], Exported]
    erase: Callable[[User], None]
    veto: Callable[[User], list[str]]


_keepers: dict[str, Keeper] = {}


def register(keeper: Keeper) -> None:
    """Apps register in the order of INSTALLED_APPS: the highest first."""
    _keepers[keeper.name] = keeper


def keepers() -> list[Keeper]:
    """Highest first: that is the order in which they erase, so that nothing points at what has gone."""
    return list(_keepers.values())


def vetoes(user: User) -> list[str]:
    """What stands against the deletion of this account."""
    return [sentence for keeper in keepers() for sentence in keeper.veto(user)]


def rows(queryset: QuerySet, *fields: str, **named: Any) -> Iterator[dict[str, Any]]:
    """The rows with these fields, a few at a time however many there are; `named` are expressions."""
    return queryset.values(*fields, **named).iterator(chunk_size=ROWS_AT_A_TIME)
