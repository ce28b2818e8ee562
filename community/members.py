"""One page of a community's members."""

from dataclasses import dataclass
from functools import cached_property

from accounts.finding import people_named
from community.models import CommunityMembership, Role
from community.standing import Standing, rank_of
from core.key_pages import KeyPage, key_page

PAGE_SIZE = 48
# Those who run it stand on the first page; so many at most.
MAX_TEAM = 100
# So many people of a name are looked for among the members.
MAX_NAMED = 2_000


@dataclass(frozen=True)
class Row:
    member: CommunityMembership
    is_owner: bool
    may_be_managed: bool

    @property
    def note(self) -> str:
        """The line below the name."""
        name = f"@{self.member.user.username}"
        if self.is_owner:
            return f"{name} · Owner"
        return name if self.member.role == Role.MEMBER else f"{name} · {self.member.get_role_display()}"


class MemberList:
    """For an address's query: `q` looks for names."""

    def __init__(self, standing: Standing, query) -> None:
        self.standing = standing
        self.text = query.get("q", "").replace("\0", "").strip()[:100]
        self._query = query

    @cached_property
    def page(self) -> KeyPage:
        members = self.standing.community.memberships.of_active_people().select_related("user")
        if not self.text:
            return key_page(members.plain(), self._query, size=PAGE_SIZE)
        named = people_named(self.text).order_by().values("pk")[:MAX_NAMED]
        return key_page(members.filter(user__in=named), self._query, size=PAGE_SIZE)

    @cached_property
    def team(self) -> list[Row]:
        """On the first page of all."""
        if self.text or self.page.newer:
            return []
        rows = self.standing.community.memberships.team().of_active_people()
        return self._rows(rows.highest_first().select_related("user")[:MAX_TEAM])

    @cached_property
    def rows(self) -> list[Row]:
        return self._rows(self.page.rows)

    def _rows(self, members) -> list[Row]:
        standing = self.standing
        return [
            Row(
                member,
                is_owner=member.user_id == standing.community.owner_id,
                may_be_managed=standing.may_moderate and standing.rank > rank_of(member, standing.community),
            )
            for member in members
        ]
