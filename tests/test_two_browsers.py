"""Two people at once: what one does reaches the other's open page, and what was missed is there afterwards."""

import re
import time

import pytest

from accounts.models import Notification, User
from accounts.preferences import Channels, choose
from accounts.tests.factories import UserFactory
from core.models import OutgoingMail
from marketplace.tests.factories import CategoryFactory, Model3DFactory
from tests.test_journey import log_in, verified

pytestmark = pytest.mark.browser

LONG_MS = 60_000


@pytest.fixture
def creator(live_site) -> User:
    """Wants word of comments on the site only."""
    creator = verified(UserFactory(creator=True, username="mira", full_name="Mira Holm"))
    choose(creator, {Notification.Kind.COMMENT: Channels(on_site=True, by_mail=False)})
    return creator


def open_live(page, path: str) -> None:
    """Open a page and wait until its socket has spoken, which may be before the page has loaded."""
    spoken, deadline = [], time.monotonic() + LONG_MS / 1000
    page.once("websocket", lambda opened: opened.on("framereceived", lambda frame: spoken.append(frame)))
    page.goto(path)
    while not spoken and time.monotonic() < deadline:
        page.wait_for_timeout(100)
    assert spoken


def comment(page, model, text: str) -> None:
    page.goto(f"/model/{model.pk}/comments/")
    page.get_by_label("Write a comment").fill(text)
    page.get_by_role("button", name="Comment", exact=True).click()


def bell(page, count: int):
    return page.get_by_label(f"Notifications, {count} unread").first


@pytest.mark.full
def test_a_comment_and_a_follow_ring_the_others_bell_and_what_was_missed_is_there_once(
    open_page, live_site, creator, complaints, capsys
):
    # A page whose sockets are away says so in the console.
    complaints.expect("WebSocket connection to")
    model = Model3DFactory(listed=True, creator=creator, title="Walnut chest", category=CategoryFactory())
    visitor = verified(UserFactory(username="boris", full_name="Boris Valen"))
    mira, boris = open_page(), open_page()
    log_in(mira, creator)
    log_in(boris, visitor)

    # A page without 3D, which Chromium draws in software here: the bell is what is timed.
    open_live(mira, "/dashboard/settings/")
    comment(boris, model, "What a fine chest.")
    pressed = time.monotonic()
    bell(mira, 1).wait_for()
    after_comment = time.monotonic() - pressed
    toast = mira.get_by_role("status")
    toast.get_by_text("Boris Valen commented on “Walnut chest”").wait_for()

    boris.goto("/profile/mira/")
    boris.get_by_role("button", name=re.compile("^Follow")).first.click()
    pressed = time.monotonic()
    bell(mira, 2).wait_for()
    after_follow = time.monotonic() - pressed
    told = f"The bell rang {after_comment:.2f} s after the comment, {after_follow:.2f} s after the follow."
    with capsys.disabled():
        # To be read by a person: a busy machine must not fail the test.
        print(f"\n{told}")  # noqa: T201

    mails = OutgoingMail.objects.filter(recipient=creator)
    assert list(mails.values_list("kind", flat=True)) == ["accounts/new_follower"]

    # The list is open while the sockets are away.
    open_live(mira, "/notifications/")
    rows = mira.locator("[data-notification]")
    assert rows.count() == 2
    live_site.kill("sockets")
    comment(boris, model, "And what joints.")
    boris.get_by_text("And what joints.").first.wait_for()
    assert rows.count() == 2
    live_site.ensure("sockets")
    bell(mira, 3).wait_for(timeout=LONG_MS)
    mira.get_by_text("And what joints.").first.wait_for()
    assert rows.count() == 3
    assert mira.get_by_text("And what joints.").count() == 1
    assert rows.first.get_by_text("And what joints.").count() == 1
    # What is read in one tab is read in the other.
    second = mira.context.new_page()
    second.goto("/notifications/")
    second.get_by_role("button", name="Mark all as read").click()
    mira.locator("header").get_by_label("Notifications", exact=True).wait_for()
    mira.locator(".notification.is-unread").first.wait_for(state="detached")
    assert rows.count() == 3
    # What is deleted in one is gone in the other, once it was asked for twice.
    second.get_by_role("button", name="Delete all that are read").click()
    assert rows.count() == 3
    second.get_by_role("button", name="Delete them").click()
    mira.get_by_text("Nothing has happened yet").wait_for()
