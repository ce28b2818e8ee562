"""Into a community and out of it."""

import threading

import pytest
from django.db import connection

from accounts.actions import relations
from accounts.models import Activity, Notification
from accounts.tests.factories import UserFactory
from community.actions import joining
from community.exceptions import CommunityRefused
from community.models import CommunityBan, CommunityEvent, CommunityMembership, JoinRequest, Role
from community.tests.factories import CommunityFactory, member_of
from core.models import OutgoingMail

pytestmark = pytest.mark.django_db


def banned_from(community):
    person = UserFactory()
    CommunityBan.objects.create(community=community, user=person, reason="Spam.", banned_by=community.owner)
    return person


@pytest.mark.parametrize("state", ["pending", "suspended"])
def test_nobody_joins_a_community_that_is_not_open(state):
    community = CommunityFactory(state=state)
    with pytest.raises(CommunityRefused, match="not open"):
        joining.join(community=community, user=UserFactory())


def test_somebody_who_is_banned_cannot_join():
    community = CommunityFactory()
    with pytest.raises(CommunityRefused, match="banned"):
        joining.join(community=community, user=banned_from(community))
    assert community.memberships.count() == 1


def test_nobody_joins_a_private_community_by_themselves():
    with pytest.raises(CommunityRefused, match="invitation only"):
        joining.join(community=CommunityFactory(private=True), user=UserFactory())


def test_joining_an_open_community_twice_is_joining_once():
    community, person = CommunityFactory(), UserFactory()
    first = joining.join(community=community, user=person)
    assert joining.join(community=community, user=person) == first
    community.refresh_from_db()
    assert (community.members_count, community.memberships.count()) == (2, 2)
    assert Activity.objects.get(actor=person).get_verb_display() == "joined"


def test_a_community_with_approval_is_asked_once_and_its_team_is_told():
    community, person = CommunityFactory(approval=True), UserFactory()
    moderator = member_of(community, Role.MODERATOR).user
    asked = joining.join(community=community, user=person, message="I model boats.")
    assert joining.join(community=community, user=person) == asked
    assert not community.memberships.filter(user=person).exists()
    for told in (community.owner, moderator):
        row = told.notifications.get(kind=Notification.Kind.COMMUNITY_REQUEST)
        assert row.message == "I model boats."
        assert row.link == f"/community/{community.pk}/requests/"
        assert OutgoingMail.objects.filter(recipient=told, kind="community/news").count() == 1


def test_who_waits_at_the_door_is_counted(monkeypatch):
    monkeypatch.setattr(joining, "MAX_REQUESTS", 1)
    community = CommunityFactory(approval=True)
    joining.join(community=community, user=UserFactory())
    with pytest.raises(CommunityRefused, match="Too many"):
        joining.join(community=community, user=UserFactory())


def test_a_request_that_was_taken_back_is_accepted_no_more():
    community, person = CommunityFactory(approval=True), UserFactory()
    asked = joining.join(community=community, user=person)
    assert joining.withdraw(community=community, user=person)
    assert not joining.withdraw(community=community, user=person)
    assert not joining.accept(request=asked, by=community.owner)
    assert not community.memberships.filter(user=person).exists()


def test_who_was_accepted_is_in_and_told_once():
    community, person = CommunityFactory(approval=True), UserFactory()
    asked = joining.join(community=community, user=person)
    assert joining.accept(request=asked, by=community.owner)
    assert not joining.accept(request=asked, by=community.owner)
    community.refresh_from_db()
    asked.refresh_from_db()
    assert community.members_count == 2
    assert (asked.state, asked.decided_by) == ("accepted", community.owner)
    assert person.notifications.get().title == f"You are in “{community.name}”"


def test_who_was_declined_may_ask_again():
    community, person = CommunityFactory(approval=True), UserFactory()
    asked = joining.join(community=community, user=person)
    assert joining.decline(request=asked, by=community.owner)
    assert "declined" in person.notifications.get().title
    assert joining.join(community=community, user=person) != asked


def test_whoever_blocked_the_one_who_invites_is_not_invited():
    community, person = CommunityFactory(private=True), UserFactory()
    relations.block(blocker=person, blocked=community.owner)
    with pytest.raises(CommunityRefused, match="cannot be invited"):
        joining.invite(community=community, user=person, by=community.owner)
    assert not person.notifications.exists()


def test_members_and_banned_people_are_not_invited():
    community = CommunityFactory(private=True)
    for person, why in ((member_of(community).user, "member already"), (banned_from(community), "banned")):
        with pytest.raises(CommunityRefused, match=why):
            joining.invite(community=community, user=person, by=community.owner)


def test_who_is_invited_sees_the_front_and_accepts():
    community, person = CommunityFactory(private=True), UserFactory()
    invite = joining.invite(community=community, user=person, by=community.owner)
    assert joining.invite(community=community, user=person, by=community.owner) == invite
    assert community.is_visible_to(person)
    assert not community.is_readable_by(person)
    assert person.notifications.get().kind == Notification.Kind.COMMUNITY_INVITE
    joining.join(community=community, user=person)
    assert community.is_readable_by(person)
    invite.refresh_from_db()
    assert invite.state == "accepted"
    # What is private is in nobody's feed.
    assert not Activity.objects.filter(actor=person).exists()


@pytest.mark.parametrize("how", ["declined", "withdrawn"])
def test_an_invitation_that_was_given_up_opens_nothing(how):
    community, person = CommunityFactory(private=True), UserFactory()
    invite = joining.invite(community=community, user=person, by=community.owner)
    if how == "declined":
        assert joining.refuse_invite(community=community, user=person)
    else:
        assert joining.withdraw_invite(invite=invite)
    assert not community.is_visible_to(person)
    with pytest.raises(CommunityRefused):
        joining.join(community=community, user=person)


def test_the_owner_cannot_leave():
    community = CommunityFactory()
    with pytest.raises(CommunityRefused, match="hand it on"):
        joining.leave(community=community, user=community.owner)


def test_whoever_leaves_is_out_of_every_count_and_feed():
    community, person = CommunityFactory(), UserFactory()
    joining.join(community=community, user=person)
    assert joining.leave(community=community, user=person)
    assert not joining.leave(community=community, user=person)
    community.refresh_from_db()
    assert community.members_count == 1
    assert not Activity.objects.filter(actor=person).exists()


def test_coming_and_going_is_numbered_without_a_hole():
    community, person = CommunityFactory(), UserFactory()
    for _ in range(2):
        joining.join(community=community, user=person)
        joining.leave(community=community, user=person)
    assert list(CommunityEvent.objects.since(0).values_list("number", flat=True)) == [1, 2, 3, 4]
    community.refresh_from_db()
    assert community.last_event == 4


def in_threads(*deeds) -> None:
    barrier = threading.Barrier(len(deeds))

    def run(deed):
        try:
            barrier.wait()
            deed()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[deed]) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.django_db(transaction=True)
def test_of_many_who_press_at_once_each_is_in_once():
    community, people = CommunityFactory(), UserFactory.create_batch(4)
    in_threads(
        *(
            lambda person=person: joining.join(community=community, user=person)
            for person in people
            for _ in range(2)
        )
    )
    community.refresh_from_db()
    assert community.members_count == CommunityMembership.objects.count() == 5
    numbers = list(CommunityEvent.objects.since(0).values_list("number", flat=True))
    assert numbers == [1, 2, 3, 4]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_answer_one_request_at_once_one_does():
    community, person = CommunityFactory(approval=True), UserFactory()
    other = member_of(community, Role.MODERATOR).user
    asked = joining.join(community=community, user=person)
    answers = []
    in_threads(
        lambda: answers.append(joining.accept(request=asked, by=community.owner)),
        lambda: answers.append(joining.decline(request=asked, by=other)),
    )
    assert sorted(answers) == [False, True]
    is_in = community.memberships.filter(user=person).exists()
    assert JoinRequest.objects.get().state == ("accepted" if is_in else "declined")
