"""The browser's half of uploads, without the page around it: sessions that end, pauses, object storage."""

import hashlib
import json
import subprocess
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import Page

from accounts.models import User
from accounts.tests.factories import UserFactory
from marketplace.arrivals import Arrival
from marketplace.models import Upload
from marketplace.processing.node_runtime import node_executable
from tests.processes import Stack
from tests.proxy import CuttingProxy

MIB = 1024**2
BATCH = "5f7d2d0c-31c5-4f35-9a1e-0d6d1f6a2b11"
PATIENCE_SECONDS = 60

# A file that is the same after a reload, and what became of it.
BEGIN = """([size, kind, token, batch]) => {
  const block = new Uint8Array(65536).map((_, index) => (index * 7 + (index >> 8)) & 255);
  const blocks = Array.from({ length: Math.ceil(size / block.length) }, () => block);
  const file = new File([new Blob(blocks).slice(0, size)], "chair.glb", { lastModified: 1700000000000 });
  const states = (window.states = []);
  const transport = new Uploads.Transport({ endpoint: "/uploads/", csrfToken: token, kind });
  window.transfer = transport.start(file, {
    path: "room/chair.glb",
    batch,
    onProgress: (sent, total) => (window.progress = [sent, total]),
    onState: (state, error) => states.push(error ? `${state}: ${error.message}` : state),
    onDone: (done) => (window.finished = done.id),
  });
}"""


def content(size: int) -> bytes:
    block = bytes((index * 7 + (index >> 8)) & 255 for index in range(65536))
    return (block * (size // len(block) + 1))[:size]


@pytest.fixture(scope="session")
def script(tmp_path_factory) -> str:
    """The transport alone, bundled."""
    target = tmp_path_factory.mktemp("transport") / "transport.js"
    options = {
        "entryPoints": ["static/js/uploads/transport.js"],
        "outfile": str(target),
        "bundle": True,
        "format": "iife",
        "globalName": "Uploads",
    }
    program = f"import esbuild from 'esbuild'; await esbuild.build({json.dumps(options)})"
    command = [node_executable(), "--input-type=module", "--eval", program]
    subprocess.run(command, cwd=settings.BASE_DIR, check=True)
    return target.read_text()


@pytest.fixture
def creator(live_site) -> User:
    return UserFactory(creator=True)


def log_in(page: Page, user: User, url: str) -> str:
    """Give the page a session; returns its key."""
    client = Client()
    client.force_login(user)
    key = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": key, "url": url}])
    return key


def prepared(page: Page, script: str) -> str:
    """A page with the transport in it; the token of its forms."""
    page.goto("/upload/")
    page.evaluate(f"{script}; window.Uploads = Uploads")
    return page.locator("input[name=csrfmiddlewaretoken]").first.input_value()


def wait_for(page: Page, expression: str):
    for _ in range(PATIENCE_SECONDS * 20):
        if value := page.evaluate(expression):
            return value
        page.wait_for_timeout(50)
    raise AssertionError(f"waited in vain for {expression}; states: {page.evaluate('window.states')}")


def assert_arrived(page: Page, size: int) -> None:
    public_id = wait_for(page, "window.finished")
    upload = Upload.objects.get(public_id=public_id)
    assert (upload.path, str(upload.batch), upload.state) == ("room/chair.glb", BATCH, "complete")
    with Arrival.of_upload(upload).open() as stream:
        assert hashlib.file_digest(stream, "sha256").digest() == hashlib.sha256(content(size)).digest()


@pytest.mark.full
def test_after_the_session_ended_an_upload_goes_on_where_it_was(
    open_page, live_site, creator, script, complaints
):
    complaints.expect("403 (Forbidden)")
    complaints.expect("ERR_")
    size = 4 * MIB
    with CuttingProxy(live_site.port) as proxy:
        page = open_page(base_url=proxy.url)
        key = log_in(page, creator, proxy.url)
        token = prepared(page, script)
        slow(page, 512 * 1024)
        page.evaluate(BEGIN, [size, "tus", token, BATCH])
        wait_for(page, f"window.progress?.[0] > {MIB}")
        Session.objects.filter(pk=key).delete()
        cache.clear()
        proxy.cut()

        wait_for(page, "window.states.at(-1).startsWith('failed')")
        assert "Log in, and the upload goes on" in page.evaluate("window.states.at(-1)")
        arrived = Upload.objects.get().pk
        log_in(page, creator, proxy.url)
        slow(page, -1)
        page.evaluate("window.transfer.resume()")
        assert_arrived(page, size)
    assert Upload.objects.get().pk == arrived
    assert proxy.sent < 2 * size - MIB // 2


@pytest.mark.full
def test_what_is_paused_goes_on_and_what_is_cancelled_leaves_nothing(
    open_page, live_site, creator, script, complaints
):
    page = open_page()
    log_in(page, creator, live_site.url)
    token = prepared(page, script)
    slow(page, 512 * 1024)
    page.evaluate(BEGIN, [4 * MIB, "tus", token, BATCH])
    wait_for(page, f"window.progress?.[0] > {MIB // 2}")
    page.evaluate("window.transfer.pause()")
    assert page.evaluate("window.states") == ["sending", "paused"]
    page.evaluate("window.transfer.resume()")
    sent = page.evaluate("window.progress[0]")
    wait_for(page, f"window.progress[0] > {sent + MIB // 4}")
    # Another connection of the same upload may still have been closing.
    assert page.evaluate("window.states.at(-1)") == "sending"
    page.evaluate("window.transfer.cancel()")
    assert page.evaluate("window.states.at(-1)") == "cancelled"
    assert not Upload.objects.exists()


@pytest.fixture
def site_on_object_storage(object_storage, live_site) -> Iterator[Stack]:
    """Another web process of the site, which keeps its files in buckets."""
    rules = [{"AllowedMethods": ["PUT"], "AllowedOrigins": ["*"], "AllowedHeaders": ["*"]}]
    object_storage.put_bucket_cors(Bucket="private", CORSConfiguration={"CORSRules": rules})
    started = Stack(live_site.environment["DATABASE_URL"])
    started.environment |= {
        "S3_BUCKET": "public",
        "S3_PRIVATE_BUCKET": "private",
        "S3_ENDPOINT_URL": object_storage.meta.endpoint_url,
        "S3_REGION": "us-east-1",
        "S3_ACCESS_KEY": "test",
        "S3_SECRET_KEY": "test",
    }
    started.ensure("web")
    yield started
    started.stop()


@pytest.mark.full
def test_on_object_storage_the_browser_sends_the_parts_there_and_goes_on_after_a_reload(
    open_page, site_on_object_storage, creator, script, complaints
):
    complaints.expect("WebSocket")
    url, size = site_on_object_storage.url, 18 * MIB
    page = open_page(base_url=url)
    log_in(page, creator, url)
    token = prepared(page, script)
    slow(page, 8 * MIB)
    page.evaluate(BEGIN, [size, "s3", token, BATCH])
    wait_for(page, f"window.progress?.[0] > {9 * MIB}")

    token = prepared(page, script)
    page.evaluate(BEGIN, [size, "s3", token, BATCH])
    assert wait_for(page, "window.progress")[0] >= 8 * MIB
    assert_arrived(page, size)
    assert Upload.objects.get().transport == Upload.Transport.S3


def slow(page: Page, bytes_a_second: int) -> None:
    """-1 lets it run as fast as it can."""
    limits = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": bytes_a_second}
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", limits)
