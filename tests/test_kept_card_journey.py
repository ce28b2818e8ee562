"""A kept card in a browser: it pays by one press, is removed, and may be asked about or declined the next time."""

import re
import time

import pytest

from accounts.tests.factories import UserFactory
from commerce.models import SandboxCard, SavedPaymentMethod
from tests.test_journey import verified
from tests.test_paying_journeys import (
    a_model,
    arrives,
    buy,
    check_out,
    choose,
    follow,
    heading,
    pay_at_the_provider,
    press,
    signed_in,
)

pytestmark = [pytest.mark.browser, pytest.mark.full, pytest.mark.django_db(transaction=True)]

PATIENCE_SECONDS = 60


@pytest.fixture
def buyer():
    return verified(UserFactory(username="boris", full_name="Boris Valen"))


@pytest.fixture
def model():
    return a_model()


def the_card(buyer) -> SavedPaymentMethod:
    """The card that is kept; a job asks the provider for it once it has paid."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (kept := SavedPaymentMethod.objects.of_user(buyer).kept().first()) is None:
        assert time.monotonic() < deadline, "The card was not kept."
        time.sleep(0.1)
    return kept


@pytest.mark.parametrize("scripts", [True, False])
def test_a_card_is_kept_pays_by_one_press_and_is_removed(open_page, buyer, model, scripts):
    page = signed_in(open_page, buyer, java_script_enabled=scripts)
    check_out(page, model, keep=True)
    page.get_by_text("asked us to keep this card").wait_for()
    pay_at_the_provider(page, "Succeeds")
    arrives(page, model, buyer)
    the_card(buyer)
    page.goto("/dashboard/settings/payment/")
    page.get_by_text("Visa ending in 4242").first.wait_for()

    lamp = a_model("Brass lamp", "9.50")
    buy(page, lamp)
    assert page.get_by_role("radio", name=re.compile("^Visa ending in 4242")).is_checked()
    page.locator("input[name=terms]").check()
    press(page, r"^Pay \$9.50")
    arrives(page, lamp, buyer)

    page.goto("/dashboard/settings/payment/")
    follow(page, "^Remove Visa ending in 4242")
    press(page, "^Remove the card")
    page.get_by_text("Visa ending in 4242 is removed.").wait_for()
    page.get_by_text("No card is kept").wait_for()
    buy(page, a_model("Iron bell"))
    assert page.get_by_role("radio", name=re.compile("^Visa")).count() == 0
    assert not SandboxCard.objects.filter(detached_at=None).exists()


def test_a_kept_card_whose_bank_asks_or_says_no_is_dealt_with(open_page, buyer, model):
    page = signed_in(open_page, buyer)
    check_out(page, model, keep=True)
    pay_at_the_provider(page, "Asks for confirmation")
    press(page, "^Confirm")
    arrives(page, model, buyer)
    the_card(buyer)
    lamp = a_model("Brass lamp", "9.50")
    check_out(page, lamp, "Visa ending in 3155")
    heading(page, "Is it you?")
    press(page, "^Confirm")
    arrives(page, lamp, buyer)

    bell = a_model("Iron bell", "5.00")
    check_out(page, bell, "Another card", keep=True)
    pay_at_the_provider(page, "Declined next time")
    arrives(page, bell, buyer)
    clock = a_model("Slow clock", "7.00")
    buy(page, clock)
    page.get_by_role("radio", name=re.compile("^Visa ending in 0341")).wait_for()
    check_out(page, clock, "Visa ending in 0341")
    page.get_by_text("The card was declined.").wait_for()
    choose(page, "Visa ending in 3155")
    press(page, "^Try again")
    heading(page, "Is it you?")
    press(page, "^Confirm")
    arrives(page, clock, buyer)
