"""Uploads that meet a full disk, a cut connection or object storage."""

import http.client
import resource
import shutil
import subprocess
import time
from pathlib import Path

import pytest
from django.conf import settings as site_settings
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.tests.factories import UserFactory
from marketplace.actions import deletion, processing
from marketplace.incoming import incoming_folder
from marketplace.models import Model3D, ModelFile
from marketplace.tests.glb import grid_glb

LARGE = b"glTF" + bytes(3 * 1024**2)


@pytest.fixture(autouse=True)
def _nothing_on_its_way():
    """A server that another test killed leaves halves of uploads, until the site's cleaning finds them."""
    for half in incoming_folder().iterdir():
        half.unlink()


@pytest.fixture
def creator(client, transactional_db):
    user = UserFactory(creator=True)
    client.force_login(user)
    return user


def send(client, content: bytes):
    return client.post("/upload/", {"file": SimpleUploadedFile("chair.glb", content), "end": "1"})


@pytest.fixture
def files_of_one_megabyte_at_most():
    """The kernel refuses to let this process write more to any file."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1024**2, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture
def full_disk(tmp_path, settings):
    """Private media on a file system of one megabyte."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("mounting a small file system needs root")
    settings.PRIVATE_MEDIA_ROOT = folder
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def assert_refused_for_room(response):
    assert response.status_code == 422
    assert "The server has no room for this file" in response.content.decode()
    assert list(incoming_folder().iterdir()) == []
    assert not Model3D.objects.exists()


def test_a_write_that_the_kernel_refuses_leaves_nothing(client, creator, files_of_one_megabyte_at_most):
    assert_refused_for_room(send(client, LARGE))


def test_a_full_disk_is_told_and_leaves_nothing_and_a_smaller_file_still_fits(client, creator, full_disk):
    assert_refused_for_room(send(client, LARGE))
    assert shutil.disk_usage(full_disk).used == 0
    assert send(client, grid_glb(8)).status_code == 302


def test_a_connection_that_breaks_in_the_middle_leaves_nothing(client, creator, stack):
    stack.ensure("web")
    token = client.get("/upload/").context["csrf_token"]
    cookie = "; ".join(f"{morsel.key}={morsel.value}" for morsel in client.cookies.values())
    connection = http.client.HTTPConnection("localhost", stack.port, timeout=20)
    connection.putrequest("POST", "/upload/")
    connection.putheader("Cookie", cookie)
    connection.putheader("Content-Type", "multipart/form-data; boundary=frontier")
    connection.putheader("Content-Length", str(50 * 1024**2))
    connection.endheaders()
    head = (
        f'--frontier\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{token}\r\n'
        '--frontier\r\nContent-Disposition: form-data; name="file"; filename="a.glb"\r\n\r\n'
    )
    connection.send(head.encode() + LARGE)
    deadline = time.monotonic() + 30
    while not list(incoming_folder().iterdir()):
        assert time.monotonic() < deadline, "the upload never began"
        time.sleep(0.02)

    connection.close()

    while list(incoming_folder().iterdir()):
        assert time.monotonic() < deadline, "the half upload is still there"
        time.sleep(0.02)
    assert not ModelFile.objects.exists()


@pytest.mark.full
def test_on_object_storage_the_same_bytes_arrive_and_are_processed_without_a_trace_on_this_disk(
    client, creator, object_storage
):
    content = grid_glb(12)

    send(client, content)
    file = ModelFile.objects.get()
    stored = object_storage.get_object(Bucket="private", Key=file.original.name)["Body"].read()
    processing.process(file.pk)

    file.refresh_from_db()
    assert stored == content
    assert file.state == ModelFile.State.READY
    names = {item["Key"] for item in object_storage.list_objects_v2(Bucket="public")["Contents"]}
    assert {file.poster_small.name, file.turntable.name} <= names
    assert list(incoming_folder().iterdir()) == []
    deletion.delete_model(model=file.model)
    deletion.purge_model(model=file.model)
    for bucket in ("public", "private"):
        assert object_storage.list_objects_v2(Bucket=bucket)["KeyCount"] == 0
    assert not (Path(site_settings.PRIVATE_MEDIA_ROOT) / file.original.name).exists()
