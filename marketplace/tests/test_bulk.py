"""Several models at once: only one's own, each wholly or not at all, and a reason for what is left as it is."""

import threading
from decimal import Decimal

import pytest
from django.db import connection
from django.urls import reverse

from accounts.models import Activity
from accounts.tests.factories import UserFactory
from marketplace.actions import bulk, deletion
from marketplace.bulk import MOST, ChangePrice, ChangeTags, Delete, Publish, Unpublish
from marketplace.exceptions import TransitionRefused
from marketplace.models import Category, Model3D, ModelFile
from marketplace.tests.factories import CategoryFactory, Model3DFactory, ModelFileFactory

pytestmark = pytest.mark.django_db
ADDRESS = "/dashboard/inventory/bulk/"
INVENTORY = "/dashboard/inventory/"


@pytest.fixture
def creator(client):
    user = UserFactory(creator=True)
    client.force_login(user)
    return user


def address(do: str, *models, **more) -> str:
    query = [("do", do), *(("model", getattr(model, "pk", model)) for model in models), *more.items()]
    return f"{ADDRESS}?{'&'.join(f'{name}={value}' for name, value in query)}"


def reasons(outcomes) -> dict[str, str]:
    return {outcome.model.title: outcome.refusal for outcome in outcomes if outcome.refusal}


DEEDS = ["publish", "unpublish", "price", "tags", "retry", "delete", "restore", "purge"]
MORE = {"price": {"how": "free"}, "tags": {"how": "add", "tags": "x"}}


@pytest.mark.parametrize("do", DEEDS)
def test_models_of_another_are_as_if_not_there(client, creator, do):
    theirs = Model3DFactory(listed=True, title="Theirs")
    gone = Model3DFactory(title="Gone")
    deletion.delete_model(model=gone)
    before = list(Model3D.objects.order_by("pk").values())

    for method in (client.get, client.post):
        response = method(address(do, theirs, gone, **MORE.get(do, {})))
        assert response.url == INVENTORY
    assert list(Model3D.objects.order_by("pk").values()) == before
    client.logout()
    assert client.post(address(do, theirs)).url.startswith(reverse("account_login"))


def test_foreign_models_in_a_selection_neither_show_nor_change(client, creator):
    own, theirs = Model3DFactory(creator=creator, title="Own"), Model3DFactory(title="Theirs")
    page = client.get(address("delete", own, theirs, 10**16, "x", "-1")).content.decode()
    assert "Own" in page
    assert "Theirs" not in page
    client.post(address("delete", own, theirs, 10**16, "x", "-1"))
    assert set(Model3D.objects.filter(deleted_at=None)) == {theirs}


def test_a_selection_has_an_end(client, creator):
    own = Model3DFactory(creator=creator)
    response = client.get(address("delete", own, *range(10**6, 10**6 + MOST)), follow=True)
    assert f"At most {MOST} models at once" in response.content.decode()
    assert client.post(address("delete", own, *range(10**6, 10**6 + 10_000))).status_code == 400
    assert client.get(address("burn", own)).status_code == 404
    assert Model3D.objects.owned_by(creator).count() == 1


def test_asking_changes_nothing_and_says_of_each_what_would_happen(client, creator):
    paid = Model3DFactory(creator=creator, title="Paid", price=Decimal("20.00"))
    Model3DFactory(creator=creator, title="Free", free=True)
    Model3DFactory(creator=creator, title="Cheap", price=Decimal("1.05"))
    ids = list(Model3D.objects.values_list("pk", flat=True))

    first = client.get(address("price", *ids)).content.decode()
    assert "Change the price of 3 models?" in first
    assert "What will happen" not in first
    page = client.get(address("price", *ids, how="lower", amount="10")).content.decode()
    assert "$20.00 → $18.00" in page
    assert "a percentage of nothing" in page
    assert "less than the lowest price" in page
    paid.refresh_from_db()
    assert paid.price == 20


@pytest.mark.parametrize(
    ("how", "amount"),
    [
        ("", ""), ("lower", ""), ("lower", "0"), ("lower", "100"), ("lower", "-5"), ("raise", "1001"),
        ("fixed", "0.5"), ("fixed", "NaN"), ("fixed", "Infinity"), ("fixed", "1e99"), ("fixed", "10000.01"),
        ("fixed", "<b>"), ("give", "5"), ("raise", "1.001"),
    ],
)  # fmt: skip
def test_nonsense_prices_are_refused_beside_the_field(client, creator, how, amount):
    model = Model3DFactory(creator=creator)
    response = client.post(address("price", model, how=how, amount=amount))
    assert response.status_code == 422
    model.refresh_from_db()
    assert model.price == 12


def test_prices_change_by_percentage_and_between_free_and_paid_with_the_preview(client, creator):
    paid = Model3DFactory(creator=creator, with_file=True, price=Decimal("9.99"))
    free = Model3DFactory(creator=creator, with_file=True, free=True)

    client.post(address("price", paid, free, how="raise", amount="15"))
    paid.refresh_from_db()
    assert paid.price == Decimal("11.49")
    client.post(address("price", paid, free, how="fixed", amount="5"))

    for model in (paid, free):
        model.refresh_from_db()
        assert model.price == 5
    assert ModelFile.objects.get(model=free).state == "queued"
    assert not ModelFile.objects.get(model=free).preview
    assert ModelFile.objects.get(model=paid).state == "ready"


def test_tags_are_added_within_bounds_and_send_what_is_live_to_review(creator):
    draft = Model3DFactory(creator=creator, title="Draft", tags=["oak"])
    full = Model3DFactory(creator=creator, title="Full", tags=[f"t{number}" for number in range(15)])
    live = Model3DFactory(creator=creator, title="Live", listed=True)
    has = Model3DFactory(creator=creator, title="Has", tags=["oak", "chair"])
    ids = [draft.pk, full.pk, live.pk, has.pk]

    outcomes = bulk.carry_out(owner=creator, deed=ChangeTags(names=("oak", "chair")), ids=ids)

    assert reasons(outcomes) == {
        "Full": "It would have 17 tags; 15 are the most.",
        "Has": "It has them all already.",
    }
    assert set(draft.tags.values_list("name", flat=True)) == {"oak", "chair"}
    live.refresh_from_db()
    assert live.status == "pending"
    outcomes = bulk.carry_out(
        owner=creator, deed=ChangeTags(names=("oak",), remove=True), ids=[draft.pk, full.pk]
    )
    assert reasons(outcomes) == {"Full": "It has none of them."}
    assert set(draft.tags.values_list("name", flat=True)) == {"chair"}


def test_publishing_and_hiding_keep_counts_right_and_tell_followers_once(creator):
    category = CategoryFactory()
    models = Model3DFactory.create_batch(3, creator=creator, listed=True, category=category)
    ids = [model.pk for model in models]
    assert reasons(bulk.carry_out(owner=creator, deed=Publish(), ids=ids)).values()
    bulk.carry_out(owner=creator, deed=Unpublish(), ids=ids)
    assert Category.objects.get().model_count == 0
    for _ in range(2):
        bulk.carry_out(owner=creator, deed=Publish(), ids=ids)
        assert Category.objects.get().model_count == 3
        told = Activity.objects.filter(verb="published").count()
        bulk.carry_out(owner=creator, deed=Unpublish(), ids=ids)
    assert told == 0
    creator.refresh_from_db()
    assert creator.total_models == 0


def test_what_is_taken_down_is_left_alone_with_the_reason(creator):
    model = Model3DFactory(creator=creator, listed=True, title="Down", removed_at="2026-01-01T00:00:00Z")
    outcomes = bulk.carry_out(owner=creator, deed=Unpublish(), ids=[model.pk])
    assert "Moderation" in reasons(outcomes)["Down"]


def test_deleted_models_come_back_by_one_press_and_the_report_is_told_once(client, creator):
    live = Model3DFactory(creator=creator, listed=True, title="Live")
    draft = Model3DFactory(creator=creator, title="Draft")
    response = client.post(address("delete", live, draft, back="status%3Ddraft%26evil%3D1"))
    assert response.url == f"{INVENTORY}?status=draft"
    page = client.get(response.url)
    report = page.context["report"]
    assert report.title == "Deleted: 2 models."
    assert "Undo" in page.content.decode()
    assert client.get(INVENTORY).context["report"] is None

    client.post(report.undo)

    live.refresh_from_db()
    draft.refresh_from_db()
    assert live.is_listed
    assert draft.deleted_at is None
    assert client.get(INVENTORY).context["report"].title == "Brought back: 2 models."


def test_only_what_was_nobody_elses_is_erased_from_the_bin(
    client, creator, django_capture_on_commit_callbacks
):
    draft = Model3DFactory(creator=creator, with_file=True, title="Draft")
    sold = Model3DFactory(creator=creator, listed=True, title="Sold")
    stored = draft.current_file.stored_files()
    bulk.carry_out(owner=creator, deed=Delete(), ids=[draft.pk, sold.pk])
    assert "Erase" in client.get(INVENTORY, {"status": "deleted"}).content.decode()

    with django_capture_on_commit_callbacks(execute=True):
        client.post(address("purge", draft, sold))

    assert list(Model3D.objects.all()) == [sold]
    assert not any(file.storage.exists(file.name) for file in stored)


def test_failed_files_are_tried_again_and_others_say_that_none_failed(client, creator):
    failed = ModelFileFactory(model__creator=creator, failed=True)
    fine = Model3DFactory(creator=creator, with_file=True, title="Fine")
    client.post(address("retry", failed.model, fine))
    failed.refresh_from_db()
    assert failed.state == "queued"
    report = client.get(INVENTORY).context["report"]
    assert report.refused == [["Fine", "None of its files has failed."]]


class Stubborn(ChangePrice):
    """Changes the price, and then finds a reason against the second model."""

    def carry_out(self, model):
        super().carry_out(model)
        if model.title == "second":
            raise TransitionRefused("Not this one.")


def test_a_refusal_in_the_middle_leaves_nothing_of_that_model_and_all_of_the_others(creator):
    models = [Model3DFactory(creator=creator, title=title) for title in ("first", "second", "third")]
    outcomes = bulk.carry_out(
        owner=creator, deed=Stubborn(amount=Decimal("5.00")), ids=[model.pk for model in models]
    )
    assert [outcome.refusal for outcome in outcomes] == ["", "Not this one.", ""]
    assert list(Model3D.objects.order_by("pk").values_list("price", flat=True)) == [5, 12, 5]


@pytest.mark.full
@pytest.mark.django_db(transaction=True)
def test_two_selections_at_once_wait_for_each_other_and_never_in_a_circle(creator):
    categories = CategoryFactory.create_batch(2)
    models = [
        Model3DFactory(creator=creator, listed=True, category=categories[number % 2], price=Decimal("10.00"))
        for number in range(8)
    ]
    ids = [model.pk for model in models]
    problems, outcomes = [], []
    start = threading.Barrier(4)

    def run(deed, chosen):
        try:
            start.wait(30)
            outcomes.extend(bulk.carry_out(owner=creator, deed=deed, ids=chosen) for _ in range(3))
        except Exception as error:
            problems.append(error)
        finally:
            connection.close()

    deeds = [
        (Unpublish(), ids),
        (Publish(), ids[::-1]),
        (ChangePrice(factor=Decimal("1.1")), ids[:5]),
        (ChangePrice(factor=Decimal("1.1")), ids[3:]),
    ]
    threads = [threading.Thread(target=run, args=deed) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)

    assert not problems
    assert len(outcomes) == 12
    prices = list(Model3D.objects.order_by("pk").values_list("price", flat=True))
    # Three rounds each; the two that both raise in six.
    assert prices == [Decimal("13.31")] * 3 + [Decimal("17.71")] * 2 + [Decimal("13.31")] * 3
    for category in categories:
        category.refresh_from_db()
        assert category.model_count == Model3D.objects.listed().filter(category=category).count()
    creator.refresh_from_db()
    assert creator.total_models == Model3D.objects.listed().count()


def test_what_is_asked_of_the_database_grows_by_no_more_than_the_models(
    client, creator, django_assert_max_num_queries
):
    Model3DFactory.create_batch(24, creator=creator, tags=["oak"])
    ids = list(Model3D.objects.values_list("pk", flat=True))
    client.get(address("tags", *ids, how="add", tags="pine"))
    with django_assert_max_num_queries(12):
        client.get(address("tags", *ids, how="add", tags="pine"))
