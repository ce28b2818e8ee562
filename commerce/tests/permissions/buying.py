"""Rows: the cart, checkout, payments, and what a buyer has afterwards."""

from django.urls import reverse

from commerce.gateways.sandbox import CARD_SUCCEEDS
from commerce.tests.permissions.cells import (
    ADMIN,
    BUYER,
    MODERATOR,
    SELLER,
    SIGNED_IN,
    Row,
    everybody,
    only,
    signed_in,
)
from commerce.tests.permissions.events import signed
from commerce.tests.test_checkout import form_of

DELETE = {"_method": "delete"}
NOBODY = ()
ASKS_PROVIDER = "the provider is asked how far the payment is, and what it says is kept"


def _checkout(world, client) -> dict:
    return form_of(client) if "_auth_user_id" in client.session else {}


def _course_checkout(world, client) -> dict:
    """Whoever teaches it is led back to it, and sees no form."""
    url = reverse("commerce:buy_course", kwargs=world.things["course_for_sale"])
    may_buy = "_auth_user_id" in client.session and client.get(url).status_code == 200
    return form_of(client, url) if may_buy else {}


CART = [
    Row("commerce:cart", everybody()),
    # The coupon is in the session alone; a visitor has nothing that it could be for.
    Row(
        "commerce:cart_coupon", everybody(302, visitor=422), "post", data={"coupon": "SPRING"}, movers=NOBODY
    ),
    Row("commerce:cart_coupon", everybody(302), "post", data=DELETE, movers=NOBODY),
    # What a visitor has in the cart is in their session, and is counted like everybody's.
    Row("commerce:cart_item", everybody(302), "post", about="for_sale"),
    Row("commerce:cart_item", everybody(302), "post", about="in_cart", data=DELETE, movers=SIGNED_IN),
    # Nobody learns that a draft is there, and its creator does not buy it.
    Row(
        "commerce:cart_item",
        only(SELLER, MODERATOR, ADMIN, outcome=302, visitor=404),
        "post",
        about="draft",
        movers=NOBODY,
    ),
    Row("commerce:cart_item_saved", everybody(302), "post", about="in_cart", movers=SIGNED_IN),
    Row(
        "commerce:cart_item_saved",
        everybody(302),
        "post",
        about="in_cart",
        data=DELETE,
        may_move="it was not saved for later before",
    ),
    Row("commerce:get_free", signed_in(302), "post", about="free_model"),
    # It is seen and bought by nobody; whoever may look at it is led back to it.
    Row(
        "commerce:get_free", only(MODERATOR, ADMIN, SELLER, outcome=302), "post", about="draft", movers=NOBODY
    ),
    Row("commerce:checkout", signed_in()),
    Row("commerce:checkout", signed_in(302), "post", data=_checkout),
    Row("commerce:buy_course", signed_in(seller=302), about="course_for_sale"),
    Row(
        "commerce:buy_course",
        signed_in(302),
        "post",
        about="course_for_sale",
        data=_course_checkout,
        movers=tuple(role for role in SIGNED_IN if role != SELLER),
    ),
]

PAYING = [
    Row("commerce:pay", only(BUYER), about="order", may_move=ASKS_PROVIDER),
    Row("commerce:pay", only(BUYER, outcome=302), "post", about="order", may_move=ASKS_PROVIDER),
    Row("commerce:cancel_order", only(BUYER, outcome=302), "post", about="order"),
    # Of an order's payment: it leads to the order's own page.
    Row("commerce:payment", only(BUYER, outcome=302), about="payment", may_move=ASKS_PROVIDER),
    Row("commerce:payment", only(BUYER), about="bounty_payment", may_move=ASKS_PROVIDER),
    Row(
        "commerce:payment",
        only(BUYER, outcome=302),
        "post",
        about="bounty_payment",
        may_move=ASKS_PROVIDER,
    ),
    Row("commerce:payment_state", only(BUYER), about="payment", may_move=ASKS_PROVIDER),
    Row("commerce:cancel_payment", only(BUYER, outcome=302), "post", about="bounty_payment"),
    Row("commerce:success", only(BUYER), about="receipt"),
    Row("commerce:success", only(), about=""),
    Row("commerce:payment_methods", signed_in()),
    Row("commerce:payment_method", only(BUYER), about="card"),
    Row(
        "commerce:payment_method",
        only(BUYER, outcome=302),
        "post",
        about="card",
        may_move="it is the first already",
    ),
    Row("commerce:payment_method", only(BUYER, outcome=302), "delete", about="card"),
]

OWNING = [
    Row("commerce:purchases", signed_in()),
    Row("commerce:invoice", only(BUYER), about="order_paid"),
    # Nothing was paid for yet, so there is none.
    Row("commerce:invoice", only(), about="order"),
    Row("commerce:credit_note", only(BUYER), about="credit_note"),
    Row("commerce:purchase_certificate", only(BUYER), about="purchase"),
    Row(
        "commerce:purchase_certificate",
        only(BUYER, outcome=302),
        "post",
        about="purchase",
        data={"holder": "Quill Studios"},
    ),
    Row("commerce:certificate_pdf", only(BUYER), about="purchase"),
    Row("commerce:refund_rules", everybody(), is_public=True),
    Row("commerce:refund", only(BUYER), about="purchase"),
    Row(
        "commerce:refund",
        only(BUYER, outcome=302),
        "post",
        about="purchase",
        data={"reason": "quality", "text": "The drawers do not open."},
    ),
    Row("commerce:refund", only(BUYER, outcome=302), "delete", about="asked_purchase"),
    Row("commerce:removal", only(BUYER), about="free_purchase"),
    Row("commerce:removal", only(BUYER, outcome=302), "post", about="free_purchase"),
    Row("commerce:make_download", only(BUYER, outcome=302), "post", about="purchase"),
    # A link is no key: it opens for who made it, and others are not even asked to sign in.
    Row("commerce:download", only(BUYER, visitor=404), about="download"),
    Row("commerce:download_file", only(BUYER, visitor=404), about="download_file"),
    Row("commerce:download_document", only(BUYER, visitor=404), about="download_document"),
    Row("commerce:own_review", only(BUYER), about="purchase"),
    Row(
        "commerce:own_review",
        only(BUYER, outcome=302),
        "post",
        about="purchase",
        data={"rating": "4", "body": "Still fine."},
    ),
    Row("commerce:own_review", only(BUYER, outcome=302), "delete", about="purchase"),
]

PUBLIC = [
    # Whoever was given its address may check it; it says of its buyer what they chose.
    Row("commerce:certificate", everybody(), about="certificate", is_key=True),
    Row("commerce:reviews", everybody(), about="desk", is_public=True),
    Row("commerce:review", everybody(), about="review", is_public=True),
    Row(
        "commerce:review_helpful",
        signed_in(302),
        "post",
        about="review",
        # Not its author, and not who is reviewed.
        movers=tuple(role for role in SIGNED_IN if role not in (BUYER, SELLER)),
    ),
    Row("commerce:review_helpful", signed_in(302), "delete", about="review", movers=NOBODY),
    Row("commerce:profile_reviews", everybody(), about="seller", is_public=True),
    Row("commerce:pricing", everybody(), is_public=True),
]


def _signed_event(world, client) -> dict:
    return signed(world.things["charge"]["charge_id"])


OUTSIDE = [
    # What counts is who signed it, whoever is signed in.
    Row("commerce:webhook", everybody(400), "post", about="webhook"),
    Row("commerce:webhook", everybody(200), "post", about="webhook", data=_signed_event, is_key=True),
    Row("commerce:webhook", everybody(404), "post", about="no_provider"),
    # The provider's own pages: it knows no person, only the number of the charge.
    Row("commerce:sandbox_pay", everybody(), about="charge", is_key=True),
    Row(
        "commerce:sandbox_pay",
        everybody(302),
        "post",
        about="charge",
        data={"card": CARD_SUCCEEDS.number},
        is_key=True,
    ),
    Row("commerce:sandbox_confirm", everybody(), about="charge_confirming", is_key=True),
    Row(
        "commerce:sandbox_confirm",
        everybody(302),
        "post",
        about="charge_confirming",
        data={"confirm": "1"},
        is_key=True,
    ),
    Row("commerce:sandbox_charge", everybody(), about="charge_paid", is_key=True),
    Row(
        "commerce:sandbox_charge",
        everybody(302),
        "post",
        about="charge_paid",
        data={"contest": "1", "reason": "fraudulent"},
        is_key=True,
    ),
]

ROWS = [*CART, *PAYING, *OWNING, *PUBLIC, *OUTSIDE]
