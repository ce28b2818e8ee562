"""Two people in two browsers write to each other: live, with typing and read marks, and nothing lost or twice."""

import io

import pytest
from PIL import Image

from accounts.tests.factories import UserFactory
from community.models import Conversation
from marketplace.tests.factories import CategoryFactory, Model3DFactory
from tests.test_journey import log_in, verified
from tests.test_two_browsers import open_live

pytestmark = pytest.mark.browser

LONG_MS = 60_000


def write(page, text: str) -> None:
    page.get_by_label("Message to").fill(text)
    page.get_by_role("button", name="Send").click()


def said(page, text: str):
    return page.locator("[data-chat-list]").get_by_text(text, exact=True)


@pytest.mark.full
def test_two_people_talk_live_and_what_was_missed_appears_once(open_page, live_site, complaints):
    # A page whose sockets are away says so in the console.
    complaints.expect("WebSocket connection to")
    creator = verified(UserFactory(creator=True, username="mira", full_name="Mira Holm"))
    buyer = verified(UserFactory(username="boris", full_name="Boris Valen"))
    model = Model3DFactory(listed=True, creator=creator, title="Walnut chest", category=CategoryFactory())
    mira, boris = open_page(), open_page()
    log_in(mira, creator)
    log_in(boris, buyer)

    # From the model's page, with the model.
    open_live(mira, "/dashboard/messages/?show=requests")
    boris.goto(f"/model/{model.pk}/")
    boris.get_by_role("link", name="Contact the creator").click()
    boris.get_by_text("Walnut chest").first.wait_for()
    boris.get_by_label("Message", exact=True).fill("Is the lid a mesh of its own?")
    boris.get_by_role("button", name="Send").click()
    boris.get_by_text("Your first message waits for an answer").wait_for()
    conversation = Conversation.objects.get()

    # The open list shows it; looking at it tells him nothing.
    mira.get_by_role("link", name="Boris Valen").wait_for()
    open_live(mira, conversation.get_absolute_url())
    mira.get_by_text("Boris Valen writes to you for the first time").wait_for()
    assert boris.get_by_text("Read", exact=True).first.is_hidden()
    write(mira, "It is, and it opens.")
    said(mira, "It is, and it opens.").wait_for()
    open_live(boris, conversation.get_absolute_url())
    said(boris, "It is, and it opens.").wait_for()
    boris.locator(".mark-read").first.wait_for()

    # Typing, a message, and that it was read.
    open_live(mira, conversation.get_absolute_url())
    boris.get_by_label("Message to Mira Holm").press_sequentially("And the lock")
    mira.get_by_text("Boris Valen is typing").wait_for()
    boris.get_by_label("Message to Mira Holm").press("Enter")
    said(mira, "And the lock").wait_for()
    mira.get_by_text("Boris Valen is typing").wait_for(state="hidden")
    boris.locator("[data-number='3'] .mark-read").wait_for()

    # A picture, by the script.
    out = io.BytesIO()
    Image.new("RGB", (400, 300), (200, 90, 40)).save(out, "PNG")
    mira.locator("input[type=file]").set_input_files(
        {"name": "lock.png", "mimeType": "image/png", "buffer": out.getvalue()}
    )
    mira.get_by_role("button", name="Send").click()
    boris.get_by_alt_text("Picture: lock.webp").wait_for()

    # While the sockets are away.
    live_site.kill("sockets")
    mira.get_by_text("Not connected").wait_for(timeout=LONG_MS)
    for text in ("One", "Two"):
        write(boris, text)
        said(boris, text).wait_for()
    assert said(mira, "One").count() == 0
    live_site.ensure("sockets")
    for text in ("One", "Two"):
        said(mira, text).wait_for(timeout=LONG_MS)
        assert said(mira, text).count() == said(boris, text).count() == 1
    numbers = mira.locator("[data-chat-list] [data-number]").evaluate_all(
        "rows => rows.map(row => row.dataset.number)"
    )
    assert numbers == ["1", "2", "3", "4", "5", "6"]
    mira.get_by_text("Not connected").wait_for(state="hidden")

    # Another word for it, live.
    boris.locator("[data-number='6']").get_by_role("link", name="Edit").click()
    boris.get_by_label("Message", exact=True).fill("Two, and three")
    boris.get_by_role("button", name="Save").click()
    said(mira, "Two, and three").wait_for()
    assert mira.locator("[data-chat-list] [data-number]").count() == 6
