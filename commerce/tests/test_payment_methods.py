"""Kept cards where somebody pays, and on their page in the settings."""

import re
import uuid
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.tests.factories import UserFactory
from commerce.actions.payments import fail_payment, refresh_payment
from commerce.actions.saved_methods import remember
from commerce.gateways import sandbox
from commerce.gateways.sandbox import sources
from commerce.models import Order, Payment, SandboxCard, SandboxCharge, SavedPaymentMethod
from commerce.tests.factories import order_of, put_into_cart
from commerce.tests.test_checkout import form_of
from commerce.tests.test_saved_methods import saved_by
from marketplace.tests.factories import Model3DFactory

pytestmark = pytest.mark.django_db
URL = "/dashboard/settings/payment/"


@pytest.fixture
def payer():
    return UserFactory()


@pytest.fixture
def signed_in(client, payer):
    client.force_login(payer)
    return client


def text(response) -> str:
    return " ".join(response.content.decode().split())


def cart_of(payer) -> None:
    put_into_cart(payer, Model3DFactory(listed=True, price=Decimal("24.00"), title="Walnut desk"))


def cards(user, count: int) -> None:
    for number in range(count):
        SavedPaymentMethod.objects.create(
            user=user, provider="sandbox", customer_id="c", method_id=f"m{number}", label=f"Visa ending in {number:04}"
        )  # fmt: skip


def test_anothers_card_does_not_exist(signed_in):
    card = saved_by(UserFactory())
    for ask in (signed_in.get, signed_in.post, signed_in.delete):
        assert ask(f"{URL}{card.public_id}/").status_code == 404
    assert signed_in.get(f"{URL}{uuid.uuid4()}/").status_code == 404
    card.refresh_from_db()
    assert card.is_kept
    assert card.label not in text(signed_in.get(URL))


def test_without_cards_the_page_says_how_one_is_kept(signed_in):
    assert "No card is kept" in text(signed_in.get(URL))


def test_a_card_is_removed_after_asking_and_is_gone_then(signed_in, payer):
    card = saved_by(payer)
    page = f"{URL}{card.public_id}/"
    assert "Remove Visa ending in 4242?" in text(signed_in.get(page))
    answer = signed_in.post(page, {"_method": "delete"}, follow=True)
    assert "Visa ending in 4242 is removed." in text(answer)
    assert signed_in.get(page).status_code == 404


def test_the_default_is_changed(signed_in, payer):
    first, second = saved_by(payer), saved_by(payer, sources.CARD_REFUND_FAILS)
    signed_in.post(f"{URL}{second.public_id}/")
    assert SavedPaymentMethod.objects.get(is_default=True) == second
    SavedPaymentMethod.objects.filter(pk=first.pk).update(expires=date(2020, 1, 31))
    answer = signed_in.post(f"{URL}{first.public_id}/", follow=True)
    assert "cannot be charged any more" in text(answer)
    assert "expired in January 2020" in text(answer)


@pytest.mark.parametrize("count", [1, 24, 100])
def test_the_page_asks_the_database_as_often_for_many_cards(signed_in, payer, count):
    cards(payer, 1)
    signed_in.get(URL)
    with CaptureQueriesContext(connection) as one:
        signed_in.get(URL)
    SavedPaymentMethod.objects.all().delete()
    cards(payer, count)
    with CaptureQueriesContext(connection) as many:
        signed_in.get(URL)
    assert len(many) == len(one)


def test_checkout_offers_kept_cards_first_and_no_numbers(signed_in, payer):
    saved_by(UserFactory(), sources.CARD_REFUND_FAILS)
    card = saved_by(payer)
    cart_of(payer)
    page = text(signed_in.get("/checkout/"))
    assert re.search(rf'value="card:{card.public_id}" required checked', page)
    assert "Another card" in page
    assert sources.CARD_SUCCEEDS.number not in page
    assert "ending in 5126" not in page


def test_anothers_or_a_removed_card_cannot_be_paid_with(signed_in, payer):
    mine, other = saved_by(payer), saved_by(UserFactory())
    cart_of(payer)
    form = form_of(signed_in)
    signed_in.delete(f"{URL}{mine.public_id}/")
    for card in (other, mine):
        answer = signed_in.post("/checkout/", {**form, "method": card.form_value})
        assert answer.status_code == 422
        assert "Choose how to pay." in text(answer)
    assert not Order.objects.filter(checkout_key=form["checkout_key"]).exists()


def test_one_click_with_a_kept_card_leads_to_the_receipt(signed_in, payer):
    card = saved_by(payer)
    cart_of(payer)
    form = form_of(signed_in)
    answers = [
        signed_in.post("/checkout/", {**form, "method": card.form_value}, follow=True) for _ in range(2)
    ]
    for answer in answers:
        assert "Thank you, it is paid" in text(answer)
    order = Order.objects.get(checkout_key=form["checkout_key"])
    payment = order.payments.get()
    assert (payment.saved_method, order.transactions.get().payment_method) == (card, "card")
    assert SandboxCharge.objects.filter(reference=str(payment.public_id)).count() == 1


def test_a_kept_card_that_is_declined_leads_to_another_try(signed_in, payer):
    card = saved_by(payer, sources.CARD_DECLINED_LATER)
    cart_of(payer)
    form = {**form_of(signed_in), "method": card.form_value}
    assert "The card was declined." in text(signed_in.post("/checkout/", form, follow=True))
    order = Order.objects.get(checkout_key=form["checkout_key"])
    again = signed_in.post(f"/checkout/pay/{order.public_id}/", {"method": "card"})
    assert again.url.startswith("/sandbox/pay/")


def test_a_kept_card_whose_bank_asks_leads_to_its_question(signed_in, payer):
    card = saved_by(payer, sources.CARD_CONFIRMS)
    cart_of(payer)
    form = {**form_of(signed_in), "method": card.form_value}
    asked = signed_in.post("/checkout/", form, follow=True)
    assert "Is it you?" in text(asked)
    signed_in.post(asked.request["PATH_INFO"], {"confirm": "1"})
    payment = Order.objects.get(checkout_key=form["checkout_key"]).payments.get()
    assert refresh_payment(payment).status == Payment.Status.COMPLETED


@pytest.mark.parametrize(
    ("method", "ticked", "kept"), [("card", "on", True), ("card", "", False), ("crypto", "on", False)]
)
def test_a_tick_at_checkout_keeps_the_card(signed_in, payer, method, ticked, kept):
    cart_of(payer)
    form = {**form_of(signed_in), "method": method, "save_method": ticked}
    signed_in.post("/checkout/", form)
    payment = Order.objects.get(checkout_key=form["checkout_key"]).payments.get()
    assert payment.save_method == kept
    sandbox.pay(payment.provider_id, sandbox.SOURCES[method][0])
    remember(refresh_payment(payment))
    assert SandboxCard.objects.exists() == SavedPaymentMethod.objects.exists() == kept


def test_a_tick_that_went_with_a_refused_form_stays(signed_in, payer):
    cart_of(payer)
    answer = signed_in.post("/checkout/", {**form_of(signed_in), "save_method": "on", "terms": ""})
    assert re.search(r'name="save_method"[^>]* checked', text(answer))


def test_providers_that_keep_no_cards_offer_no_tick(signed_in, payer, settings):
    settings.PAYMENT_CARD = ""
    cart_of(payer)
    page = text(signed_in.get("/checkout/"))
    assert 'name="save_method"' not in page


def test_a_failed_order_is_paid_with_a_kept_card(signed_in, payer):
    card = saved_by(payer)
    order = order_of(payer, Model3DFactory(listed=True))
    fail_payment(order.latest_payment(), "No.")
    answer = signed_in.post(f"/checkout/pay/{order.public_id}/", {"method": card.form_value}, follow=True)
    assert "Thank you, it is paid" in text(answer)


def test_calling_off_a_payment_that_is_on_its_way_says_so(signed_in, payer):
    cart_of(payer)
    pay_page = signed_in.post("/checkout/", form_of(signed_in)).url
    signed_in.post(pay_page, {"card": sources.CARD_SLOW.number})
    order = Order.objects.get()
    answer = signed_in.post(f"/checkout/pay/{order.public_id}/cancel/", follow=True)
    assert "it can no longer be called off" in text(answer)
    order.refresh_from_db()
    assert order.is_open
