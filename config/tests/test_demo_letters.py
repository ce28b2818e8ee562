"""What the demo's people write to each other: by those who are there, in order, and once."""

import pytest
from django.utils import timezone

from accounts.models import User
from community.models import Conversation, DirectMessage, Participant
from config.demo import letters
from config.demo.catalogue import CATALOGUE, CREATORS
from config.demo.catalogue.letters import TALKS
from config.demo.catalogue.society import MEMBERS

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    for name in {name for talk in TALKS for name in talk.people}:
        User.objects.create(username=name, email=f"{name}@example.com", is_demo=True)


def test_nobody_writes_who_is_not_there_nor_of_what_is_not_there():
    known = {"buyer", *(entry.username for entry in CREATORS), *(member.username for member in MEMBERS)}
    slugs = {entry.slug for entry in CATALOGUE}
    for talk in TALKS:
        assert set(talk.people) <= known
        assert {letter.author for letter in talk.letters} <= set(talk.people)
        hours = [letter.hours_ago for letter in talk.letters]
        assert hours == sorted(hours, reverse=True)
        assert {letter.model for letter in talk.letters} - {""} <= slugs


def test_loading_it_twice_adds_nothing_and_everything_is_in_the_past(people):
    letters.populate()
    letters.populate()
    assert Conversation.objects.count() == len(TALKS)
    assert DirectMessage.objects.count() == sum(len(talk.letters) for talk in TALKS)
    assert not DirectMessage.objects.filter(created_at__gte=timezone.now()).exists()
    creator = User.objects.get(username="creator")
    assert Participant.objects.of_person(creator).requests().count() == 1
    assert Participant.objects.get(user__username="buyer", other=creator).unread == 1


def test_without_its_people_nothing_is_written():
    letters.populate()
    assert not Conversation.objects.exists()
