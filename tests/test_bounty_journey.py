"""A bounty in a browser: posted, paid, answered, awarded, downloaded; with the winner's share on hold."""

import hashlib
import re
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import timezone

from accounts.tests.factories import UserFactory
from commerce.ledger import balance_of
from commerce.models import Bounty, Purchase
from commerce.tests.bounty_factories import work_of
from marketplace.tests.factories import CategoryFactory
from tests.test_journey import log_in, verified, wait_for_canvas
from tests.test_plan_journey import follow, press

pytestmark = [pytest.mark.browser, pytest.mark.full, pytest.mark.django_db(transaction=True)]


def post_a_bounty(page) -> Bounty:
    page.goto("/bounties/")
    follow(page, "^Post a bounty")
    page.get_by_label("Title").fill("A brass sextant")
    page.locator("select[name=category]").select_option(label="Curiosities")
    page.get_by_label("What do you want made?").fill("For a **museum** scene, seen from near.")
    page.get_by_label("Requirements").fill("A lid that opens.")
    page.locator("input[name=budget]").fill("200.00")
    page.locator("input[name=deadline]").fill((timezone.now() + timedelta(days=20)).date().isoformat())
    page.locator("input[name=wanted_formats][value=glb]").check()
    press(page, "^Go on to the payment")
    page.get_by_label("Full name").fill("Ana Ruiz")
    page.locator("select[name=country]").select_option("ES")
    page.locator("input[name=terms]").check()
    press(page, r"^Pay \$200.00")
    page.wait_for_url("**/sandbox/pay/**")
    press(page, "^Pay")
    page.wait_for_url(re.compile(r"/bounties/\d+/$"))
    page.get_by_text("Paid, and held by us").wait_for()
    return Bounty.objects.get()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_bounty_is_posted_paid_answered_awarded_and_downloaded(open_page, scripts):
    CategoryFactory(name="Curiosities", slug="curiosities")
    poster, maker = (
        verified(UserFactory(username="ana")),
        verified(UserFactory(username="mira", creator=True)),
    )
    model = work_of(maker, title="Sextant of 1820")
    posting = open_page(java_script_enabled=scripts)
    log_in(posting, poster)
    bounty = post_a_bounty(posting)

    making = open_page(java_script_enabled=scripts)
    log_in(making, maker)
    making.goto("/bounties/")
    follow(making, "^A brass sextant")
    making.get_by_label("How would you make it?").fill("With a working lid, in a week.")
    press(making, "^Send the application")
    follow(making, "^Hand in work")
    making.locator(f"input[name=model][value='{model.pk}']").check()
    press(making, "^Hand it in")
    making.get_by_text("is handed in.").wait_for()

    posting.goto(bounty.get_absolute_url())
    posting.get_by_text("With a working lid, in a week.").wait_for()
    posting.locator("#work").get_by_role("link", name="Sextant of 1820").click()
    posting.get_by_role("heading", name="Asked for and measured").wait_for()
    if scripts:
        wait_for_canvas(posting)
    follow(posting, "^Choose this work")
    press(posting, r"^Give \$200.00 to")
    posting.get_by_role("heading", name=re.compile("has won")).wait_for()
    follow(posting, "^Download it from your library")
    with posting.expect_download() as downloading:
        press(posting, "^Download")
    received = hashlib.sha256(Path(downloading.value.path()).read_bytes()).hexdigest()
    assert received == model.current_file.sha256

    assert Purchase.objects.get(user=poster).model == model
    money = balance_of(maker)
    assert (money.available, money.on_hold) == (Decimal(0), Decimal("185.00"))
    making.goto("/dashboard/bounties/applications/")
    making.get_by_text("Won").first.wait_for()
