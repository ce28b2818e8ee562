"""Counts beside the filters: exact where they can be, honest estimates where not, in one statement."""

from decimal import Decimal

import pytest
from django.core.cache import cache

from marketplace.models import Category, Model3D
from marketplace.search import FACETS, Criteria, facets, facets_of, search
from marketplace.search.facets import PRICE_STEPS
from marketplace.suitability import Target
from marketplace.tests.factories import CategoryFactory, Model3DFactory

pytestmark = pytest.mark.django_db


def listed(count=1, **fields):
    """Listed models that share one file; measures in `fields` are set as the pipeline would."""
    measures = {name: fields.pop(name) for name in [*fields] if name in MEASURES}
    first = Model3DFactory(listed=True, **{**fields, "price": Decimal(fields.get("price", 12))})
    copies = [
        Model3D(
            creator=first.creator,
            category=first.category,
            title=first.title,
            price=first.price,
            status=first.status,
            submitted_at=first.submitted_at,
            published_at=first.published_at,
            current_file=first.current_file,
            is_mature=first.is_mature,
        )
        for _ in range(count - 1)
    ]
    made = [first, *Model3D.objects.bulk_create(copies)]
    Model3D.objects.filter(pk__in=[model.pk for model in made]).update(
        **{"has_uv": False, "is_clean": False, "targets": [], **measures}
    )
    return first


MEASURES = {
    "has_animations", "has_rigging", "has_textures", "has_pbr", "has_uv", "is_watertight", "is_clean", "targets",
    "file_formats", "poly_count", "file_size", "rating", "rating_count", "license",
}  # fmt: skip


def test_every_choice_finds_what_it_says_and_counts_it_so():
    listed(has_animations=True, has_rigging=True, file_formats=["glb", "fbx"], poly_count=5)
    listed(
        has_textures=True, has_pbr=True, has_uv=True, file_formats=["stl"], poly_count=50_000, license="cc0"
    )
    listed(
        is_watertight=True, is_clean=True, targets=["ar", "print"], file_size=20_000_000, poly_count=2_000_000
    )
    listed(rating=Decimal("4.20"), rating_count=3, targets=["mobile"], poly_count=500_000)
    counts = facets_of(Criteria())
    for facet in FACETS:
        for option in facet.options:
            found = search(Criteria(**{facet.field: (option.value,)})).count()
            assert counts.of(facet.name)[option.word] == found, option
            if facet.name in ("with", "for", "triangles"):
                assert found == 1 or option.value == "desktop", option


def test_a_choice_does_not_narrow_its_own_counts_but_all_others():
    listed(file_formats=["glb"], license="cc0")
    listed(file_formats=["fbx"], license="cc0")
    listed(file_formats=["fbx"], license="cc_by")
    counts = facets_of(Criteria(formats=("glb",)))
    assert counts.total == 1
    assert (counts.of("format")["fmt:glb"], counts.of("format")["fmt:fbx"]) == (1, 2)
    assert (counts.of("licence")["lic:cc0"], counts.of("licence")["lic:cc_by"]) == (1, 0)
    counts = facets_of(Criteria(formats=("glb",), licenses=("cc_by",)))
    assert counts.total == 0
    assert (counts.of("format")["fmt:glb"], counts.of("format")["fmt:fbx"]) == (0, 1)
    assert (counts.of("licence")["lic:cc0"], counts.of("licence")["lic:cc_by"]) == (1, 0)
    assert counts.of("triangles").by_word == {}


def test_choices_of_one_group_widen_each_other_and_measures_add_up():
    listed(title="A", file_formats=["glb"], has_uv=True)
    listed(title="B", file_formats=["fbx"], has_uv=True, has_rigging=True)
    assert search(Criteria(formats=("glb", "fbx"))).count() == 2
    assert [model.title for model in search(Criteria(features=("uv", "rigged")))] == ["B"]


def test_ai_training_and_free_have_counts_too():
    listed(price=0, ai_training_allowed=True)
    listed(price=0)
    listed(price=5)
    counts = facets_of(Criteria())
    assert (counts.free, counts.found["ai"]) == (2, 1)
    assert search(Criteria(ai=True)).count() == 1
    assert facets_of(Criteria(ai=True)).free == 1


def test_an_empty_marketplace_counts_nothing():
    counts = facets_of(Criteria())
    assert (counts.total, counts.is_exact, counts.free, counts.categories) == (0, True, 0, {})
    assert len(counts.prices) == len(PRICE_STEPS)


def test_who_hides_mature_models_does_not_count_them():
    listed(is_mature=True)
    listed()
    assert facets_of(Criteria()).total == 2
    assert facets_of(Criteria(hides_mature=True)).total == 1
    assert search(Criteria(hides_mature=True)).count() == 1


@pytest.fixture
def large(monkeypatch):
    """A marketplace of 340 models for which a sample of a hundred is looked through, in two categories."""
    monkeypatch.setattr(facets, "MAX_COUNT", 100)
    monkeypatch.setattr(facets, "ENOUGH", 20)
    listed(300, title="Common chair", category=CategoryFactory(slug="common"), has_rigging=True)
    listed(40, title="Rare lamp", category=CategoryFactory(slug="rare"), price=Decimal(7))
    Category.objects.filter(slug="common").update(model_count=300)
    Category.objects.filter(slug="rare").update(model_count=40)
    cache.clear()


def test_what_is_much_is_estimated_and_says_so(large):
    counts = facets_of(Criteria())
    assert not counts.is_exact
    assert 170 < counts.total < 510
    assert 150 < counts.categories["common"] < 450
    assert counts.total % 10 == 0


@pytest.mark.parametrize(
    "criteria",
    [{"categories": ("rare",)}, {"text": "lamp"}, {"price_min": Decimal(6), "price_max": Decimal(8)}],
)
def test_what_is_little_among_much_is_counted(large, criteria):
    counts = facets_of(Criteria(**criteria))
    assert counts.is_exact
    assert counts.total == counts.categories["rare"] == 40


def test_beside_a_counted_result_its_own_facet_may_be_estimated(large):
    counts = facets_of(Criteria(categories=("rare",)))
    assert not counts.of("category").is_exact
    assert 150 < counts.categories["common"] < 450
    assert facets_of(Criteria(categories=("rare",), features=("rigged",))).total == 0


def test_one_statement_counts_everything(django_assert_num_queries):
    listed(category=CategoryFactory(slug="a"))
    # Categories and synonyms are kept.
    facets_of(Criteria(text="chair"))
    busy = Criteria(
        text="chair",
        categories=("a",),
        formats=("glb",),
        triangles=("0",),
        sizes=("0",),
        price_max=Decimal(5),
    )
    with django_assert_num_queries(1):
        facets_of(busy)


def test_targets_are_those_that_the_page_of_a_model_explains():
    (facet,) = [facet for facet in FACETS if facet.name == "for"]
    assert [option.value for option in facet.options] == Target.values
