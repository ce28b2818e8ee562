"""A tus client of others against the running site, over connections that break and a server that restarts."""

import hashlib
import os
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client
from tusclient.client import TusClient
from tusclient.uploader import Uploader

from accounts.models import User
from accounts.tests.factories import UserFactory
from marketplace.arrivals import Arrival
from marketplace.incoming import incoming_folder
from marketplace.models import Upload
from marketplace.tests.factories import Model3DFactory, ModelFileFactory
from marketplace.uploads import complete_of_batch, receiving, take
from tests.processes import Stack
from tests.proxy import CuttingProxy

MIB = 1024**2
PATIENCE_SECONDS = 120


@pytest.fixture
def site(transactional_db, stack: Stack) -> Iterator[Stack]:
    stack.ensure("web")
    yield stack
    for path in incoming_folder().iterdir():
        path.unlink()


@pytest.fixture
def creator(transactional_db) -> User:
    return UserFactory(creator=True)


def random_file(folder: Path, size: int) -> Path:
    path = folder / "large.glb"
    with path.open("wb") as file:
        for start in range(0, size, MIB):
            file.write(os.urandom(min(MIB, size - start)))
    return path


def sha256_of(stream) -> str:
    return hashlib.file_digest(stream, "sha256").hexdigest()


def uploader(url: str, creator: User, path: Path, batch: uuid.UUID, **options) -> Uploader:
    client = Client()
    client.force_login(creator)
    token = client.get("/uploads/").json()["csrf_token"]
    cookies = "; ".join(f"{morsel.key}={morsel.value}" for morsel in client.cookies.values())
    headers = {"Cookie": cookies, "X-CSRFToken": token}
    metadata = {"filename": path.name, "batch": str(batch)}
    tus = TusClient(f"{url}/uploads/", headers=headers)
    return tus.uploader(str(path), metadata=metadata, retries=200, retry_delay=0.1, **options)


def arrival_of(creator: User, batch: uuid.UUID) -> Arrival:
    with transaction.atomic():
        [upload] = complete_of_batch(creator, batch)
    return Arrival.of_upload(upload)


@pytest.mark.full
def test_two_megabytes_arrive_whole_over_two_broken_connections(site, creator, tmp_path):
    path, batch = random_file(tmp_path, 2 * MIB), uuid.uuid4()
    with CuttingProxy(site.port, cuts=[MIB // 2, 2 * MIB]) as proxy:
        uploader(proxy.url, creator, path, batch).upload()
        assert proxy.made == 2
        # What had arrived was not sent again: less than two whole files, and the heads of the requests.
        assert proxy.sent < 4 * MIB
    with arrival_of(creator, batch).open() as arrived, path.open("rb") as sent:
        assert sha256_of(arrived) == sha256_of(sent)


@pytest.mark.full
def test_a_sender_that_vanishes_without_a_word_holds_nobody_up(site, creator, tmp_path, monkeypatch):
    """The line stays open and silent, as after a change of networks: another connection takes over."""
    path, batch = random_file(tmp_path, MIB), uuid.uuid4()
    sending = uploader(site.url, creator, path, batch)
    sending.set_url(sending.create_url())
    upload = Upload.objects.get()
    with receiving.hold(upload):
        long_ago = time.time() - receiving.SILENT_SECONDS - 1
        for item in receiving.part_path(upload).parent.glob(f"{upload.public_id}.*"):
            os.utime(item, (long_ago, long_ago))
        sending.upload()
    with arrival_of(creator, batch).open() as arrived, path.open("rb") as sent:
        assert sha256_of(arrived) == sha256_of(sent)


@pytest.mark.full
def test_300_megabytes_arrive_whole_over_three_broken_connections_and_a_killed_server(
    site, creator, tmp_path
):
    path, batch = random_file(tmp_path, 300 * MIB), uuid.uuid4()
    with CuttingProxy(site.port, cuts=[40 * MIB, 110 * MIB, 260 * MIB]) as proxy:
        sending = uploader(proxy.url, creator, path, batch, chunk_size=128 * MIB, upload_checksum=False)
        failures = []

        def send() -> None:
            try:
                sending.upload()
            except Exception as error:
                failures.append(error)

        thread = threading.Thread(target=send)
        thread.start()
        deadline = time.monotonic() + PATIENCE_SECONDS
        while proxy.sent < 180 * MIB:
            assert thread.is_alive(), failures
            assert time.monotonic() < deadline, "the upload does not go on"
            time.sleep(0.01)
        site.kill("web")
        site.ensure("web")
        thread.join(PATIENCE_SECONDS)
        assert not thread.is_alive(), "the upload does not end"
        assert failures == []
        assert proxy.made == 3
    arrival = arrival_of(creator, batch)
    with arrival.open() as arrived, path.open("rb") as sent:
        expected = sha256_of(sent)
        assert sha256_of(arrived) == expected
    file = ModelFileFactory(model=Model3DFactory(creator=creator))
    arrival.move_to(file.original, arrival.name)
    take(Upload.objects.all())
    with file.original.open() as stored:
        assert sha256_of(stored) == expected
