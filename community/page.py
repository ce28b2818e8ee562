"""What every page of one community shows around its own part."""

from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse

from community.forms import JoinForm
from community.models import Community, CommunityMembership
from community.standing import Standing
from core.markdown import render_markdown

# So many of those who run it stand beside it, and so many of the others.
TEAM_SHOWN, FACES_SHOWN = 8, 12


@dataclass
class CommunityPage:
    """`current` is the name of the page's address, for the row of pages."""

    standing: Standing
    current: str

    @property
    def community(self) -> Community:
        return self.standing.community

    @cached_property
    def description_html(self):
        return render_markdown(self.community.description)

    @cached_property
    def team(self) -> list[CommunityMembership]:
        rows = self.community.memberships.team().of_active_people().highest_first().select_related("user")
        return list(rows[:TEAM_SHOWN])

    @cached_property
    def faces(self) -> list[CommunityMembership]:
        """The last who came; only for those who may see the members."""
        if not self.standing.may_read:
            return []
        rows = self.community.memberships.of_active_people().select_related("user")
        return list(rows.order_by("-created_at", "-pk")[:FACES_SHOWN])

    @cached_property
    def decision(self):
        """What its owner is told of one that is not open."""
        return None if self.community.is_active else self.community.last_decision

    @property
    def may_submit(self) -> bool:
        """Whether its owner may ask for another look."""
        is_declined = self.decision is not None and self.decision.outcome == self.decision.Outcome.DECLINED
        return self.standing.is_owner and is_declined

    @property
    def join_form(self) -> JoinForm:
        return JoinForm()

    @property
    def tabs(self) -> list[dict]:
        """As the component `tabs` wants them."""
        community, standing = self.community, self.standing
        pages = [("community", "Posts" if standing.may_read else "About", None)]
        if standing.may_read:
            pages.append(("members", "Members", community.members_count))
        if standing.may_moderate:
            waiting = community.join_requests.open().count()
            if waiting or community.policy == Community.Policy.APPROVAL:
                pages.append(("requests", "Requests", waiting or None))
            pages += [("invitations", "Invitations", None), ("bans", "Bans", None)]
        if standing.may_manage:
            pages.append(("edit_community", "Settings", None))
        return [
            {
                "label": label,
                "url": reverse(f"community:{name}", args=[community.pk]),
                "count": count,
                "is_current": name == self.current,
            }
            for name, label, count in pages
        ]
