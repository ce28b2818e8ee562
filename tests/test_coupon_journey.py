"""A coupon in a browser: refused beside its field, taken in any case, used up by paying, and refused from then on."""

import re
from decimal import Decimal

import pytest

from accounts.tests.factories import UserFactory
from commerce.models import Order
from commerce.tests.factories import coupon_of, put_into_cart
from tests.test_journey import verified
from tests.test_paying_journeys import (
    a_model,
    choose,
    follow,
    heading,
    pay_at_the_provider,
    press,
    signed_in,
    with_and_without_scripts,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def try_coupon(page, code: str) -> None:
    page.get_by_label("Coupon").fill(code)
    press(page, "^Apply")


def is_refused(page, sentence: str) -> None:
    """Beside the field, and named by it for those who hear the page."""
    page.get_by_text(sentence).wait_for()
    field = page.get_by_label("Coupon")
    assert field.get_attribute("aria-invalid") == "true"
    said = field.get_attribute("aria-describedby")
    assert sentence in page.locator(f"#{said}").inner_text()


def sums(page) -> dict[str, str]:
    """The rows of the totals, by their first words."""
    rows = page.locator("dl.totals").first.locator("div")
    pairs = (row.inner_text().split("\n") for row in rows.all())
    return {parts[0].split(" (")[0]: parts[-1] for parts in pairs}


@pytest.mark.full
@with_and_without_scripts
def test_a_coupon_is_refused_taken_used_up_and_refused_again(open_page, complaints, scripts):
    if not scripts:
        # Refusals are whole pages then, answered by 422.
        complaints.expect("422")
    coupon = coupon_of("25", code="SPRING", max_uses=1)
    buyer = verified(UserFactory(username="boris", full_name="Boris Valen"))
    desk, lamp = a_model("Walnut desk", "24.00"), a_model("Brass lamp", "9.50")
    put_into_cart(buyer, desk, lamp)
    page = signed_in(open_page, buyer, java_script_enabled=scripts)
    page.goto("/cart/")
    try_coupon(page, "WINTER")
    is_refused(page, "There is no coupon “WINTER”.")
    assert sums(page) == {"Total": "$33.50"}

    try_coupon(page, " spring ")
    page.get_by_text("SPRING takes 25 % off").wait_for()
    assert sums(page) == {"2 models": "$33.50", "Coupon SPRING": "−$8.38", "Total": "$25.12"}

    follow(page, "^Check out")
    page.get_by_text("SPRING takes 25 % off").wait_for()
    assert sums(page)["Total"] == "$25.12"
    page.locator("select[name=country]").select_option("ES")
    choose(page, "Card")
    page.locator("input[name=terms]").check()
    press(page, r"^Pay \$25.12")
    page.wait_for_url("**/sandbox/pay/**")
    coupon.refresh_from_db()
    assert coupon.used_count == 1
    pay_at_the_provider(page, "Succeeds")
    heading(page, "Thank you, it is paid")
    page.get_by_text("Coupon SPRING").wait_for()
    order = Order.objects.get()
    assert (order.subtotal, order.discount_amount, order.total) == (
        Decimal("33.50"),
        Decimal("8.38"),
        Decimal("25.12"),
    )
    assert order.coupon_uses.get().status == "used"

    bell = a_model("Iron bell")
    put_into_cart(buyer, bell)
    page.goto("/checkout/")
    try_coupon(page, "Spring")
    is_refused(page, "You have used the coupon “SPRING” already.")

    other = verified(UserFactory(username="mira"))
    put_into_cart(other, bell)
    others_page = signed_in(open_page, other, java_script_enabled=scripts)
    others_page.goto("/cart/")
    try_coupon(others_page, "SPRING")
    is_refused(others_page, "The coupon “SPRING” has been used as often as it may be.")


@pytest.mark.full
def test_a_coupon_is_free_again_where_its_payment_failed_and_keeps_its_price_for_the_next_try(open_page):
    coupon = coupon_of("50", code="HALF", max_uses=1)
    buyer = verified(UserFactory(username="boris", full_name="Boris Valen"))
    desk = a_model()
    put_into_cart(buyer, desk)
    page = signed_in(open_page, buyer)
    page.goto("/checkout/")
    page.locator("select[name=country]").select_option("ES")
    page.locator("input[name=terms]").check()
    # A code that was typed and not applied: the order waits until its sum was seen.
    page.get_by_label("Coupon").fill("half")
    press(page, r"^Pay \$24.00")
    page.get_by_text("HALF takes 50 % off").wait_for()
    assert not Order.objects.exists()
    assert page.locator("select[name=country]").input_value() == "ES"
    press(page, r"^Pay \$12.00")
    pay_at_the_provider(page, "Declined The bank")
    heading(page, "The payment failed")
    coupon.refresh_from_db()
    assert coupon.used_count == 0

    follow(page, "^Try again")
    heading(page, "Pay $12.00")
    press(page, "^Try again")
    pay_at_the_provider(page, "Succeeds")
    heading(page, "Thank you, it is paid")
    page.get_by_role("button", name=re.compile("^Download Walnut desk")).wait_for()
    coupon.refresh_from_db()
    assert coupon.used_count == 1


@pytest.mark.full
def test_a_coupon_for_everything_needs_no_payment(open_page):
    coupon_of("100", code="GIFT")
    buyer = verified(UserFactory(username="boris", full_name="Boris Valen"))
    desk = a_model()
    put_into_cart(buyer, desk)
    page = signed_in(open_page, buyer)
    page.goto("/cart/")
    try_coupon(page, "gift")
    follow(page, "^Get it free")
    page.locator("input[name=terms]").check()
    press(page, "^Get it free")
    heading(page, "It is in your library")
    page.get_by_role("button", name="Download Walnut desk").wait_for()


@pytest.mark.full
def test_terms_ticked_while_the_sums_are_on_their_way_stay_ticked(open_page):
    buyer = verified(UserFactory(username="boris", full_name="Boris Valen"))
    put_into_cart(buyer, a_model())
    page = signed_in(open_page, buyer)
    page.goto("/checkout/")
    late = []
    page.route(
        "**/checkout/",
        lambda route: late.append(route) if route.request.method == "POST" else route.fallback(),
    )
    with page.expect_request("**/checkout/"):
        page.locator("select[name=country]").select_option("ES")
    page.locator("input[name=terms]").check()
    with page.expect_response("**/checkout/"):
        late[0].continue_()
    page.locator("#checkout-summary.htmx-settling").wait_for(state="detached")
    assert page.locator("input[name=terms]").is_checked()
