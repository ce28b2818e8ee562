import re
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.tests.factories import UserFactory
from commerce.gateways import sandbox
from commerce.models import Order, Payment, Purchase, SandboxCharge
from commerce.tests.concurrency import at_once
from commerce.tests.factories import (
    order_of,
    paid_order,
    put_into_cart,
    started_payment,
    take_off_the_marketplace,
)
from marketplace.models import Model3D
from marketplace.tests.factories import Model3DFactory

URL = "/checkout/"
DETAILS = {
    "name": "Ana Ruiz",
    "email": "ana@example.com",
    "country": "ES",
    "method": "card",
    "terms": "on",
}


@pytest.fixture
def buyer(db):
    return UserFactory()


@pytest.fixture
def signed_in(client, buyer):
    client.force_login(buyer)
    return client


@pytest.fixture
def model(db):
    return Model3DFactory(listed=True, price=Decimal("24.00"), title="Walnut desk")


def text(response) -> str:
    return " ".join(response.content.decode().split())


def form_of(client, url: str = URL) -> dict:
    """What the checkout page's form would send, filled in."""
    html = client.get(url).content.decode()
    hidden = {
        name: re.search(rf'name="{name}"[^>]*value="([^"]*)"', html)[1].replace("&quot;", '"')
        for name in ("checkout_key", "shown")
    }
    return {**hidden, **DETAILS}


def success_url(order) -> str:
    return f"/purchase/success/?order={order.public_id}"


def test_a_visitor_is_sent_to_sign_in_and_back(client, db):
    assert client.get(URL).url == f"{reverse('account_login')}?next={URL}"


def test_an_empty_cart_leads_back_to_the_cart(signed_in):
    assert signed_in.get(URL).url == "/cart/"


@pytest.mark.parametrize("page", ["success", "pay", "cancel"])
@pytest.mark.parametrize("who", ["visitor", "other", "admin"])
def test_anothers_order_does_not_exist(client, page, who, buyer, model):
    order = order_of(buyer, model)
    if who != "visitor":
        client.force_login(UserFactory(admin=who == "admin"))
    address = success_url(order) if page == "success" else f"/checkout/pay/{order.public_id}/"
    response = client.post(f"{address}cancel/") if page == "cancel" else client.get(address)
    if who == "visitor":
        assert response.url.startswith(reverse("account_login"))
    else:
        assert response.status_code == 404
    order.refresh_from_db()
    assert order.is_open


@pytest.mark.parametrize("query", ["", "?order=", "?order=x", "?order=5b1f0a54-6a4c-4b0e-8a4c-0c2d2a8e6a11"])
def test_a_success_page_of_nothing_does_not_exist(signed_in, query):
    assert signed_in.get(f"/purchase/success/{query}").status_code == 404


BEYOND_ALL_IDS = '{"prices": {"9223372036854775808": "1.00"}, "discount": "0", "tax": "0", "total": "1.00"}'


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("terms", "", "Accept the terms to go on."),
        ("method", "", "Choose how to pay."),
        ("method", "cheque", "Choose how to pay."),
        ("country", "XX", "Choose a country from the list."),
        ("country", "", "This field is required."),
        ("name", "", "This field is required."),
        ("name", "a" * 121, "at most 120"),
        ("email", "nobody", "valid email"),
        ("shown", "{}", "out of date"),
        ("shown", "[1]", "out of date"),
        ("shown", '{"1": "NaN"}', "out of date"),
        ("shown", '{"1": "-1"}', "out of date"),
        ("shown", "[" * 9999, "out of date"),
        ("shown", BEYOND_ALL_IDS, "out of date"),
        ("checkout_key", "x", "valid UUID"),
    ],
)
def test_bad_input_is_named_and_nothing_is_ordered(signed_in, buyer, model, field, value, message):
    put_into_cart(buyer, model)
    response = signed_in.post(URL, {**form_of(signed_in), field: value, "company": "Kept Ltd"})
    assert response.status_code == 422
    assert message in text(response)
    assert "Kept Ltd" in text(response)
    assert not Order.objects.exists()


def test_a_script_in_a_name_stays_text(signed_in, buyer, model):
    put_into_cart(buyer, model)
    response = signed_in.post(URL, {**form_of(signed_in), "name": "<script>alert(1)</script>", "terms": ""})
    assert "<script>alert(1)" not in text(response)


@pytest.mark.parametrize("price", ["1e999999", "10000000000"])
def test_a_price_beyond_all_columns_is_refused(signed_in, buyer, model, price):
    put_into_cart(buyer, model)
    response = signed_in.post(URL, {**form_of(signed_in), "shown": f'{{"{model.pk}": "{price}"}}'})
    assert response.status_code == 422
    assert not Order.objects.exists()


def test_a_changed_price_is_shown_and_must_be_confirmed_again(signed_in, buyer, model):
    put_into_cart(buyer, model)
    form = form_of(signed_in)
    Model3D.objects.filter(pk=model.pk).update(price=Decimal("30.00"))
    refused = signed_in.post(URL, form)
    assert refused.status_code == 422
    assert "costs $30.00 now instead of $24.00" in text(refused)
    assert not Order.objects.exists()
    again = re.search(r'name="shown"[^>]*value="([^"]*)"', refused.content.decode())[1].replace("&quot;", '"')
    signed_in.post(URL, {**form, "shown": again})
    assert Order.objects.get().total == Decimal("30.00")


def test_a_tampered_price_is_never_charged(signed_in, buyer, model):
    put_into_cart(buyer, model)
    response = signed_in.post(URL, {**form_of(signed_in), "shown": f'{{"{model.pk}": "0.01"}}'})
    assert response.status_code == 422
    assert not Order.objects.exists()


def test_when_everything_left_the_marketplace_the_cart_says_so(signed_in, buyer, model):
    put_into_cart(buyer, model)
    form = form_of(signed_in)
    take_off_the_marketplace(model)
    assert signed_in.post(URL, form).url == "/cart/"
    assert not Order.objects.exists()


def test_paying_leads_to_the_provider_and_settles_nothing_by_itself(signed_in, buyer, model):
    put_into_cart(buyer, model)
    response = signed_in.post(URL, form_of(signed_in))
    charge = SandboxCharge.objects.get()
    assert response.url == reverse("commerce:sandbox_pay", args=[charge.charge_id])
    assert charge.amount == 2400
    signed_in.get(success_url(Order.objects.get()))
    assert not Purchase.objects.exists()


def test_a_double_click_and_the_way_back_lead_to_the_same_payment(signed_in, buyer, model):
    put_into_cart(buyer, model)
    form = form_of(signed_in)
    assert {signed_in.post(URL, form).url for _ in range(3)} == {
        reverse("commerce:sandbox_pay", args=[SandboxCharge.objects.get().charge_id])
    }
    assert Order.objects.count() == Payment.objects.count() == 1


def test_the_way_back_after_paying_leads_to_the_receipt(signed_in, buyer, model):
    put_into_cart(buyer, model)
    form = form_of(signed_in)
    signed_in.post(URL, form)
    order = Order.objects.get()
    sandbox.pay(order.latest_payment().provider_id, sandbox.CARD_SUCCEEDS)
    signed_in.get(success_url(order))
    assert signed_in.post(URL, form).url == success_url(order)
    assert Order.objects.count() == 1


def test_the_whole_way_with_a_card_that_succeeds(signed_in, buyer, model):
    put_into_cart(buyer, model)
    pay_page = signed_in.post(URL, form_of(signed_in)).url
    assert "Succeeds" in text(signed_in.get(pay_page))
    response = signed_in.post(pay_page, {"card": sandbox.CARD_SUCCEEDS.number}, follow=True)
    page = text(response)
    for part in ("Thank you, it is paid", "Walnut desk", "Ana Ruiz", "Spain", "$24.00", "Download"):
        assert part in page
    assert Purchase.objects.get().user == buyer


def test_a_declined_card_says_so_and_can_be_tried_again(signed_in, buyer, model):
    put_into_cart(buyer, model)
    pay_page = signed_in.post(URL, form_of(signed_in)).url
    failed = signed_in.post(pay_page, {"card": sandbox.CARD_DECLINED.number}, follow=True)
    assert "The card was declined." in text(failed)
    order = Order.objects.get()
    again = signed_in.post(f"/checkout/pay/{order.public_id}/", {"method": "card"})
    assert again.url != pay_page
    done = signed_in.post(again.url, {"card": sandbox.CARD_SUCCEEDS.number}, follow=True)
    assert "Thank you" in text(done)
    assert Payment.objects.count() == 2


@pytest.mark.parametrize(
    ("answer", "outcome"), [("confirm", "Thank you"), ("reject", "not confirmed with the bank")]
)
def test_a_card_that_asks_for_confirmation(signed_in, buyer, model, answer, outcome):
    put_into_cart(buyer, model)
    pay_page = signed_in.post(URL, form_of(signed_in)).url
    question = signed_in.post(pay_page, {"card": sandbox.CARD_CONFIRMS.number}, follow=True)
    assert "Is it you?" in text(question)
    order = Order.objects.get()
    assert "Waiting for your payment" in text(signed_in.get(success_url(order)))
    response = signed_in.post(question.request["PATH_INFO"], {answer: "1"}, follow=True)
    if outcome not in text(response):
        # The provider was asked a moment ago: the next look asks again.
        cache.clear()
        response = signed_in.get(success_url(order))
    assert outcome in text(response)


def test_a_payment_left_alone_can_be_gone_back_to(signed_in, buyer, model):
    put_into_cart(buyer, model)
    pay_page = signed_in.post(URL, form_of(signed_in)).url
    order = Order.objects.get()
    left = signed_in.get(f"/checkout/pay/{order.public_id}/")
    assert "You have not been charged yet." in text(left)
    assert signed_in.post(f"/checkout/pay/{order.public_id}/").url == pay_page
    assert "Waiting for your payment" in text(signed_in.get(success_url(order)))


def test_cancelling_at_the_provider_leads_to_another_try(signed_in, buyer, model):
    put_into_cart(buyer, model)
    pay_page = signed_in.post(URL, form_of(signed_in)).url
    response = signed_in.post(pay_page, {"cancel": "1"}, follow=True)
    assert "You cancelled the payment." in text(response)
    assert "Try again" in text(response)


def test_a_cancelled_order_leaves_the_cart_as_it_was(signed_in, buyer, model):
    order = order_of(buyer, model)
    started_payment(order)
    response = signed_in.post(f"/checkout/pay/{order.public_id}/cancel/", follow=True)
    order.refresh_from_db()
    assert order.status == Order.Status.CANCELLED
    assert "Walnut desk" in text(response)


def test_a_form_without_a_card_chooses_nothing(signed_in, buyer, model):
    payment = started_payment(order_of(buyer, model))
    page = signed_in.post(reverse("commerce:sandbox_pay", args=[payment.provider_id]), {"card": "1"})
    assert page.status_code == 422
    assert "Choose one of the test cards." in text(page)


def test_the_sandbox_has_no_pages_where_it_is_not_offered(signed_in, buyer, model, settings):
    payment = started_payment(order_of(buyer, model))
    settings.PAYMENT_CARD = settings.PAYMENT_PAYPAL = settings.PAYMENT_CRYPTO = ""
    assert signed_in.get(reverse("commerce:sandbox_pay", args=[payment.provider_id])).status_code == 404
    assert signed_in.get(reverse("commerce:sandbox_confirm", args=[payment.provider_id])).status_code == 404


def test_without_a_provider_checkout_says_that_nothing_can_be_paid(signed_in, buyer, model, settings):
    settings.PAYMENT_CARD = settings.PAYMENT_PAYPAL = settings.PAYMENT_CRYPTO = ""
    put_into_cart(buyer, model)
    assert "No payment is possible at the moment." in text(signed_in.get(URL))


def test_free_models_alone_ask_for_no_card_and_no_address(signed_in, buyer):
    put_into_cart(buyer, Model3DFactory(listed=True, free=True))
    page = text(signed_in.get(URL))
    assert 'name="country"' not in page
    assert 'name="method"' not in page
    response = signed_in.post(URL, form_of(signed_in), follow=True)
    assert "It is in your library" in text(response)
    assert not Payment.objects.exists()


def test_a_free_model_needs_an_account(client, db):
    model = Model3DFactory(listed=True, free=True)
    assert client.post(f"/model/{model.pk}/get/").url.startswith(reverse("account_login"))
    assert not Purchase.objects.exists()


def test_a_free_model_is_got_with_one_click(signed_in, buyer):
    model = Model3DFactory(listed=True, free=True)
    assert "It is in your library" in text(signed_in.post(f"/model/{model.pk}/get/", follow=True))
    assert signed_in.post(f"/model/{model.pk}/get/").url == f"/dashboard/purchases/?model={model.pk}"


@pytest.mark.parametrize("price", ["24.00"])
def test_a_priced_model_is_not_got_for_free(signed_in, price):
    model = Model3DFactory(listed=True, price=Decimal(price))
    signed_in.post(f"/model/{model.pk}/get/")
    assert not Purchase.objects.exists()


def test_the_details_of_the_last_order_are_filled_in(signed_in, buyer, model):
    order_of(buyer, model)
    put_into_cart(buyer, Model3DFactory(listed=True))
    form = signed_in.get(URL).context["form"]
    assert (form["city"].value(), form["country"].value()) == ("Sevilla", "ES")


def test_a_receipt_is_there_for_good(signed_in, buyer, model):
    order = paid_order(buyer, model)
    Model3D.objects.update(title="Renamed", price=Decimal("99.00"))
    page = text(signed_in.get(success_url(order)))
    assert "Walnut desk" in page
    assert "$24.00" in page


def test_only_the_card_forms_page_may_load_another_origins_script(signed_in, buyer, model):
    put_into_cart(buyer, model)
    assert "js.stripe.com" not in signed_in.get(URL)["Content-Security-Policy"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("times", [16, pytest.param(200, marks=pytest.mark.full)])
def test_many_submissions_over_http_at_once_are_one_payment(times):
    buyer, model = UserFactory(), Model3DFactory(listed=True)
    put_into_cart(buyer, model)
    client = Client()
    client.force_login(buyer)
    form = form_of(client)

    def submit(number: int) -> int:
        browser = Client()
        browser.cookies = client.cookies
        return browser.post(URL, form).status_code

    assert set(at_once(submit, times, threads=16)) == {302}
    assert Order.objects.count() == Payment.objects.count() == SandboxCharge.objects.count() == 1
