"""Resumable uploads by tus 1.0.0, header by header."""

import base64
import hashlib
import os
import resource
import time
import uuid
from contextlib import ExitStack
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.tests.factories import UserFactory
from marketplace.arrivals import Arrival
from marketplace.incoming import incoming_folder
from marketplace.models import FormatSwitch, ModelFile, Upload
from marketplace.tests.factories import Model3DFactory, ModelFileFactory
from marketplace.uploads import complete_of_batch, expire, lanes, receiving, take
from marketplace.uploads.admission import MAX_BATCH_FILES
from marketplace.uploads.expiry import ORPHAN_SECONDS
from marketplace.uploads.stored import part_path

pytestmark = pytest.mark.django_db

COLLECTION = "/uploads/"
SIZE = 300_000
CONTENT = os.urandom(SIZE)


def encoded(**values: str) -> str:
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in values.items())


class Tus:
    """A client that says what it is told to say."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def create(self, size=SIZE, metadata=None, **values):
        values.setdefault("filename", "chair.glb")
        headers = {
            "Tus-Resumable": "1.0.0",
            "Upload-Length": str(size),
            "Upload-Metadata": encoded(**values) if metadata is None else metadata,
        }
        return self.client.post(COLLECTION, headers=headers)

    def upload(self, size=SIZE, **values) -> str:
        """The address of a new upload."""
        answer = self.create(size, **values)
        assert answer.status_code == 201, answer.content
        return answer["Location"]

    def send(self, address: str, offset: int, content: bytes, **headers):
        return self.client.patch(
            address,
            content,
            content_type=headers.pop("content_type", "application/offset+octet-stream"),
            headers={"Tus-Resumable": "1.0.0", "Upload-Offset": str(offset), **headers},
        )

    def head(self, address: str):
        return self.client.head(address, headers={"Tus-Resumable": "1.0.0"})

    def offset(self, address: str) -> int:
        return int(self.head(address)["Upload-Offset"])

    def delete(self, address: str):
        return self.client.delete(address, headers={"Tus-Resumable": "1.0.0"})


@pytest.fixture(autouse=True)
def _empty_folder():
    """Rows are rolled back after a test; files are not."""
    yield
    for path in incoming_folder().iterdir():
        path.unlink()


@pytest.fixture
def creator(client):
    user = UserFactory(creator=True)
    client.force_login(user)
    return user


@pytest.fixture
def tus(client, creator):
    return Tus(client)


def of_somebody(**options) -> Tus:
    client = Client(enforce_csrf_checks=options.pop("csrf", False))
    client.force_login(UserFactory(**options))
    return Tus(client)


def row(address: str) -> Upload:
    return Upload.objects.get(public_id=address.strip("/").split("/")[-1])


def digest(name: str, content: bytes) -> str:
    return f"{name} {base64.b64encode(hashlib.new(name, content).digest()).decode()}"


# Who may not.


def test_a_visitor_is_told_to_log_in_and_learns_nothing(client, tus):
    address = tus.upload()
    visitor = Tus(Client())
    answers = [
        visitor.create(),
        visitor.send(address, 0, CONTENT),
        visitor.head(address),
        visitor.delete(address),
    ]
    assert {answer.status_code for answer in answers} == {403}
    assert answers[0].json()["code"] == "signed-out"
    assert tus.offset(address) == 0


def test_a_buyer_cannot_upload():
    answer = of_somebody().create()
    assert answer.status_code == 403
    assert answer.json()["code"] == "not-a-creator"


def test_a_stranger_finds_no_upload_of_another_person(tus):
    address = tus.upload()
    stranger = of_somebody(creator=True)
    answers = [
        stranger.head(address),
        stranger.send(address, 0, CONTENT),
        stranger.delete(address),
        stranger.head(reverse("marketplace:tus_upload", args=[uuid.uuid4()])),
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert tus.offset(address) == 0


def test_a_request_without_the_token_is_refused_before_its_body_is_read():
    forged = of_somebody(creator=True, csrf=True)
    assert forged.create().status_code == 403
    token = forged.client.get(COLLECTION).json()["csrf_token"]
    headers = {"Tus-Resumable": "1.0.0", "Upload-Length": "3", "X-CSRFToken": token}
    created = forged.client.post(
        COLLECTION, headers={**headers, "Upload-Metadata": encoded(filename="a.glb")}
    )
    assert created.status_code == 201
    assert forged.send(created["Location"], 0, b"abc").status_code == 403
    assert forged.send(created["Location"], 0, b"abc", **{"X-CSRFToken": token}).status_code == 204


def test_a_get_cannot_pass_for_another_method(tus):
    address = tus.upload()
    answer = tus.client.get(address, headers={"Tus-Resumable": "1.0.0", "X-HTTP-Method-Override": "DELETE"})
    assert answer.status_code == 405
    assert tus.offset(address) == 0


def test_the_model_of_another_person_cannot_be_named(tus):
    theirs = Model3DFactory(with_file=True)
    assert tus.create(model=str(theirs.pk)).status_code == 404
    assert not Upload.objects.exists()


def test_a_model_in_review_takes_no_files_and_one_on_sale_does(tus, creator):
    answer = tus.create(model=str(Model3DFactory(pending=True, creator=creator).pk))
    assert answer.status_code == 409
    assert "is in review" in answer.json()["message"]
    assert tus.create(model=str(Model3DFactory(listed=True, creator=creator).pk)).status_code == 201


# Announcing.


def test_anybody_may_ask_what_the_server_can():
    answer = Client().options(COLLECTION)
    assert answer.status_code == 204
    assert answer["Tus-Version"] == answer["Tus-Resumable"] == "1.0.0"
    assert set(answer["Tus-Extension"].split(",")) == {"creation", "termination", "expiration", "checksum"}
    assert {"sha1", "sha256"} <= set(answer["Tus-Checksum-Algorithm"].split(","))
    assert int(answer["Tus-Max-Size"]) > 0


@pytest.mark.parametrize("version", [None, "0.2.2", "1.0.1", ""])
def test_another_version_is_refused(tus, version):
    address = tus.upload()
    headers = {} if version is None else {"Tus-Resumable": version}
    for answer in (
        tus.client.post(COLLECTION, headers={**headers, "Upload-Length": "5"}),
        tus.client.head(address, headers=headers),
        tus.client.delete(address, headers=headers),
    ):
        assert answer.status_code == 412
        assert answer["Tus-Resumable"] == "1.0.0"
    assert Upload.objects.count() == 1


@pytest.mark.parametrize("length", ["", "-1", "1.5", "ten", "9" * 19, "٣", None])
def test_a_length_that_is_none_is_refused(tus, length):
    headers = {"Tus-Resumable": "1.0.0", "Upload-Metadata": encoded(filename="a.glb")}
    if length is not None:
        headers["Upload-Length"] = length
    assert tus.client.post(COLLECTION, headers=headers).status_code == 400


def test_a_length_that_comes_later_is_refused(tus):
    headers = {"Tus-Resumable": "1.0.0", "Upload-Defer-Length": "1"}
    answer = tus.client.post(COLLECTION, headers=headers)
    assert answer.status_code == 400
    assert "known from the start" in answer.json()["message"]


@pytest.mark.parametrize(
    "metadata",
    [
        "filename ***",
        "filename YQ",
        "filename /w==",
        "filename " + "A" * 9000,
        f"{encoded(filename='a.glb')},batch {base64.b64encode(b'x').decode()}",
        f"{encoded(filename='a.glb')},model {base64.b64encode(b'1 or 1=1').decode()}",
    ],
)
def test_metadata_that_make_no_sense_are_refused(tus, metadata):
    answer = tus.create(metadata=metadata)
    assert answer.status_code == 400
    assert answer.json()["message"].endswith(".")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("", 400),
        ("../chair.glb", 400),
        ("a/../../chair.glb", 400),
        ("a\\..\\chair.glb", 400),
        ("...", 400),
        (".glb", 422),
        ("\u202e.glb", 422),
        ("x" * 197 + ".glb", 400),
        ("é" * 140 + ".glb", 400),
        ("folder/" * 80 + "chair.glb", 400),
        ("chair.exe", 422),
        ("chair", 422),
        ("chair.glb.php", 422),
        ("chair.svg", 422),
    ],
)
def test_names_that_cannot_be_used_are_refused_with_a_sentence(tus, path, status):
    answer = tus.create(filename=path)
    assert answer.status_code == status
    assert answer.json()["message"].endswith(".")
    assert not Upload.objects.exists()


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("chair.GLB", "chair.GLB"),
        ("/home/ann/chair.glb", "home/ann/chair.glb"),
        ("C:\\models\\chair.glb", "models/chair.glb"),
        ("\\\\server\\share\\chair.glb", "server/share/chair.glb"),
        ("./room//./chair.glb", "room/chair.glb"),
        ("cha\x00i\nr\u202e.glb", "chair.glb"),
        ("cafe\u0301.glb", "café.glb"),
        ("textures/wood.png", "textures/wood.png"),
        ("read me.md", "read me.md"),
        ("all.zip", "all.zip"),
    ],
)
def test_names_are_kept_relative_and_without_what_cannot_be_seen(tus, said, kept):
    upload = row(tus.upload(relativePath=said))
    assert upload.path == kept
    assert upload.name == kept.split("/")[-1]


def test_a_format_that_is_switched_off_is_refused_with_its_reason(tus):
    FormatSwitch.objects.create(format="fbx", is_enabled=False, reason="Back on Monday.")
    answer = tus.create(filename="chair.fbx")
    assert answer.status_code == 422
    assert "Back on Monday." in answer.json()["message"]
    assert tus.create(filename="chair.glb").status_code == 201


def test_a_file_above_the_limit_is_refused_before_it_comes(tus, settings):
    settings.MAX_UPLOAD_BYTES = 1000
    assert tus.create(1001).status_code == 413
    assert tus.create(0).status_code == 400
    assert tus.create(1000).status_code == 201


def test_what_is_kept_and_announced_counts_against_the_storage(tus, creator, settings):
    settings.STORAGE_QUOTA_BYTES = 10_000
    file = ModelFileFactory(model=Model3DFactory(creator=creator))
    ModelFile.objects.filter(pk=file.pk).update(size=4000)
    first = tus.upload(5000)
    answer = tus.create(1001)
    assert answer.status_code == 413
    assert answer.json()["code"] == "quota"
    assert "1000\xa0bytes are left" in answer.json()["message"]
    assert tus.delete(first).status_code == 204
    assert tus.create(6000).status_code == 201
    assert of_somebody(creator=True).create(6000).status_code == 201


def test_a_drop_holds_a_bounded_number_of_files(tus, creator):
    batch = uuid.uuid4()
    Upload.objects.bulk_create(
        Upload(owner=creator, batch=batch, name="a", path=f"{i}", size=1, expires_at=receiving.new_expiry())
        for i in range(MAX_BATCH_FILES)
    )
    answer = tus.create(batch=str(batch))
    assert answer.status_code == 422
    assert "zip archive" in answer.json()["message"]
    assert tus.create().status_code == 201


def test_a_disk_without_room_is_told_before_the_first_byte(tus, monkeypatch):
    monkeypatch.setattr("marketplace.uploads.admission.RESERVED_BYTES", 1 << 60)
    assert tus.create().status_code == 507
    assert not Upload.objects.exists()


def test_the_same_path_again_takes_the_place_of_the_former(tus, django_capture_on_commit_callbacks):
    batch = str(uuid.uuid4())
    lost = tus.upload(batch=batch, relativePath="room/chair.glb")
    with django_capture_on_commit_callbacks(execute=True):
        again = tus.upload(batch=batch, relativePath="room/chair.glb")
    assert tus.head(lost).status_code == 404
    assert [path.name for path in incoming_folder().iterdir()] == [part_path(row(again)).name]


def test_a_page_is_told_its_limits_and_what_is_under_way(tus, settings):
    address = tus.upload()
    tus.send(address, 0, CONTENT[:1000])
    said = tus.client.get(COLLECTION).json()
    assert said["transport"] == "tus"
    assert said["quota"]["used"] == len(CONTENT)
    assert said["quota"]["left"] == settings.STORAGE_QUOTA_BYTES - len(CONTENT)
    assert [(item["path"], item["received"]) for item in said["uploads"]] == [("chair.glb", 1000)]


# Sending.


def test_a_file_in_three_pieces_arrives_whole(tus, creator):
    batch = uuid.uuid4()
    address = tus.upload(batch=str(batch), relativePath="room/chair.glb")
    for start, end in ((0, 1), (1, 200_000), (200_000, len(CONTENT))):
        assert tus.offset(address) == start
        answer = tus.send(address, start, CONTENT[start:end])
        assert answer.status_code == 204
        assert answer["Upload-Offset"] == str(end)
        assert answer["Upload-Expires"].endswith("GMT")
    [upload] = complete_of_batch(creator, batch)
    with Arrival.of_upload(upload).open() as stream:
        assert stream.read() == CONTENT


def test_another_offset_is_a_conflict(tus):
    address = tus.upload()
    tus.send(address, 0, CONTENT[:100])
    for offset in (0, 99, 101, 10**17):
        answer = tus.send(address, offset, CONTENT[100:])
        assert answer.status_code == 409
    assert tus.offset(address) == 100


@pytest.mark.parametrize("offset", ["-1", "x", "", "1e3"])
def test_an_offset_that_is_none_is_refused(tus, offset):
    assert tus.send(tus.upload(), offset, CONTENT).status_code == 400


def test_more_than_was_announced_is_refused(tus):
    address = tus.upload(100)
    assert tus.send(address, 0, bytes(101)).status_code == 413
    assert tus.send(address, 0, bytes(100)).status_code == 204
    assert tus.send(address, 100, b"1").status_code == 413
    assert tus.offset(address) == 100


def test_bytes_of_another_content_type_are_refused(tus):
    address = tus.upload()
    assert tus.send(address, 0, CONTENT, content_type="application/octet-stream").status_code == 415
    assert tus.offset(address) == 0


def test_a_body_of_unknown_length_is_refused(tus):
    answer = tus.client.generic(
        "PATCH",
        tus.upload(),
        CONTENT_TYPE="application/offset+octet-stream",
        headers={"Tus-Resumable": "1.0.0", "Upload-Offset": "0"},
    )
    assert answer.status_code == 411


def test_a_post_may_stand_for_a_patch_and_a_deletion(tus):
    address = tus.upload(5)
    sent = tus.client.post(
        address,
        b"12345",
        content_type="application/offset+octet-stream",
        headers={"Tus-Resumable": "1.0.0", "Upload-Offset": "0", "X-HTTP-Method-Override": "PATCH"},
    )
    assert sent.status_code == 204
    gone = tus.client.post(address, headers={"Tus-Resumable": "1.0.0", "X-HTTP-Method-Override": "DELETE"})
    assert gone.status_code == 204
    assert tus.head(address).status_code == 404


def test_another_request_has_to_wait_while_one_sends(tus):
    address = tus.upload()
    with receiving.hold(row(address)):
        assert tus.send(address, 0, CONTENT).status_code == 423
    assert tus.send(address, 0, CONTENT).status_code == 204


def test_a_person_sends_four_files_at_a_time_and_others_still_find_a_lane(tus, creator):
    address = tus.upload()
    with ExitStack() as sending:
        for _ in range(lanes.LANES_A_PERSON):
            sending.enter_context(lanes.lane(creator))
        assert tus.send(address, 0, CONTENT).status_code == 503
        other = of_somebody(creator=True)
        assert other.send(other.upload(), 0, CONTENT).status_code == 204
    assert tus.send(address, 0, CONTENT).status_code == 204


def test_a_process_keeps_threads_for_pages_however_many_send(tus, settings):
    settings.UPLOAD_LANES = 2
    address = tus.upload()
    with lanes.lane(UserFactory()), lanes.lane(UserFactory()):
        assert tus.send(address, 0, CONTENT).json()["code"] == "crowded"
    assert tus.offset(address) == 0


def test_a_request_that_fell_silent_gives_way_and_writes_no_more(tus):
    address = tus.upload()
    upload = row(address)
    long_ago = time.time() - receiving.SILENT_SECONDS - 1
    with receiving.hold(upload) as silent:
        for suffix in (".part", ".lock"):
            os.utime(part_path(upload).with_suffix(suffix), (long_ago, long_ago))
        assert tus.send(address, 0, CONTENT[:1000]).status_code == 204
        with pytest.raises(receiving.UploadBusy):
            silent.append(_Stream(b"late"), 4)
    assert tus.offset(address) == 1000


class _Stream:
    def __init__(self, *blocks: bytes) -> None:
        self.blocks = list(blocks)

    def read(self, size: int) -> bytes:
        return self.blocks.pop(0) if self.blocks else b""


def test_bytes_that_are_gone_from_the_disk_are_told(tus):
    address = tus.upload()
    tus.send(address, 0, CONTENT[:100])
    part_path(row(address)).unlink()
    assert tus.head(address).status_code == 410
    assert tus.send(address, 100, CONTENT[100:]).status_code == 410


def test_an_upload_whose_last_row_was_lost_is_completed_by_asking(tus):
    """As when the process ends between the last byte and the row."""
    address = tus.upload()
    part_path(row(address)).write_bytes(CONTENT)
    assert tus.offset(address) == len(CONTENT)
    assert row(address).state == Upload.State.COMPLETE


# Checksums.


@pytest.mark.parametrize("name", ["sha1", "sha256", "sha512", "md5"])
def test_a_part_with_the_right_checksum_is_kept(tus, name):
    address = tus.upload()
    answer = tus.send(address, 0, CONTENT[:5000], **{"Upload-Checksum": digest(name, CONTENT[:5000])})
    assert answer.status_code == 204
    assert tus.offset(address) == 5000


def test_of_a_part_with_the_wrong_checksum_nothing_is_kept(tus):
    address = tus.upload()
    tus.send(address, 0, CONTENT[:1000])
    answer = tus.send(address, 1000, CONTENT[1000:], **{"Upload-Checksum": digest("sha256", b"other")})
    assert answer.status_code == 460
    assert tus.offset(address) == 1000
    assert row(address).state == Upload.State.RECEIVING
    assert part_path(row(address)).read_bytes() == CONTENT[:1000]
    assert tus.send(address, 1000, CONTENT[1000:]).status_code == 204


@pytest.mark.parametrize(
    "header", ["crc32 AAAA", "sha1", "sha1 ***", "sha1 QUJD", "", "sha1 ", "sha1 \xe9\xe9"]
)
def test_a_checksum_that_cannot_be_checked_is_refused(tus, header):
    address = tus.upload()
    assert tus.send(address, 0, CONTENT, **{"Upload-Checksum": header}).status_code == 400
    assert tus.offset(address) == 0


def test_bytes_whose_checksum_was_never_checked_do_not_count(tus):
    """As when the process is killed in the middle of a part with a checksum."""
    address = tus.upload()
    tus.send(address, 0, CONTENT[:1000])
    part = part_path(row(address))
    with part.open("ab") as file:
        file.write(b"unchecked")
    part.with_suffix(".unverified").write_text("1000")
    assert tus.offset(address) == 1000
    assert tus.send(address, 1000, CONTENT[1000:]).status_code == 204
    assert part.read_bytes() == CONTENT


def test_a_part_with_a_checksum_that_is_cut_off_is_forgotten(tus):
    upload = row(tus.upload())
    with receiving.hold(upload) as part:
        part.append(_Stream(b"abc"), 3)
        part.append(_Stream(b"de"), 10, hashlib.sha1(usedforsecurity=False), bytes(20))
        assert part.offset == 3
    assert receiving.offset_of(upload) == 3


# Disks.


@pytest.fixture
def files_of_100_kilobytes_at_most():
    """The kernel refuses to let this process write more to any file."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_disk_that_takes_no_more_is_told_and_what_it_took_stays(tus, files_of_100_kilobytes_at_most):
    address = tus.upload()
    answer = tus.send(address, 0, CONTENT)
    assert answer.status_code == 507
    assert "no room" in answer.json()["message"]
    assert tus.offset(address) == 100_000


def test_a_disk_that_takes_no_more_keeps_nothing_that_was_not_checked(tus, files_of_100_kilobytes_at_most):
    address = tus.upload()
    assert tus.send(address, 0, CONTENT[:10]).status_code == 204
    answer = tus.send(address, 10, CONTENT[10:], **{"Upload-Checksum": digest("sha1", CONTENT[10:])})
    assert answer.status_code == 507
    assert tus.offset(address) == 10


# Ends.


def test_an_upload_that_is_given_up_leaves_nothing(tus, django_capture_on_commit_callbacks):
    address = tus.upload()
    tus.send(address, 0, CONTENT[:1000])
    with django_capture_on_commit_callbacks(execute=True):
        assert tus.delete(address).status_code == 204
    assert not Upload.objects.exists()
    assert list(incoming_folder().iterdir()) == []
    assert tus.head(address).status_code == 404


def test_what_arrived_becomes_an_original_and_survives_a_transaction_that_fails(
    tus, creator, django_capture_on_commit_callbacks
):
    batch = uuid.uuid4()
    tus.send(tus.upload(batch=str(batch)), 0, CONTENT)
    [upload] = complete_of_batch(creator, batch)
    arrival = Arrival.of_upload(upload)

    class Failed(Exception):
        pass

    with pytest.raises(Failed), transaction.atomic():
        file = ModelFile(model=Model3DFactory(creator=creator), original_name=arrival.name, size=arrival.size)
        arrival.move_to(file.original, arrival.name)
        take([upload])
        file.original.delete(save=False)
        raise Failed
    assert complete_of_batch(creator, batch) == [upload]

    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        file = ModelFile(model=Model3DFactory(creator=creator), original_name=arrival.name, size=arrival.size)
        arrival.move_to(file.original, arrival.name)
        file.save()
        take([upload])
    with file.original.open() as stream:
        assert stream.read() == CONTENT
    assert complete_of_batch(creator, batch) == []
    assert list(incoming_folder().iterdir()) == []


def test_uploads_that_nobody_goes_on_with_expire_with_their_bytes(tus, django_capture_on_commit_callbacks):
    forgotten, going_on = tus.upload(), tus.upload()
    tus.send(forgotten, 0, CONTENT[:1000])
    for address in (forgotten, going_on):
        Upload.objects.filter(pk=row(address).pk).update(expires_at=timezone.now() + timedelta(minutes=1))
    tus.send(going_on, 0, CONTENT[:1000])
    Upload.objects.filter(pk=row(forgotten).pk).update(expires_at=timezone.now() - timedelta(minutes=1))
    assert tus.head(forgotten).status_code == 410
    assert row(going_on).expires_at > timezone.now() + timedelta(hours=1)

    would = expire(dry_run=True)
    assert (would.uploads, would.size) == (1, 1000)
    assert part_path(row(forgotten)).exists()
    with django_capture_on_commit_callbacks(execute=True):
        done = expire()
    assert (done.uploads, done.size) == (1, 1000)
    assert tus.head(forgotten).status_code == 404
    assert {path.stem for path in incoming_folder().iterdir()} == {str(row(going_on).public_id)}
    assert expire().uploads == 0


def test_parts_that_lost_their_row_are_swept_once_they_are_old(tus):
    address = tus.upload()
    old, young = incoming_folder() / f"{uuid.uuid4()}.part", incoming_folder() / f"{uuid.uuid4()}.part"
    old.write_bytes(bytes(10))
    young.write_bytes(bytes(10))
    long_ago = time.time() - ORPHAN_SECONDS - 60
    for path in (old, part_path(row(address))):
        os.utime(path, (long_ago, long_ago))

    assert expire(dry_run=True).orphans == 1
    assert old.exists()
    assert expire().orphans == 1
    assert not old.exists()
    assert young.exists()
    assert part_path(row(address)).exists()
