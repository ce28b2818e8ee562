"""From arrived files to formats side by side: finishing a drop, replacing, removing, choosing what is shown."""

import io
import json
import uuid
import zipfile
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.tests.factories import UserFactory
from marketplace.actions import dropped
from marketplace.incoming import finished, incoming_folder
from marketplace.models import FormatSwitch, Model3D, ModelFile, Upload
from marketplace.tests.factories import (
    Model3DFactory,
    ModelDocumentFactory,
    ModelFileFactory,
    PreviewImageFactory,
    UploadFactory,
    arrived,
)
from marketplace.tests.glb import grid_glb

pytestmark = pytest.mark.django_db

FINISH = "/upload/finish/"
OBJ, MTL, PNG = b"mtllib chair.mtl\nv 0 0 0\n", b"newmtl wood\n", b"\x89PNG not looked at here"


@pytest.fixture
def creator(client):
    user = UserFactory(creator=True)
    client.force_login(user)
    return user


@pytest.fixture(autouse=True)
def _no_parts_left():
    """What a commit would remove: these tests never commit."""
    yield
    for path in incoming_folder().glob("*.part"):
        path.unlink()


def finish(client, batch, **headers):
    return client.post(FINISH, {"batch": str(batch)}, headers={"Accept": "application/json", **headers})


def zip_of(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return buffer.getvalue()


def stored_files() -> set[Path]:
    return {path for path in Path(settings.PRIVATE_MEDIA_ROOT).rglob("*") if path.is_file()}


def test_nobody_finishes_or_discards_the_uploads_of_another(client, creator):
    theirs = arrived(UserFactory(creator=True), uuid.uuid4(), "chair.glb", grid_glb())

    assert finish(client, theirs.batch).status_code == 404
    assert client.post(reverse("marketplace:discard_upload", args=[theirs.public_id])).status_code == 404
    assert Upload.objects.exists()
    for nonsense in ("", "x", uuid.uuid4()):
        assert finish(client, nonsense).status_code == 404


def test_a_drop_that_has_not_arrived_whole_is_not_finished(client, creator):
    batch = uuid.uuid4()
    arrived(creator, batch, "chair.obj", OBJ)
    arrived(creator, batch, "chair.mtl", b"new", size=1000)

    answer = finish(client, batch)

    assert answer.status_code == 422
    assert "Not all files have arrived: chair.mtl." in answer.json()["problems"][0]["message"]
    assert Upload.objects.count() == 2
    assert not Model3D.objects.exists()


def test_what_is_refused_stays_so_that_it_can_be_mended(client, creator):
    batch = uuid.uuid4()
    arrived(creator, batch, "chair.glb", grid_glb())
    bad = arrived(creator, batch, "manual.pdf", b"<html>")
    before = stored_files()

    answer = finish(client, batch)

    assert answer.status_code == 422
    assert answer.json()["problems"] == [
        {"upload": str(bad.public_id), "path": "manual.pdf", "message": "This is not a PDF document."}
    ]
    assert stored_files() == before
    client.post(reverse("marketplace:discard_upload", args=[bad.public_id]))
    assert finish(client, batch).status_code == 201
    assert Model3D.objects.get().newest_file.format == "glb"


def test_a_format_that_is_switched_off_is_refused_with_its_reason(client, creator):
    FormatSwitch.objects.create(format="fbx", is_enabled=False, reason="Back on Monday.")
    batch = uuid.uuid4()
    arrived(creator, batch, "chair.fbx", b"Kaydara FBX Binary")

    assert "Back on Monday." in finish(client, batch).json()["problems"][0]["message"]


def test_loose_files_become_one_archive_without_a_trace_of_the_author_s_machine(
    client, creator, django_capture_on_commit_callbacks
):
    batch, before = uuid.uuid4(), stored_files()
    for path, content in (
        ("mira/chair/chair.obj", OBJ),
        ("mira/chair/chair.mtl", MTL),
        ("mira/chair/t/wood.png", PNG),
    ):
        arrived(creator, batch, path, content)

    with django_capture_on_commit_callbacks(execute=True):
        answer = finish(client, batch)

    model = Model3D.objects.get()
    assert answer.json() == {"location": model.get_edit_url()}
    file = model.files.get()
    assert (file.format, file.main_member, file.original_name, model.title) == (
        "obj",
        "chair.obj",
        "chair.obj",
        "Chair",
    )
    assert file.original.name.endswith(".zip")
    content = file.original.open().read()
    assert file.size == len(content)
    assert b"mira" not in content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = {entry.filename: entry for entry in archive.infolist()}
        assert set(entries) == {"chair.obj", "chair.mtl", "t/wood.png"}
        assert archive.read("t/wood.png") == PNG
        assert entries["t/wood.png"].compress_type == zipfile.ZIP_STORED
        assert entries["chair.obj"].compress_type == zipfile.ZIP_DEFLATED
        assert {entry.date_time for entry in entries.values()} == {(1980, 1, 1, 0, 0, 0)}
        assert {entry.extra for entry in entries.values()} == {b""}
    assert not Upload.objects.exists()
    assert [path.suffix for path in stored_files() - before] == [".zip"]


def test_a_zip_with_one_model_is_kept_byte_for_byte(client, creator):
    content = zip_of(src__chair_obj=OBJ, src__chair_mtl=MTL, notes_txt=b"hello")
    batch = uuid.uuid4()
    arrived(creator, batch, "Oak chair.zip", content)

    finish(client, batch)

    file = ModelFile.objects.get()
    assert file.original.open().read() == content
    assert (file.main_member, file.original_name, file.format) == ("src/chair.obj", "Oak chair.zip", "obj")
    assert not file.model.documents.exists()


def test_a_zip_of_several_formats_is_taken_apart(client, creator):
    glb = grid_glb()
    batch = uuid.uuid4()
    content = zip_of(chair_glb=glb, chair_obj=OBJ, chair_mtl=MTL, read_txt=b"hello", raw_psd=b"8BPS")
    arrived(creator, batch, "chair.zip", content)

    response = client.post(FINISH, {"batch": str(batch)}, follow=True)

    model = Model3D.objects.get()
    plain, packed = model.files.get(format="glb"), model.files.get(format="obj")
    assert plain.original.open().read() == glb
    assert (plain.main_member, plain.original_name) == ("", "chair.glb")
    with zipfile.ZipFile(packed.original.open()) as archive:
        assert set(archive.namelist()) == {"chair.obj", "chair.mtl"}
    assert model.documents.get().name == "read.txt"
    assert "Left out, since nothing uses it: chair/raw.psd." in response.content.decode()


def test_several_models_become_several_drafts(client, creator):
    batch = uuid.uuid4()
    for name in ("chair", "table"):
        arrived(creator, batch, f"{name}.glb", grid_glb())

    answer = finish(client, batch)

    assert answer.json() == {"location": reverse("marketplace:inventory")}
    assert set(Model3D.objects.values_list("title", flat=True)) == {"Chair", "Table"}


def test_the_same_drop_finished_twice_makes_one_model(client, creator):
    batch = uuid.uuid4()
    arrived(creator, batch, "chair.glb", grid_glb())

    assert finish(client, batch).status_code == 201
    assert finish(client, batch).status_code == 404
    assert Model3D.objects.count() == 1


def test_an_unfinished_drop_is_listed_with_how_far_it_is_and_one_that_has_arrived_goes_on_by_a_form(
    client, creator
):
    arrived(creator, uuid.uuid4(), "robot.fbx", b"x" * 450, size=1000)
    done = arrived(creator, uuid.uuid4(), "chair.glb", grid_glb())
    UploadFactory(owner=UserFactory(creator=True), path="secret.glb")

    page = client.get("/upload/").content.decode()

    assert "robot.fbx" in page
    assert "45 % of" in page
    assert "All files arrived." in page
    assert "secret.glb" not in page
    response = client.post(FINISH, {"batch": str(done.batch)})
    assert response.url == Model3D.objects.get().get_edit_url()


def test_a_room_that_is_too_small_refuses_a_plain_form_while_it_arrives(client, creator, settings):
    settings.STORAGE_QUOTA_BYTES = 3000
    before = stored_files()

    response = client.post("/upload/", {"file": SimpleUploadedFile("chair.glb", bytes(4000)), "end": "1"})

    assert response.status_code == 422
    assert "more than you have room left for" in response.content.decode()
    assert stored_files() == before


def test_a_drop_of_more_files_than_anybody_has_is_refused_before_it_is_sorted(client, creator):
    batch = uuid.uuid4()
    arrived(creator, batch, "chair.glb", grid_glb())
    for part in range(3):
        arrived(creator, batch, f"{part}.zip", zip_of(**{f"{part}-{n}_png": b"" for n in range(1700)}))

    problem = finish(client, batch).json()["problems"][0]

    assert problem["message"].startswith("These are more than 5,000 files, zips unpacked.")
    assert not Model3D.objects.exists()


def test_packing_stops_where_the_room_does(client, creator, settings, monkeypatch):
    """Fifty models of the same textures are not packed fifty times only to be refused."""
    batch = uuid.uuid4()
    for number in range(10):
        arrived(creator, batch, f"chair{number}.obj", OBJ)
    arrived(creator, batch, "wood.png", PNG + bytes(100_000))
    settings.STORAGE_QUOTA_BYTES = 350_000
    packed = []
    monkeypatch.setattr(dropped, "finished", lambda file: packed.append(file) or finished(file))

    assert "As they are kept, these files have" in finish(client, batch).json()["problems"][0]["message"]
    # Room for three, and the texture that was announced is one of what is kept.
    assert len(packed) == 4
    assert not Model3D.objects.exists()


def test_a_plain_form_has_no_more_room_for_what_a_zip_unfolds_to(client, creator, settings):
    stl, glb = bytes(300_000), grid_glb()
    content = zip_of(chair_stl=stl, chair_glb=glb)

    def send():
        return client.post("/upload/", {"file": SimpleUploadedFile("chair.zip", content), "end": "1"})

    settings.STORAGE_QUOTA_BYTES = len(stl) + len(glb) - 1
    assert "As they are kept, these files have" in send().content.decode()
    assert not Model3D.objects.exists()
    settings.STORAGE_QUOTA_BYTES += 1
    assert send().status_code == 302


# ---------------------------------------------------------------------- formats of one model


def verb(client, name, file):
    return client.post(reverse(f"marketplace:{name}", args=[file.model_id, file.public_id]), follow=True)


@pytest.mark.parametrize("name", ["show_file", "remove_file"])
def test_nobody_touches_the_formats_of_another(client, creator, name):
    file = ModelFileFactory(ready=True)

    assert verb(client, name, file).status_code == 404
    assert (
        client.get(reverse("marketplace:remove_file", args=[file.model_id, file.public_id])).status_code
        == 404
    )


@pytest.mark.parametrize("state", ["pending", "listed"])
def test_formats_of_a_model_in_review_or_published_stay_as_they_are(client, creator, state):
    model = Model3DFactory(creator=creator, **{state: True})
    other = ModelFileFactory(model=model, format="stl", ready=True)

    for name in ("show_file", "remove_file"):
        assert "cannot be changed" in verb(client, name, other).content.decode()
    model.refresh_from_db()
    assert model.current_file.format == "glb"
    assert model.files.count() == 2


def test_the_only_format_is_not_removed_and_another_one_is_with_its_bytes(
    client, creator, django_capture_on_commit_callbacks
):
    model = Model3DFactory(creator=creator, with_file=True)
    assert "only file" in verb(client, "remove_file", model.current_file).content.decode()
    stl = ModelFileFactory(model=model, format="stl", ready=True)
    glb = model.current_file

    with django_capture_on_commit_callbacks(execute=True):
        verb(client, "remove_file", glb)

    model.refresh_from_db()
    assert model.current_file == stl
    assert model.file_formats == ["stl"]
    assert not glb.original.storage.exists(glb.original.name)


def test_a_format_that_a_moderator_has_seen_is_not_removed(client, creator):
    model = Model3DFactory(creator=creator, pending=True)
    stl = ModelFileFactory(model=model, format="stl", ready=True)
    model.reject(by=UserFactory(moderator=True), reason="quality", note="Holes.")

    assert "it stays" in verb(client, "remove_file", stl).content.decode()


def test_another_ready_format_can_be_shown_and_one_that_failed_cannot(client, creator):
    model = Model3DFactory(creator=creator, with_file=True)
    stl = ModelFileFactory(model=model, format="stl", ready=True)
    failed = ModelFileFactory(model=model, format="fbx", failed=True)

    verb(client, "show_file", failed)
    model.refresh_from_db()
    assert model.current_file.format == "glb"
    verb(client, "show_file", stl)
    model.refresh_from_db()
    assert model.current_file == stl
    assert model.file_formats == ["stl", "glb"]


def test_every_format_must_be_ready_before_the_model_is_submitted():
    model = Model3DFactory(with_file=True)
    ModelFileFactory(model=model, format="fbx", failed=True)
    ModelFileFactory(model=model, format="obj")

    messages = [missing.message for missing in model.missing_for_review()]

    assert "The FBX file could not be processed: try again, replace or remove it." in messages
    assert "The OBJ file is still being processed. You can submit when it is ready." in messages


def test_a_new_version_takes_the_place_of_its_own_format_only(client, creator):
    model = Model3DFactory(creator=creator, with_file=True)
    stl = ModelFileFactory(model=model, format="stl", ready=True)
    address = reverse("marketplace:add_files", args=[model.pk])

    client.post(address, {"file": [SimpleUploadedFile("new.glb", grid_glb())], "end": "1"})

    assert set(model.files.values_list("format", "version")) == {("glb", 2), ("stl", 1)}
    stl.refresh_from_db()
    assert stl.state == "ready"


def test_a_failed_format_is_tried_again_by_itself(client, creator):
    model = Model3DFactory(creator=creator, with_file=True)
    failed = ModelFileFactory(model=model, format="fbx", failed=True)

    client.post(reverse("marketplace:retry_processing", args=[model.pk]), {"file": str(failed.public_id)})

    failed.refresh_from_db()
    assert failed.state == "queued"


def test_the_pages_cost_the_same_however_many_files_pictures_and_uploads_there_are(
    client, creator, django_assert_max_num_queries
):
    model = Model3DFactory(creator=creator, with_file=True)
    for count in (1, 12):
        PreviewImageFactory.create_batch(count, model=model)
        ModelDocumentFactory.create_batch(count, model=model)
        for number in range(count):
            UploadFactory(owner=creator, path=f"{count}-{number}.glb")
            UploadFactory(owner=creator, model=model, path=f"{count}-{number}.obj")
        with django_assert_max_num_queries(32):
            client.get(model.get_edit_url())
        with django_assert_max_num_queries(16):
            client.get("/upload/")


def test_the_script_is_told_what_is_taken_and_what_is_there(client, creator):
    model = Model3DFactory(creator=creator, with_file=True)

    page = client.get(model.get_edit_url()).content.decode()

    told = json.loads(
        page.partition('id="uploader-config" type="application/json">')[2].partition("</script>")[0]
    )
    assert told["existing"] == {"glb": 1}
    assert {"name", "label", "extensions", "companions", "off"} == set(told["formats"][0])
    assert told["model"] == model.pk


def test_what_a_zip_unfolds_to_must_fit_too(client, creator, settings):
    batch = uuid.uuid4()
    content = zip_of(chair_stl=bytes(300_000), chair_glb=grid_glb())
    arrived(creator, batch, "chair.zip", content)

    settings.STORAGE_QUOTA_BYTES = 100_000
    assert "As they are kept, these files have" in finish(client, batch).json()["problems"][0]["message"]
    settings.STORAGE_QUOTA_BYTES = 10**9
    settings.MAX_UPLOAD_BYTES = 301_000
    assert "unfold to more than" in finish(client, batch).json()["problems"][0]["message"]
    assert not Model3D.objects.exists()
