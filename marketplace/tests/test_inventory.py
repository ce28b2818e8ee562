"""The list of a creator's models: whose, which, in what order; and how far files are."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.tests.factories import UserFactory
from marketplace.actions import deletion
from marketplace.inventory import PAGE_SIZE, SORTS
from marketplace.models import Model3D, ModelFile
from marketplace.tests.factories import CategoryFactory, Model3DFactory, ModelFileFactory

pytestmark = pytest.mark.django_db
ADDRESS = "/dashboard/inventory/"
PROGRESS = "/dashboard/inventory/progress/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def creator(client):
    user = UserFactory(creator=True)
    client.force_login(user)
    return user


def shown(client, **query) -> list[str]:
    response = client.get(ADDRESS, query)
    assert response.status_code == 200
    return [row.model.title for row in response.context["inventory"].rows]


def test_nobody_sees_the_models_of_another_or_how_far_they_are(client, creator):
    theirs = ModelFileFactory(model__title="Theirs").model
    deletion.delete_model(model=Model3DFactory(title="Theirs too"))

    for status in ("", "draft", "deleted"):
        assert shown(client, status=status, q="theirs") == []
    assert client.get(PROGRESS, {"model": theirs.pk}, headers=HTMX).status_code == 204
    client.logout()
    assert client.get(ADDRESS).url.startswith(reverse("account_login"))
    assert "HX-Refresh" in client.get(PROGRESS, {"model": theirs.pk}, headers=HTMX)


@pytest.mark.parametrize(
    "query",
    [
        {"status": "zzz", "sort": "' or 1=1", "page": "-7"},
        {"q": "\0%_'\"\\", "page": "99999999999999999999"},
        {"q": "x " * 5000, "sort": "title"},
        {"status": "deleted", "page": "two"},
    ],
)
def test_a_query_string_of_any_kind_gives_a_page(client, creator, query):
    Model3DFactory(creator=creator)
    assert client.get(ADDRESS, query).status_code == 200


def test_models_are_found_by_title_and_tag_within_a_state(client, creator):
    Model3DFactory(creator=creator, title="Café table", tags=["oak"])
    Model3DFactory(creator=creator, title="Lamp", tags=["oak", "brass"], listed=True)

    assert shown(client, q="cafe") == ["Café table"]
    assert set(shown(client, q="OAK")) == {"Café table", "Lamp"}
    assert shown(client, q="oak lamp") == ["Lamp"]
    assert shown(client, q="oak", status="draft") == ["Café table"]
    assert shown(client, q="oak chair") == []


def test_every_order_is_the_one_it_says_with_a_tie_break(client, creator):
    small = Model3DFactory(creator=creator, title="b", price=5, views=1, downloads=9, sales_count=2)
    large = Model3DFactory(creator=creator, title="A", price=50, views=8, downloads=1, sales_count=2)
    expected = {"title": ["A", "b"], "price": ["A", "b"], "views": ["A", "b"], "downloads": ["b", "A"]}
    expected |= {"sales": ["A", "b"], "newest": ["A", "b"], "changed": ["b", "A"]}
    Model3D.objects.filter(pk=small.pk).update(updated_at=timezone.now())

    assert set(expected) == set(SORTS)
    for sort, titles in expected.items():
        assert shown(client, sort=sort) == titles, sort
    assert large.pk > small.pk


def test_tabs_count_every_state_and_keep_words_and_order(client, creator):
    Model3DFactory(creator=creator)
    Model3DFactory(creator=creator, listed=True)
    deletion.delete_model(model=Model3DFactory(creator=creator))

    tabs = client.get(ADDRESS, {"q": "oak", "sort": "title"}).context["inventory"].tabs

    assert {tab["label"]: tab["count"] for tab in tabs} == {
        "All": 2, "Draft": 1, "In review": 0, "Approved": 1, "Rejected": 0, "Deleted": 1,
    }  # fmt: skip
    assert all("q=oak&sort=title" in tab["url"] for tab in tabs)


def test_a_row_says_where_model_and_files_stand(client, creator):
    at = timezone.now() + timezone.timedelta(days=2)
    Model3DFactory(creator=creator, listed=True, is_published=False, publish_at=at)
    waiting = Model3DFactory(creator=creator, listed=True)
    waiting.propose_file(ModelFileFactory(model=waiting, version=2, ready=True, standing="proposed"))
    ModelFileFactory(model__creator=creator, failed=True)
    ModelFileFactory(model__creator=creator, state="processing", step="poster")

    page = client.get(ADDRESS).content.decode()

    for words in ("in 1 day", "New version in review", "File failed", "Rendering the poster", "Storage"):
        assert words in page


def test_a_failure_that_a_later_version_has_mended_is_none(client, creator):
    model = ModelFileFactory(model__creator=creator, failed=True).model
    ModelFileFactory(model=model, version=2, ready=True, current=True)
    assert "File failed" not in client.get(ADDRESS).content.decode()


def test_an_open_page_learns_how_far_files_are_and_is_left_in_peace_otherwise(client, creator):
    file = ModelFileFactory(model__creator=creator)
    row = client.get(ADDRESS).context["inventory"].rows[0]
    query = {"model": [file.model_id, "x", "9" * 30], "seen": row.stamp}
    assert client.get(PROGRESS, query, headers=HTMX).status_code == 204

    ModelFile.objects.update(state="processing", step="gltf")
    page = client.get(PROGRESS, query, headers=HTMX).content.decode()
    assert "Measuring and making the preview" in page
    assert 'hx-swap-oob="true"' in page
    assert "every 3s" in page
    ModelFile.objects.update(state="ready", step="")
    assert "every 3s" not in client.get(PROGRESS, query, headers=HTMX).content.decode()


def test_the_page_asks_the_database_as_often_for_many_models_as_for_few(
    client, creator, django_assert_max_num_queries
):
    category = CategoryFactory()

    def queries(size):
        Model3DFactory.create_batch(size, creator=creator, listed=True, category=category, tags=["oak"])
        client.get(ADDRESS)
        with django_assert_max_num_queries(12) as found:
            response = client.get(ADDRESS, {"q": "oak", "sort": "sales"})
        assert len(response.context["inventory"].rows) <= PAGE_SIZE
        return len(found)

    assert queries(1) == queries(30)
