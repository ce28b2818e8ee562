"""Uploads straight from the browser to object storage, against a real S3 server."""

import os
import uuid

import pytest
import requests
from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts.tests.factories import UserFactory
from marketplace.arrivals import Arrival
from marketplace.models import ModelFile, Upload
from marketplace.tests.factories import Model3DFactory
from marketplace.uploads import complete_of_batch, expire, expiry, take
from marketplace.uploads.multipart import MIN_PART_BYTES

pytestmark = pytest.mark.django_db

COLLECTION = "/uploads/s3/"
# Three parts, the last one short.
SIZE = 2 * MIN_PART_BYTES + 1000
CONTENT = os.urandom(SIZE)


@pytest.fixture
def creator(client):
    user = UserFactory(creator=True)
    client.force_login(user)
    return user


def post(client, address: str, **asked):
    return client.post(address, asked, content_type="application/json")


def announced(client, **asked) -> str:
    """The address of a new upload."""
    answer = post(client, COLLECTION, **{"path": "room/chair.glb", "size": SIZE, **asked})
    assert answer.status_code == 201, answer.content
    return answer["Location"]


def put(client, address: str, *numbers: int, content: bytes = CONTENT) -> None:
    """What a browser does: ask for addresses and put the parts there."""
    for part in post(client, f"{address}parts/", parts=list(numbers)).json()["parts"]:
        start = (part["part"] - 1) * MIN_PART_BYTES
        sent = requests.put(part["url"], data=content[start : start + part["size"]], timeout=30)
        assert sent.status_code == 200, sent.text


def in_bucket(s3) -> list[str]:
    return [item["Key"] for item in s3.list_objects_v2(Bucket="private").get("Contents", [])]


def unfinished(s3) -> list[str]:
    return [item["UploadId"] for item in s3.list_multipart_uploads(Bucket="private").get("Uploads", [])]


def test_without_object_storage_there_are_no_such_addresses(client, creator):
    assert post(client, COLLECTION, path="a.glb", size=5).status_code == 404
    assert not Upload.objects.exists()


def test_strangers_visitors_and_forged_requests_get_nothing(client, creator, object_storage):
    address = announced(client)
    stranger, visitor, forged = Client(), Client(), Client(enforce_csrf_checks=True)
    stranger.force_login(UserFactory(creator=True))
    forged.force_login(creator)
    for asking, status in ((stranger, 404), (visitor, 403)):
        assert asking.get(address).status_code == status
        assert asking.delete(address).status_code == status
        assert post(asking, f"{address}parts/", parts=[1]).status_code == status
        assert post(asking, f"{address}complete/").status_code == status
    assert post(forged, f"{address}parts/", parts=[1]).status_code == 403
    assert forged.delete(address).status_code == 403
    assert Upload.objects.count() == 1


REFUSED = [
    ({"path": "../a.glb"}, 400),
    ({"path": "a.exe"}, 422),
    ({"path": ""}, 400),
    ({"size": 0}, 400),
    ({"size": -1}, 400),
    ({"size": "5"}, 400),
    ({"size": 1.5}, 400),
    ({"size": True}, 400),
    ({"size": None}, 400),
    ({"size": 10**15}, 413),
    ({"batch": "x"}, 400),
    ({"model": "x"}, 400),
    ({"model": "999999"}, 404),
]
NO_JSON_OBJECT = [b"", b"{", b"[]", b"\xff", b"[" * 100_000]
NO_PARTS = [[], [0], [4], [1.5], ["1"], "1", None, list(range(1, 60)), [True]]


def test_what_is_no_upload_is_refused_before_the_bucket_hears_of_it(client, creator, object_storage):
    for asked, status in REFUSED:
        answer = post(client, COLLECTION, **{"path": "a.glb", "size": 5, **asked})
        assert answer.status_code == status, asked
        assert answer.json()["message"].endswith(".")
    for body in NO_JSON_OBJECT:
        assert client.post(COLLECTION, body, content_type="application/json").status_code == 400, body[:9]
    assert not Upload.objects.exists()
    assert unfinished(object_storage) == []


def test_the_storage_of_a_person_is_checked_here_too(client, creator, object_storage, settings):
    settings.STORAGE_QUOTA_BYTES = SIZE
    announced(client)
    answer = post(client, COLLECTION, path="b.glb", size=1)
    assert answer.status_code == 413
    assert answer.json()["code"] == "quota"


def test_only_parts_that_there_are_get_an_address(client, creator, object_storage):
    address = announced(client)
    for numbers in NO_PARTS:
        assert post(client, f"{address}parts/", parts=numbers).status_code == 400, numbers


def test_a_file_that_was_cut_off_goes_on_after_a_reload_and_arrives_whole(
    client, creator, object_storage, django_capture_on_commit_callbacks
):
    batch = uuid.uuid4()
    address = announced(client, batch=str(batch))
    put(client, address, 2)
    early = post(client, f"{address}complete/")
    assert early.status_code == 409
    assert early.json()["code"] == "incomplete"

    known = client.get(address).json()
    assert known["received_parts"] == [[2, MIN_PART_BYTES]]
    assert (known["parts"], known["part_size"]) == (3, MIN_PART_BYTES)
    put(client, address, 1, 3)
    assert post(client, f"{address}complete/").json()["state"] == "complete"
    assert post(client, f"{address}complete/").status_code == 200
    assert len(client.get(address).json()["received_parts"]) == 3

    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        [upload] = complete_of_batch(creator, batch)
        arrival = Arrival.of_upload(upload)
        with arrival.open() as stream:
            assert stream.read() == CONTENT
        file = ModelFile(model=Model3DFactory(creator=creator), original_name=arrival.name, size=arrival.size)
        arrival.move_to(file.original, arrival.name)
        file.save()
        take([upload])
    file.refresh_from_db()
    assert object_storage.get_object(Bucket="private", Key=file.original.name)["Body"].read() == CONTENT
    assert in_bucket(object_storage) == [file.original.name]


def test_parts_of_another_size_than_announced_make_no_upload(client, creator, object_storage):
    """The storage would refuse a part of another length than signed; this one is made to take it."""
    address = announced(client)
    put(client, address, 1, 2)
    [part] = post(client, f"{address}parts/", parts=[3]).json()["parts"]
    upload = Upload.objects.get()
    object_storage.upload_part(
        Bucket="private",
        Key=upload.storage_name,
        UploadId=upload.multipart_id,
        PartNumber=3,
        Body=bytes(part["size"] + 1),
    )
    assert post(client, f"{address}complete/").status_code == 409
    upload.refresh_from_db()
    assert upload.state == Upload.State.RECEIVING


def test_the_length_of_a_part_is_signed_with_its_address(client, creator, object_storage):
    address = announced(client)
    [part] = post(client, f"{address}parts/", parts=[1]).json()["parts"]
    assert "content-length" in part["url"]
    assert part["size"] == MIN_PART_BYTES


def test_completing_goes_on_where_it_was_cut_off_between_bucket_and_row(client, creator, object_storage):
    address = announced(client)
    put(client, address, 1, 2, 3)
    post(client, f"{address}complete/")
    Upload.objects.update(state=Upload.State.RECEIVING, received=0)
    assert post(client, f"{address}complete/").json()["state"] == "complete"


def test_giving_up_leaves_nothing_in_the_bucket(
    client, creator, object_storage, django_capture_on_commit_callbacks
):
    address = announced(client)
    put(client, address, 1)
    with django_capture_on_commit_callbacks(execute=True):
        assert client.delete(address).status_code == 204
    assert unfinished(object_storage) == in_bucket(object_storage) == []
    assert client.get(address).status_code == 404


def test_an_upload_that_the_bucket_has_forgotten_is_gone(client, creator, object_storage):
    address = announced(client)
    upload = Upload.objects.get()
    object_storage.abort_multipart_upload(
        Bucket="private", Key=upload.storage_name, UploadId=upload.multipart_id
    )
    answer = client.get(address)
    assert answer.status_code == 410
    assert answer.json()["code"] == "gone"


def test_a_bucket_that_does_not_answer_is_told_and_leaves_no_row(client, creator, object_storage):
    object_storage.delete_bucket(Bucket="private")
    answer = post(client, COLLECTION, path="a.glb", size=5)
    assert answer.status_code in (410, 503)
    assert not Upload.objects.exists()


def test_expired_and_orphaned_uploads_leave_the_bucket(
    client, creator, object_storage, monkeypatch, django_capture_on_commit_callbacks
):
    going_on, forgotten = announced(client, path="a.glb"), announced(client, path="b.glb")
    put(client, forgotten, 1)
    Upload.objects.filter(path="b.glb").update(expires_at=timezone.now())
    object_storage.create_multipart_upload(Bucket="private", Key="incoming/orphan")
    object_storage.put_object(Bucket="private", Key=f"incoming/{uuid.uuid4()}", Body=b"orphan")
    object_storage.put_object(Bucket="private", Key="originals/kept", Body=b"kept")
    assert client.get(forgotten).status_code == 410
    before = in_bucket(object_storage)
    with django_capture_on_commit_callbacks(execute=True):
        assert expire().uploads == 1
    # A young object may still get its row.
    assert in_bucket(object_storage) == before

    monkeypatch.setattr(expiry, "ORPHAN_SECONDS", -60)
    assert expire(dry_run=True).orphans == 1
    assert in_bucket(object_storage) == before
    assert expire().orphans == 1
    assert in_bucket(object_storage) == ["originals/kept"]
    assert unfinished(object_storage) == [Upload.objects.get().multipart_id]
    assert client.get(going_on).status_code == 200
