"""The registry of what can be reported: each app says how its things are found and what was seen of them."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Model

from accounts.models import User


@dataclass(frozen=True)
class Reportable:
    """A thing as the report keeps it; `link` is a path on this site, `snapshot` its text as it is now."""

    target: Model
    title: str
    link: str
    owner: User | None
    snapshot: str = ""


# Given who asks and the id, the thing; None where there is none that they may see.
Lookup = Callable[[User, str], Reportable | None]

_lookups: dict[str, Lookup] = {}


def register(kind: str, lookup: Lookup) -> None:
    """`kind` is the word in the address: `/report/<kind>/<id>/`."""
    _lookups[kind] = lookup


def find(kind: str, object_id: str, *, user: User) -> Reportable | None:
    """What `user` wants to report, or None."""
    lookup = _lookups.get(kind)
    return lookup(user, object_id) if lookup else None
