"""Followers hear of a new model once; nobody's feed keeps what is no longer public."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.actions import relations
from accounts.models import Activity
from accounts.tests.factories import UserFactory
from marketplace.actions import announcing, likes
from marketplace.actions.publishing import edit_model
from marketplace.actions.review import approve
from marketplace.models import Model3D
from marketplace.tests.factories import Model3DFactory

pytestmark = pytest.mark.django_db


def test_a_private_model_is_announced_to_nobody():
    model = Model3DFactory(pending=True, visibility=Model3D.Visibility.PRIVATE)
    approve(model=model, by=UserFactory(moderator=True))
    assert not Activity.objects.exists()
    assert announcing.tell_followers(model) == 0


def test_followers_hear_of_an_approved_model_and_who_hides_mature_ones_not_of_those():
    model = Model3DFactory(pending=True, is_mature=True)
    follower, shy = UserFactory(), UserFactory(mature_content="hide")
    for person in (follower, shy):
        relations.follow(follower=person, followed=model.creator)
    approve(model=model, by=UserFactory(moderator=True))
    activity = Activity.objects.get()
    assert (activity.actor, activity.verb, activity.picture) == (model.creator, "published", "")
    for _ in range(2):
        announcing.tell_followers(model)
    assert follower.notifications.get().message == model.title
    assert not shy.notifications.exists()


def test_what_is_unlisted_leaves_every_feed():
    model = Model3DFactory(listed=True)
    likes.like(model=model, by=UserFactory())
    assert Activity.objects.exists()
    edit_model(model=model, tags=[], is_published=False)
    assert not Activity.objects.exists()


def test_what_was_approved_long_ago_is_new_when_everybody_first_sees_it_and_never_again():
    long_ago = timezone.now() - timedelta(days=40)
    model = Model3DFactory(listed=True, visibility=Model3D.Visibility.PRIVATE, published_at=long_ago)
    newer = Model3DFactory(listed=True)
    edit_model(model=model, tags=[], visibility=Model3D.Visibility.PUBLIC)
    assert list(Model3D.objects.listed().newest_first()) == [model, newer]
    first = Model3D.objects.get(pk=model.pk).published_at
    for visibility in (Model3D.Visibility.PRIVATE, Model3D.Visibility.PUBLIC):
        edit_model(model=model, tags=[], visibility=visibility)
    assert Model3D.objects.get(pk=model.pk).published_at == first
