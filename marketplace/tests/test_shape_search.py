"""Searching with a file: what is taken, what is said of bad ones, what is found, and that nothing is kept."""

import html
import io
import uuid
import zipfile
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import cache
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

from accounts.tests.factories import UserFactory
from marketplace import shape_search
from marketplace.models import FormatSwitch, ModelFile, Upload
from marketplace.processing.fingerprint import measure as fingerprint
from marketplace.shape_search import ShapeSearch
from marketplace.tests.factories import FingerprintFactory, Model3DFactory, shape_vector
from marketplace.tests.glb import grid_glb
from marketplace.tests.glb_builder import CUBE_CORNERS, GlbBuilder
from marketplace.workspace import work_root

pytestmark = pytest.mark.django_db
ADDRESS = "/search/shape/"


@pytest.fixture
def person(client):
    user = UserFactory()
    client.force_login(user)
    return user


def send(client, content: bytes, name: str = "chair.glb", **data):
    return client.post(ADDRESS, {"file": SimpleUploadedFile(name, content), "end": "1", **data})


def kept_files() -> list[str]:
    try:
        return storages["private"].listdir(shape_search.FOLDER)[1]
    except FileNotFoundError:
        return []


def measured(client, content: bytes, name: str = "chair.glb") -> tuple[ShapeSearch, str]:
    """A search whose job has run, and its page."""
    answer = send(client, content, name)
    assert answer.status_code == 302, answer.content
    pk = answer.url.strip("/").split("/")[-1]
    shape_search.measure(pk)
    return ShapeSearch.find(pk), client.get(answer.url).content.decode()


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("picture.png", b"\x89PNG", "no 3D model that we can read"),
        ("chair.glb", b"", "The file is empty"),
        ("chair", b"glTF", "no 3D model that we can read"),
    ],
)
def test_what_cannot_be_searched_with_is_said_beside_the_field_and_nothing_is_kept(
    client, person, name, content, sentence
):
    answer = send(client, content, name)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert kept_files() == []


def test_too_large_a_file_is_refused_while_it_comes(client, person, settings):
    settings.SHAPE_SEARCH_MAX_BYTES = 1000
    answer = send(client, bytes(3000))
    assert answer.status_code == 422
    assert "larger than 1000\xa0bytes" in answer.content.decode()
    assert kept_files() == []


def test_several_files_are_refused_with_what_to_do(client, person):
    files = [SimpleUploadedFile(f"{number}.glb", b"glTF") for number in range(2)]
    answer = client.post(ADDRESS, {"file": files, "end": "1"})
    assert answer.status_code == 422
    assert "Search with one file" in answer.content.decode()


def test_a_form_that_broke_off_and_one_without_a_token_are_refused(client, person):
    assert client.post(ADDRESS, {"file": SimpleUploadedFile("a.glb", b"glTF")}).status_code == 422
    client.handler.enforce_csrf_checks = True
    assert send(client, grid_glb(4)).status_code == 403
    assert kept_files() == []


def test_a_format_that_is_off_is_not_searched_with(client, person):
    FormatSwitch.objects.create(format="glb", is_enabled=False, reason="A reader is being mended.")
    assert "A reader is being mended." in send(client, grid_glb(4)).content.decode()


def test_one_person_searches_only_so_often_an_hour(client, person, settings):
    statuses = [send(client, b"", "a.glb").status_code for _ in range(settings.SHAPE_SEARCHES_AN_HOUR + 1)]
    assert statuses == [422] * settings.SHAPE_SEARCHES_AN_HOUR + [429]


@pytest.mark.parametrize("content", [b"glTF" + bytes(40), grid_glb(4)[:200]])
def test_a_damaged_file_gets_the_sentence_of_its_refusal_and_is_gone(client, person, content):
    search, page = measured(client, content)
    assert search.state == "refused"
    assert search.message in page
    assert search.message.endswith(".")
    assert kept_files() == []


@pytest.mark.parametrize(
    "members",
    [
        {},
        {"readme.txt": b"Hello"},
        {"../../etc/chair.glb": b"glTF"},
        {"chair.glb": b"glTF"},
        {"a/" * 200 + "b.obj": b"v"},
    ],
)
def test_zips_without_a_model_that_can_be_read_get_a_sentence(client, person, members):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    search, page = measured(client, packed.getvalue(), "chair.zip")
    assert search.state == "refused"
    assert "our side" not in search.message
    assert search.message[:40] in html.unescape(page)
    assert kept_files() == []


def test_of_a_zip_the_model_in_it_is_searched_with(client, person):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("folder/chair.glb", grid_glb(12))
        archive.writestr("folder/notes.txt", b"Hello")
    search, _page = measured(client, packed.getvalue(), "chair.zip")
    assert search.state == "done", search.message


@pytest.mark.full
def test_hostile_samples_are_refused_in_time_and_nothing_of_them_is_kept(
    client, person, samples_dir, settings
):
    settings.SHAPE_SEARCHES_AN_HOUR = 1000
    for path in sorted((samples_dir / "hostile").iterdir()):
        cache.clear()
        search, page = measured(client, path.read_bytes(), path.name)
        assert search.state in ("refused", "done"), path.name
        assert "our side" not in search.message, path.name
        assert "<h1>" in page
        assert kept_files() == []
        assert not list(work_root().glob("*-*"))


@pytest.mark.full
def test_reading_that_takes_too_long_is_stopped_and_said_so(client, person, samples_dir, settings):
    settings.SHAPE_SEARCH_SECONDS = 0
    search, page = measured(client, (samples_dir / "glb" / "gen_1.2Mtri.glb").read_bytes())
    assert search.state == "refused"
    assert "took longer than 0 seconds" in page
    assert kept_files() == []


@pytest.mark.full
def test_two_deliveries_of_the_job_at_once_end_in_one_result(client, person):
    pk = send(client, grid_glb(12)).url.strip("/").split("/")[-1]

    def deliver(_number):
        try:
            shape_search.measure(pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as workers:
        list(workers.map(deliver, range(2)))
    assert ShapeSearch.find(pk).state == "done"
    assert kept_files() == []


def test_what_a_broken_job_leaves_is_a_sentence_and_no_file(client, person):
    pk = send(client, grid_glb(4)).url.strip("/").split("/")[-1]
    storages["private"].delete(ShapeSearch.find(pk).stored)
    shape_search.measure(pk)
    assert "our side failed" in client.get(reverse("marketplace:shape_results", args=[pk])).content.decode()


def test_points_without_a_surface_have_no_shape_to_search_by(client, person):
    builder = GlbBuilder()
    builder.node(mesh=builder.mesh(CUBE_CORNERS, mode=0))
    _search, page = measured(client, builder.to_bytes())
    assert "no surface" in page


def test_the_listed_model_of_the_same_shape_comes_first_with_its_figure_and_nothing_is_kept(
    client, person, tmp_path
):
    path = tmp_path / "grid.glb"
    path.write_bytes(grid_glb(12))
    shape = fingerprint({"source": str(path)})["data"]
    shape.pop("textures")
    same, hidden = (
        Model3DFactory(listed=True, title="The same shape"),
        Model3DFactory(with_file=True, title="A draft"),
    )
    for model in (same, hidden):
        FingerprintFactory(file=model.current_file, **(shape | {"scale": shape["scale"] * 2}))
    far = Model3DFactory(listed=True, title="Another shape altogether")
    FingerprintFactory(file=far.current_file, vector=shape_vector(50))
    before = ModelFile.objects.count()

    search, page = measured(client, grid_glb(12), "My chair <b>.glb")

    assert search.state == "done"
    assert "My chair &lt;b&gt;.glb" in page
    assert same.title in page
    assert "100 %</b> alike" in page
    assert "2 times the size" in page
    assert hidden.title not in page
    assert far.title not in page
    assert kept_files() == []
    assert (ModelFile.objects.count(), Upload.objects.count()) == (before, 0)


def test_where_nothing_is_alike_the_page_says_so(client, person):
    _search, page = measured(client, grid_glb(6))
    assert "Nothing here has a shape like this" in page


def test_while_it_waits_the_page_says_so_without_scripts_and_leaves_scripts_in_peace(client, person):
    search = ShapeSearch(user=person.pk, name="chair.glb", stored="")
    search.keep()
    address = reverse("marketplace:shape_results", args=[search.pk])
    assert "See how far it is" in client.get(address).content.decode()
    assert client.get(address, headers={"HX-Request": "true"}).status_code == 204
    search.state = "done"
    search.vector, search.handedness, search.scale = shape_vector(0), [0.0] * 6, 1.0
    search.keep()
    assert client.get(address, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"


def test_somebody_elses_search_and_one_that_is_over_look_the_same(client, person):
    search = ShapeSearch(user=UserFactory().pk, name="chair.glb", stored="")
    search.keep()
    for pk in (search.pk, str(uuid.uuid4())):
        assert client.get(reverse("marketplace:shape_results", args=[pk])).status_code == 404


def test_a_file_whose_job_never_came_is_deleted_after_some_minutes(client, person, settings):
    assert send(client, grid_glb(4)).status_code == 302
    assert shape_search.forget_abandoned() == 0
    assert len(kept_files()) == 1
    settings.SHAPE_SEARCH_KEPT_SECONDS = -1
    assert shape_search.forget_abandoned() == 1
    assert kept_files() == []


def test_results_cost_the_same_few_queries_however_many_there_are(
    client, person, django_assert_max_num_queries
):
    search = ShapeSearch(
        user=person.pk,
        name="a.glb",
        stored="",
        state="done",
        vector=shape_vector(0),
        handedness=[0.0] * 6,
        scale=1.0,
    )
    search.keep()
    for number in range(10):
        FingerprintFactory(file=Model3DFactory(listed=True).current_file, vector=shape_vector(number / 100))
    address = reverse("marketplace:shape_results", args=[search.pk])
    client.get(address)
    with django_assert_max_num_queries(12):
        client.get(address)
