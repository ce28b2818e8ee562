"""Each list rule and its instance twin, tested together: lists and pages cannot disagree."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from accounts.tests.factories import UserFactory
from marketplace.models import Model3D
from marketplace.tests.factories import Model3DFactory

pytestmark = pytest.mark.django_db

NOBODY = {"anonymous": False, "buyer": False, "staff": False, "creator": False, "moderator": False}
ONLY_MODERATORS = {**NOBODY, "moderator": True}
OWNER_AND_MODERATORS = {**ONLY_MODERATORS, "creator": True}
EVERYBODY = dict.fromkeys(NOBODY, True)


def change(model, **fields):
    Model3D.objects.filter(pk=model.pk).update(**fields)


# How a listed model gets into each state, and who may then open its page.
STATES = {
    "deleted": (
        lambda model: change(model, deleted_at=timezone.now(), is_published=False),
        ONLY_MODERATORS,
    ),
    "draft": (lambda model: change(model, status="draft"), OWNER_AND_MODERATORS),
    "pending": (lambda model: change(model, status="pending"), OWNER_AND_MODERATORS),
    "rejected": (lambda model: change(model, status="rejected"), OWNER_AND_MODERATORS),
    "removed": (lambda model: change(model, removed_at=timezone.now()), OWNER_AND_MODERATORS),
    "unpublished": (lambda model: change(model, is_published=False), OWNER_AND_MODERATORS),
    "private": (lambda model: change(model, visibility="private"), OWNER_AND_MODERATORS),
    "without a file": (lambda model: change(model, current_file=None), OWNER_AND_MODERATORS),
    "without a category": (lambda model: change(model, category=None), OWNER_AND_MODERATORS),
    "category switched off": (
        lambda model: type(model.category).objects.filter(pk=model.category_id).update(enabled=False),
        OWNER_AND_MODERATORS,
    ),
    "creator switched off": (
        lambda model: type(model.creator).objects.filter(pk=model.creator_id).update(is_active=False),
        OWNER_AND_MODERATORS,
    ),
    "unlisted": (lambda model: change(model, visibility="unlisted"), EVERYBODY),
    "listed": (lambda model: None, EVERYBODY),
}


def person(kind, model):
    if kind == "anonymous":
        return AnonymousUser()
    if kind == "creator":
        return model.creator
    traits = {"buyer": {}, "staff": {"staff": True}, "moderator": {"moderator": True}}[kind]
    return UserFactory(**traits)


@pytest.mark.parametrize("kind", EVERYBODY)
@pytest.mark.parametrize("state", STATES)
def test_list_and_page_agree_on_who_may_open_a_model(state, kind):
    enter, may_open = STATES[state]
    model = Model3DFactory(listed=True)
    user = person(kind, model)
    enter(model)
    model = Model3D.objects.get(pk=model.pk)
    assert Model3D.objects.visible_to(user).filter(pk=model.pk).exists() is may_open[kind]
    assert model.is_visible_to(user) is may_open[kind]


@pytest.mark.parametrize("state", STATES)
def test_list_and_page_agree_on_what_is_listed(state):
    enter, may_open = STATES[state]
    model = Model3DFactory(listed=True)
    enter(model)
    model = Model3D.objects.get(pk=model.pk)
    assert Model3D.objects.listed().filter(pk=model.pk).exists() is (state == "listed")
    assert model.is_listed is (state == "listed")
    assert Model3D.objects.open_to_all().filter(pk=model.pk).exists() is may_open["anonymous"]
    assert model.is_open_to_all is may_open["anonymous"]


@pytest.mark.parametrize("page", ["model", "view"])
@pytest.mark.parametrize("state", STATES)
def test_the_pages_of_what_a_visitor_may_not_open_are_not_found(client, state, page):
    enter, may_open = STATES[state]
    model = Model3DFactory(listed=True)
    enter(model)
    status = client.get(f"/{page}/{model.pk}/").status_code
    assert status == (200 if may_open["anonymous"] else 404)


def test_a_creator_sees_why_a_model_is_not_listed(client):
    model = Model3DFactory(pending=True)
    client.force_login(model.creator)
    page = client.get(f"/model/{model.pk}/").content.decode()
    assert "In review." in page
    assert f"/dashboard/inventory/{model.pk}/" in page
    assert "noindex" in page


def test_a_moderator_sees_what_was_removed_and_why(client):
    model = Model3DFactory(listed=True)
    change(model, removed_at=timezone.now(), removal_reason="Copied.")
    client.force_login(UserFactory(moderator=True))
    page = client.get(f"/model/{model.pk}/").content.decode()
    assert "Removed by moderation." in page
    assert "Copied." in page
