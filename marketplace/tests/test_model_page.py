import json
import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.tests.factories import UserFactory
from marketplace.models import Finding, Inspection, ModelDocument, ModelReview
from marketplace.showcase import Showcase
from marketplace.suitability import length_text, uses_of
from marketplace.tests.factories import CategoryFactory, Model3DFactory, ModelFileFactory

pytestmark = pytest.mark.django_db


def page_of(client, model, path="model"):
    response = client.get(f"/{path}/{model.pk}/")
    assert response.status_code == 200
    return response.content.decode()


def structured_data(page):
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    return json.loads(text)


def test_what_does_not_exist_is_not_found(client):
    assert client.get("/model/999999/").status_code == 404
    assert client.get("/model/99999999999999999999999/").status_code == 404
    assert client.get("/view/999999/").status_code == 404


@pytest.mark.parametrize(
    "hostile",
    ["</script><script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7|add:7 }}{% now 'Y' %}"],
)
def test_what_creators_write_is_never_markup(client, hostile):
    creator = UserFactory(creator=True, full_name=hostile[:100])
    model = Model3DFactory(
        listed=True,
        creator=creator,
        title=hostile,
        description=f"{hostile}\n\n[link](javascript:alert(1))\n\n<iframe src='//x'></iframe>",
        tags=[hostile[:40]],
    )
    for path in ("model", "view"):
        page = page_of(client, model, path)
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "<iframe" not in page
        assert 'href="javascript:' not in page
    data = structured_data(page_of(client, model))
    assert data["@graph"][0]["name"] == hostile


def test_structured_data_tells_product_price_and_model(client, settings):
    shelf = CategoryFactory(name="Furniture", slug="furniture")
    model = Model3DFactory(listed=True, category=shelf)
    data = structured_data(page_of(client, model))
    assert data["@context"] == "https://schema.org"
    product, crumbs = data["@graph"]
    assert product["@type"] == "Product"
    assert product["offers"]["price"] == "12.00"
    assert product["offers"]["priceCurrency"] == settings.CURRENCY
    assert product["subjectOf"]["@type"] == "3DModel"
    assert product["image"][0].startswith("http")
    assert [item["name"] for item in crumbs["itemListElement"]] == ["Models", "Furniture", model.title]
    assert all(item["item"].startswith("http") for item in crumbs["itemListElement"])


def test_a_page_that_only_its_link_opens_gives_search_engines_nothing(client):
    model = Model3DFactory(listed=True, visibility="unlisted")
    page = page_of(client, model)
    assert "ld+json" not in page
    assert "noindex" in page


def test_social_cards_carry_the_poster_but_not_of_mature_models(client):
    model = Model3DFactory(listed=True)
    assert (
        model.current_file.poster_large.url
        in re.search(r'og:image" content="([^"]+)', page_of(client, model))[1]
    )
    mature = Model3DFactory(listed=True, is_mature=True)
    page = page_of(client, mature)
    assert "og:image" not in page
    assert mature.current_file.poster_large.url not in re.search(r"ld\+json[^<]*", page)[0]


def test_a_mature_model_is_shown_only_after_asking(client):
    page = page_of(client, Model3DFactory(listed=True, is_mature=True))
    assert '<details class="mature">' in page


def test_the_page_shows_pictures_without_scripts(client):
    model = Model3DFactory(listed=True)
    page = page_of(client, model)
    assert model.poster_large_url in page
    assert page.count(f'<image href="{model.turntable_url}"') == 8


def test_without_an_interactive_preview_there_is_no_address_to_load(client):
    page = page_of(client, Model3DFactory(listed=True, preview_mode="pictures"))
    assert "/preview/" not in page
    assert "data-viewer-start" not in page


def test_measures_come_from_the_inspection(client):
    model = Model3DFactory(listed=True)
    Inspection.objects.filter(file=model.current_file).update(triangles=94722, is_watertight=True)
    page = page_of(client, model)
    assert "94,722" in page
    assert "Measured from the file" in page


def test_findings_are_counted_by_severity(client):
    model = Model3DFactory(listed=True)
    for number, severity in enumerate(["warning", "info", "info"]):
        Finding.objects.create(
            file=model.current_file,
            step="gltf",
            severity=severity,
            code=f"code-{number}",
            message=f"Message {number}",
        )
    page = page_of(client, model)
    assert "No errors in the file" in page
    assert "1 warning" in page
    assert "2 notes" in page
    Finding.objects.create(file=model.current_file, step="gltf", severity="error", code="e", message="Broken")
    assert "1 error found" in page_of(client, model)


def test_the_review_that_stands_is_dated(client):
    model = Model3DFactory(listed=True)
    assert "Reviewed by a person" not in page_of(client, model)
    ModelReview.objects.create(
        model=model, moderator=UserFactory(), outcome="approved", submitted_at=model.submitted_at
    )
    assert "Reviewed by a person" in page_of(client, model)


def test_licence_and_ai_training_are_said_plainly(client):
    page = page_of(client, Model3DFactory(listed=True, license="cc_by", ai_training_allowed=False))
    assert "CC BY 4.0 licence" in page
    assert "No AI may be trained on it." in page
    assert " AI may be trained on it." in page_of(
        client, Model3DFactory(listed=True, ai_training_allowed=True)
    )


def test_the_licence_is_said_in_plain_words_and_leads_to_its_text(client):
    model = Model3DFactory(listed=True, license="cc_by_sa")
    page = page_of(client, model)
    assert "Publish what you make from it under the same licence" in page
    assert 'href="/licences/cc-by-sa/#text">Full text, version 4.0</a>' in page
    assert structured_data(page)["@graph"][0]["subjectOf"]["license"].endswith("/licences/cc-by-sa/")


def test_versions_are_told_with_what_they_measure_otherwise_once_there_are_several(client):
    model = Model3DFactory(listed=True)
    first = model.current_file
    type(first).objects.update(approved_at=timezone.now() - timedelta(days=3))
    ModelFileFactory(model=model, format="obj", ready=True, approved_at=timezone.now())
    assert 'id="versions"' not in page_of(client, model)
    second = ModelFileFactory(model=model, version=2, ready=True, approved_at=timezone.now())
    Inspection.objects.filter(file=second).update(triangles=1716, textures=2)
    waiting = ModelFileFactory(model=model, version=3, ready=True, standing="proposed")
    page = page_of(client, model)
    shown = page.split('id="versions"')[1].split("</section>")[0]
    labels = re.findall(r"<b>(\w+, version \d)</b>", shown)
    assert labels == ["GLB, version 2", "OBJ, version 1", "GLB, version 1"]
    assert "<span>Triangles</span> <b>+1,204" in shown
    assert "<span>Textures</span> <b>+2</b>" in shown
    assert "version 3" not in shown
    for file in (first, second, waiting):
        assert file.original.name not in page
        assert file.sha256 not in page
        assert str(file.public_id) not in page


def test_only_what_everybody_may_turn_can_be_shown_on_other_pages(client):
    shown = Model3DFactory(listed=True)
    code = page_of(client, shown).split('id="embed-code"')[1].split("</textarea>")[0]
    assert f"/view/{shown.pk}/?embed=1" in code
    assert 'id="embed-code"' not in page_of(client, Model3DFactory(listed=True, preview_mode="pictures"))
    draft = Model3DFactory(with_file=True)
    client.force_login(draft.creator)
    assert 'id="embed-code"' not in page_of(client, draft)


def test_ratings_are_told_only_where_there_are_some(client):
    model = Model3DFactory(listed=True)
    page = page_of(client, model)
    assert "★" not in page
    assert "aggregateRating" not in page
    type(model).objects.filter(pk=model.pk).update(rating="4.50", rating_count=3)
    type(model.creator).objects.filter(pk=model.creator_id).update(rating="4.90", rating_count=312)
    page = page_of(client, model)
    assert "4.9 ★ (312)" in page
    assert structured_data(page)["@graph"][0]["aggregateRating"] == {
        "@type": "AggregateRating",
        "ratingValue": "4.50",
        "ratingCount": 3,
    }


def test_the_creator_can_be_followed_from_the_page_by_everybody_else(client):
    model = Model3DFactory(listed=True)
    follow = reverse("accounts:follow", args=[model.creator.username])
    assert follow not in page_of(client, model)
    client.force_login(UserFactory())
    assert f'action="{follow}"' in page_of(client, model)
    client.post(follow)
    assert "Following" in page_of(client, model)
    client.force_login(model.creator)
    assert follow not in page_of(client, model)


def test_more_and_similar_models_are_listed_ones_only(client):
    shelf = CategoryFactory()
    model = Model3DFactory(listed=True, category=shelf, tags=["oak"])
    same_creator = Model3DFactory(listed=True, creator=model.creator, title="Of the same creator")
    tagged = Model3DFactory(listed=True, title="Sharing a tag", tags=["oak"])
    neighbour = Model3DFactory(listed=True, title="On the same shelf", category=shelf)
    hidden = Model3DFactory(pending=True, title="In review still", category=shelf, tags=["oak"])
    page = page_of(client, model)
    for shown in (same_creator, tagged, neighbour):
        assert shown.title in page
    assert page.index(tagged.title) < page.index(neighbour.title)
    assert hidden.title not in page


def test_a_page_costs_the_same_few_queries_however_much_is_beside_it(client, django_assert_max_num_queries):
    shelf = CategoryFactory()
    model = Model3DFactory(listed=True, category=shelf, tags=["oak", "wood"])
    for _ in range(5):
        Model3DFactory(listed=True, creator=model.creator)
        Model3DFactory(listed=True, category=shelf, tags=["oak"])
    page_of(client, model)
    with django_assert_max_num_queries(13):
        page_of(client, model)


@pytest.mark.parametrize(
    ("measures", "fit"),
    [
        ({}, [True, True, True, False]),
        ({"triangles": 200_000}, [True, False, True, False]),
        ({"triangles": 2_000_000}, [False, False, True, False]),
        ({"draw_calls": 300}, [False, False, True, False]),
        ({"texture_memory": 2**30}, [False, False, True, False]),
        ({"bounds_max": [500, 1, 1]}, [True, True, False, False]),
        ({"bounds_min": None}, [True, True, False, False]),
        ({"is_watertight": True}, [True, True, True, True]),
        ({"is_watertight": None}, [True, True, True, False]),
    ],
)
def test_what_a_model_is_fit_for_follows_its_measures(measures, fit):
    inspection = Inspection(
        **{
            "triangles": 5000,
            "draw_calls": 3,
            "bounds_min": [0, 0, 0],
            "bounds_max": [1, 1, 1],
            "is_watertight": False,
            **measures,
        }
    )
    assert [use.is_fit for use in uses_of(inspection)] == fit


def test_lengths_are_in_the_unit_that_reads_best():
    assert [length_text(metres) for metres in (0.0032, 0.415, 2.4)] == ["3.2 mm", "41.5 cm", "2.40 m"]


def test_the_page_lists_every_format_and_document_with_its_size(client):
    model = Model3DFactory(listed=True)
    obj = ModelFileFactory(model=model, format="obj", main_member="a.obj", size=12_582_912, ready=True)
    Inspection.objects.filter(file=obj).update(textures=2)
    ModelFileFactory(model=model, format="fbx")
    ModelDocument.objects.create(model=model, kind="pdf", name="manual.pdf", file="x", size=2_097_152)
    text = page_of(client, model)
    assert '<b>OBJ with textures, zip</b><span class="muted">12.0\xa0MB</span>' in text
    assert '<b>manual.pdf</b><span class="muted">PDF, 2.0\xa0MB</span>' in text
    assert "<b>FBX</b>" not in text


@pytest.mark.parametrize(
    ("units", "note"),
    [
        ({}, ""),
        ({"name": "millimetre", "assumed": True}, " (millimetres assumed)"),
        ({"name": "centimetre", "assumed": False}, ""),
    ],
)
def test_an_assumed_unit_is_said_beside_the_size(units, note):
    model = Model3DFactory()
    file = ModelFileFactory(model=model, format="stl", ready=True, current=True)
    file.inspection.details["convert"] = {"units": units}
    file.inspection.save()
    specs = {spec["label"]: spec for spec in Showcase(model, viewer=model.creator).specs}
    assert specs["Width × height × depth"]["value"] == f"1.00 m × 25.0 cm × 1.00 m{note}"
    assert all(spec["is_measured"] for spec in specs.values())


def test_the_gallery_cuts_the_turntable_as_it_was_drawn():
    model = Model3DFactory(with_file=True)
    frames = Showcase(model, viewer=model.creator).frames
    assert [(frame.number, frame.view_box) for frame in frames][:2] == [
        (3, "1440 0 480 360"),
        (9, "1440 360 480 360"),
    ]
    grid = {"frames": 8, "columns": 4, "rows": 2, "width": 100, "height": 50}
    Inspection.objects.update(details={"turntable": grid})
    model = type(model).objects.get(pk=model.pk)
    showcase = Showcase(model, viewer=model.creator)
    assert (showcase.sprite_width, showcase.sprite_height) == (400, 100)
    assert [frame.view_box for frame in showcase.frames] == [
        "100 0 100 50",
        "300 0 100 50",
        "100 50 100 50",
        "300 50 100 50",
    ]
