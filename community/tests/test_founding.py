"""Communities proposed, reviewed, changed."""

import pytest

from accounts.models import Activity
from accounts.tests.factories import UserFactory
from community.actions import founding, joining
from community.exceptions import CommunityRefused
from community.models import Community
from community.tests.factories import CommunityFactory
from core.models import AuditEntry, OutgoingMail

pytestmark = pytest.mark.django_db

WORDS = {
    "name": "Hard surface",
    "description": "Edges.",
    "category": "modelling",
    "icon": "car",
    "banner": "steel",
    "policy": "open",
    "rules": ["Be kind."],
}


def moderator():
    return UserFactory(staff=True, permissions=["community.moderate_community"])


def test_a_name_that_is_taken_is_refused_in_whatever_letters():
    founding.found(owner=UserFactory(), **WORDS)
    with pytest.raises(CommunityRefused, match="of this name"):
        founding.found(owner=UserFactory(), **WORDS | {"name": "HARD Surface"})


def test_nobody_floods_the_queue():
    person = UserFactory()
    for number in range(founding.MAX_WAITING):
        founding.found(owner=person, **WORDS | {"name": f"Number {number}"})
    with pytest.raises(CommunityRefused, match="wait for review"):
        founding.found(owner=person, **WORDS)


def test_a_new_one_waits_and_its_owner_is_in_it():
    community = founding.found(owner=UserFactory(), **WORDS)
    assert community.state == Community.State.PENDING
    assert community.memberships.get().role == "admin"
    assert not Community.objects.listed().exists()


def test_an_approved_one_opens_once_and_its_owner_and_their_followers_hear_of_it():
    community, staff = CommunityFactory(pending=True), moderator()
    assert founding.approve(community=community, by=staff)
    assert not founding.approve(community=community, by=staff)
    assert Community.objects.listed().get() == community
    assert "is open" in community.owner.notifications.get().title
    assert OutgoingMail.objects.get(recipient=community.owner).subject == f"“{community.name}” is open"
    assert Activity.objects.get(actor=community.owner).get_verb_display() == "started the community"
    assert AuditEntry.objects.get(action="community.approved").actor == staff


def test_a_private_one_is_in_no_feed():
    founding.approve(community=CommunityFactory(pending=True, private=True), by=moderator())
    assert not Activity.objects.exists()


def test_a_declined_one_is_changed_and_sent_again():
    community = CommunityFactory(pending=True)
    assert founding.decline(community=community, by=moderator(), note="Say who it is for.")
    assert community.owner.notifications.get().message == "Say who it is for."
    assert not founding.approve(community=community, by=moderator())
    assert founding.submit_again(community=community)
    community.refresh_from_db()
    assert community.state == Community.State.PENDING


def test_a_suspended_one_is_not_opened_by_asking():
    community = CommunityFactory()
    joining.join(community=community, user=UserFactory())
    assert founding.suspend(community=community, by=moderator(), note="Stolen models.")
    assert not founding.submit_again(community=community)
    assert not Activity.objects.exists()
    assert founding.restore(community=community, by=moderator())
    community.refresh_from_db()
    assert community.is_listed


def test_one_that_opens_lets_in_who_waits():
    community, person = CommunityFactory(approval=True), UserFactory()
    joining.join(community=community, user=person)
    founding.change(community=community, by=community.owner, **WORDS)
    assert community.memberships.filter(user=person).exists()
    assert community.members_count == 2
    assert person.notifications.get().title == "You are in “Hard surface”"


def test_one_that_becomes_private_leaves_every_feed():
    community, person = CommunityFactory(), UserFactory()
    joining.join(community=community, user=person)
    founding.change(community=community, by=community.owner, **WORDS | {"policy": "private"})
    assert not Activity.objects.exists()


def test_a_name_may_change_its_letters_but_not_to_that_of_another():
    community = CommunityFactory(name="hard surface")
    CommunityFactory(name="Soft bodies")
    founding.change(community=community, by=community.owner, **WORDS)
    assert community.name == "Hard surface"
    with pytest.raises(CommunityRefused, match="of this name"):
        founding.change(community=community, by=community.owner, **WORDS | {"name": "soft bodies"})
