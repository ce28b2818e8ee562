"""Pages full of people and what they did: the same few queries however many there are."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import activities
from accounts.models import Activity, Follow, Notification, NotificationActor, User, UserBlock, UserProfile
from accounts.tests.factories import UserFactory
from marketplace.models import CollectionItem, ModelLike
from marketplace.tests.factories import CategoryFactory, CollectionFactory, Model3DFactory

pytestmark = pytest.mark.django_db

SIZES = (1, 24, 100)
MOST_QUERIES = 12


@pytest.fixture
def viewer(client):
    viewer = UserFactory(username="viewer")
    client.force_login(viewer)
    return viewer


@pytest.fixture
def person():
    person = UserFactory(username="ana", creator=True)
    UserProfile.objects.create(user=person, shows_likes=True, skills=["UVs"], website="https://example.com")
    return person


def followers(person: User, viewer: User, count: int) -> None:
    people = UserFactory.create_batch(count)
    Follow.objects.bulk_create(Follow(follower=one, followed=person) for one in people)
    Follow.objects.bulk_create(Follow(follower=viewer, followed=one) for one in people[::2])


def following(person: User, viewer: User, count: int) -> None:
    people = UserFactory.create_batch(count, creator=True)
    Follow.objects.bulk_create(Follow(follower=person, followed=one) for one in people)


def own_followers(person: User, viewer: User, count: int) -> None:
    followers(viewer, person, count)


def own_following(person: User, viewer: User, count: int) -> None:
    following(viewer, person, count)


def feed(person: User, viewer: User, count: int) -> None:
    Follow.objects.get_or_create(follower=viewer, followed=person)
    for target in UserFactory.create_batch(count):
        activities.record(
            actor=person,
            verb=Activity.Verb.LIKED,
            target=target,
            title="Oak chair",
            link="/",
            picture="renders/x.webp",
        )


def notifications(person: User, viewer: User, count: int) -> None:
    rows = [
        Notification(
            user=viewer,
            kind="like",
            title="liked “Chest”",
            link="/",
            actor=actor,
            others=2,
            is_read=at % 2 == 1,
        )
        for at, actor in enumerate(UserFactory.create_batch(count))
    ]
    for row in Notification.objects.bulk_create(rows):
        NotificationActor.objects.create(notification=row, actor=row.actor)


def blocks(person: User, viewer: User, count: int) -> None:
    UserBlock.objects.bulk_create(
        UserBlock(blocker=viewer, blocked=one) for one in UserFactory.create_batch(count)
    )


def models(person: User, viewer: User, count: int) -> None:
    category = CategoryFactory()
    made = Model3DFactory.create_batch(count, listed=True, creator=person, category=category)
    ModelLike.objects.bulk_create(ModelLike(user=viewer, model=model) for model in made[::2])


def shelves(person: User, viewer: User, count: int) -> None:
    model = Model3DFactory(listed=True)
    for collection in CollectionFactory.create_batch(count, owner=person):
        CollectionItem.objects.create(collection=collection, model=model)


def liked(person: User, viewer: User, count: int) -> None:
    category = CategoryFactory()
    made = [Model3DFactory(listed=True, category=category) for _ in range(count)]
    ModelLike.objects.bulk_create(ModelLike(user=person, model=model) for model in made)


def nothing(person: User, viewer: User, count: int) -> None:
    pass


PAGES = {
    "followers": ("/profile/ana/followers/", followers),
    "following": ("/profile/ana/following/", following),
    "models": ("/profile/ana/", models),
    "collections": ("/profile/ana/collections/", shelves),
    "likes": ("/profile/ana/likes/", liked),
    "about": ("/profile/ana/about/", nothing),
    "feed": ("/dashboard/social/", feed),
    "own followers": ("/dashboard/social/?show=followers", own_followers),
    "own following": ("/dashboard/social/?show=following", own_following),
    "notifications": ("/notifications/", notifications),
    "unread": ("/notifications/?show=unread", notifications),
    "blocked": ("/dashboard/settings/blocked/", blocks),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_costs_the_same_queries_with_one_a_page_and_a_hundred(client, viewer, person, name):
    address, fill = PAGES[name]
    found = {}
    there = 0
    for size in SIZES:
        fill(person, viewer, size - there)
        there = size
        found[size] = queries(lambda: client.get(address))
    assert len(set(found.values())) == 1, found
    assert max(found.values()) <= MOST_QUERIES


def queries(look: Callable) -> int:
    # The first look fills what is kept between requests.
    assert look().status_code == 200
    with CaptureQueriesContext(connection) as asked:
        assert look().status_code == 200
    return len(asked)
