"""The site behind nginx, with the configuration that deploy/ has: real requests to real processes."""

import asyncio
import http.client
import json
import shutil
from pathlib import Path

import pytest
import requests
import websockets
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.test import Client

from accounts.tests.factories import UserFactory
from commerce.actions.downloads import make_link
from commerce.tests.factories import purchase_of
from config import embedded
from marketplace.tests.factories import Model3DFactory
from tests import nginx
from tests.processes import Stack

pytestmark = [
    pytest.mark.full,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(nginx.PROGRAM is None, reason=nginx.MISSING),
    pytest.mark.xdist_group("live test_nginx"),
]

SESSION = settings.SESSION_COOKIE_NAME


@pytest.fixture(scope="module")
def behind(stack, tmp_path_factory):
    """The site's processes set up for a proxy, and nginx before them."""
    folder = tmp_path_factory.mktemp("nginx")
    shutil.copytree(embedded.BASE_DIR / "static" / "dist", folder / "static" / "dist")
    (folder / "static" / "dist" / "app.0123456789ab.js").write_text("export {}\n" * 500)
    site = Stack(stack.environment["DATABASE_URL"])
    site.environment |= {
        "TRUSTED_PROXY_COUNT": "1",
        "PRIVATE_X_ACCEL_PREFIX": "/private/",
        "SERVE_PUBLIC_MEDIA": "0",
        "METRICS_TOKEN": "shown by prometheus",
    }
    site.ensure("web", "sockets")
    proxy = nginx.Nginx(
        folder / "nginx",
        web=site.port,
        sockets=site.port + 1,
        static=folder / "static",
        public=Path(settings.MEDIA_ROOT),
        private=Path(settings.PRIVATE_MEDIA_ROOT),
    )
    with proxy:
        proxy.site = site
        yield proxy
    site.stop()


def cookies_of(user) -> dict[str, str]:
    client = Client()
    client.force_login(user)
    return {SESSION: client.cookies[SESSION].value}


def test_a_page_comes_with_the_same_id_in_both_logs(behind):
    answer = requests.get(f"{behind.url}/about/?private=word", timeout=30)
    assert answer.status_code == 200
    assert answer.headers["Content-Encoding"] == "gzip"
    line = json.loads(behind.log.read_text().splitlines()[-1])
    assert line["request_id"] == answer.headers["X-Request-ID"]
    assert (line["path"], line["status"]) == ("/about/", 200)
    for door in ("unsubscribe", "decisions/enter", "copyright/confirm"):
        requests.get(f"{behind.url}/{door}/who-knows-this/", timeout=30)
        assert json.loads(behind.log.read_text().splitlines()[-1])["path"] == f"/{door}/…/"
    assert not {"word", "who-knows-this"} & set(behind.log.read_text().split('"'))


def test_who_says_to_be_on_this_machine_is_not_believed(behind):
    forged = {"X-Forwarded-For": "127.0.0.1", "X-Real-IP": "127.0.0.1", "X-Request-ID": "chosen-by-me"}
    assert requests.get(f"{behind.url}/metrics", headers=forged, timeout=30).status_code == 404
    answer = requests.get(f"{behind.url}/readyz", headers=forged, timeout=30)
    assert list(answer.json()) == ["ok"]
    assert answer.headers["X-Request-ID"] != "chosen-by-me"
    token = {"Authorization": "Bearer shown by prometheus"}
    assert "lathe_requests_total" in requests.get(f"{behind.url}/metrics", headers=token, timeout=30).text


def test_static_files_are_compressed_and_kept(behind):
    hashed = requests.get(f"{behind.url}/static/dist/app.0123456789ab.js", timeout=30)
    assert hashed.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    plain = requests.get(f"{behind.url}/static/dist/site.css", timeout=30)
    assert plain.headers["Cache-Control"] == "public, max-age=3600"
    assert plain.headers["Content-Encoding"] == "gzip"
    assert requests.get(f"{behind.url}/static/../nginx/nginx.conf", timeout=30).status_code == 404


def test_public_files_are_shown_where_harmless_and_else_saved(behind):
    for name in ("a.webp", "a.html"):
        storages["default"].save(f"renders/{name}", ContentFile(b"<script>alert(1)</script>"))
    shown = requests.get(f"{behind.url}/media/renders/a.webp", timeout=30).headers
    assert shown["Content-Type"] == "image/webp"
    assert "Content-Disposition" not in shown
    assert (shown["X-Robots-Tag"], shown["TDM-Reservation"]) == ("noai, noimageai", "1")
    saved = requests.get(f"{behind.url}/media/renders/a.html", timeout=30).headers
    assert saved["Content-Type"] == "application/octet-stream"
    assert saved["Content-Disposition"] == "attachment"
    assert saved["X-Content-Type-Options"] == "nosniff"


def test_a_private_file_leaves_by_nginx_for_who_bought_it_and_by_no_other_way(behind):
    buyer, model = UserFactory(), Model3DFactory(listed=True, title="Oak chair")
    content = bytes(range(256)) * 4000
    original = model.current_file.original
    original.save("chair.glb", ContentFile(content))
    link = make_link(purchase_of(buyer, model))
    address = behind.url + link.get_absolute_url()
    whole = requests.get(address, cookies=cookies_of(buyer), timeout=30)
    assert whole.status_code == 200, whole.text[:300]
    part = requests.get(address, cookies=cookies_of(buyer), headers={"Range": "bytes=100-199"}, timeout=30)
    assert whole.content == content
    assert (part.status_code, part.content) == (206, content[100:200])
    assert "attachment" in whole.headers["Content-Disposition"]
    assert whole.headers["Cache-Control"] == "private, no-store"
    assert whole.headers["X-Content-Type-Options"] == "nosniff"
    assert "Content-Security-Policy" in whole.headers
    assert "X-Accel-Redirect" not in whole.headers
    assert requests.get(f"{behind.url}/private/{original.name}", timeout=30).status_code == 404
    assert requests.get(f"{behind.url}/media/../private/{original.name}", timeout=30).status_code == 404
    assert requests.get(address, cookies=cookies_of(UserFactory()), timeout=30).status_code == 404


def test_a_socket_comes_through(behind):
    cookies = cookies_of(UserFactory())

    async def first_word() -> dict:
        address = f"ws://localhost:{behind.port}/ws/notifications/"
        headers = {"Cookie": f"{SESSION}={cookies[SESSION]}"}
        async with websockets.connect(address, origin=behind.url, additional_headers=headers) as socket:
            return json.loads(await asyncio.wait_for(socket.recv(), 20))

    assert asyncio.run(first_word()) == {"type": "unread", "unread": 0}


def announce(behind, path: str, length: int) -> int:
    """What is said to a body of so many bytes, of which none are sent."""
    connection = http.client.HTTPConnection("localhost", behind.port, timeout=30)
    connection.putrequest("POST", path)
    connection.putheader("Content-Length", str(length))
    connection.putheader("Content-Type", "application/octet-stream")
    connection.putheader("Expect", "100-continue")
    connection.endheaders()
    status = connection.getresponse().status
    connection.close()
    return status


def test_bodies_that_are_too_large_are_turned_away_before_they_come(behind):
    assert announce(behind, "/contact/", 71 * 1024**2) == 413
    assert announce(behind, "/uploads/", 2200 * 1024**2) == 413


def test_who_asks_too_fast_is_asked_to_wait(behind):
    with requests.Session() as session:
        statuses = [session.get(f"{behind.url}/robots.txt", timeout=30).status_code for _ in range(250)]
    assert statuses[0] == 200
    assert 429 in statuses
    assert set(statuses) <= {200, 429}


def test_a_site_that_is_away_is_said_to_be_in_its_own_look(behind):
    behind.site.stop("web")
    try:
        answer = requests.get(f"{behind.url}/marketplace/", timeout=30)
        assert answer.status_code == 503
        assert answer.headers["Retry-After"] == "30"
        assert "Back in a moment" in answer.text
    finally:
        behind.site.ensure("web")
