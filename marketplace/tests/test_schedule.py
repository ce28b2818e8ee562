"""Publishing by the hour: on the creator's clock, only what is approved, and followers hear of it once."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Activity
from accounts.tests.factories import UserFactory
from marketplace.actions.publishing import edit_model, publish_due
from marketplace.actions.review import approve
from marketplace.models import Category, Model3D
from marketplace.tests.factories import Model3DFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def creator(client):
    user = UserFactory(creator=True)
    client.force_login(user)
    return user


@pytest.fixture
def hidden(creator):
    return Model3DFactory(listed=True, is_published=False, creator=creator)


def send(client, model, publish_at="", **data):
    return client.post(reverse("marketplace:schedule", args=[model.pk]), {"publish_at": publish_at, **data})


def tomorrow() -> datetime:
    return (timezone.now() + timedelta(days=1)).replace(second=0, microsecond=0)


def test_nobody_schedules_the_model_of_another(client, creator):
    theirs = Model3DFactory(listed=True, is_published=False)
    assert send(client, theirs, "2027-01-01T09:00").status_code == 404
    client.logout()
    assert send(client, theirs, "2027-01-01T09:00").status_code == 302
    theirs.refresh_from_db()
    assert theirs.publish_at is None


@pytest.mark.parametrize(
    "data",
    [
        {"publish_at": ""}, {"publish_at": "soon"}, {"publish_at": "2020-01-01T09:00"},
        {"publish_at": "9999-12-31T23:59", "zone": "America/New_York"}, {"publish_at": "0001-01-01T00:00"},
        {"publish_at": "2099-01-01T09:00"}, {"publish_at": "2026-13-45T09:00"},
        {"publish_at": "2027-01-01T09:00", "zone": "../../etc/passwd"},
        {"publish_at": "2027-01-01T09:00", "zone": "Middle/Earth"}, {"publish_at": "2027-01-01T09:00", "zone": "\0"},
        {"publish_at": "2027-01-01T09:00", "zone": "x" * 500},
    ],
)  # fmt: skip
def test_nonsense_is_refused_beside_the_field(client, hidden, data):
    response = send(client, hidden, **data)
    assert response.status_code == 422
    assert response.context["schedule_form"].errors["publish_at"]
    hidden.refresh_from_db()
    assert hidden.publish_at is None


def test_the_hour_is_on_the_creators_clock_or_in_utc(client, hidden):
    at = tomorrow()
    send(client, hidden, at.strftime("%Y-%m-%dT%H:%M"))
    hidden.refresh_from_db()
    assert hidden.publish_at == at
    there = at.astimezone(ZoneInfo("Asia/Kathmandu"))
    send(client, hidden, there.strftime("%Y-%m-%dT%H:%M"), zone="Asia/Kathmandu")
    hidden.refresh_from_db()
    assert hidden.publish_at == at
    page = client.get(hidden.get_edit_url()).content.decode()
    assert f"{at.astimezone(UTC):%H:%M} UTC" in page
    assert "Cancel the schedule" in page


def test_what_everybody_sees_now_is_not_scheduled(client, creator):
    live = Model3DFactory(listed=True, creator=creator)
    response = send(client, live, tomorrow().strftime("%Y-%m-%dT%H:%M"))
    assert response.status_code == 422
    live.refresh_from_db()
    assert live.is_listed


def test_cancelling_leaves_it_hidden_and_showing_by_hand_ends_the_wait(client, hidden):
    hidden.schedule(at=tomorrow())
    client.post(reverse("marketplace:schedule", args=[hidden.pk]), {"_method": "delete"})
    hidden.refresh_from_db()
    assert (hidden.publish_at, hidden.is_published) == (None, False)
    hidden.schedule(at=tomorrow())

    edit_model(model=hidden, tags=[], is_published=True)

    hidden.refresh_from_db()
    assert hidden.is_listed
    assert hidden.publish_at is None
    assert Activity.objects.filter(verb="published").count() == 1


def test_what_is_due_is_published_counted_and_told_once(hidden):
    hidden.schedule(at=tomorrow())
    assert publish_due() == 0
    later = tomorrow() + timedelta(minutes=1)

    assert publish_due(later) == 1
    assert publish_due(later) == 0

    hidden.refresh_from_db()
    assert hidden.is_listed
    assert Category.objects.get(pk=hidden.category_id).model_count == 1
    assert Activity.objects.filter(verb="published").count() == 1


def test_what_is_not_approved_deleted_or_taken_down_waits():
    later = tomorrow() + timedelta(minutes=1)
    pending = Model3DFactory(pending=True)
    pending.schedule(at=tomorrow())
    deleted, removed = Model3DFactory.create_batch(2, listed=True, is_published=False)
    for model in (deleted, removed):
        model.schedule(at=tomorrow())
    deleted.withdraw()
    Model3D.objects.filter(pk=removed.pk).update(removed_at=timezone.now())

    assert publish_due(later) == 0
    approve(model=pending, by=UserFactory(moderator=True))
    assert not pending.is_listed
    assert publish_due(later) == 1
    pending.refresh_from_db()
    assert pending.is_listed
    for model in (deleted, removed):
        model.refresh_from_db()
        assert model.is_due(later) == Model3D.objects.due(later).filter(pk=model.pk).exists() is False
