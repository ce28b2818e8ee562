"""The technical sheet: who gets it, what it says, and what it keeps to itself."""

import json

import pytest
from django.urls import reverse

from accounts.tests.factories import UserFactory
from marketplace.models import Finding, Inspection
from marketplace.tests.factories import Model3DFactory, ModelDocumentFactory, ModelFileFactory

pytestmark = pytest.mark.django_db


def addresses(model) -> list[str]:
    return [reverse(f"marketplace:{name}", args=[model.pk]) for name in ("sheet", "sheet_data")]


def data_of(client, model) -> dict:
    return json.loads(client.get(reverse("marketplace:sheet_data", args=[model.pk])).content)


@pytest.mark.parametrize("state", [{"pending": True}, {"listed": True, "visibility": "private"}])
def test_there_is_no_sheet_of_what_the_person_may_not_see(client, state):
    model = Model3DFactory(**state)
    client.force_login(UserFactory())
    assert [client.get(address).status_code for address in addresses(model)] == [404, 404]
    client.force_login(model.creator)
    assert [client.get(address).status_code for address in addresses(model)] == [200, 200]


def test_before_a_file_was_measured_there_is_no_sheet(client):
    model = Model3DFactory()
    client.force_login(model.creator)
    assert [client.get(address).status_code for address in addresses(model)] == [404, 404]


def test_it_names_no_original_and_no_hash_of_one(client):
    model = Model3DFactory(listed=True)
    file = model.current_file
    for address in addresses(model):
        text = client.get(address).content.decode()
        for secret in (file.sha256, file.original_name, file.original.name, str(file.public_id)):
            assert secret not in text, address


def test_who_asks_all_the_time_has_to_wait(client, settings):
    model = Model3DFactory(listed=True)
    answers = [client.get(addresses(model)[1]).status_code for _ in range(61)]
    assert answers == [200] * 60 + [429]


def test_the_data_holds_every_measure_with_its_unit(client):
    model = Model3DFactory(listed=True, tags=["oak"], license="cc_by")
    Inspection.objects.filter(file=model.current_file).update(
        triangles=94722, textures=3, is_watertight=True, tool_versions={"gltf": {"gltf-validator": "2.0.0"}}
    )
    Finding.objects.create(
        file=model.current_file,
        step="gltf",
        severity="warning",
        code="odd",
        message="Odd",
        pointer="/meshes/0",
    )
    ModelFileFactory(model=model, format="obj", ready=True, size=1234)
    ModelDocumentFactory(model=model)
    data = data_of(client, model)
    assert data["measures"]["triangles"] == 94722
    assert data["measures"]["dimensions"] == {"width": 1.0, "height": 0.25, "depth": 1.0}
    assert data["measured_with"] == {"gltf-validator": "2.0.0"}
    assert data["licence"]["name"] == "CC BY 4.0"
    assert data["licence"]["address"].endswith("/licences/cc-by/")
    assert {"format": "obj", "size": 1234} in data["files"]
    assert data["documents"] == [{"kind": "txt", "size": 9}]
    assert [use["fit"] for use in data["fit_for"]] == [True, True, True, True]
    assert [(row["code"], row["place"]) for row in data["findings"]] == [("odd", "/meshes/0")]
    assert data["model"]["tags"] == ["oak"]


def test_what_was_not_measured_is_null_and_not_a_guess(client):
    model = Model3DFactory(listed=True)
    Inspection.objects.filter(file=model.current_file).update(bounds_min=None, is_watertight=None)
    measures = data_of(client, model)["measures"]
    assert measures["dimensions"] is None
    assert measures["is_watertight"] is None


def test_the_file_is_named_after_the_model_whatever_its_title(client):
    for title, name in (("Oak & Ash “chair”", "oak-ash-chair"), ("椅子", None)):
        model = Model3DFactory(listed=True, title=title)
        disposition = client.get(addresses(model)[1])["Content-Disposition"]
        assert disposition == f'attachment; filename="{name or f"model-{model.pk}"}-technical-sheet.json"'


def test_the_page_says_the_same_to_people_and_is_not_to_be_listed(client):
    model = Model3DFactory(listed=True, title="<b>Oak</b>")
    answer = client.get(addresses(model)[0])
    text = answer.content.decode()
    assert "<h1>&lt;b&gt;Oak&lt;/b&gt;</h1>" in text
    assert "No errors, no warnings, no notes." in text
    assert "Royalty-free licence, version 1.0" in text
    assert answer["X-Robots-Tag"].startswith("noindex")


def test_the_model_page_leads_to_it(client):
    model = Model3DFactory(listed=True)
    page = client.get(model.get_absolute_url()).content.decode()
    assert all(f'href="{address}"' in page for address in addresses(model))


def test_it_costs_the_same_few_queries_however_much_was_found(client, django_assert_max_num_queries):
    model = Model3DFactory(listed=True)
    for number in range(20):
        Finding.objects.create(
            file=model.current_file, step="gltf", severity="info", code=f"code-{number}", message="Message"
        )
    for address in addresses(model):
        client.get(address)
        with django_assert_max_num_queries(8):
            client.get(address)
