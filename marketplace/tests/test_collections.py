"""Collections: who sees and changes them, their order, their counts, and who is told."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Activity, Notification, UserBlock, UserProfile
from accounts.tests.factories import UserFactory
from marketplace.actions import collections, likes
from marketplace.exceptions import CollectionRefused
from marketplace.models import Collection, CollectionItem, Model3D
from marketplace.tests.factories import CollectionFactory, Model3DFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(client):
    person = UserFactory()
    client.force_login(person)
    return person


DELETE = {"_method": "delete"}


def place_of(collection, model):
    return reverse("marketplace:collection_item", args=[collection.pk, model.pk])


# Refused


def test_a_private_collection_is_nowhere_for_anybody_else(client, person):
    private = CollectionFactory(is_public=False, name="Secret shelf")
    model = Model3DFactory(listed=True)
    collections.add(collection=private, model=model)
    assert client.get(private.get_absolute_url()).status_code == 404
    for tab in ("popular", "recent", "mine", "followed"):
        page = client.get(reverse("marketplace:collections"), {"tab": tab}).content.decode()
        assert "Secret shelf" not in page
    assert not Activity.objects.exists()
    client.force_login(private.owner)
    assert client.get(private.get_absolute_url()).status_code == 200


def test_nobody_puts_models_into_somebody_elses(client, person):
    collection, model = CollectionFactory(), Model3DFactory(listed=True)
    assert client.post(place_of(collection, model)).status_code == 404
    assert not CollectionItem.objects.exists()


def test_what_cannot_be_seen_cannot_be_collected(client, person):
    collection = CollectionFactory(owner=person)
    assert client.post(place_of(collection, Model3DFactory(with_file=True))).status_code == 404


def test_a_full_collection_takes_no_more(client, person):
    collection = CollectionFactory(owner=person, model_count=1000)
    with pytest.raises(CollectionRefused, match="1,000"):
        collections.add(collection=collection, model=Model3DFactory(listed=True))


def test_a_name_is_given_once_a_person(client, person):
    CollectionFactory(owner=person, name="Oak")
    answer = client.post(reverse("marketplace:new_collection"), {"name": " Oak ", "is_public": "on"})
    assert answer.status_code == 422
    assert "You have a collection of this name." in answer.content.decode()
    assert Collection.objects.count() == 1


def test_nobody_follows_their_own_or_that_of_somebody_who_blocks_them(client, person):
    own, blocked = CollectionFactory(owner=person), CollectionFactory()
    UserBlock.objects.create(blocker=blocked.owner, blocked=person)
    for collection in (own, blocked):
        client.post(reverse("marketplace:follow_collection", args=[collection.pk]))
    assert not person.collection_follows.exists()


@pytest.mark.parametrize("position", ["-1", "x", "9" * 40, "²"])
def test_odd_positions_are_no_place(client, person, position):
    collection, model = CollectionFactory(owner=person), Model3DFactory(listed=True)
    collections.add(collection=collection, model=model)
    assert client.post(place_of(collection, model), {"position": position}).status_code == 404


def test_an_unlisted_model_that_somebody_collected_or_likes_is_in_no_list_of_others(client, person):
    unlisted = Model3DFactory(listed=True, visibility="unlisted", title="Only by its link")
    mature = Model3DFactory(listed=True, is_mature=True, title="For some only")
    collection = CollectionFactory(owner=person)
    UserProfile.objects.create(user=person, shows_likes=True)
    for model in (unlisted, mature):
        collections.add(collection=collection, model=model)
        likes.like(model=model, by=person)
    places = [collection.get_absolute_url(), reverse("marketplace:profile_likes", args=[person.username])]
    assert all("Only by its link" in client.get(place).content.decode() for place in places)
    for viewer in (None, UserFactory(mature_content="hide"), UserFactory(moderator=True)):
        client.logout()
        if viewer:
            client.force_login(viewer)
        for place in places:
            page = client.get(place).content.decode()
            assert "Only by its link" not in page, place
            assert ("For some only" in page) == (viewer is None or viewer.mature_content != "hide"), place


def test_a_model_that_its_creator_took_off_the_site_is_named_no_more_but_can_be_taken_out(client, person):
    collection, model = CollectionFactory(owner=person), Model3DFactory(listed=True, title="Secret now")
    collections.add(collection=collection, model=model)
    Model3D.objects.filter(pk=model.pk).update(is_published=False)
    page = client.get(reverse("marketplace:edit_collection", args=[collection.pk])).content.decode()
    assert "Secret now" not in page
    assert model.current_file.poster_small.url not in page
    assert "A model that is not on the site any more" in page
    assert client.post(place_of(collection, model), {"_method": "delete"}).status_code == 302
    assert not collection.items.exists()


def test_one_that_was_made_private_since_is_nameless_among_the_followed_and_can_be_let_go(client, person):
    other, gone = CollectionFactory(is_public=False), CollectionFactory(name="Secret shelf")
    address = reverse("marketplace:follow_collection", args=[gone.pk])
    assert client.post(reverse("marketplace:follow_collection", args=[other.pk]), DELETE).status_code == 404
    collections.follow(collection=gone, by=person)
    Collection.objects.filter(pk=gone.pk).update(is_public=False)
    followed = f"{reverse('marketplace:collections')}?tab=followed"
    page = client.get(followed).content.decode()
    assert f"A collection of {gone.owner.display_name}" in page
    assert "Secret shelf" not in page
    assert client.post(address).status_code == 404
    page = client.post(address, DELETE, follow=True)
    assert page.redirect_chain == [(followed, 302)]
    assert "You follow no collection" in page.content.decode()
    assert not person.collection_follows.exists()
    assert Collection.objects.get(pk=gone.pk).followers == 0
    assert client.post(address, DELETE).status_code == 404


# Done


def test_a_new_collection_takes_the_model_it_was_made_for(client, person):
    model = Model3DFactory(listed=True)
    answer = client.post(
        reverse("marketplace:new_collection"), {"name": "Oak", "is_public": "on", "model": model.pk}
    )
    made = Collection.objects.get()
    assert answer.url == made.get_absolute_url()
    assert [item.model for item in made.items.all()] == [model]
    assert made.model_count == 1
    assert "In it" in client.get(reverse("marketplace:collect", args=[model.pk])).content.decode()


def test_models_are_moved_up_down_and_out(client, person):
    collection = CollectionFactory(owner=person)
    models = [Model3DFactory(listed=True, title=title) for title in "abcd"]
    for model in models:
        collections.add(collection=collection, model=model)

    def order() -> str:
        rows = collection.items.order_by("order").select_related("model")
        return "".join(row.model.title for row in rows)

    client.post(place_of(collection, models[3]), {"position": "1"})
    assert order() == "dabc"
    client.post(place_of(collection, models[3]), {"position": "99"})
    assert order() == "abcd"
    # A script moves the row itself and needs no page.
    answer = client.post(place_of(collection, models[3]), {"position": "1"}, HTTP_HX_REQUEST="true")
    assert answer.status_code == 204
    assert order() == "dabc"
    client.post(place_of(collection, models[3]), {"position": "4"})
    client.post(place_of(collection, models[1]), {"_method": "delete"})
    assert order() == "acd"
    collection.refresh_from_db()
    assert collection.model_count == 3


def test_others_see_what_is_listed_only(client):
    collection = CollectionFactory()
    shown, hidden = (
        Model3DFactory(listed=True, title="Oak chair"),
        Model3DFactory(listed=True, title="Gone lamp"),
    )
    for model in (shown, hidden):
        collections.add(collection=collection, model=model)
    Model3D.objects.filter(pk=hidden.pk).update(is_published=False)
    page = client.get(collection.get_absolute_url()).content.decode()
    assert "Oak chair" in page
    assert "1 model" in page
    assert "Gone lamp" not in page


@pytest.mark.django_db(transaction=True)
def test_followers_hear_of_new_models_once_a_visit_and_the_owner_of_followers():
    collection, follower = CollectionFactory(name="Oak"), UserFactory()
    collections.follow(collection=collection, by=follower)
    collection.refresh_from_db()
    assert collection.followers == 1
    assert collection.owner.notifications.get().kind == Notification.Kind.COLLECTION_FOLLOWED
    for title in ("Chair", "Table"):
        model = Model3DFactory(listed=True, title=title)
        collections.add(collection=collection, model=model)
        collections.tell_followers(collection=collection, model=model)
    told = follower.notifications.get()
    assert (told.title, told.message) == ("“Oak” has a new model", "Table")


def test_a_collection_that_becomes_private_leaves_the_feeds():
    collection = CollectionFactory()
    collections.add(collection=collection, model=Model3DFactory(listed=True))
    assert Activity.objects.exists()
    collections.change(collection=collection, name="Oak", description="", is_public=False)
    assert not Activity.objects.exists()


def test_deleting_leaves_the_models(client, person):
    collection, model = CollectionFactory(owner=person), Model3DFactory(listed=True)
    collections.add(collection=collection, model=model)
    client.post(reverse("marketplace:edit_collection", args=[collection.pk]), {"_method": "delete"})
    assert not Collection.objects.exists()
    assert Model3D.objects.filter(pk=model.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_the_same_model_put_in_at_the_same_moment_is_in_once():
    collection, model = CollectionFactory(), Model3DFactory(listed=True)

    def press(_):
        try:
            collections.add(collection=collection, model=model)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(press, range(8)))
    collection.refresh_from_db()
    assert (collection.model_count, collection.items.count()) == (1, 1)


def test_each_page_asks_the_same_number_of_queries_of_1_of_24_and_of_100(client, person):
    """Of that many collections, models in one of them, and likes."""
    collection = CollectionFactory(owner=person)
    first = Model3DFactory(listed=True)
    addresses = [
        reverse("marketplace:collections"),
        f"{reverse('marketplace:collections')}?tab=mine",
        collection.get_absolute_url(),
        reverse("marketplace:edit_collection", args=[collection.pk]),
        reverse("marketplace:collect", args=[first.pk]),
        reverse("marketplace:likes"),
        reverse("marketplace:profile_collections", args=[person.username]),
    ]

    def queries_at(count: int) -> dict[str, int]:
        for number in range(collection.items.count(), count):
            model = Model3DFactory(listed=True) if number else first
            for place in (collection, CollectionFactory(owner=person)):
                collections.add(collection=place, model=model)
            likes.like(model=model, by=person)
        return {address: queries_of(address) for address in addresses}

    def queries_of(address: str) -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        return len(asked)

    few = queries_at(1)
    assert max(few.values()) <= 12
    assert queries_at(24) == few
    assert queries_at(100) == few
