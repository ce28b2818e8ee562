"""Notifications and mails about communities, written in the transaction that they tell about."""

from django.urls import reverse

from accounts.models import Notification, User
from accounts.notifications import notify
from community.models import Community, CommunityBan, CommunityDecision, CommunityInvite, JoinRequest, Role
from core.addresses import absolute_url
from core.mail import send

Kind = Notification.Kind


def tell(
    person: User,
    community: Community,
    *,
    kind: str,
    title: str,
    line: str,
    key: str = "",
    link: str = "",
    actor: User | None = None,
    group: str = "",
) -> None:
    """One message on the site, and where `key` names the event also one mail, as the person has chosen."""
    link = link or community.get_absolute_url()

    def mail():
        # An account made by an operator may have no address; the notification is there in any case.
        if person.email:
            send(
                kind="community/news",
                to=person,
                context={
                    "community": community,
                    "headline": f"{actor.display_name} {title}" if actor else title,
                    "line": line,
                    "url": absolute_url(link),
                },
                dedupe_key=f"community:{community.pk}:{key}:{person.pk}",
            )

    notify(
        user=person,
        kind=kind,
        title=title,
        message=line,
        link=link,
        mail=mail if key else None,
        actor=actor,
        group=group,
    )


def tell_decided(decision: CommunityDecision) -> None:
    """To its owner: what became of the community."""
    community = decision.community
    outcome = CommunityDecision.Outcome
    title, line = {
        outcome.APPROVED: (
            f"“{community.name}” is open",
            "Let people know that it is there.",
        ),
        outcome.DECLINED: (f"“{community.name}” was not approved", decision.note),
        outcome.SUSPENDED: (f"“{community.name}” was suspended", decision.note),
        outcome.RESTORED: (f"“{community.name}” is open again", "Everything in it is as it was."),
    }[decision.outcome]
    tell(
        community.owner,
        community,
        kind=Kind.COMMUNITY,
        title=title,
        line=line,
        key=f"decided:{decision.pk}",
    )


def tell_asked(request: JoinRequest) -> None:
    """To the team: somebody waits at the door. One message for all who do."""
    community = request.community
    team = community.memberships.team().of_active_people().select_related("user").order_by("user")
    for member in team:
        tell(
            member.user,
            community,
            kind=Kind.COMMUNITY_REQUEST,
            title=f"asked to join “{community.name}”",
            line=request.message,
            key=f"asked:{request.pk}",
            link=reverse("community:requests", args=[community.pk]),
            actor=request.user,
            group=f"community-request:{community.pk}",
        )


def tell_accepted(request: JoinRequest) -> None:
    tell(
        request.user,
        request.community,
        kind=Kind.COMMUNITY,
        title=f"You are in “{request.community.name}”",
        line="Your request was accepted. Say hello.",
        key=f"accepted:{request.pk}",
    )


def tell_declined(request: JoinRequest) -> None:
    tell(
        request.user,
        request.community,
        kind=Kind.COMMUNITY,
        title=f"Your request to join “{request.community.name}” was declined",
        line="",
    )


def tell_invited(invite: CommunityInvite) -> None:
    tell(
        invite.user,
        invite.community,
        kind=Kind.COMMUNITY_INVITE,
        title=f"invited you to “{invite.community.name}”",
        line=invite.community.summary,
        key=f"invited:{invite.pk}",
        actor=invite.invited_by,
    )


def tell_role(person: User, community: Community, role: Role, *, by: User) -> None:
    tell(
        person,
        community,
        kind=Kind.COMMUNITY,
        title=f"made you {_article(role)} {role.label.lower()} of “{community.name}”",
        line="",
        actor=by,
    )


def tell_owner(person: User, community: Community, *, by: User | None) -> None:
    tell(
        person,
        community,
        kind=Kind.COMMUNITY,
        title=f"handed “{community.name}” on to you" if by else f"“{community.name}” is yours now",
        line="You decide what it is, who runs it with you, and to whom it goes after you.",
        actor=by,
    )


def tell_removed(person: User, community: Community) -> None:
    tell(
        person,
        community,
        kind=Kind.COMMUNITY,
        title=f"You were taken out of “{community.name}”",
        line="",
        link="" if community.is_listed else reverse("community:communities"),
    )


def tell_banned(ban: CommunityBan) -> None:
    tell(
        ban.user,
        ban.community,
        kind=Kind.COMMUNITY,
        title=f"You were banned from “{ban.community.name}”",
        line=ban.reason,
        link="" if ban.community.is_listed else reverse("community:communities"),
    )


def _article(role: Role) -> str:
    return "an" if role == Role.ADMIN else "a"
