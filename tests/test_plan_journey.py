"""Getting a plan, changing it, cancelling and resuming it, in a browser."""

import re

import pytest

from accounts.tests.factories import UserFactory
from commerce.models import Subscription
from commerce.tests.plans import assert_limits_match, first_plans, of
from tests.test_journey import log_in, verified

pytestmark = [pytest.mark.browser, pytest.mark.full, pytest.mark.django_db(transaction=True)]
State = Subscription.State


def press(page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=re.compile(name)).click()


def follow(page, name: str) -> None:
    page.get_by_role("main").get_by_role("link", name=re.compile(name)).click()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_creator_subscribes_changes_up_cancels_and_resumes(open_page, scripts):
    first_plans()
    creator = verified(UserFactory(username="ana", creator=True))
    page = open_page(java_script_enabled=scripts)
    log_in(page, creator)

    page.goto("/pricing/")
    page.get_by_role("main").get_by_role("link", name="Try it for 14 days").first.click()
    page.wait_for_url("**/pricing/pro/**")
    page.get_by_label("Country").select_option("US")
    if not scripts:
        press(page, "^Show the amount")
    page.wait_for_url("**country=US**")
    press(page, r"^Pay \$12.00")
    page.wait_for_url("**/sandbox/pay/**")
    press(page, "^Pay")
    page.wait_for_url("**/dashboard/settings/plan/")
    page.get_by_text("It is renewed on").wait_for()
    assert of(creator).state == State.ACTIVE
    assert_limits_match(creator)

    follow(page, "^Change the plan")
    follow(page, "^Change up to Studio")
    press(page, r"^Pay \$27.00 with Visa ending in 4242")
    page.wait_for_url("**/dashboard/settings/plan/")
    page.get_by_role("heading", name="Studio, monthly").wait_for()
    assert of(creator).plan.slug == "studio"

    follow(page, "^Cancel the plan")
    press(page, "^Cancel Studio")
    page.get_by_text("It is cancelled and runs until").wait_for()
    assert of(creator).state == State.CANCELLED

    press(page, "^Resume Studio")
    page.get_by_text("It is renewed on").wait_for()
    assert of(creator).state == State.ACTIVE
    assert_limits_match(creator)

    page.get_by_role("main").get_by_role("link", name=re.compile("^Receipt")).first.click()
    page.get_by_role("cell", name="$27.00").first.wait_for()
