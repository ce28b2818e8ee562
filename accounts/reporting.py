"""The registry of what can be reported: each app says how its things are found and what was seen of them."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.urls import reverse

from accounts.models import Report, User


@dataclass(frozen=True)
class Reportable:
    """A thing as the report keeps it; `link` is a path on this site, `snapshot` its text as it is now."""

    target: Model
    title: str
    link: str
    owner: User | None
    snapshot: str = ""
    # Not so of what is between two people: moderators read the snapshot, and the report leads to it.
    is_open_to_moderators: bool = True


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


def person(user: User, username: str) -> Reportable | None:
    """The lookup of people, by their names."""
    found = User.objects.active().filter(username__iexact=username.replace("\0", "")).first()
    if found is None:
        return None
    snapshot = f"{found.display_name} (@{found.username})\n\n{found.bio}"
    return Reportable(found, found.display_name, found.get_absolute_url(), found, snapshot)


def open_report(thing: Reportable, *, by: User) -> Report | None:
    """What `by` has reported of this thing already, while nobody has decided on it."""
    return _open(thing, by).first()


def report(thing: Reportable, *, by: User, reason: str, note: str = "") -> Report:
    """Hand the thing to the moderators; a second report of the same person is the first one."""
    row, is_new = _open(thing, by).get_or_create(
        defaults={
            "reporter": by,
            "content_type": ContentType.objects.get_for_model(thing.target),
            "object_id": str(thing.target.pk),
            "state": Report.State.OPEN,
            "owner": thing.owner,
            "link": thing.link,
            "title": thing.title[: Report._meta.get_field("title").max_length],
            "snapshot": thing.snapshot,
            "reason": reason,
            "note": note,
        }
    )
    if is_new and not thing.is_open_to_moderators:
        row.link = reverse("admin:accounts_report_change", args=[row.pk])
        row.save(update_fields=["link"])
    return row


def _open(thing: Reportable, by: User):
    return Report.objects.open().filter(
        reporter=by,
        content_type=ContentType.objects.get_for_model(thing.target),
        object_id=str(thing.target.pk),
    )
