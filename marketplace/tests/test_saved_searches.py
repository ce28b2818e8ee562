"""Saved searches: whose they are, what is kept, and who is told of what is new, how often."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Notification, UserBlock
from accounts.preferences import Channels, choose
from accounts.tests.factories import UserFactory
from core.models import OutgoingMail
from marketplace.actions import saved_searches
from marketplace.exceptions import SearchNotSaved
from marketplace.models import Model3D, SavedSearch
from marketplace.models.saved_search import MAX_EACH
from marketplace.tests.factories import CategoryFactory, Model3DFactory

pytestmark = pytest.mark.django_db

PAGE = reverse("marketplace:saved_searches")
HOUR = timedelta(hours=1)
MOST_QUERIES = 12


@pytest.fixture
def person(client):
    person = UserFactory()
    client.force_login(person)
    return person


def saved_by(person, query="?q=chair", **fields):
    """One that was saved a day ago and is due."""
    then = timezone.now() - timedelta(days=1)
    fields = {"name": "Chairs", "seen_until": then, "next_look_at": then} | fields
    return person.saved_searches.create(query=query, **fields)


def published(*, ago=HOUR, **fields):
    return Model3DFactory(listed=True, published_at=timezone.now() - ago, **fields)


def told(person):
    return list(person.notifications.values_list("title", flat=True))


# Refused


def test_a_visitor_is_asked_to_sign_in(client):
    answer = client.post(PAGE, {"name": "Chairs", "query": "?q=chair"})
    assert answer.url.startswith(reverse("account_login"))
    assert not SavedSearch.objects.exists()


def test_a_search_of_somebody_else_is_not_there(client, person):
    other = saved_by(UserFactory(), name="Their secret")
    assert client.get(other.get_absolute_url()).status_code == 404
    assert client.post(reverse("marketplace:delete_saved_search", args=[other.pk])).status_code == 404
    assert "Their secret" not in client.get(PAGE).content.decode()
    assert SavedSearch.objects.exists()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"name": "", "query": "?q=chair"}, "Give the search a name."),
        ({"name": "   ", "query": "?q=chair"}, "Give the search a name."),
        ({"name": "x" * 81, "query": "?q=chair"}, "at most 80 characters"),
        ({"name": "All", "query": ""}, "Search for something"),
        ({"name": "All", "query": "?sort=newest&page=3&nonsense=1"}, "Search for something"),
        ({"name": "Long", "query": "?q=" + "x" * 4000}, "at most 4000 characters"),
        ({"name": "Long", "query": "?q=" + "%F0%9F%AA%91" * 200}, "too much to save"),
    ],
)
def test_what_cannot_be_saved_is_said_and_nothing_typed_is_lost(client, person, data, message):
    answer = client.post(PAGE, data)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert message in page
    assert f'name="query" value="{data["query"]}"'.replace("&", "&amp;") in page or not data["query"]
    assert not SavedSearch.objects.exists()


@pytest.mark.parametrize(
    "query", ["\0", "?q=\0\0", "?" + "&" * 900, "?price_min=abc&category=%00", "?q=%", "'\"\\_"]
)
def test_no_query_breaks_the_page(client, person, query):
    assert client.post(PAGE, {"name": "Odd", "query": query}).status_code in (302, 422)


def test_the_same_search_is_saved_once_whatever_its_address(client, person):
    category = CategoryFactory()
    assert saved_searches.save(user=person, name="Mine", query=f"?q=chair&category={category.slug}&free=on")
    with pytest.raises(SearchNotSaved, match="as “Mine”"):
        saved_searches.save(
            user=person, name="Again", query=f"free=1&page=2&sort=newest&category={category.slug}&q=++chair+"
        )


def test_nobody_has_more_than_twenty(person):
    for number in range(MAX_EACH):
        saved_searches.save(user=person, name="One", query=f"?q=word{number}")
    with pytest.raises(SearchNotSaved, match="20 saved searches"):
        saved_searches.save(user=person, name="One more", query="?q=chair")
    assert saved_searches.save(user=UserFactory(), name="Another person's", query="?q=chair")


@pytest.mark.django_db(transaction=True)
def test_two_at_once_do_not_make_one_too_many():
    person = UserFactory()
    for number in range(MAX_EACH - 1):
        saved_by(person, query=f"?q=word{number}")

    def save(number):
        try:
            return saved_searches.save(user=person, name="Last", query=f"?q=last{number}")
        except SearchNotSaved:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        made = list(pool.map(save, range(2)))
    assert sum(search is not None for search in made) == 1
    assert person.saved_searches.count() == MAX_EACH


# Saved


def test_saving_leads_back_to_what_was_found(client, person):
    answer = client.post(PAGE, {"name": " My  chairs ", "query": "?q=chair&free=1&sort=newest"})
    assert answer.status_code == 302
    assert answer.url == "/marketplace/?q=chair&free=1"
    assert person.saved_searches.get().name == "My chairs"
    assert "“My chairs” was saved" in client.get(answer.url).content.decode()


def test_the_grid_offers_to_save_what_it_looks_for(client, person):
    category = CategoryFactory(name="Seats")
    assert "Save search" not in client.get("/marketplace/").content.decode()
    page = client.get("/marketplace/", {"q": "chair", "category": category.slug}).content.decode()
    assert 'value="chair, Seats"' in page
    saved_searches.save(user=person, name="Mine", query=f"?q=chair&category={category.slug}")
    page = client.get("/marketplace/", {"q": "chair", "category": category.slug}).content.decode()
    assert "Save search" not in page
    assert f'href="{PAGE}"' in page


def test_a_visitor_comes_back_to_the_grid_after_signing_in(client):
    page = client.get("/marketplace/", {"q": "chair"}).content.decode()
    assert f"{reverse('account_login')}?next=/marketplace/%3Fq%3Dchair" in page


def test_a_saved_search_opens_sorted_by_the_newest(client, person):
    assert client.get(saved_by(person).get_absolute_url()).url == "/marketplace/?q=chair&sort=newest"


def test_deleting_asks_first(client, person):
    saved = saved_by(person)
    address = reverse("marketplace:delete_saved_search", args=[saved.pk])
    assert "Delete “Chairs”?" in client.get(address).content.decode()
    assert SavedSearch.objects.exists()
    assert client.post(address).url == PAGE
    assert not SavedSearch.objects.exists()


def test_a_page_without_searches_says_how_to_get_one(client, person):
    assert "No saved searches" in client.get(PAGE).content.decode()


def test_the_page_costs_the_same_however_many_there_are(client, person):
    def queries():
        with CaptureQueriesContext(connection) as context:
            assert client.get(PAGE).status_code == 200
        return len(context)

    saved_by(person)
    client.get(PAGE)
    first = queries()
    for number in range(MAX_EACH - 1):
        saved_by(person, query=f"?q={number}")
    assert queries() == first <= MOST_QUERIES


# Told


def test_nobody_hears_of_what_they_would_not_find(person):
    saved_by(person)
    person.mature_content = "hide"
    person.save()
    blocked = UserFactory(creator=True)
    UserBlock.objects.create(blocker=person, blocked=blocked)
    published(creator=person)
    published(creator=blocked)
    published(is_mature=True)
    published(title="Lamp", description="")
    published(visibility="unlisted")
    published(ago=timedelta(days=3))
    assert saved_searches.look_for_new_matches() == 0
    assert told(person) == []


def test_a_suspended_person_is_told_nothing(person):
    saved_by(person)
    published()
    person.is_active = False
    person.save()
    assert saved_searches.look_for_new_matches() == 0


def test_new_matches_are_told_once_a_day_in_one_notification(client, person):
    saved = saved_by(person)
    published(title="Oak chair")
    published(title="Elm chair")
    now = timezone.now()
    assert saved_searches.look_for_new_matches(now=now) == 1
    assert told(person) == ["2 new models for “Chairs”"]
    published(ago=timedelta(0), title="Ash chair")
    # Nothing more on this day, however often somebody looks.
    assert saved_searches.look_for_new_matches(now=now + 2 * HOUR) == 0
    # The next day the unread one goes on counting.
    assert saved_searches.look_for_new_matches(now=now + 25 * HOUR) == 1
    assert told(person) == ["3 new models for “Chairs”"]
    notification = person.notifications.get()
    assert client.get(notification.link).url == "/marketplace/?q=chair&sort=newest"
    notification.is_read = True
    notification.save()
    model = Model3D.objects.get(title="Ash chair")
    Model3DFactory(listed=True, title="Fir chair", creator=model.creator, published_at=now + 26 * HOUR)
    assert saved_searches.look_for_new_matches(now=now + 50 * HOUR) == 1
    assert set(told(person)) == {"3 new models for “Chairs”", "1 new model for “Chairs”"}
    saved.refresh_from_db()
    assert saved.seen_until > now + 49 * HOUR


def test_what_is_just_being_published_waits_for_the_next_look(person):
    saved_by(person)
    published(ago=timedelta(seconds=5))
    now = timezone.now()
    assert saved_searches.look_for_new_matches(now=now) == 0
    assert saved_searches.look_for_new_matches(now=now + 2 * HOUR) == 1


def test_searches_that_are_not_due_are_left_alone(person):
    saved_by(person, next_look_at=timezone.now() + HOUR)
    published()
    assert saved_searches.look_for_new_matches() == 0


def test_a_filter_that_is_gone_does_not_stop_the_others(person):
    saved_by(person, query="?q=chair&category=no-such-shelf")
    published()
    assert saved_searches.look_for_new_matches() == 1


def test_the_mail_names_the_models_and_follows_the_preference(person):
    saved_by(person)
    for number in range(7):
        published(title=f"Chair {number}", creator=UserFactory(creator=True))
    saved_searches.look_for_new_matches()
    mail = OutgoingMail.objects.get()
    assert mail.subject == "7 new models for “Chairs”"
    assert mail.text.count("- Chair") == 5
    assert "and 2 more" in mail.text
    assert "/marketplace/?q=chair&sort=newest" in mail.text
    assert mail.unsubscribe_url
    OutgoingMail.objects.all().delete()
    choose(person, {Notification.Kind.SAVED_SEARCH: Channels(on_site=True, by_mail=False)})
    SavedSearch.objects.update(seen_until=timezone.now() - timedelta(days=1), next_look_at=timezone.now())
    assert saved_searches.look_for_new_matches() == 1
    assert not OutgoingMail.objects.exists()
