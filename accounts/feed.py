"""The feed: what those one follows did in public, latest first, paged by key."""

from functools import cached_property

from django.core.files.storage import default_storage

from accounts.models import Activity, User

PAGE_SIZE = 30
_LONGEST_NUMBER = 18


class Feed:
    """One page; `before` is the number of the activity that the page before ended with."""

    def __init__(self, person: User, *, before: str = ""):
        self.person = person
        is_number = before.isascii() and before.isdecimal() and len(before) <= _LONGEST_NUMBER
        self.before = int(before) if is_number else None

    @cached_property
    def _rows(self) -> list[Activity]:
        rows = Activity.objects.filter(
            actor__followed_by__follower=self.person, actor__is_active=True
        ).select_related("actor")
        if self.before is not None:
            rows = rows.filter(pk__lt=self.before)
        # By number rather than by time: rows are written in their order, and a number is a key.
        return list(rows.order_by("-pk")[: PAGE_SIZE + 1])

    @property
    def activities(self) -> list[tuple[Activity, str]]:
        """Each with the address of its picture, empty where there is none."""
        rows = self._rows[:PAGE_SIZE]
        return [(row, default_storage.url(row.picture) if row.picture else "") for row in rows]

    @property
    def next_url(self) -> str:
        """Empty on the last page."""
        rows = self._rows
        return f"?before={rows[PAGE_SIZE - 1].pk}" if len(rows) > PAGE_SIZE else ""
