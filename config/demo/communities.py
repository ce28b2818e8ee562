"""Fills the demo's communities: founded, looked at and joined by the calls of the site, and dated back.

What is there already is left as it is.
"""

import random
from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import Activity, Notification, User
from community.actions import founding, joining, team
from community.models import Community, CommunityDecision, CommunityEvent, JoinRequest, Role
from config.demo.catalogue.communities import COMMUNITIES, DemoCommunity
from config.demo.catalogue.society import MEMBERS


def settle() -> None:
    """After the people of the demo are there."""
    people = {person.username: person for person in User.objects.filter(is_demo=True)}
    for entry in COMMUNITIES:
        if not Community.objects.named(entry.name).exists():
            _settle(entry, people)


def _settle(entry: DemoCommunity, people: dict[str, User]) -> None:
    community = founding.found(
        owner=people[entry.owner],
        name=entry.name,
        description=entry.description,
        category=entry.category,
        icon=entry.icon,
        banner=entry.banner,
        policy=Community.Policy.OPEN,
        rules=list(entry.rules),
    )
    if not entry.is_waiting:
        founding.approve(community=community, by=people["moderator"])
        for name in _members_of(entry):
            joining.join(community=community, user=people[name])
        for name in entry.moderators:
            member = community.memberships.get(user=people[name])
            team.give_role(member=member, role=Role.MODERATOR, by=community.owner)
        _close_door(entry, community, people)
    _date_back(community, timezone.now() - timedelta(days=entry.days_ago, hours=5))


def _members_of(entry: DemoCommunity) -> list[str]:
    """Who is asked to run it, the creators that belong to it, and some of the buyers: the same ones each time."""
    chance = random.Random(f"community {entry.name}")
    others = [member.username for member in MEMBERS if member.username not in entry.waiting]
    return list(dict.fromkeys([*entry.moderators, *entry.creators, *chance.sample(others, entry.members)]))


def _close_door(entry: DemoCommunity, community: Community, people: dict[str, User]) -> None:
    """Everybody who is in has come while it was open; from now on one comes in as its owner says."""
    if entry.policy == Community.Policy.OPEN:
        return
    founding.change(
        community=community,
        by=community.owner,
        name=entry.name,
        description=entry.description,
        category=entry.category,
        icon=entry.icon,
        banner=entry.banner,
        policy=entry.policy,
        rules=list(entry.rules),
    )
    for name, message in entry.waiting.items():
        joining.join(community=community, user=people[name], message=message)
    for name in entry.invited:
        joining.invite(community=community, user=people[name], by=community.owner)


def _date_back(community: Community, since: datetime) -> None:
    """Founded then, looked at on the next day, joined ever since; who waits has asked lately."""
    chance = random.Random(f"times {community.name}")
    opened = since + timedelta(hours=20)
    Community.objects.filter(pk=community.pk).update(created_at=since)
    CommunityDecision.objects.filter(community=community).update(created_at=opened)
    span = timezone.now() - opened
    for member in community.memberships.select_related("user").order_by("pk"):
        when = since if member.user_id == community.owner_id else opened + span * chance.random() * 0.9
        community.memberships.filter(pk=member.pk).update(created_at=when)
        Activity.objects.about(community).filter(actor=member.user).update(created_at=when)
    Activity.objects.about(community).filter(actor=community.owner).update(created_at=opened)
    lately = timezone.now() - timedelta(hours=7)
    JoinRequest.objects.filter(community=community).update(created_at=lately)
    community.invites.update(created_at=lately)
    CommunityEvent.objects.filter(community=community).update(created_at=opened)
    told = Notification.objects.filter(link__startswith=community.get_absolute_url())
    told.filter(actor__isnull=True).update(created_at=opened)
    told.filter(actor__isnull=False).update(created_at=lately)
