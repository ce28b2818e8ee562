"""Paying in a browser: a card that fails first, PayPal, coins, and what was left half done."""

import re
from decimal import Decimal

import pytest

from accounts.tests.factories import UserFactory
from commerce.ledger import balance_of
from commerce.models import Order, Payment, Purchase, SandboxCharge
from commerce.tests.faults import wait_until
from core.models import OutgoingMail
from marketplace.tests.factories import Model3DFactory
from tests.test_journey import log_in, verified

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

full = pytest.mark.full
with_and_without_scripts = pytest.mark.parametrize("scripts", [True, pytest.param(False, marks=full)])


@pytest.fixture
def buyer():
    return verified(UserFactory(username="boris", full_name="Boris Valen"))


@pytest.fixture
def model():
    return a_model()


def a_model(title: str = "Walnut desk", price: str = "24.00"):
    return Model3DFactory(listed=True, title=title, price=Decimal(price))


def signed_in(open_page, person, **options):
    page = open_page(**options)
    log_in(page, person)
    return page


def press(page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=re.compile(name)).click()


def follow(page, name: str) -> None:
    page.get_by_role("main").get_by_role("link", name=re.compile(name)).click()


def heading(page, name: str) -> None:
    page.get_by_role("heading", name=name).wait_for()


def choose(page, name: str) -> None:
    """One of the tiles that pay, by the words it begins with."""
    page.get_by_role("radio", name=re.compile(f"^{name}")).check()


def buy(page, model) -> None:
    page.goto(model.get_absolute_url())
    press(page, "^Buy and download")
    page.wait_for_url("**/checkout/")


def check_out(page, model, method: str = "Card", *, keep: bool = False) -> None:
    """From the model's page to where the chosen way of paying leads."""
    buy(page, model)
    page.locator("select[name=country]").select_option("ES")
    choose(page, method)
    page.get_by_label("Keep this card").set_checked(keep)
    page.locator("input[name=terms]").check()
    press(page, r"^Pay \$")


def pay_at_the_provider(page, source: str, button: str = r"^Pay \$") -> None:
    page.wait_for_url("**/sandbox/pay/**")
    choose(page, source)
    press(page, button)


def arrives(page, model, buyer) -> Purchase:
    """It is paid once, and there to download."""
    heading(page, "Thank you, it is paid")
    page.get_by_role("button", name=f"Download {model.title}").wait_for()
    purchase = Purchase.objects.active().get(user=buyer, model=model)
    assert purchase.transaction.order.payments.filter(status=Payment.Status.COMPLETED).count() == 1
    assert SandboxCharge.objects.filter(
        reference__in=map(str, purchase.transaction.order.payments.values_list("public_id", flat=True)),
        status=SandboxCharge.Status.SUCCEEDED,
    ).get().received == int(model.price * 100)
    assert balance_of(model.creator).total == purchase.transaction.seller_amount
    return purchase


@pytest.mark.full
@with_and_without_scripts
def test_a_card_is_declined_and_another_one_pays(open_page, buyer, model, scripts):
    page = signed_in(open_page, buyer, java_script_enabled=scripts)
    check_out(page, model)
    pay_at_the_provider(page, "Declined The bank")
    heading(page, "The payment failed")
    page.get_by_text("The card was declined. You have not been charged.").wait_for()
    assert not Purchase.objects.exists()

    follow(page, "^Try again")
    heading(page, "Pay $24.00")
    page.get_by_text("The card was declined.").wait_for()
    choose(page, "Card")
    press(page, "^Try again")
    pay_at_the_provider(page, "Succeeds")
    arrives(page, model, buyer)
    assert list(Payment.objects.order_by("pk").values_list("status", flat=True)) == ["failed", "completed"]
    assert Order.objects.get().is_completed
    wait_until(lambda: Order.objects.get().told_at is not None, "the buyer was told")
    assert OutgoingMail.objects.filter(kind="commerce/receipt", recipient=buyer).count() == 1

    page.goto("/cart/")
    page.get_by_text("Your cart is empty").wait_for()
    page.goto("/dashboard/purchases/")
    page.get_by_role("link", name="Walnut desk").first.wait_for()


@full
def test_a_card_whose_bank_asks_is_refused_once_and_then_confirmed(open_page, buyer, model):
    page = signed_in(open_page, buyer)
    check_out(page, model)
    pay_at_the_provider(page, "Asks for confirmation")
    heading(page, "Is it you?")
    press(page, "^No, it is not me")
    heading(page, "The payment failed")
    page.get_by_text("The payment was not confirmed with the bank.").wait_for()

    follow(page, "^Try again")
    press(page, "^Try again")
    pay_at_the_provider(page, "Asks for confirmation")
    heading(page, "Is it you?")
    press(page, "^Confirm")
    arrives(page, model, buyer)


@full
@pytest.mark.parametrize("scripts", [True, False])
def test_a_payment_that_was_left_is_taken_up_again(open_page, buyer, model, scripts):
    page = signed_in(open_page, buyer, java_script_enabled=scripts)
    check_out(page, model)
    page.wait_for_url("**/sandbox/pay/**")
    follow(page, "^Leave without deciding")
    heading(page, "Pay $24.00")
    page.get_by_text("You have not been charged yet.").wait_for()
    waiting = page.url

    # Days later, by the address that was kept; the same payment goes on.
    page.goto("/")
    page.goto(waiting)
    press(page, "^Continue to payment")
    pay_at_the_provider(page, "Succeeds")
    arrives(page, model, buyer)
    assert Payment.objects.count() == 1
    page.goto(waiting)
    heading(page, "Thank you, it is paid")


@full
def test_a_payment_left_in_another_tab_takes_no_money_once_the_cart_was_ordered_anew(open_page, buyer, model):
    page = signed_in(open_page, buyer)
    check_out(page, model)
    page.wait_for_url("**/sandbox/pay/**")
    left = page.url

    other_tab = page.context.new_page()
    other_tab.goto("/cart/")
    follow(other_tab, "^Check out")
    # What was typed the first time is there again.
    assert other_tab.locator("select[name=country]").input_value() == "ES"
    other_tab.locator("input[name=terms]").check()
    press(other_tab, r"^Pay \$24.00")
    pay_at_the_provider(other_tab, "Succeeds")
    arrives(other_tab, model, buyer)

    press(page, r"^Pay \$24.00")
    heading(page, "This order was cancelled")
    page.goto(left)
    heading(page, "This order was cancelled")
    assert Payment.objects.filter(status=Payment.Status.COMPLETED).count() == 1


@full
@pytest.mark.parametrize("scripts", [True, False])
def test_paypal_is_cancelled_come_back_to_and_approved(open_page, buyer, model, scripts):
    page = signed_in(open_page, buyer, java_script_enabled=scripts)
    check_out(page, model, "PayPal")
    page.wait_for_url("**/sandbox/pay/**")
    heading(page, "Log in to pay")
    press(page, "^Cancel the payment")
    page.get_by_text("You cancelled the payment.").wait_for()
    assert page.get_by_role("radio", name=re.compile("^PayPal")).is_checked()

    press(page, "^Try again")
    pay_at_the_provider(page, "Has a balance", "^Log in and pay")
    arrives(page, model, buyer)
    page.get_by_text("PayPal on").wait_for()


@full
def test_paypal_says_no_and_coins_pay(open_page, buyer, model):
    page = signed_in(open_page, buyer)
    check_out(page, model, "PayPal")
    pay_at_the_provider(page, "Has no money", "^Log in and pay")
    page.get_by_text("PayPal declined the payment").wait_for()
    follow(page, "^Try again")
    choose(page, "Crypto")
    press(page, "^Try again")
    page.get_by_role("img", name="The invoice's address as a QR code").wait_for()
    pay_at_the_provider(page, "Pays exactly", "^Send the coins")
    arrives(page, model, buyer)
    page.get_by_text("Crypto on").wait_for()


@pytest.mark.full
@with_and_without_scripts
def test_coins_that_wait_for_the_network_are_waited_for(open_page, buyer, model, scripts):
    page = signed_in(open_page, buyer, java_script_enabled=scripts)
    check_out(page, model, "Crypto")
    pay_at_the_provider(page, "Waits for the network", "^Send the coins")
    heading(page, "Waiting for your payment")
    assert not Purchase.objects.exists()

    # It cannot be called off any more: the coins are on their way.
    order = Order.objects.get()
    page.goto(f"/checkout/pay/{order.public_id}/")
    press(page, "^Cancel this order")
    page.get_by_text("Your payment is on its way").wait_for()
    heading(page, "Waiting for your payment")

    network = open_page()
    network.goto(f"/sandbox/charges/{SandboxCharge.objects.get().charge_id}/")
    press(network, "^Let it arrive now")
    network.get_by_text("Succeeded").first.wait_for()
    # With scripts or without, the page looks again by itself.
    arrives(page, model, buyer)


@full
def test_coins_that_are_too_few_are_said_to_be(open_page, buyer, model):
    page = signed_in(open_page, buyer)
    check_out(page, model, "Crypto")
    pay_at_the_provider(page, "Sends too little", "^Send the coins")
    heading(page, "Another amount has arrived")
    page.get_by_text("received 12.00 USD instead of 24.00 USD").wait_for()
    page.goto(f"/checkout/pay/{Order.objects.get().public_id}/")
    heading(page, "Another amount has arrived")
    assert not Purchase.objects.exists()
    assert Order.objects.get().is_open
