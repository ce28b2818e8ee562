from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.http import Http404
from django.test import RequestFactory

from core.files import PRESIGNED_SECONDS, send_private
from core.storages import IN_MEMORY_BYTES

CONTENT = bytes(range(256)) * 2000


@pytest.fixture
def stored():
    storage = storages["private"]
    name = storage.save("tests/thing.bin", ContentFile(CONTENT))
    yield name
    storage.delete(name)


def answer(name, method="get", filename="Thing.glb", as_attachment=True, max_age=0, **headers):
    request = getattr(RequestFactory(), method)("/", headers=headers)
    return send_private(
        request,
        name,
        filename=filename,
        content_type="model/gltf-binary",
        as_attachment=as_attachment,
        max_age=max_age,
    )


def body(response):
    return b"".join(response.streaming_content)


def test_a_missing_file_is_not_found():
    with pytest.raises(Http404):
        answer("tests/nothing.bin")


def test_the_whole_file_is_sent_with_its_length_and_type(stored):
    response = answer(stored)
    assert response.status_code == 200
    assert response["Content-Length"] == str(len(CONTENT))
    assert response["Content-Type"] == "model/gltf-binary"
    assert response["Content-Disposition"] == 'attachment; filename="Thing.glb"'
    assert response["Cache-Control"] == "private, no-store"
    assert body(response) == CONTENT


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=100-", 100, len(CONTENT)),
        ("bytes=-100", len(CONTENT) - 100, len(CONTENT)),
        (f"bytes=-{len(CONTENT) * 2}", 0, len(CONTENT)),
        (f"bytes=10-{len(CONTENT) * 9}", 10, len(CONTENT)),
        ("bytes=300000-400000", 300000, 400001),
    ],
)
def test_a_part_is_sent_when_asked_for(stored, asked, start, end):
    response = answer(stored, Range=asked)
    assert response.status_code == 206
    assert response["Content-Range"] == f"bytes {start}-{end - 1}/{len(CONTENT)}"
    assert response["Content-Length"] == str(end - start)
    assert body(response) == CONTENT[start:end]


@pytest.mark.parametrize("asked", ["bytes=-0", f"bytes={len(CONTENT)}-", f"bytes={'9' * 19}-"])
def test_a_part_beyond_the_end_is_refused_with_the_size(stored, asked):
    response = answer(stored, Range=asked)
    assert response.status_code == 416
    assert response["Content-Range"] == f"bytes */{len(CONTENT)}"


@pytest.mark.parametrize(
    "asked", ["bytes=5-2", "bytes=-", "bytes=0-1,4-5", "items=0-1", "bytes=x-y", "bytes=" + "9" * 400]
)
def test_a_range_that_makes_no_sense_means_the_whole_file(stored, asked):
    response = answer(stored, Range=asked)
    assert response.status_code == 200
    assert body(response) == CONTENT


def test_continuing_a_download_of_other_bytes_starts_again(stored):
    etag = answer(stored)["ETag"]
    assert answer(stored, Range="bytes=10-", **{"If-Range": etag}).status_code == 206
    assert answer(stored, Range="bytes=10-", **{"If-Range": '"other"'}).status_code == 200


def test_a_kept_copy_is_confirmed_without_bytes(stored):
    etag = answer(stored)["ETag"]
    assert answer(stored, **{"If-None-Match": etag}).status_code == 304
    assert stored not in etag


def test_head_tells_the_length_and_sends_nothing(stored):
    response = answer(stored, method="head")
    assert response["Content-Length"] == str(len(CONTENT))
    assert response.content == b""


def test_a_hostile_file_name_cannot_break_the_header(stored):
    response = answer(stored, filename='a"\r\nSet-Cookie: x=1;.glb')
    assert "\r" not in response["Content-Disposition"]
    assert "\n" not in response["Content-Disposition"]


def test_a_browser_may_keep_what_has_a_maximum_age(stored):
    assert answer(stored, max_age=60)["Cache-Control"] == "private, max-age=60"


def test_nginx_is_given_the_file_where_it_stands_in_front(stored, settings):
    settings.PRIVATE_X_ACCEL_PREFIX = "/protected/"
    response = answer(stored)
    assert response["X-Accel-Redirect"] == f"/protected/{stored}"
    assert response["Content-Disposition"] == 'attachment; filename="Thing.glb"'
    assert response.content == b""


def test_on_object_storage_the_answer_leads_to_a_signed_address_that_soon_lapses(object_storage):
    name = storages["private"].save("tests/thing.bin", ContentFile(CONTENT))
    response = answer(name, filename="Müller’s chair.glb", max_age=60)
    assert response.status_code == 302
    assert response["Cache-Control"] == "private, no-store"
    query = parse_qs(urlsplit(response.url).query)
    assert int(query["X-Amz-Expires"][0]) <= PRESIGNED_SECONDS
    assert "X-Amz-Signature" in query
    assert not response.content
    sent = requests.get(response.url, timeout=30)
    assert sent.content == CONTENT
    assert sent.headers["Content-Type"] == "model/gltf-binary"
    assert sent.headers["Content-Disposition"].startswith("attachment; filename*=utf-8")


def test_a_large_file_of_object_storage_is_read_from_the_disk_and_a_small_one_from_memory(object_storage):
    storage = storages["private"]
    for size, is_on_disk in ((IN_MEMORY_BYTES + 1, True), (1000, False)):
        name = storage.save("tests/sized.bin", ContentFile(bytes(size)))
        with storage.open(name) as file:
            assert len(file.read()) == size
            # Of the standard library's SpooledTemporaryFile: whether it has left memory.
            assert file.file._rolled is is_on_disk
