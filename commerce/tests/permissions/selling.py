"""Rows: what a seller sees of their money, refunds and reviews; and everybody's dashboard and plan."""

from commerce.tests.permissions.buying import DELETE
from commerce.tests.permissions.cells import (
    BUYER,
    OTHER_BUYER,
    OTHER_SELLER,
    SELLER,
    SIGNED_IN,
    Row,
    creators,
    only,
    signed_in,
)
from commerce.tests.test_payout_details import GIVEN

KEEPS_SUMS = "the sums of days that are over are kept when they are first asked for"
WITHOUT_PLAN = tuple(role for role in SIGNED_IN if role not in (BUYER, OTHER_BUYER, SELLER))

SELLING = [
    Row("commerce:dashboard", signed_in()),
    # Everybody their own figures.
    Row("commerce:dashboard_csv", signed_in(), about="figures"),
    Row("commerce:financials", creators(), may_move=KEEPS_SUMS),
    Row("commerce:earnings_csv", creators(), may_move=KEEPS_SUMS),
    Row("commerce:transactions", creators()),
    Row("commerce:transactions_csv", creators()),
    Row("commerce:statements", creators()),
    Row("commerce:statement", creators(), about="month"),
    Row("commerce:payouts", creators()),
    # The seller's first one is under way.
    Row("commerce:payouts", creators(302), "post", data={"amount": "100.00"}, movers=(OTHER_SELLER,)),
    Row("commerce:payout", creators(404, seller=200), about="payout"),
    Row("commerce:payout", creators(404, seller=302), "delete", about="payout"),
    Row("commerce:payout", creators(404, seller=302), "post", about="payout", data=DELETE),
    Row("commerce:payout", creators(404, seller=405), "post", about="payout"),
    Row("commerce:payout_details", creators()),
    Row("commerce:payout_details", creators(302), "post", data=GIVEN),
    Row("commerce:payout_details", creators(302), "delete"),
    Row("commerce:refunds", signed_in()),
    # Who asked for it has the page of their purchase instead.
    Row("commerce:seller_refund", only(SELLER), about="asked_refund"),
    Row(
        "commerce:seller_refund",
        only(SELLER, outcome=302),
        "post",
        about="asked_refund",
        data={"answer": "refused", "text": "It is as shown."},
    ),
    Row("commerce:review_answer", only(SELLER), about="review"),
    Row(
        "commerce:review_answer", only(SELLER, outcome=302), "post", about="review", data={"body": "Thanks!"}
    ),
    Row("commerce:review_answer", only(SELLER, outcome=302), "delete", about="review"),
]

PLANS = [
    # Who has this plan already, also one that ends, is led to it.
    Row("commerce:plan_order", signed_in(buyer=302, other_buyer=302), about="plan"),
    # The seller changes from another plan, and owes another amount than was sent.
    Row(
        "commerce:plan_order",
        signed_in(302, seller=422),
        "post",
        about="plan",
        data={"country": "US", "shown": "12.00", "method": "card"},
        movers=WITHOUT_PLAN,
    ),
    Row(
        "commerce:plan_trial",
        signed_in(302),
        "post",
        about="plan",
        data={"country": "US"},
        movers=WITHOUT_PLAN,
    ),
    Row("commerce:plan", signed_in()),
    # Nobody has anything to pay for now.
    Row("commerce:plan_payment", signed_in(422), "post", data={"shown": "12.00", "method": "card"}),
    Row(
        "commerce:plan_cancellation",
        signed_in(302, buyer=200, seller=200),
    ),
    Row("commerce:plan_cancellation", signed_in(302), "post", movers=(BUYER, SELLER)),
    Row("commerce:plan_cancellation", signed_in(302), "delete", movers=(OTHER_BUYER,)),
    Row("commerce:plan_change", signed_in(302), "delete", movers=(SELLER,)),
    Row("commerce:plan_change", signed_in(302), "post", data=DELETE, movers=(SELLER,)),
    Row("commerce:plan_change", signed_in(405), "post"),
    Row(
        "commerce:plan_card",
        only(BUYER, outcome=302),
        "post",
        about="card",
        may_move="it is the first already",
    ),
    Row("commerce:plan_card", only(BUYER, outcome=302), "delete", about="card"),
    Row("commerce:plan_receipt", only(BUYER), about="plan_receipt"),
    Row("commerce:plan_invoice", only(BUYER), about="plan_receipt", may_move="it is numbered when asked for"),
    Row("commerce:plan_credit_note", only(OTHER_BUYER), about="plan_credit_note"),
]

ROWS = [*SELLING, *PLANS]
