"""Whoever is blocked stays out, by every way there is."""

from collections.abc import Callable
from functools import partial

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actions import relations
from accounts.exceptions import RelationRefused
from accounts.models import Follow, User
from accounts.tests.factories import UserFactory
from marketplace.actions import collections, comments, likes
from marketplace.exceptions import CollectionRefused, CommentRefused
from marketplace.models import Collection, CollectionFollow, ModelComment
from marketplace.tests.factories import CollectionFactory, Model3DFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def creator():
    return UserFactory(creator=True, username="ana")


@pytest.fixture
def blocked(creator):
    blocked = UserFactory()
    relations.block(blocker=creator, blocked=blocked)
    return blocked


@pytest.fixture
def model(creator):
    return Model3DFactory(listed=True, creator=creator)


def commenting(creator: User, model) -> Callable:
    return partial(comments.post, model=model, body="Hello")


def answering(creator: User, model) -> Callable:
    elsewhere = Model3DFactory(listed=True)
    parent = comments.post(model=elsewhere, author=creator, body="Mine")
    return partial(comments.post, model=elsewhere, body="Hello", parent=parent)


@pytest.mark.parametrize("way", [commenting, answering])
def test_who_is_blocked_writes_nothing_below_what_is_the_others(creator, blocked, model, way):
    write = way(creator, model)
    with pytest.raises(CommentRefused):
        write(author=blocked)
    assert not ModelComment.objects.filter(author=blocked).exists()


@pytest.mark.parametrize("way", [commenting, answering])
def test_what_was_written_before_cannot_be_turned_into_something_else(client, creator, model, way):
    person = UserFactory()
    comment = way(creator, model)(author=person)
    relations.block(blocker=creator, blocked=person)
    client.force_login(person)
    address = reverse("marketplace:comment", args=[comment.model_id, comment.pk])
    assert client.post(address, {"body": "Something rude"}).status_code == 422
    comment.refresh_from_db()
    assert comment.body == "Hello"
    client.post(address, {"_method": "delete"})
    assert not ModelComment.objects.filter(pk=comment.pk).exists()


def test_who_is_blocked_follows_neither_the_person_nor_a_collection(creator, blocked):
    with pytest.raises(RelationRefused):
        relations.follow(follower=blocked, followed=creator)
    with pytest.raises(CollectionRefused):
        collections.follow(collection=CollectionFactory(owner=creator), by=blocked)
    assert not Follow.objects.exists()
    assert not CollectionFollow.objects.exists()


def test_the_same_over_the_pages(client, creator, blocked, model):
    collection = CollectionFactory(owner=creator)
    client.force_login(blocked)
    client.post(reverse("accounts:follow", args=["ana"]))
    client.post(reverse("marketplace:follow_collection", args=[collection.pk]))
    assert client.post(reverse("marketplace:comments", args=[model.pk]), {"body": "Hello"}).status_code == 422
    assert not Follow.objects.exists()
    assert not CollectionFollow.objects.exists()
    assert not ModelComment.objects.exists()


def test_blocking_ends_following_of_collections_both_ways(creator, django_capture_on_commit_callbacks):
    other = UserFactory()
    theirs, mine, of_a_third = (
        CollectionFactory(owner=other),
        CollectionFactory(owner=creator),
        CollectionFactory(),
    )
    collections.follow(collection=mine, by=other)
    collections.follow(collection=theirs, by=creator)
    collections.follow(collection=of_a_third, by=other)
    with django_capture_on_commit_callbacks(execute=True):
        relations.block(blocker=creator, blocked=other)
    assert CollectionFollow.objects.get().collection == of_a_third
    assert set(Collection.objects.exclude(pk=of_a_third.pk).values_list("followers", flat=True)) == {0}


def test_nobody_hears_of_what_somebody_they_have_blocked_does_elsewhere(creator, blocked, model):
    likes.like(model=model, by=blocked)
    elsewhere = Model3DFactory(listed=True)
    comments.post(model=elsewhere, author=blocked, body="Look, @ana")
    own = comments.post(model=elsewhere, author=creator, body="Mine")
    comments.like(comment=own, by=blocked)
    assert not creator.notifications.exists()


def test_who_is_blocked_still_sees_the_models_and_may_report_them(client, creator, blocked, model):
    client.force_login(blocked)
    for address in (model.get_absolute_url(), reverse("accounts:report", args=["model", model.pk])):
        assert client.get(address).status_code == 200
    assert Client().get(model.get_absolute_url()).status_code == 200
