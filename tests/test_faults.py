"""What people see, and what is kept, while a part of the site is away. docs/operations.md tells it in words."""

import io
import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager

import pytest
import requests
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts.models import Notification
from accounts.tests.factories import UserFactory
from commerce.tests.faults import wait_until
from community.actions import messages
from community.actions.messages import Letter
from community.tests.factories import CommunityFactory, member_of
from config import embedded
from core.models import OutgoingMail
from marketplace.tests.factories import Model3DFactory
from support.tests.tickets import asked
from tests.processes import Stack
from tests.redis_server import running_redis

pytestmark = [
    pytest.mark.full,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("live test_faults"),
]

SESSION = settings.SESSION_COOKIE_NAME
PAGES = ["/", "/marketplace/", "/cart/", "/accounts/login/", "/help/"]


@pytest.fixture
def redis_server(tmp_path):
    with running_redis(tmp_path) as server:
        yield server


@contextmanager
def site(stack: Stack, *names: str, **environment: str):
    """Processes of their own on this test's database, with other settings."""
    own = Stack(stack.environment["DATABASE_URL"])
    own.environment |= {"LOG_FORMAT": "json", **environment}
    own.ensure(*names)
    try:
        yield own
    finally:
        own.stop()


class Person:
    """Somebody signed in, with a browser that remembers cookies."""

    def __init__(self, url: str, user) -> None:
        self.url = url
        client = Client()
        client.force_login(user)
        self.session = requests.Session()
        # Read by the database where the cache of sessions is another one.
        self.session.cookies.set(SESSION, client.cookies[SESSION].value)

    def get(self, path: str) -> requests.Response:
        return self.session.get(self.url + path, timeout=60)

    def post(self, path: str, **kwargs) -> requests.Response:
        if "csrftoken" not in self.session.cookies:
            self.get("/contact/")
        token = self.session.cookies["csrftoken"]
        headers = {"X-CSRFToken": token, "Referer": self.url, **kwargs.pop("headers", {})}
        return self.session.post(
            self.url + path, headers=headers, timeout=60, allow_redirects=False, **kwargs
        )

    def write_to_us(self, words: str) -> requests.Response:
        form = {"name": "Ana", "email": "ana@example.org", "topic": "account", "message": words}
        return self.post("/contact/", data=form)


def png() -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (64, 64), "teal").save(content, "PNG")
    return content.getvalue()


def test_without_redis_pages_are_served_and_what_is_queued_is_done_when_it_is_back(stack, redis_server):
    user = UserFactory()
    Model3DFactory(listed=True, title="Oak chair")
    with site(stack, "web", "worker", REDIS_URL=redis_server.url) as own:
        person = Person(own.url, user)
        assert person.write_to_us("Before it went away.").status_code == 302
        before = OutgoingMail.objects.get()
        wait_until(
            lambda: OutgoingMail.objects.filter(pk=before.pk, status="sent").exists(), "the mail leaves"
        )
        # One id from the page to the job.
        answer = person.write_to_us("Which id has this?")
        wait_until(lambda: not OutgoingMail.objects.exclude(status="sent").exists(), "the second leaves")
        assert f'"request_id": "{answer.headers["X-Request-ID"]}"' in own.log("web").read_text()

        redis_server.kill()
        for path in PAGES:
            assert person.get(path).status_code == 200, path
        assert requests.get(f"{own.url}/healthz", timeout=30).status_code == 200
        assert requests.get(f"{own.url}/readyz", timeout=30).status_code == 503
        assert "Something is not working" in person.get("/status/").text
        # Forms are taken, and so is what is to be done afterwards.
        user.notifications.create(kind=Notification.Kind.SALE, title="You sold something")
        assert person.post(reverse("accounts:notifications_read")).status_code == 302
        assert not user.notifications.unread().exists()
        assert person.write_to_us("While it was away.").status_code == 302
        waiting = OutgoingMail.objects.get(text__contains="While it was away.")
        assert waiting.status == OutgoingMail.Status.QUEUED

        redis_server.start()
        # As beat does every half a minute.
        call = [sys.executable, "-m", "celery", "-A", "config", "call", "core.tasks.send_due_mail"]
        subprocess.run(call, cwd=embedded.BASE_DIR, env=own.environment, check=True, capture_output=True)
        wait_until(lambda: not OutgoingMail.objects.exclude(status="sent").exists(), "all mails left")
        assert OutgoingMail.objects.count() == 3
        wait_until(
            lambda: requests.get(f"{own.url}/healthz", timeout=30).status_code == 200, "it is well again"
        )
        assert person.get("/").status_code == 200


def test_a_redis_that_hangs_holds_up_nobody_for_long(stack, redis_server):
    with site(stack, "web", REDIS_URL=redis_server.url) as own:
        person = Person(own.url, UserFactory())
        redis_server.process.send_signal(signal.SIGSTOP)
        for path in PAGES:
            assert person.get(path).status_code == 200, path
        assert person.write_to_us("Into the void.").status_code == 302
        assert OutgoingMail.objects.get().status == OutgoingMail.Status.QUEUED
        assert requests.get(f"{own.url}/readyz", timeout=30).status_code == 503
        redis_server.process.send_signal(signal.SIGCONT)
        assert person.get("/").status_code == 200


def test_open_pages_say_that_they_are_not_live_and_are_live_again_by_themselves(stack, redis_server, browser):
    community, user = CommunityFactory(), UserFactory()
    member_of(community, user=user)
    ticket = asked(user)
    conversation = messages.write_to(
        sender=UserFactory(), recipient=user, letter=Letter(body="Hello")
    ).conversation
    places = {
        community.get_absolute_url(): "[data-talk-offline]",
        conversation.get_absolute_url(): "[data-chat-offline]",
        ticket.get_absolute_url(): "[data-chat-offline]",
    }
    with site(stack, "web", "sockets", REDIS_URL=redis_server.url) as own:
        cookies = Person(own.url, user).session.cookies
        context = browser.new_context(base_url=own.url)
        context.add_cookies([{"name": SESSION, "value": cookies[SESSION], "url": own.url}])
        notices = []
        for address, selector in places.items():
            page = context.new_page()
            with page.expect_event("websocket"):
                page.goto(address)
            notices.append(page.locator(selector))
        for state, change in [
            ("hidden", None),
            ("visible", redis_server.kill),
            ("hidden", redis_server.start),
        ]:
            if change:
                change()
            for notice in notices:
                notice.page.bring_to_front()
                notice.wait_for(state=state, timeout=120_000)
        context.close()


@pytest.fixture
def silent_storage():
    """An object storage that takes connections and says nothing."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    taken = []

    def accept():
        while True:
            try:
                taken.append(listener.accept()[0])
            except OSError:
                return

    threading.Thread(target=accept, daemon=True).start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    for connection in taken:
        connection.close()


def test_a_storage_that_hangs_is_a_sentence_and_other_pages_go_on(stack, silent_storage):
    creator = UserFactory(creator=True)
    model = Model3DFactory(listed=True)
    storage = {
        "S3_BUCKET": "public",
        "S3_PRIVATE_BUCKET": "private",
        "S3_REGION": "us-east-1",
        "S3_ENDPOINT_URL": silent_storage,
        "S3_ACCESS_KEY": "a",
        "S3_SECRET_KEY": "b",
        "S3_TIMEOUT_SECONDS": "1",
    }
    with site(stack, "web", **storage) as own:
        person = Person(own.url, creator)
        for path in (*PAGES, model.get_absolute_url()):
            assert person.get(path).status_code == 200, path
        refused = person.post(
            "/uploads/s3/", json={"path": "chair.glb", "size": 5_000_000, "batch": "", "model": ""}
        )
        assert refused.status_code == 503, refused.text
        assert "The storage does not answer at the moment" in refused.text
        picture = {"avatar": ("me.png", png(), "image/png")}
        away = person.post("/dashboard/settings/avatar/", files=picture)
        assert away.status_code == 503
        assert "Our file storage does not answer" in away.text
        assert away.headers["Retry-After"] == "60"
        creator.refresh_from_db()
        assert not creator.avatar
        assert requests.get(f"{own.url}/readyz", timeout=30).status_code == 503


def test_a_full_disk_is_a_sentence_and_nothing_is_half_kept(client, settings, tmp_path):
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("mounting a small file system needs root")
    try:
        (folder / "everything").write_bytes(os.urandom(60_000))
        user = UserFactory()
        client.force_login(user)
        field = type(user)._meta.get_field("avatar")
        kept, field.storage = field.storage, type(field.storage)()
        field.storage._location = field.storage.location = str(folder)
        noise = io.BytesIO()
        Image.frombytes("RGB", (300, 300), os.urandom(270_000)).save(noise, "PNG")
        picture = SimpleUploadedFile("me.png", noise.getvalue(), "image/png")
        answer = client.post("/dashboard/settings/avatar/", {"avatar": picture})
        assert answer.status_code == 503
        assert "Our file storage does not answer" in answer.content.decode()
        user.refresh_from_db()
        assert not user.avatar
    finally:
        field.storage = kept
        subprocess.run(["umount", str(folder)], check=True)
