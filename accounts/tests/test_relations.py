"""Following, blocking, the lists of people, and the feed."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import activities
from accounts.actions import relations
from accounts.exceptions import RelationRefused
from accounts.models import Activity, Follow, Notification, User, UserBlock
from accounts.notifications import notify
from accounts.tests.factories import UserFactory
from core.models import OutgoingMail

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(client):
    person = UserFactory(username="ana", full_name="Ana Silva")
    client.force_login(person)
    return person


# Refused


def test_a_visitor_who_follows_is_led_to_the_login(client):
    answer = client.post(reverse("accounts:follow", args=[UserFactory().username]))
    assert answer.url.startswith(reverse("account_login"))
    assert not Follow.objects.exists()


def test_nobody_follows_or_blocks_themselves(client, person):
    for name in ("accounts:follow", "accounts:block"):
        client.post(reverse(name, args=["ana"]))
    assert not Follow.objects.exists()
    assert not UserBlock.objects.exists()


@pytest.mark.parametrize("direction", ["they block me", "I block them"])
def test_who_is_blocked_cannot_follow_either_way(direction):
    me, them = UserFactory(), UserFactory()
    pair = (them, me) if direction == "they block me" else (me, them)
    UserBlock.objects.create(blocker=pair[0], blocked=pair[1])
    with pytest.raises(RelationRefused):
        relations.follow(follower=me, followed=them)
    assert not Follow.objects.exists()


def test_a_suspended_person_is_not_there_to_be_followed(client, person):
    gone = UserFactory(is_active=False)
    assert client.post(reverse("accounts:follow", args=[gone.username])).status_code == 404


# Followed


def test_following_counts_on_both_sides_once_is_told_and_mailed(client, person):
    bob = UserFactory(username="bob")
    for _ in range(2):
        client.post(reverse("accounts:follow", args=["Bob"]))
    bob.refresh_from_db()
    person.refresh_from_db()
    assert (bob.followers_count, person.following_count) == (1, 1)
    assert bob.notifications.get().sentence == "Ana Silva follows you"
    assert OutgoingMail.objects.get(kind="accounts/new_follower").to_address == bob.email
    assert "Following" in client.get(bob.get_absolute_url()).content.decode()
    client.post(reverse("accounts:follow", args=["bob"]), {"_method": "delete"})
    bob.refresh_from_db()
    assert (bob.followers_count, Follow.objects.count()) == (0, 0)


def test_blocking_ends_following_both_ways_and_is_lifted_in_the_settings(client, person):
    bob = UserFactory(username="bob")
    relations.follow(follower=person, followed=bob)
    relations.follow(follower=bob, followed=person)
    client.post(reverse("accounts:block", args=["bob"]))
    assert not Follow.objects.exists()
    assert set(User.objects.values_list("followers_count", "following_count")) == {(0, 0)}
    page = client.get(reverse("accounts:settings_blocked")).content.decode()
    assert bob.display_name in page
    client.post(reverse("accounts:block", args=["bob"]), {"_method": "delete", "from": "blocked"})
    assert not UserBlock.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_follows_at_the_same_moment_make_one_row_and_count_once():
    ana, bob = UserFactory(), UserFactory()

    def press(number):
        try:
            pair = (ana, bob) if number % 2 else (bob, ana)
            relations.follow(follower=pair[0], followed=pair[1])
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(press, range(12)))
    assert Follow.objects.count() == 2
    assert set(User.objects.values_list("followers_count", "following_count")) == {(1, 1)}


def test_lists_of_people_show_the_active_with_ones_own_relation_in_constant_queries(client, person):
    bob = UserFactory(username="bob")

    def gather():
        for follower in UserFactory.create_batch(3):
            relations.follow(follower=follower, followed=bob)
            relations.follow(follower=person, followed=follower)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(reverse("accounts:followers", args=["bob"])).status_code == 200
        return len(asked)

    gather()
    queries()
    few = queries()
    gather()
    assert queries() == few
    assert few <= 12
    gone = User.objects.filter(follows__followed=bob).first()
    User.objects.filter(pk=gone.pk).update(is_active=False)
    page = client.get(reverse("accounts:followers", args=["bob"])).content.decode()
    assert gone.display_name not in page


# The feed


def deed(actor, target, title="Oak chair"):
    activities.record(actor=actor, verb=Activity.Verb.PUBLISHED, target=target, title=title, link="/model/1/")


def test_the_feed_shows_what_the_followed_did_and_nobody_else(client, person):
    bob, stranger = UserFactory(), UserFactory()
    relations.follow(follower=person, followed=bob)
    deed(bob, person)
    deed(stranger, bob, title="Not for you")
    page = client.get(reverse("accounts:social")).content.decode()
    assert "Oak chair" in page
    assert "Not for you" not in page
    activities.forget(person)
    assert "Oak chair" not in client.get(reverse("accounts:social")).content.decode()


def test_the_feed_is_paged_by_key(client, person):
    bob = UserFactory()
    relations.follow(follower=person, followed=bob)
    for target in UserFactory.create_batch(31):
        deed(bob, target, title=f"Deed {target.pk}")
    first = client.get(reverse("accounts:social"))
    oldest = Activity.objects.order_by("pk").first()
    assert oldest.title not in first.content.decode()
    address = first.context["feed"].next_url
    assert oldest.title in client.get(reverse("accounts:social") + address).content.decode()


@pytest.mark.parametrize("before", ["-1", "x", "9" * 50, "²", "1;drop"])
def test_an_odd_place_in_the_feed_is_its_beginning(client, person, before):
    assert client.get(reverse("accounts:social"), {"before": before}).status_code == 200


def test_nobody_is_told_of_somebody_they_have_blocked():
    ana, bob = UserFactory(), UserFactory()
    UserBlock.objects.create(blocker=ana, blocked=bob)
    assert notify(user=ana, kind=Notification.Kind.MENTION, title="mentioned you", actor=bob) is None
    assert not Notification.objects.exists()
