"""Getting money back in a browser: at once, by the seller's answer, and in part by support's decision."""

import re
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group

from accounts.tests.factories import UserFactory
from commerce.actions import refunds
from commerce.actions.downloads import make_link
from commerce.models import Refund
from commerce.tests.refunding import reloaded, sold
from config.roles import AGENTS
from marketplace.tests.factories import Model3DFactory
from tests.test_journey import log_in, verified

pytestmark = [pytest.mark.browser, pytest.mark.full, pytest.mark.django_db(transaction=True)]
Status = Refund.Status


@pytest.fixture
def seller():
    return verified(UserFactory(username="mira", creator=True))


@pytest.fixture
def purchase(seller):
    model = Model3DFactory(listed=True, creator=seller, price=Decimal("24.00"), title="Walnut desk")
    return sold(verified(UserFactory(username="boris")), model)


def signed_in(open_page, person, **options):
    page = open_page(**options)
    log_in(page, person)
    return page


def press(page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=re.compile(name)).click()


def ask(page, reason: str, text: str = "") -> None:
    page.goto("/dashboard/purchases/")
    page.get_by_role("link", name=re.compile("^Ask for a refund")).click()
    page.get_by_label(reason).check()
    page.get_by_label(re.compile("^What is wrong")).fill(text)
    press(page, "^Ask for the refund")
    page.get_by_role("heading", name=re.compile("^Refund [0-9A-F]{8}")).wait_for()


def open_request(page) -> None:
    page.goto("/dashboard/refunds/")
    page.get_by_text("1 waits for your answer.").wait_for()
    page.get_by_role("link", name="Walnut desk").first.click()
    page.get_by_role("heading", name="Your answer").wait_for()


@pytest.mark.parametrize("scripts", [True, False])
def test_what_was_never_downloaded_goes_back_at_once(open_page, purchase, scripts):
    page = signed_in(open_page, purchase.user, java_script_enabled=scripts)
    page.goto(f"/dashboard/purchases/{purchase.public_id}/refund/")
    page.get_by_text("Your money goes back at once.").wait_for()
    ask(page, "I bought it by mistake")
    # Where no worker is there, beat sends it.
    refunds.send_waiting()
    page.reload()
    page.get_by_text("The money went back").wait_for()
    page.goto("/dashboard/purchases/?show=returned")
    page.get_by_text("Walnut desk").first.wait_for()
    assert not reloaded(purchase).is_active


def test_the_seller_accepts(open_page, purchase, seller):
    make_link(purchase)
    buyer_page = signed_in(open_page, purchase.user)
    ask(buyer_page, "Its quality is not what I expected", "The seat is crooked.")
    buyer_page.get_by_text("Waits for the seller").first.wait_for()

    seller_page = signed_in(open_page, seller)
    open_request(seller_page)
    seller_page.get_by_text("The seat is crooked.").wait_for()
    seller_page.get_by_label("Give everything back").check()
    press(seller_page, "^Answer")
    seller_page.get_by_text("You accepted").wait_for()

    refunds.send_waiting()
    buyer_page.reload()
    buyer_page.get_by_text("The money went back").wait_for()
    assert reloaded(purchase).transaction.payment_status == "refunded"


def test_the_seller_refuses_and_support_gives_a_part(open_page, purchase, seller):
    make_link(purchase)
    buyer_page = signed_in(open_page, purchase.user)
    ask(buyer_page, "Its quality is not what I expected", "The seat is crooked.")
    seller_page = signed_in(open_page, seller)
    open_request(seller_page)
    seller_page.get_by_label("Refuse").check()
    seller_page.get_by_label(re.compile("^What do you say")).fill("It is as pictured.")
    press(seller_page, "^Answer")
    seller_page.get_by_text("Support decides").first.wait_for()

    agent = verified(UserFactory(staff=True, username="ana"))
    agent.groups.add(Group.objects.get(name=AGENTS))
    agent_page = signed_in(open_page, agent)
    agent_page.goto("/admin/commerce/refund/?queue=support")
    agent_page.get_by_role("link", name=Refund.objects.get().number).click()
    agent_page.get_by_role("link", name="Decide").or_(
        agent_page.get_by_role("button", name="Decide")
    ).first.click()
    agent_page.locator("select[name=outcome]").select_option("part")
    agent_page.fill("input[name=amount]", "8.00")
    agent_page.fill("textarea[name=text]", "The seat is visible in every picture.")
    agent_page.locator("dialog, [role=dialog], form").get_by_role("button", name="Decide").last.click()
    agent_page.get_by_text("It is decided.").wait_for()

    refunds.send_waiting()
    buyer_page.reload()
    buyer_page.get_by_text("$8.00").first.wait_for()
    buyer_page.get_by_text("The seat is visible in every picture.").wait_for()
    assert Refund.objects.get().status == Status.COMPLETED
    assert reloaded(purchase).is_downloadable
