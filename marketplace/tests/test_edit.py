"""The creator's pages of a model: details, price, submission, deletion, inventory."""

import threading
import time
import uuid
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.urls import reverse

from accounts.tests.factories import UserFactory
from core.models import AuditEntry
from core.tests.locks import somebody_waits
from marketplace.actions import deletion
from marketplace.actions.assembly import assemble
from marketplace.actions.publishing import edit_model
from marketplace.arrivals import Arrival
from marketplace.exceptions import TransitionRefused
from marketplace.models import Category, Model3D, ModelFile, Tag
from marketplace.tests.factories import (
    CategoryFactory,
    Model3DFactory,
    ModelFileFactory,
    arrived,
    original_bytes,
)
from marketplace.uploads import complete_of_batch, take

pytestmark = pytest.mark.django_db


@pytest.fixture
def creator(client):
    user = UserFactory(creator=True)
    client.force_login(user)
    return user


def details(model: Model3D, **changes) -> dict:
    data = {
        "title": model.title,
        "description": model.description,
        "category": model.category_id or "",
        "tags": ", ".join(model.tags.values_list("name", flat=True)),
        "pricing": "paid" if model.price else "free",
        "price": str(model.price),
        "license": model.license,
        "preview_mode": model.preview_mode,
        "visibility": model.visibility,
        "is_published": "on",
        **changes,
    }
    return {name: value for name, value in data.items() if value is not None}


def save(client, model, **changes):
    return client.post(model.get_edit_url(), details(model, **changes))


PAGES = ["edit", "delete", "processing"]
VERBS = ["retract", "delete", "retry_processing", "add_files"]


@pytest.mark.parametrize("page", PAGES)
def test_the_pages_of_another_creators_model_do_not_exist(client, creator, page):
    model = Model3DFactory(listed=True)

    assert client.get(reverse(f"marketplace:{page}", args=[model.pk])).status_code == 404


@pytest.mark.parametrize("verb", VERBS)
def test_nobody_acts_on_another_creators_model(client, creator, verb):
    model = Model3DFactory(pending=True)

    assert client.post(reverse(f"marketplace:{verb}", args=[model.pk])).status_code == 404
    assert save(client, model, title="Mine now").status_code == 404
    model.refresh_from_db()
    assert (model.status, model.deleted_at) == ("pending", None)


@pytest.mark.parametrize("verb", VERBS)
def test_a_visitor_and_a_deleted_model_get_no_further(client, verb):
    model = Model3DFactory(pending=True)
    address = reverse(f"marketplace:{verb}", args=[model.pk])

    assert client.post(address).url.startswith(reverse("account_login"))
    model.withdraw()
    client.force_login(model.creator)
    assert client.post(address).status_code == 404


def test_a_draft_is_saved_with_little_and_keeps_what_was_typed(client, creator):
    model = Model3DFactory(creator=creator, category=None, description="")

    response = save(client, model, title="  Stool \n of   ash ", tags=" Wood, wood ,Sci-Fi,, C++ ")

    assert response.url == model.get_edit_url()
    model.refresh_from_db()
    assert model.title == "Stool of ash"
    assert set(model.tags.values_list("name", flat=True)) == {"wood", "sci-fi", "c++"}
    assert model.status == Model3D.Status.DRAFT


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "!!!"}, "title"),
        ({"title": "x" * 121}, "title"),
        ({"title": "a\x00b"}, "title"),
        ({"description": "x" * 20001}, "description"),
        ({"category": "999999"}, "category"),
        ({"category": "'; drop table"}, "category"),
        ({"tags": ",".join(f"tag{n}" for n in range(16))}, "tags"),
        ({"tags": "x" * 41}, "tags"),
        ({"tags": "<script>"}, "tags"),
        ({"pricing": "paid", "price": ""}, "price"),
        ({"pricing": "paid", "price": "-5"}, "price"),
        ({"pricing": "paid", "price": "0"}, "price"),
        ({"pricing": "paid", "price": "0.99"}, "price"),
        ({"pricing": "paid", "price": "1.001"}, "price"),
        ({"pricing": "paid", "price": "NaN"}, "price"),
        ({"pricing": "paid", "price": "sNaN"}, "price"),
        ({"pricing": "paid", "price": "Infinity"}, "price"),
        ({"pricing": "paid", "price": "1e400"}, "price"),
        ({"pricing": "paid", "price": "10000.01"}, "price"),
        ({"pricing": "paid", "price": "99999999999999"}, "price"),
        ({"pricing": "gift"}, "pricing"),
        ({"license": "mine"}, "license"),
        ({"visibility": "secret"}, "visibility"),
        ({"preview_mode": ""}, "preview_mode"),
    ],
)
def test_a_bad_value_is_told_beside_its_field_and_changes_nothing(client, creator, changes, field):
    model = Model3DFactory(creator=creator, with_file=True)
    before = Model3D.objects.values().get(pk=model.pk)

    response = save(client, model, **{"description": "typed meanwhile", **changes})

    assert response.status_code == 422
    assert response.context["form"].errors[field]
    assert Model3D.objects.values().get(pk=model.pk) == before
    if field != "description":
        assert "typed meanwhile" in response.content.decode()


def test_one_private_model_too_many_is_told_beside_its_field(client, creator, settings):
    settings.PRIVATE_MODELS = 0
    model = Model3DFactory(creator=creator)
    response = save(client, model, visibility="private", title="Not saved")
    assert response.status_code == 422
    assert "at most 0 can be private" in response.context["form"].errors["visibility"][0]
    model.refresh_from_db()
    assert (model.visibility, model.title == "Not saved") == ("public", False)


def test_the_lowest_and_the_highest_price_are_allowed_and_free_needs_none(client, creator):
    model = Model3DFactory(creator=creator)
    for price in ("1.00", "10000"):
        save(client, model, pricing="paid", price=price)
        model.refresh_from_db()
        assert model.price == Decimal(price)
    save(client, model, pricing="free", price="rubbish")
    model.refresh_from_db()
    assert model.price == 0


def test_a_disabled_category_cannot_be_chosen(client, creator):
    model = Model3DFactory(creator=creator)
    closed = CategoryFactory(enabled=False)

    assert save(client, model, category=closed.pk).context["form"].errors["category"]


def test_submitting_names_each_missing_thing_and_keeps_what_was_saved(client, creator):
    model = Model3DFactory(creator=creator, category=None, description="")
    ModelFileFactory(model=model)

    response = save(client, model, title="Saved first", action="submit")

    page = client.get(response.url.partition("#")[0]).content.decode()
    for text in ("The file is still being processed", "Describe the model.", "Choose a category."):
        assert text in page
    assert 'href="#id_category"' in page
    model.refresh_from_db()
    assert (model.status, model.title) == ("draft", "Saved first")


def test_a_complete_model_is_submitted_once(client, creator):
    model = Model3DFactory(creator=creator, with_file=True)

    for _ in range(2):
        assert save(client, model, action="submit").status_code == 302

    model.refresh_from_db()
    assert model.status == Model3D.Status.PENDING
    assert AuditEntry.objects.filter(action="model.submit").count() == 1


def test_a_waiting_model_can_be_taken_back(client, creator):
    model = Model3DFactory(creator=creator, pending=True)

    client.post(reverse("marketplace:retract", args=[model.pk]))

    model.refresh_from_db()
    assert model.status == Model3D.Status.DRAFT


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"title": "Another title"}, "pending"),
        ({"description": "Other words."}, "pending"),
        ({"tags": "new"}, "pending"),
        ({"license": "cc0"}, "pending"),
        ({"price": "99.00"}, "approved"),
        ({"visibility": "unlisted"}, "approved"),
        ({"is_published": None}, "approved"),
        ({"is_mature": "on"}, "approved"),
        ({"ai_training_allowed": "on"}, "approved"),
        ({"preview_mode": "pictures"}, "approved"),
        ({}, "approved"),
    ],
)
def test_an_approved_model_goes_back_to_review_when_what_was_reviewed_changes(
    client, creator, changes, status
):
    model = Model3DFactory(creator=creator, listed=True, tags=["oak"])

    assert save(client, model, **changes).status_code == 302

    model.refresh_from_db()
    assert model.status == status


def test_what_is_in_review_or_live_cannot_lose_its_description(client, creator):
    model = Model3DFactory(creator=creator, listed=True)

    assert save(client, model, description="").context["form"].errors["description"]


def counts(model):
    category = Category.objects.get(pk=model.category_id)
    model.creator.refresh_from_db()
    return category.model_count, model.creator.total_models


def test_counts_follow_what_is_listed(creator):
    model = Model3DFactory(creator=creator, pending=True)
    moderator = UserFactory(moderator=True)
    assert counts(model) == (0, 0)

    model.approve(by=moderator)
    assert counts(model) == (1, 1)
    edit_model(model=model, tags=[], is_published=False)
    assert counts(model) == (0, 0)
    edit_model(model=model, tags=[], is_published=True)
    assert counts(model) == (1, 1)
    old, new = model.category, CategoryFactory()
    edit_model(model=model, tags=[], category=new)
    assert counts(model) == (0, 0), "a new category is a matter of review"
    model.approve(by=moderator)
    assert counts(model) == (1, 1)
    old.refresh_from_db()
    assert old.model_count == 0
    model.undo_decision(by=moderator)
    assert counts(model) == (0, 0)
    model.approve(by=moderator)
    model.withdraw()
    model.withdraw()
    assert counts(model) == (0, 0)


def test_a_full_preview_is_gone_with_the_price_and_the_file_is_queued_for_another(
    creator, django_capture_on_commit_callbacks
):
    model = Model3DFactory(creator=creator, listed=True, free=True)
    full = model.current_file.preview

    with django_capture_on_commit_callbacks() as callbacks:
        edit_model(model=model, tags=[], price=Decimal("5.00"))

    file = ModelFile.objects.get(pk=model.current_file_id)
    assert not file.preview
    assert file.state == ModelFile.State.QUEUED
    assert "gltf" not in file.finished_steps
    assert "poster" in file.finished_steps
    for callback in callbacks:
        callback()
    assert not full.storage.exists(full.name)


def test_a_reduced_preview_stays_while_a_fuller_one_is_made(creator):
    model = Model3DFactory(creator=creator, listed=True)

    edit_model(model=model, tags=[], price=Decimal("0.00"))

    file = ModelFile.objects.get(pk=model.current_file_id)
    assert file.preview.storage.exists(file.preview.name)
    assert file.state == ModelFile.State.QUEUED


def test_a_price_changed_within_paid_leaves_the_preview_alone(creator):
    model = Model3DFactory(creator=creator, listed=True)

    edit_model(model=model, tags=[], price=Decimal("7.00"))

    assert ModelFile.objects.get(pk=model.current_file_id).state == ModelFile.State.READY


def test_the_same_new_tag_is_made_once():
    for model in (Model3DFactory(), Model3DFactory()):
        edit_model(model=model, tags=["brand new"])

    assert Tag.objects.filter(name="brand new").count() == 1


def test_deleting_asks_by_name_then_takes_a_draft_away_and_keeps_its_files_for_a_while(
    client, creator, django_capture_on_commit_callbacks
):
    model = Model3DFactory(creator=creator, with_file=True)
    stored = model.current_file.stored_files()
    address = reverse("marketplace:delete", args=[model.pk])

    assert f"Delete “{model.title}”?" in client.get(address).content.decode()
    assert Model3D.objects.filter(pk=model.pk).exists()
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(address).url == reverse("marketplace:inventory")

    assert not Model3D.objects.owned_by(creator).exists()
    assert Model3D.objects.deleted_by(creator).get() == model
    assert all(file.storage.exists(file.name) for file in stored)
    assert client.get(model.get_edit_url()).status_code == 404


def test_what_others_may_have_is_withdrawn_and_its_files_stay(client, creator):
    model = Model3DFactory(creator=creator, listed=True)

    client.post(reverse("marketplace:delete", args=[model.pk]))

    model.refresh_from_db()
    assert model.deleted_at is not None
    assert model.current_file.original.storage.exists(model.current_file.original.name)
    assert not client.get(reverse("marketplace:inventory")).context["page"].object_list


def test_the_live_part_says_nothing_while_nothing_changes(client, creator):
    file = ModelFileFactory(model__creator=creator)
    address = reverse("marketplace:processing", args=[file.model_id])
    htmx = {"HX-Request": "true"}

    page = client.get(address, headers=htmx)
    stamp = page.context["panel"].stamp
    assert 'hx-trigger="every 2s"' in page.content.decode()
    assert client.get(address, {"seen": stamp}, headers=htmx).status_code == 204

    ModelFile.objects.update(state="failed", step="gltf", failure_message="It is broken.")
    page = client.get(address, {"seen": stamp}, headers=htmx).content.decode()
    assert "hx-trigger" not in page
    assert "It is broken." in page
    assert "Try again" in page


def test_a_signed_out_page_reloads_itself_and_a_plain_request_goes_to_the_whole_page(client, creator):
    file = ModelFileFactory(model__creator=creator)
    address = reverse("marketplace:processing", args=[file.model_id])

    assert client.get(address).url == file.model.get_edit_url()
    client.logout()
    assert client.get(address, headers={"HX-Request": "true"})["HX-Refresh"] == "true"


def test_a_failed_file_is_started_again_from_its_page(client, creator):
    file = ModelFileFactory(failed=True, model__creator=creator)

    client.post(reverse("marketplace:retry_processing", args=[file.model_id]))

    file.refresh_from_db()
    assert (file.state, file.failure_message, file.attempts) == ("queued", "", 0)


def test_the_edit_page_shows_numbers_of_preview_and_original(client, creator):
    model = Model3DFactory(creator=creator, with_file=True)

    page = client.get(model.get_edit_url()).content.decode()

    assert "128 of 512" in page
    assert "What the public sees" in page


def test_the_inventory_shows_a_creators_own_models_by_state(client, creator):
    Model3DFactory(title="A stranger's")
    draft = Model3DFactory(creator=creator, title="My draft")
    live = Model3DFactory(creator=creator, title="My live one", listed=True)
    ModelFileFactory(model=draft, failed=True)

    page = client.get(reverse("marketplace:inventory"))
    assert {model.pk for model in page.context["page"]} == {draft.pk, live.pk}
    assert "File failed" in page.content.decode()
    assert "A stranger" not in page.content.decode()

    page = client.get(reverse("marketplace:inventory"), {"status": "approved"})
    assert [model.pk for model in page.context["page"]] == [live.pk]
    for nonsense in ("zzz", "' or 1=1", ""):
        assert (
            client.get(reverse("marketplace:inventory"), {"status": nonsense, "page": "-7"}).status_code
            == 200
        )


def test_the_inventory_asks_the_database_as_often_for_many_models_as_for_few(
    client, creator, django_assert_max_num_queries
):
    category = CategoryFactory()

    def queries(size):
        Model3DFactory.create_batch(size, creator=creator, listed=True, category=category)
        client.get(reverse("marketplace:inventory"))
        with django_assert_max_num_queries(12) as found:
            client.get(reverse("marketplace:inventory"))
        return len(found)

    assert queries(1) == queries(20)


def test_what_was_withdrawn_meanwhile_is_not_edited():
    model = Model3DFactory(listed=True)
    stale = Model3D.objects.get(pk=model.pk)
    deletion.delete_model(model=model)

    with pytest.raises(TransitionRefused):
        edit_model(model=stale, tags=["oak"], is_published=True)
    model.refresh_from_db()
    assert not model.is_published


def _delete_when_somebody_waits(model, is_locked: threading.Event) -> None:
    """Delete the model in a transaction that commits only when another one waits for the row."""
    with transaction.atomic():
        deletion.delete_model(model=model)
        is_locked.set()
        deadline = time.monotonic() + 30
        while not somebody_waits() and time.monotonic() < deadline:
            time.sleep(0.02)
    connection.close()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("verb", "answer"), [("edit", 404), ("retract", 404), ("add_files", 422), ("delete", 302)]
)
def test_a_model_that_is_deleted_in_the_same_moment_is_gone_and_nothing_fails(client, creator, verb, answer):
    model = Model3DFactory(creator=creator, with_file=True)
    data = details(model, title="Typed meanwhile")
    data_title = model.title
    if verb == "add_files":
        data = {"file": SimpleUploadedFile("chair.glb", original_bytes()), "end": "1"}
    is_locked = threading.Event()
    other = threading.Thread(
        target=_delete_when_somebody_waits, args=(Model3D.objects.get(pk=model.pk), is_locked)
    )
    other.start()
    assert is_locked.wait(30)

    response = client.post(reverse(f"marketplace:{verb}", args=[model.pk]), data)

    other.join()
    assert response.status_code == answer
    model = Model3D.objects.get()
    assert model.deleted_at is not None
    assert (model.title, model.status, model.files.count()) == (data_title, "draft", 1)


def _finish_when_somebody_waits(creator, batch, model, has_rows: threading.Event, problems: list) -> None:
    """Take a drop whose rows are locked into its model, from when another one waits for those rows."""
    try:
        with transaction.atomic():
            drop = complete_of_batch(creator, batch)
            has_rows.set()
            deadline = time.monotonic() + 30
            while not somebody_waits() and time.monotonic() < deadline:
                time.sleep(0.02)
            assemble(creator=creator, arrivals=[Arrival.of_upload(row) for row in drop], model=model)
            take(drop)
    except Exception as error:
        problems.append(error)
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_deleting_a_model_waits_for_the_drop_that_is_being_added_to_it(creator):
    model = Model3DFactory(creator=creator, with_file=True)
    batch = uuid.uuid4()
    arrived(creator, batch, "chair.stl", b"solid", model=model)
    has_rows = threading.Event()
    problems = []
    other = threading.Thread(
        target=_finish_when_somebody_waits,
        args=(creator, batch, Model3D.objects.get(pk=model.pk), has_rows, problems),
    )
    other.start()
    assert has_rows.wait(30)

    deletion.delete_model(model=model)

    other.join()
    assert not problems
    model = Model3D.objects.get()
    assert model.deleted_at is not None
    assert set(model.files.values_list("format", flat=True)) == {"glb", "stl"}
