import threading
import uuid
from datetime import UTC, timedelta

import pytest
import redis
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import RequestFactory
from django.utils import timezone

from accounts.tests.factories import UserFactory
from marketplace import statistics
from marketplace.models import Collection, DailyStats, Model3D, ViewBatch
from marketplace.tests.factories import CollectionFactory, Model3DFactory

pytestmark = pytest.mark.django_db

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def visit(thing, *, user=None, address="203.0.113.7", agent=BROWSER, method="get", **headers):
    request = getattr(RequestFactory(), method)(
        "/", REMOTE_ADDR=address, headers={"User-Agent": agent, **headers}
    )
    request.user = user or AnonymousUser()
    if isinstance(thing, Collection):
        return statistics.record_collection_view(thing, request)
    return statistics.record_view(thing, request)


def today():
    return timezone.now().astimezone(UTC).date()


@pytest.fixture
def model():
    return Model3DFactory(listed=True)


@pytest.fixture
def client_of_counters():
    with redis.Redis.from_url(settings.COUNTERS_REDIS_URL) as client:
        yield client


@pytest.mark.parametrize(
    "agent",
    [
        "",
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0)",
        "facebookexternalhit/1.1",
        "curl/8.5.0",
        "python-requests/2.32",
        "Mozilla/5.0 (compatible; YandexBot/3.0)",
        "Twitterbot/1.0",
        "Mozilla/5.0 HeadlessChrome/120.0",
    ],
)
def test_bots_are_not_counted(model, agent):
    assert visit(model, agent=agent) is False
    assert statistics.flush_views() == 0


@pytest.mark.parametrize(
    "headers", [{"Sec-Purpose": "prefetch;prerender"}, {"Purpose": "prefetch"}, {"X-Moz": "prefetch"}]
)
def test_pages_fetched_before_anybody_looks_are_not_counted(model, headers):
    assert visit(model, **headers) is False


def test_head_requests_are_not_counted(model):
    assert visit(model, method="head") is False


def test_creators_do_not_count_on_their_own_models(model):
    assert visit(model, user=model.creator) is False


def test_moderators_looking_at_what_is_not_open_do_not_count():
    assert visit(Model3DFactory(pending=True), user=UserFactory(moderator=True)) is False


def test_a_visitor_counts_once_an_hour(model, client_of_counters):
    assert visit(model) is True
    assert visit(model) is False
    (seen,) = client_of_counters.keys("views:seen:*")
    assert 3590 <= client_of_counters.ttl(seen) <= 3600
    client_of_counters.delete(seen)
    assert visit(model) is True
    statistics.flush_views()
    model.refresh_from_db()
    assert model.views == 2


def test_other_addresses_other_browsers_and_other_models_count_by_themselves(model):
    assert visit(model) is True
    assert visit(model, address="203.0.113.8") is True
    assert visit(model, agent=BROWSER.replace("140", "141")) is True
    assert visit(Model3DFactory(listed=True)) is True


@pytest.mark.parametrize(
    "address", ["203.0.113.7", "2001:db8:0:1:{number:x}::1", "not an address"], ids=["v4", "v6", "odd"]
)
def test_one_address_does_not_lift_a_model_by_naming_its_browser_anew(model, address):
    counted = [
        visit(model, address=address.format(number=number), agent=f"{BROWSER} {number}")
        for number in range(statistics.VISITORS_OF_ADDRESS + 10)
    ]
    assert sum(counted) == statistics.VISITORS_OF_ADDRESS
    assert statistics.flush_views() == statistics.VISITORS_OF_ADDRESS
    assert visit(model, address="203.0.113.8") is True


def test_a_person_counts_once_from_all_their_addresses(model):
    person = UserFactory()
    assert visit(model, user=person) is True
    assert visit(model, user=person, address="203.0.113.99") is False


def test_no_address_is_kept(model, client_of_counters):
    visit(model)
    for key in client_of_counters.keys("*"):
        assert b"203.0.113" not in key


def test_a_page_view_counts_through_the_page(client, model):
    client.get(f"/model/{model.pk}/", headers={"User-Agent": BROWSER})
    client.get(f"/model/{model.pk}/", headers={"User-Agent": BROWSER})
    assert statistics.flush_views() == 1


def test_the_page_is_shown_where_redis_does_not_answer(client, model, monkeypatch):
    away = redis.Redis(unix_socket_path="/nonexistent/redis.sock")
    monkeypatch.setattr(statistics, "_counters", lambda: away)
    assert client.get(f"/model/{model.pk}/", headers={"User-Agent": BROWSER}).status_code == 200


def test_flushing_adds_to_the_model_and_to_the_day(model):
    DailyStats.objects.create(model=model, day=today(), views=5, downloads=2)
    for number in range(3):
        visit(model, address=f"203.0.113.{number}")
    assert statistics.flush_views() == 3
    model.refresh_from_db()
    assert model.views == 3
    day = DailyStats.objects.get(model=model)
    assert (day.views, day.downloads) == (8, 2)
    assert statistics.flush_views() == 0


def test_views_of_a_model_that_is_gone_are_dropped_and_the_rest_is_added(model):
    other = Model3DFactory(listed=True)
    visit(model)
    visit(other)
    pk = other.pk
    Model3D.objects.filter(pk=pk).update(current_file=None)
    other.files.all().delete()
    Model3D.objects.filter(pk=pk).delete()
    assert statistics.flush_views() == 1


def test_a_crash_before_the_database_commits_loses_nothing(model, monkeypatch):
    visit(model)

    def crash(counts):
        raise RuntimeError("killed")

    with monkeypatch.context() as patch:
        patch.setattr(statistics, "_add_views", crash)
        with pytest.raises(RuntimeError):
            statistics.flush_views()
    visit(model, address="203.0.113.50")
    assert statistics.flush_views() == 1
    assert statistics.flush_views() == 1
    model.refresh_from_db()
    assert model.views == 2


def test_a_crash_after_the_database_commits_doubles_nothing(model, client_of_counters):
    visit(model)
    batch = str(uuid.uuid4())
    client_of_counters.rename("views:pending", "views:flushing")
    client_of_counters.hset("views:flushing", "batch", batch)
    ViewBatch.objects.create(batch_id=batch)
    assert statistics.flush_views() == 0
    assert not client_of_counters.exists("views:flushing")
    model.refresh_from_db()
    assert model.views == 0


def test_old_marks_of_batches_are_cleared(model):
    ViewBatch.objects.create(batch_id=uuid.uuid4(), applied_at=timezone.now() - timedelta(days=3))
    visit(model)
    statistics.flush_views()
    assert ViewBatch.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_visits_and_flushes_at_once_count_each_visitor_once(model):
    def look(number):
        for person in range(20):
            visit(model, address=f"198.51.100.{person}")
        statistics.flush_views()
        connection.close()

    threads = [threading.Thread(target=look, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    statistics.flush_views()
    model.refresh_from_db()
    assert model.views == 20
    assert DailyStats.objects.get(model=model).views == 20


def test_recent_events_weigh_more_and_old_ones_nothing(model):
    older, forgotten, quiet = (Model3DFactory(listed=True) for _ in range(3))
    Model3D.objects.filter(pk=quiet.pk).update(trending_score=99)
    DailyStats.objects.create(model=model, day=today(), views=10)
    DailyStats.objects.create(model=older, day=today() - timedelta(days=2), views=10)
    DailyStats.objects.create(model=forgotten, day=today() - timedelta(days=7), views=1000)
    assert statistics.refresh_trending() == 3
    scores = dict(Model3D.objects.values_list("pk", "trending_score"))
    assert scores == {model.pk: 10, older.pk: 5, forgotten.pk: 0, quiet.pk: 0}
    assert statistics.refresh_trending() == 0


def test_a_sale_weighs_more_than_a_download_than_a_view(model):
    downloaded, sold = Model3DFactory(listed=True), Model3DFactory(listed=True)
    DailyStats.objects.create(model=model, day=today(), views=1)
    DailyStats.objects.create(model=downloaded, day=today(), downloads=1)
    DailyStats.objects.create(model=sold, day=today(), sales=1)
    statistics.refresh_trending()
    order = Model3D.objects.order_by("-trending_score").values_list("pk", flat=True)
    assert list(order) == [sold.pk, downloaded.pk, model.pk]


def test_collections_are_counted_beside_models_and_neither_by_their_owners(model):
    # The same number as a model's is another thing.
    collection, private = CollectionFactory(pk=model.pk), CollectionFactory(pk=model.pk + 1, is_public=False)
    assert visit(collection, user=collection.owner) is False
    assert visit(private) is False
    assert visit(collection, agent="curl/8.5.0") is False
    assert [visit(collection), visit(collection), visit(model)] == [True, False, True]
    assert visit(collection, address="203.0.113.8") is True
    assert statistics.flush_views() == 3
    collection.refresh_from_db()
    model.refresh_from_db()
    assert (collection.views, model.views) == (2, 1)
    assert DailyStats.objects.get().views == 1


def test_views_of_a_collection_that_is_gone_are_dropped():
    collection = CollectionFactory()
    visit(collection)
    collection.delete()
    assert statistics.flush_views() == 0


@pytest.mark.parametrize(
    ("referrer", "source"),
    [
        ("", "direct"),
        ("nonsense", "direct"),
        ("https://[::1", "direct"),
        ("android-app://com.google.android.gm", "direct"),
        ("https://www.google.de/", "engine"),
        ("https://search.brave.com/", "engine"),
        ("https://t.co/abc", "social"),
        ("https://old.reddit.com/r/blender", "social"),
        ("https://example.com/a-blog", "other"),
        ("http://testserver/search/?q=chair", "search"),
        ("http://testserver/marketplace/?q=chair", "search"),
        ("http://testserver/marketplace/", "browse"),
        ("http://testserver/", "browse"),
        ("http://testserver/no/such/page", "browse"),
        ("http://testserver/profile/ana/", "profile"),
        ("http://testserver/model/7/", "model"),
    ],
)
def test_of_where_a_visitor_came_from_only_the_kind_is_kept(model, referrer, source, client_of_counters):
    assert visit(model, Referer=referrer) is True
    counted = client_of_counters.hgetall(statistics.PENDING)
    assert counted == {f"{model.pk}:{today().isoformat()}:{source}".encode(): b"1"}
    statistics.flush_views()
    assert list(model.daily_sources.values_list("source", "views")) == [(source, 1)]


def test_views_from_several_places_are_one_sum_of_the_day(model):
    for number, referrer in enumerate(("", "https://www.bing.com/", "https://duckduckgo.com/")):
        visit(model, address=f"203.0.113.{number}", Referer=referrer)
    statistics.flush_views()
    assert model.daily_stats.get().views == 3
    assert dict(model.daily_sources.values_list("source", "views")) == {"direct": 1, "engine": 2}


def test_a_view_that_an_older_release_counted_has_no_source(model, client_of_counters):
    client_of_counters.hset(statistics.PENDING, f"{model.pk}:{today().isoformat()}", 2)
    statistics.flush_views()
    assert model.daily_stats.get().views == 2
    assert not model.daily_sources.exists()
