"""Somebody asks, an agent answers live from the console, hands over, and it is opened again: in three browsers."""

import pytest

from accounts.tests.factories import UserFactory
from support.models import SupportTicket
from support.tests.factories import HelpArticleFactory
from support.tests.tickets import an_agent
from tests.test_journey import log_in, verified
from tests.test_two_browsers import open_live

pytestmark = pytest.mark.browser

LONG_MS = 60_000


def said(page, text: str):
    return page.locator("[data-chat-list]").get_by_text(text, exact=True)


def write(page, label: str, text: str) -> None:
    page.get_by_label(label).fill(text)
    page.get_by_role("button", name="Send", exact=True).click()


@pytest.mark.full
def test_a_ticket_is_answered_live_handed_over_and_opened_again(open_page, live_site, complaints):
    # A page whose sockets are away says so in the console.
    complaints.expect("WebSocket connection to")
    HelpArticleFactory(published=True, title="Where do I find my receipt?", slug="receipt")
    robin = verified(UserFactory(username="robin", full_name="Robin Hale"))
    sam = verified(an_agent("Sam Osei", username="sam"))
    ana = verified(an_agent("Ana Reyes", username="ana"))
    asks, answers, second = open_page(), open_page(), open_page()
    for page, person in ((asks, robin), (answers, sam), (second, ana)):
        log_in(page, person)

    # The help is offered while the subject is typed.
    asks.goto("/support/")
    asks.get_by_role("link", name="Ask support").click()
    asks.get_by_label("What is it about?").select_option("payment")
    asks.get_by_label("Subject").press_sequentially("My receipt is wrong")
    asks.get_by_role("link", name="Where do I find my receipt?").wait_for()
    asks.get_by_label("Message", exact=True).fill("It says nought.")
    asks.get_by_role("button", name="Send").click()
    asks.get_by_text("Nobody is at the desk just now").wait_for()
    ticket = SupportTicket.objects.get()

    # Sam opens the desk: Robin learns that somebody is there, and the answer comes without reloading.
    answers.goto("/admin/support/supportticket/")
    answers.get_by_role("link", name="Answer what is due first").click()
    answers.get_by_text("Robin Hale is here.").wait_for(timeout=LONG_MS)
    asks.get_by_text("Sam Osei is here.").wait_for(timeout=LONG_MS)
    answers.get_by_label("Answer to Robin Hale").press_sequentially("Which ord")
    asks.get_by_text("Sam Osei is typing").wait_for()
    write(answers, "Answer to Robin Hale", "Which order is it?")
    said(asks, "Which order is it?").wait_for()
    asks.get_by_text("Answered by").wait_for()
    answers.locator(".mark-read:visible").first.wait_for()
    write(asks, "Message to support", "The one of yesterday.")
    said(answers, "The one of yesterday.").wait_for()

    # A note that Robin never gets, and another agent.
    answers.get_by_role("textbox", name="Note").fill("Ana knows receipts.")
    answers.get_by_role("button", name="Add the note").click()
    answers.get_by_text("The note is kept.").wait_for()
    answers.get_by_label("Hand to").select_option(label="Ana Reyes")
    answers.get_by_role("button", name="Hand over").click()
    asks.locator("[data-chat-list]").get_by_text("is answering").nth(1).wait_for()
    second.goto(ticket.get_desk_url())
    second.get_by_text("Ana knows receipts.").wait_for()
    assert asks.get_by_text("Ana knows receipts.").count() == 0

    # While the sockets are away nothing is lost, and nothing comes twice.
    live_site.kill("sockets")
    asks.get_by_text("Not connected").wait_for(timeout=LONG_MS)
    for text in ("It is right now.", "Look again, please."):
        write(second, "Answer to Robin Hale", text)
        said(second, text).wait_for()
    assert said(asks, "It is right now.").count() == 0
    live_site.ensure("sockets")
    for text in ("It is right now.", "Look again, please."):
        said(asks, text).wait_for(timeout=LONG_MS)
        assert said(asks, text).count() == 1

    # The end, what Robin says of it, and that it was none.
    second.get_by_label("Answer to Robin Hale").fill("Good bye, then.")
    second.get_by_role("button", name="Send and resolve").click()
    asks.get_by_role("heading", name="How did we answer?").wait_for(timeout=LONG_MS)
    asks.get_by_label("4 stars").check(force=True)
    asks.locator("#rating").get_by_role("button", name="Send").click()
    asks.get_by_text("You gave 4 stars.").wait_for()
    open_live(asks, ticket.get_absolute_url())
    write(asks, "Message to support", "It is wrong again.")
    asks.locator("[data-chat-list]").get_by_text("opened this again").wait_for()
    said(second, "It is wrong again.").wait_for(timeout=LONG_MS)
    ticket.refresh_from_db()
    assert (ticket.status, ticket.assigned_to, ticket.reopened_count) == ("active", ana, 1)
    numbers = asks.locator("[data-chat-list] [data-number]").evaluate_all(
        "rows => rows.map(row => Number(row.dataset.number))"
    )
    assert numbers == list(range(1, ticket.last_number + 1))
