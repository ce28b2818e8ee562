"""The columns that lists are read by, which the database and the pipeline keep: whatever happens, they agree."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from marketplace.actions.comparing import compare
from marketplace.models import Category, Finding, Model3D
from marketplace.suitability import targets_of
from marketplace.tests.factories import CategoryFactory, Model3DFactory, ModelFileFactory

pytestmark = pytest.mark.django_db


def change(model, **fields):
    Model3D.objects.filter(pk=model.pk).update(**fields)


def agrees(model) -> bool:
    """Whether list and instance agree; returns what they say."""
    fresh = Model3D.objects.get(pk=model.pk)
    in_list = Model3D.objects.listed().filter(pk=model.pk).exists()
    assert in_list is fresh.is_listed is fresh.in_catalogue
    return in_list


# How a listed model leaves, and how it comes back.
WAYS = {
    "status": (lambda m: change(m, status="pending"), lambda m: change(m, status="approved")),
    "switch": (lambda m: change(m, is_published=False), lambda m: change(m, is_published=True)),
    "private": (lambda m: change(m, visibility="private"), lambda m: change(m, visibility="public")),
    "removed": (lambda m: change(m, removed_at=timezone.now()), lambda m: change(m, removed_at=None)),
    "file": (lambda m: change(m, current_file=None), lambda m: change(m, current_file=m.files.get())),
    "category": (lambda m: change(m, category=None), lambda m: change(m, category=m.category)),
    "category switched": (
        lambda m: Category.objects.filter(pk=m.category_id).update(enabled=False),
        lambda m: Category.objects.filter(pk=m.category_id).update(enabled=True),
    ),
    "creator switched": (
        lambda m: User.objects.filter(pk=m.creator_id).update(is_active=False),
        lambda m: User.objects.filter(pk=m.creator_id).update(is_active=True),
    ),
    "closed category": (
        lambda m: change(m, category=CategoryFactory(enabled=False)),
        lambda m: change(m, category=m.category),
    ),
    "saved as a whole": (
        lambda m: save(m, status="rejected", in_catalogue=True),
        lambda m: save(m, status="approved", in_catalogue=False),
    ),
}


def save(model, **fields):
    fresh = Model3D.objects.get(pk=model.pk)
    for name, value in fields.items():
        setattr(fresh, name, value)
    fresh.save()


@pytest.mark.parametrize("way", WAYS)
def test_a_model_leaves_every_list_at_once_and_comes_back(way):
    leave, come_back = WAYS[way]
    model, other = Model3DFactory(listed=True), Model3DFactory(listed=True)
    leave(model)
    assert agrees(model) is False
    assert agrees(other) is True
    come_back(model)
    assert agrees(model) is True


def test_two_reasons_to_be_gone_have_both_to_go():
    model = Model3DFactory(listed=True)
    User.objects.filter(pk=model.creator_id).update(is_active=False)
    Category.objects.filter(pk=model.category_id).update(enabled=False)
    Category.objects.filter(pk=model.category_id).update(enabled=True)
    assert agrees(model) is False
    User.objects.filter(pk=model.creator_id).update(is_active=True)
    assert agrees(model) is True


def test_nobody_can_write_a_model_into_the_catalogue():
    model = Model3DFactory(pending=True)
    change(model, in_catalogue=True)
    assert agrees(model) is False


def test_what_is_counted_besides_does_not_cost_a_look_at_category_and_creator():
    model = Model3DFactory(listed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgattr FROM pg_trigger WHERE tgname = 'model3d_catalogue'")
        watched = {int(number) for number in cursor.fetchone()[0].split()}
        cursor.execute(
            "SELECT attnum FROM pg_attribute WHERE attrelid = 'marketplace_model3d'::regclass"
            " AND attname IN ('views', 'likes', 'downloads', 'trending_score')"
        )
        assert watched.isdisjoint(number for (number,) in cursor.fetchall())
    assert agrees(model)


def facets_of(model):
    return set(Model3D.objects.values_list("facets", flat=True).get(pk=model.pk))


def test_everything_lists_are_narrowed_by_is_one_array():
    model = Model3DFactory(listed=True, price=Decimal("5.00"), license="cc_by", ai_training_allowed=True)
    change(
        model,
        file_formats=["glb", "fbx"],
        targets=["ar"],
        has_animations=True,
        poly_count=512,
        rating=Decimal("4.50"),
        rating_count=2,
        file_size=2_000_000,
    )
    assert facets_of(model) == {
        f"cat:{model.category_id}", "bar:3", "lic:cc_by", "tri:0", "size:1", "safe", "ai", "animated", "uv", "clean",
        "rated:4", "rated:3", "rated:2", "fmt:glb", "fmt:fbx", "for:ar",
    }  # fmt: skip


def test_bands_begin_at_their_lower_ends():
    model = Model3DFactory(listed=True, is_mature=True)
    for fields, word in (
        ({"poly_count": 9_999}, "tri:0"),
        ({"poly_count": 10_000}, "tri:1"),
        ({"poly_count": 1_000_000}, "tri:3"),
        ({"file_size": 0}, "size:0"),
        ({"file_size": 50_000_000}, "size:3"),
        ({"price": 0}, "bar:0"),
        ({"price": Decimal("1.99")}, "bar:1"),
        ({"price": 99999}, "bar:15"),
    ):
        change(model, **fields)
        assert word in facets_of(model), fields
    change(model, price=0, category=None, file_formats=[], targets=[])
    assert {word.split(":")[0] for word in facets_of(model)} == {
        "bar",
        "lic",
        "tri",
        "size",
        "free",
        "uv",
        "clean",
    }


def test_a_shown_file_brings_what_it_is_fit_for():
    model = Model3DFactory(with_file=True)
    file = ModelFileFactory(model=model, ready=True, version=2)
    file.inspection.details["gltf"] |= {"plain_materials": 0, "unlit_materials": 0}
    file.inspection.is_watertight = True
    file.inspection.save()
    model.show_file(file)
    model.refresh_from_db()
    assert model.targets == targets_of(file.inspection) == ["desktop", "mobile", "ar", "print"]
    assert model.has_pbr is True
    assert model.is_clean is True


@pytest.mark.parametrize(
    ("severity", "step", "is_clean"),
    [
        ("error", "gltf", False),
        ("warning", "formats", False),
        ("info", "gltf", True),
        ("warning", "claims", True),
    ],
)
def test_no_findings_means_none_that_concern_buyers(severity, step, is_clean):
    model = Model3DFactory(with_file=True)
    Finding.objects.create(file=model.current_file, step=step, severity=severity, code="x", message="x")
    model.show_file(model.current_file)
    model.refresh_from_db()
    assert model.is_clean is is_clean


def test_a_comparison_that_finds_nothing_any_more_is_noted():
    model = Model3DFactory(with_file=True)
    Finding.objects.create(file=model.current_file, step="formats", severity="warning", code="x", message="x")
    model.show_file(model.current_file)
    compare(model)
    model.refresh_from_db()
    assert model.is_clean is True


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("what", ["category", "creator"])
def test_a_model_that_comes_in_while_its_shelf_or_account_closes_is_not_listed(what):
    model = Model3DFactory(pending=True)
    closed = {
        "category": Category.objects.filter(pk=model.category_id),
        "creator": User.objects.filter(pk=model.creator_id),
    }[what]

    def approve():
        try:
            Model3D.objects.filter(pk=model.pk).update(status="approved")
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            closed.update(**{"enabled" if what == "category" else "is_active": False})
            approving = pool.submit(approve)
            # It waits for the one who closes, and so does not count on what was open before.
            with pytest.raises(TimeoutError):
                approving.result(timeout=1)
        approving.result(timeout=20)
    assert agrees(model) is False
