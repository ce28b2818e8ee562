"""Liking models, and the page of what one likes."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.urls import reverse

from accounts.models import Activity, Notification
from accounts.tests.factories import UserFactory
from marketplace.actions import likes
from marketplace.models import DailyStats, Model3D, ModelLike
from marketplace.tests.factories import Model3DFactory

pytestmark = pytest.mark.django_db


def test_a_visitor_who_likes_is_led_to_the_login_and_nothing_counts(client):
    model = Model3DFactory(listed=True)
    answer = client.post(reverse("marketplace:like", args=[model.pk]))
    assert answer.url.startswith(reverse("account_login"))
    assert not ModelLike.objects.exists()


def test_what_cannot_be_seen_cannot_be_liked(client):
    model = Model3DFactory(with_file=True)
    client.force_login(UserFactory())
    assert client.post(reverse("marketplace:like", args=[model.pk])).status_code == 404


def test_a_like_counts_once_is_told_and_can_be_taken_back(client):
    model, person = Model3DFactory(listed=True), UserFactory()
    client.force_login(person)
    for _ in range(2):
        assert client.post(reverse("marketplace:like", args=[model.pk])).status_code == 302
    model.refresh_from_db()
    assert model.likes == 1
    assert DailyStats.objects.get(model=model).likes == 1
    assert model.creator.notifications.get().sentence == f"{person.display_name} liked “{model.title}”"
    assert Activity.objects.get(actor=person).verb == Activity.Verb.LIKED
    assert "Liked" in client.get(model.get_absolute_url()).content.decode()
    client.post(reverse("marketplace:like", args=[model.pk]), {"_method": "delete"})
    model.refresh_from_db()
    assert (model.likes, ModelLike.objects.count(), Activity.objects.count()) == (0, 0, 0)


def test_nobody_is_told_of_their_own_like():
    model = Model3DFactory(listed=True)
    likes.like(model=model, by=model.creator)
    assert not Notification.objects.exists()


def test_likes_of_one_model_are_told_together():
    model = Model3DFactory(listed=True)
    people = UserFactory.create_batch(3)
    for person in people:
        likes.like(model=model, by=person)
    told = model.creator.notifications.get()
    assert told.sentence == f"{people[2].display_name} and 2 others liked “{model.title}”"


@pytest.mark.django_db(transaction=True)
def test_likes_at_the_same_moment_make_one_row_and_count_once():
    model, person = Model3DFactory(listed=True), UserFactory()

    def press(_):
        try:
            likes.like(model=model, by=person)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(press, range(8)))
    assert ModelLike.objects.count() == 1
    assert Model3D.objects.get(pk=model.pk).likes == 1


def test_the_page_of_likes_shows_what_may_still_be_seen(client):
    person = UserFactory()
    shown, hidden = (
        Model3DFactory(listed=True, title="Oak chair"),
        Model3DFactory(listed=True, title="Gone lamp"),
    )
    for model in (shown, hidden):
        likes.like(model=model, by=person)
    Model3D.objects.filter(pk=hidden.pk).update(visibility="private")
    client.force_login(person)
    page = client.get(reverse("marketplace:likes")).content.decode()
    assert "Oak chair" in page
    assert "Gone lamp" not in page


def test_the_page_of_likes_asks_the_same_number_of_queries_however_many_there_are(
    client, django_assert_max_num_queries
):
    person = UserFactory()
    for model in Model3DFactory.create_batch(5, listed=True):
        likes.like(model=model, by=person)
    client.force_login(person)
    client.get(reverse("marketplace:likes"))
    with django_assert_max_num_queries(12):
        client.get(reverse("marketplace:likes"))
