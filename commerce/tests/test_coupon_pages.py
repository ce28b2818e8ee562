"""Coupon and tax on the pages of cart and checkout: applied, refused beside the field, taken off, never unseen."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.tests.factories import UserFactory
from commerce.actions.telling import tell_of
from commerce.gateways import sandbox
from commerce.models import Coupon, CouponUse, Order, Payment, Purchase, SandboxCharge, TaxRate
from commerce.tests.factories import coupon_of, paid_order, put_into_cart, tax_of
from commerce.tests.test_checkout import DETAILS, URL, form_of, success_url, text
from core.models import OutgoingMail
from marketplace.models import Model3D
from marketplace.tests.factories import Model3DFactory

CART, COUPON = "/cart/", "/cart/coupon/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def buyer(db):
    return UserFactory()


@pytest.fixture
def model(db):
    return Model3DFactory(listed=True, price=Decimal("24.00"), title="Walnut desk")


@pytest.fixture
def signed_in(client, buyer, model):
    client.force_login(buyer)
    put_into_cart(buyer, model)
    return client


def shown_by(response) -> dict:
    """The hidden fields of a checkout page that was answered, and the details."""
    form = response.context["form"]
    return {"checkout_key": str(form["checkout_key"].value()), "shown": form["shown"].value(), **DETAILS}


def expired() -> dict:
    return {"expires_at": timezone.now() - timedelta(days=1)}


@pytest.mark.parametrize(
    ("code", "fields", "said"),
    [
        ("NOPE", {}, "There is no coupon “NOPE”."),
        ("", {}, "Type the code of a coupon."),
        ("x" * 41, {}, "at most 40 characters"),
        ("a\0b", {}, "Null characters are not allowed."),
        ("spring", {"is_active": False}, "“SPRING” is not valid at the moment."),
        ("spring", expired(), "“SPRING” expired on"),
        ("spring", {"max_uses": 2, "used_count": 2}, "as often as it may be"),
        ("' OR 1=1 --", {}, "There is no coupon"),
    ],
)
def test_every_refusal_is_said_beside_the_field(signed_in, code, fields, said):
    coupon_of("10", **fields)
    for page in (
        signed_in.post(COUPON, {"coupon": code}),
        signed_in.post(URL, {**form_of(signed_in), "do": "apply-coupon", "coupon": code}),
    ):
        assert page.status_code == 422
        assert said in page.context["basket"].coupon_form["coupon"].errors[0]
        assert 'aria-invalid="true"' in text(page)
        assert page.context["quote"].total == Decimal("24.00")
    assert "coupon" not in signed_in.session


def test_a_used_coupon_is_refused(signed_in, buyer):
    buyer.cart_items.all().delete()
    paid_order(buyer, Model3DFactory(listed=True), coupon=coupon_of("10"))
    put_into_cart(buyer, Model3DFactory(listed=True))
    assert "You have used the coupon" in text(signed_in.post(COUPON, {"coupon": "SPRING"}))


def test_a_coupon_takes_nothing_off_free_models(client, buyer):
    client.force_login(buyer)
    put_into_cart(buyer, Model3DFactory(listed=True, free=True))
    coupon_of("10")
    page = client.post(COUPON, {"coupon": "SPRING"})
    assert page.context["basket"].coupon is None
    assert "coupon" not in client.session


def test_codes_cannot_be_found_by_trying_them_all(signed_in):
    coupon_of("10")
    for number in range(31):
        page = signed_in.post(COUPON, {"coupon": f"GUESS{number}"})
    assert "That were many tries." in text(page)
    assert signed_in.post(COUPON, {"coupon": "SPRING"}).status_code == 422


@pytest.mark.parametrize("is_signed_in", [False, True])
def test_a_coupon_on_the_cart_is_kept_shown_and_taken_off(client, buyer, model, is_signed_in):
    if is_signed_in:
        client.force_login(buyer)
    client.post(reverse("commerce:cart_item", args=[model.pk]))
    coupon_of("12.5")
    page = client.post(COUPON, {"coupon": " spring "}, follow=True)
    assert "<b>SPRING</b> takes 12.5 % off" in text(page)
    assert "$21.00" in text(page)
    assert client.get(CART).context["quote"].total == Decimal("21.00")
    page = client.post(COUPON, {"_method": "delete"}, follow=True)
    assert page.context["quote"].total == Decimal("24.00")


def test_a_visitors_coupon_is_kept_through_sign_in(client, buyer, model):
    client.post(reverse("commerce:cart_item", args=[model.pk]))
    coupon_of("50")
    client.post(COUPON, {"coupon": "SPRING"})
    client.force_login(buyer)
    assert client.get(CART).context["quote"].total == Decimal("12.00")


def test_with_scripts_only_the_summary_is_drawn_anew(signed_in):
    coupon_of("50")
    part = signed_in.post(COUPON, {"coupon": "SPRING"}, headers=HTMX)
    assert text(part).startswith("<aside")
    assert "$12.00" in text(part)
    refused = signed_in.post(COUPON, {"coupon": "NOPE"}, headers=HTMX)
    assert refused.status_code == 200
    assert "There is no coupon" in text(refused)
    assert "$12.00" in text(refused)


def test_a_coupon_that_became_invalid_is_named_and_takes_nothing_off(signed_in):
    coupon_of("50")
    signed_in.post(COUPON, {"coupon": "SPRING"})
    form = form_of(signed_in)
    Coupon.objects.update(**expired())
    for page in (signed_in.get(CART), signed_in.get(URL)):
        assert page.status_code == 200
        assert "expired on" in text(page)
        assert page.context["quote"].total == Decimal("24.00")
    refused = signed_in.post(URL, form)
    assert "takes off $0.00 now instead of $12.00" in text(refused)
    assert not Order.objects.exists()
    assert signed_in.post(URL, shown_by(refused)).status_code == 302
    assert Order.objects.get().total == Decimal("24.00")


def test_a_coupon_at_checkout_keeps_what_was_typed_and_is_paid(signed_in, buyer):
    coupon_of("50", max_uses=1)
    typed = {**form_of(signed_in), "company": "Kept Ltd", "city": "Kept City"}
    page = signed_in.post(URL, {**typed, "do": "apply-coupon", "coupon": "spring"})
    assert page.status_code == 200
    assert "Kept Ltd" in text(page)
    assert "Pay $12.00" in text(page)
    assert not page.context["form"].errors
    pay_page = signed_in.post(URL, {**shown_by(page), "company": "Kept Ltd"}).url
    assert SandboxCharge.objects.get().amount == 1200
    done = signed_in.post(pay_page, {"card": sandbox.CARD_SUCCEEDS.number}, follow=True)
    assert "Coupon SPRING" in text(done)
    assert "−<span" in text(done)
    assert "coupon" not in signed_in.session
    assert CouponUse.objects.get().status == "used"


def test_a_code_that_was_typed_and_not_applied_is_applied_and_shown_before_anything_is_paid(signed_in):
    coupon_of("50")
    page = signed_in.post(URL, {**form_of(signed_in), "coupon": "SPRING"})
    assert not Order.objects.exists()
    assert "Pay $12.00" in text(page)
    page = signed_in.post(URL, {**shown_by(page), "do": "remove-coupon"})
    assert "Pay $24.00" in text(page)
    refused = signed_in.post(URL, {**shown_by(page), "coupon": "NOPE"})
    assert refused.status_code == 422
    assert not Order.objects.exists()


def test_a_coupon_of_everything_asks_for_no_payment(signed_in):
    tax_of("21")
    coupon_of("100")
    page = signed_in.post(URL, {**form_of(signed_in), "do": "apply-coupon", "coupon": "SPRING"})
    assert 'name="country"' not in text(page)
    assert 'name="method"' not in text(page)
    done = signed_in.post(URL, shown_by(page), follow=True)
    assert "It is in your library" in text(done)
    assert not Payment.objects.exists()
    assert Purchase.objects.exists()


def test_a_coupon_applied_in_another_tab_is_said_before_it_is_used(signed_in):
    form = form_of(signed_in)
    coupon_of("50")
    signed_in.post(COUPON, {"coupon": "SPRING"})
    assert "takes off $12.00 now instead of $0.00" in text(signed_in.post(URL, form))
    assert not Order.objects.exists()


def test_without_scripts_the_country_shows_the_total_before_anything_is_paid(signed_in):
    tax_of("21")
    page = signed_in.get(URL)
    assert "choose your country" in text(page)
    assert "Show the total" in text(page)
    page = signed_in.post(URL, {**shown_by(page), "company": "Kept Ltd", "do": "country"})
    assert page.status_code == 200
    for part in ("VAT 21 %", "$5.04", "Pay $29.04", "Kept Ltd"):
        assert part in text(page)
    signed_in.post(URL, shown_by(page))
    order = Order.objects.get()
    assert (order.total, order.tax_amount, order.tax_label) == (Decimal("29.04"), Decimal("5.04"), "VAT 21 %")


def test_who_pays_without_asking_for_the_total_is_shown_it_first(signed_in):
    tax_of("21")
    refused = signed_in.post(URL, form_of(signed_in))
    assert "VAT 21 % for Spain is $5.04 now instead of $0.00." in text(refused)
    assert "Nothing was ordered." in text(refused)
    assert not Order.objects.exists()
    assert signed_in.post(URL, shown_by(refused)).status_code == 302
    assert Order.objects.get().total == Decimal("29.04")


def test_a_rate_that_changed_meanwhile_is_said_and_not_charged(signed_in):
    tax_of("21")
    page = signed_in.post(URL, {**form_of(signed_in), "do": "country"})
    TaxRate.objects.update(percent=22)
    refused = signed_in.post(URL, shown_by(page))
    assert "VAT 22 % for Spain is $5.28 now instead of $5.04." in text(refused)
    assert not Order.objects.exists()


def test_with_scripts_choosing_a_country_draws_the_summary_anew(signed_in):
    tax_of("21")
    part = signed_in.post(URL, {**form_of(signed_in), "do": "country"}, headers=HTMX)
    assert text(part).startswith("<aside")
    assert "Pay $29.04" in text(part)
    assert 'name="shown"' in text(part)


@pytest.mark.parametrize("country", ["", "XX", "a\0b", "x" * 5000])
def test_a_country_that_does_not_exist_has_no_tax(signed_in, country):
    tax_of("21")
    page = signed_in.post(URL, {**form_of(signed_in), "country": country, "do": "country"})
    assert page.context["quote"].tax == 0
    assert signed_in.post(URL, {**form_of(signed_in), "country": country}).status_code == 422


def test_where_prices_include_tax_the_total_stays_and_the_part_is_named(signed_in, settings):
    settings.PRICES_INCLUDE_TAX = True
    tax_of("20")
    assert "Tax is included" in text(signed_in.get(CART))
    page = signed_in.post(URL, {**form_of(signed_in), "do": "country"})
    assert "Including VAT 20 %" in text(page)
    assert "Pay $24.00" in text(page)
    signed_in.post(URL, shown_by(page))
    assert Order.objects.get().transactions.get().amount == Decimal("20.00")


def test_with_scripts_an_order_that_was_placed_before_leads_on(signed_in, buyer):
    form = form_of(signed_in)
    signed_in.post(URL, form)
    again = signed_in.post(URL, {**form, "do": "country"}, headers=HTMX)
    assert again["HX-Redirect"].startswith("/sandbox/pay/")
    buyer.cart_items.all().delete()
    page = signed_in.post(URL, {"do": "country"}, headers=HTMX)
    assert page["HX-Redirect"] == CART


def test_paying_again_says_what_changed(signed_in, buyer):
    coupon_of("50", max_uses=1)
    signed_in.post(COUPON, {"coupon": "SPRING"})
    pay_page = signed_in.post(URL, form_of(signed_in)).url
    signed_in.post(pay_page, {"card": sandbox.CARD_DECLINED.number}, follow=True)
    order = Order.objects.get()
    assert "−<span" in text(signed_in.get(success_url(order)))
    paid_order(UserFactory(), Model3DFactory(listed=True), coupon=Coupon.objects.get())
    page = signed_in.post(f"/checkout/pay/{order.public_id}/", {"method": "card"})
    assert "as often as it may be" in text(page)
    assert Payment.objects.filter(order=order).count() == 1


def test_the_receipt_and_its_mail_name_discount_and_tax(signed_in, buyer):
    tax_of("21")
    buyer.cart_items.all().delete()
    order = paid_order(buyer, Model3DFactory(listed=True, price=Decimal("10.00")), coupon=coupon_of("50"))
    page = text(signed_in.get(success_url(order)))
    tell_of(order)
    mail = OutgoingMail.objects.get(kind="commerce/receipt")
    for part in ("SPRING", "$5.00", "VAT 21 %", "$1.05", "$6.05"):
        assert part in page
        assert part in mail.text
        assert part in mail.html


def queries_of(client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    return len(asked)


def test_the_pages_ask_as_often_for_one_model_as_for_many(signed_in, buyer):
    coupon_of("50")
    tax_of("21")
    signed_in.post(COUPON, {"coupon": "SPRING"})
    queries_of(signed_in, CART)
    one = {address: queries_of(signed_in, address) for address in (CART, URL)}
    for number in (23, 76):
        put_into_cart(buyer, *Model3DFactory.create_batch(number, listed=True, price=Decimal("3.33")))
        assert {address: queries_of(signed_in, address) for address in (CART, URL)} == one
    assert max(one.values()) <= 16
    assert Model3D.objects.count() == 100
