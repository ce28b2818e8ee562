"""Uploading: who may, what is taken, and that nothing is left of what is refused."""

import hashlib
import json
import uuid
from contextlib import ExitStack
from pathlib import Path

import pytest
from celery.signals import before_task_publish
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.tests.factories import UserFactory
from marketplace.actions.processing import TASK
from marketplace.actions.uploads import title_from_name
from marketplace.incoming import incoming_folder, sweep_incoming
from marketplace.models import Model3D, ModelFile
from marketplace.tests.factories import Model3DFactory, ModelFileFactory, arrived
from marketplace.tests.glb import grid_glb
from marketplace.uploads import lanes

pytestmark = pytest.mark.django_db

ADDRESS = "/upload/"


@pytest.fixture
def creator(client):
    user = UserFactory(creator=True)
    client.force_login(user)
    return user


@pytest.fixture
def published():
    """The jobs that are queued, by name and arguments. A worker that runs already may take them from their queue."""
    jobs = []

    def note(sender, body, **_):
        jobs.append((sender, list(body[0])))

    before_task_publish.connect(note, weak=False)
    yield jobs
    before_task_publish.disconnect(note)


def glb(name: str = "oak_chair-v2.glb", content: bytes | None = None) -> SimpleUploadedFile:
    content = grid_glb(4) if content is None else content
    return SimpleUploadedFile(name, content, "model/gltf-binary")


def stored_files() -> set[Path]:
    return {path for path in Path(settings.PRIVATE_MEDIA_ROOT).rglob("*") if path.is_file()}


def send(client, file, *, address: str = ADDRESS, **extra):
    data = {"file": file, "end": "1"} if file else {"end": "1"}
    return client.post(address, data, **extra)


def test_a_visitor_is_asked_to_log_in_and_nothing_of_the_file_is_stored(client):
    before = stored_files()

    response = send(client, glb())

    assert response.status_code == 302
    assert response.url.startswith(reverse("account_login"))
    assert stored_files() == before


def test_a_buyer_is_led_to_the_one_step_and_back(client):
    client.force_login(UserFactory())

    response = client.get(ADDRESS)

    assert response.status_code == 302
    assert response.url == f"{reverse('accounts:creator')}?next=%2Fupload%2F"
    assert send(client, glb()).status_code == 302
    assert not Model3D.objects.exists()


def test_without_a_csrf_token_nothing_is_stored():
    client = Client(enforce_csrf_checks=True)
    client.force_login(UserFactory(creator=True))
    before = stored_files()

    assert send(client, glb()).status_code == 403
    assert send(client, glb(), headers={"Origin": "https://evil.example"}).status_code == 403

    assert stored_files() == before
    assert not Model3D.objects.exists()


def test_the_token_of_the_page_is_taken_from_the_form_or_the_header():
    client = Client(enforce_csrf_checks=True)
    client.force_login(UserFactory(creator=True))
    token = client.get(ADDRESS).context["csrf_token"]

    plain = client.post(ADDRESS, {"csrfmiddlewaretoken": str(token), "file": glb(), "end": "1"})
    assert plain.status_code == 302
    assert send(client, glb(), headers={"X-CSRFToken": str(token)}).status_code == 302


def test_forms_and_finishing_wait_for_a_lane_and_pages_do_not(client, creator):
    batch = uuid.uuid4()
    arrived(creator, batch, "chair.glb", grid_glb(4))
    before = stored_files()

    def finish():
        return client.post("/upload/finish/", {"batch": str(batch)}, headers={"Accept": "application/json"})

    with ExitStack() as sending:
        for _ in range(lanes.LANES_A_PERSON):
            sending.enter_context(lanes.lane(creator))
        for address in (ADDRESS, reverse("marketplace:add_files", args=[Model3DFactory(creator=creator).pk])):
            refused = send(client, glb(), address=address)
            assert (refused.status_code, refused["Retry-After"]) == (429, "5")
        assert finish().status_code == 503
        assert client.get(ADDRESS).status_code == 200
    assert stored_files() == before
    assert not ModelFile.objects.exists()
    assert finish().status_code == 201
    assert send(client, glb()).status_code == 302


def test_the_page_says_how_large_a_file_may_be_before_anything_is_sent(client, creator, settings):
    settings.MAX_UPLOAD_BYTES = 5 * 1024**2

    page = client.get(ADDRESS).content.decode()

    assert "at most 5.0\xa0MB" in page
    assert f'"maxBytes": {5 * 1024**2}' in page
    assert "0\xa0bytes of 20.0\xa0GB used" in page


def test_an_upload_becomes_a_draft_with_exactly_the_bytes_sent(
    client, creator, published, django_capture_on_commit_callbacks
):
    content = grid_glb(40)

    with django_capture_on_commit_callbacks(execute=True):
        response = send(client, glb(content=content))
        assert published == [], "the job is queued when the transaction commits"

    model = Model3D.objects.get(creator=creator)
    assert response.url == reverse("marketplace:edit", args=[model.pk])
    assert (model.status, model.title, model.current_file) == ("draft", "Oak chair v2", None)
    file = model.newest_file
    assert file.original.open().read() == content
    assert file.sha256 == hashlib.sha256(content).hexdigest()
    assert (file.size, file.version, file.original_name) == (len(content), 1, "oak_chair-v2.glb")
    assert file.state == ModelFile.State.QUEUED
    assert published == [(TASK, [file.pk])]
    assert list(incoming_folder().glob("*.upload")) == []


def test_a_script_gets_the_address_as_json(client, creator):
    response = send(client, glb(), headers={"Accept": "application/json"})

    assert response.status_code == 201
    assert json.loads(response.content)["location"] == Model3D.objects.get().get_edit_url()


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (None, "Choose the files of the model."),
        (glb(content=b""), "The file is empty."),
        (glb("scene.max"), "This kind of file is not taken."),
        (glb("virus.glb.exe"), "Programs, scripts and web pages are not taken."),
        (glb("wood.png"), "There is no 3D file among these."),
        (glb("notes.pdf"), "There is no 3D file among these."),
        (glb("chair.zip", b"PK no zip at all"), "zip"),
    ],
    ids=["none", "empty", "unknown", "program", "picture alone", "document alone", "broken zip"],
)
def test_what_cannot_be_a_model_is_refused_beside_the_field_and_nothing_is_kept(client, creator, file, said):
    before = stored_files()

    page = send(client, file)
    if file:
        file.seek(0)
    script = send(client, file, headers={"Accept": "application/json"})

    assert page.status_code == 422
    assert said in page.content.decode()
    assert script.status_code == 422
    assert said in json.loads(script.content)["problems"][0]["message"]
    assert stored_files() == before
    assert not Model3D.objects.exists()


def test_a_file_over_the_limit_is_refused_while_it_arrives(client, creator, settings):
    settings.MAX_UPLOAD_BYTES = 100_000
    before = stored_files()

    response = send(client, glb(content=b"glTF" + bytes(150_000)))

    assert response.status_code == 422
    assert "The file is larger than 97.7\xa0KB" in response.content.decode()
    assert stored_files() == before


def test_more_files_than_a_form_may_bring_are_refused_in_a_sentence(client, creator):
    before = stored_files()
    response = client.post(ADDRESS, {"file": [glb(f"{n}.glb", b"glTF") for n in range(101)], "end": "1"})
    assert response.status_code == 422
    assert "These are more than 100 files." in response.content.decode()
    assert stored_files() == before


def test_a_request_that_broke_off_before_its_end_is_refused(client, creator):
    before = stored_files()

    response = client.post(ADDRESS, {"file": glb()})

    assert response.status_code == 422
    assert "broke off" in response.content.decode()
    assert stored_files() == before


def test_a_body_cut_in_the_middle_of_the_file_stores_nothing(client, creator):
    before = stored_files()
    boundary = "frontier"
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.glb"\r\n'
        "Content-Type: model/gltf-binary\r\n\r\n"
    )
    body = head.encode() + grid_glb(30)[:5000]

    response = client.generic("POST", ADDRESS, body, f"multipart/form-data; boundary={boundary}")

    assert response.status_code == 422
    assert stored_files() == before
    assert not Model3D.objects.exists()


@pytest.mark.parametrize(
    "data",
    [
        lambda: {"extra": glb("other.glb"), "file": glb(), "end": "1"},
        lambda: {"file": glb(), "extra": glb("other.glb"), "end": "1"},
    ],
    ids=["another before", "another after"],
)
def test_files_of_other_fields_are_not_stored(client, creator, data):
    response = client.post(ADDRESS, data())

    assert response.status_code == 302
    assert ModelFile.objects.get().original_name == "oak_chair-v2.glb"
    assert list(incoming_folder().glob("*.upload")) == []


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("flight_helmet.big.glb", "Flight helmet big"),
        ("ÉTUDE n°3.GLB", "ÉTUDE n°3"),
        (".glb", "Untitled model"),
        ("___.glb", "Untitled model"),
        ("<script>alert(1)</script>.glb", "<script>alert(1)<"),
        ("x" * 300 + ".glb", "X" + "x" * 119),
        ("a\x00b\x1b[31m.glb", "A b [31m"),
    ],
)
def test_a_title_is_made_of_the_file_name(name, title):
    assert title_from_name(name.rsplit("/", 1)[0] if "/" in name else name) == title


def test_a_script_bearing_name_is_text_on_every_page(client, creator):
    send(client, glb("<img src=x onerror=alert(1)>.glb"))
    model = Model3D.objects.get()
    Model3D.objects.update(title="<script>alert(1)</script>")

    for address in (model.get_edit_url(), reverse("marketplace:inventory")):
        page = client.get(address).content.decode()
        assert "<script>alert(1)" not in page
        assert "<img src=x" not in page


def test_nobody_replaces_the_file_of_another_or_of_what_is_in_review(client, creator):
    other = Model3DFactory(with_file=True)
    taken_down = Model3DFactory(listed=True, creator=creator, removed_at=timezone.now())
    waiting = Model3DFactory(pending=True, creator=creator)
    before = stored_files()

    assert send(client, glb(), address=reverse("marketplace:add_files", args=[other.pk])).status_code == 404
    for model in (taken_down, waiting):
        response = send(client, glb(), address=reverse("marketplace:add_files", args=[model.pk]))
        assert response.status_code == 422
        assert "cannot be changed" in response.content.decode()
        assert model.files.count() == 1
    assert stored_files() == before


def test_a_failed_file_is_replaced_and_its_bytes_are_gone(
    client, creator, django_capture_on_commit_callbacks
):
    failed = ModelFileFactory(failed=True, model__creator=creator)

    with django_capture_on_commit_callbacks(execute=True):
        send(client, glb(), address=reverse("marketplace:add_files", args=[failed.model_id]))

    file = ModelFile.objects.get(model=failed.model)
    assert file.version == 2
    assert not failed.original.storage.exists(failed.original.name)


def test_a_rejected_file_stays_when_it_is_replaced(client, creator, django_capture_on_commit_callbacks):
    model = Model3DFactory(pending=True, creator=creator)
    model.reject(by=UserFactory(moderator=True), reason="quality", note="Holes.")

    with django_capture_on_commit_callbacks(execute=True):
        send(client, glb(), address=reverse("marketplace:add_files", args=[model.pk]))

    assert list(model.files.order_by("version").values_list("version", "state")) == [
        (1, "ready"),
        (2, "queued"),
    ]
    model.refresh_from_db()
    assert model.current_file.version == 1


def test_what_a_killed_process_left_is_swept_and_what_arrives_is_not():
    import os
    import time

    old, young = incoming_folder() / "old.upload", incoming_folder() / "young.upload"
    for path in (old, young):
        path.write_bytes(b"x")
    os.utime(old, (time.time() - 90_000,) * 2)

    assert sweep_incoming() == 1
    assert not old.exists()
    young.unlink()
