"""A campaign from its first word to the last mail, in the browser, with the workers of the site."""

import pytest
from django.contrib.auth.models import Group

from accounts.tests.factories import UserFactory
from core.models import OutgoingMail
from support.models import MailDelivery
from support.tests.mailing import wants_news
from tests.processes import Stack
from tests.test_journey import log_in, verified

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.browser,
    pytest.mark.full,
    pytest.mark.xdist_group("live test_campaign_journey"),
]


@pytest.fixture
def bulk(live_site: Stack):
    """Whoever sends campaigns; stopped until a test starts it."""
    yield live_site
    live_site.stop("bulk")


def test_somebody_writes_a_campaign_looks_at_it_tries_it_out_and_watches_it_leave(page, bulk):
    mailer = verified(UserFactory(username="mailer", staff=True))
    mailer.groups.add(Group.objects.get(name="Mail"))
    for _ in range(3):
        wants_news()
    log_in(page, mailer)
    page.goto("/admin/emails/")
    page.get_by_role("link", name="New campaign").click()
    page.get_by_label("Subject").fill("News of spring")
    page.get_by_label("Text", exact=False).first.fill("Hello {name}, look at **this**.")
    page.locator("[data-preview]").get_by_text("this").wait_for()
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("link", name="News of spring").first.click()
    page.get_by_text("Would go to 3 people at this moment").wait_for()
    mail = page.frame_locator("iframe[title='The mail on a phone']")
    mail.get_by_role("heading", name="News of spring").wait_for()
    page.get_by_role("link", name="Send me a test").click()
    page.get_by_text("The test is on its way").wait_for()
    assert OutgoingMail.objects.get(recipient=mailer).subject == "[Test] News of spring"
    page.get_by_role("link", name="Send now").click()
    page.get_by_role("button", name="Send", exact=True).click()
    page.get_by_text("It is being sent.").wait_for()
    bulk.ensure("bulk")
    # The page asks by itself.
    page.locator("#campaign-progress").get_by_text("Sent", exact=True).first.wait_for()
    page.locator("#campaign-progress .mail-state-sent").wait_for()
    assert MailDelivery.objects.filter(status=MailDelivery.Status.SENT).count() == 3
