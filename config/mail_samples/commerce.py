"""Mails about money and what was bought."""

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

from django.conf import settings

from config.mail_samples.people import BEN, MODEL, SITE, WHEN
from core.mail_previews import Sample
from core.templatetags.core_tags import money_text

LINES = [
    SimpleNamespace(
        title=title,
        seller=BEN,
        license_name="Royalty-free",
        list_amount=Decimal(price),
        amount=Decimal(price),
        platform_fee=Decimal(fee),
        seller_amount=Decimal(price) - Decimal(fee),
        course_id=None,
    )
    for title, price, fee in [("Walnut lounge chair", "24.00", "1.80"), ("Oak side table", "12.00", "0.90")]
]
ADDRESSES = {
    "order_url": f"{SITE}/orders/made-up/",
    "library_url": f"{SITE}/dashboard/purchases/",
    "course_url": "",
}
BILLED = {
    "public_id": "0b5c1a52-6f0e-4f7e-9d50-3f1f0a4c9f11",
    "number": "0B5C1A52",
    "currency": settings.CURRENCY,
    "coupon_code": "SPRING",
    "tax_label": "VAT 19 %",
    "billing_name": "Ana Ruiz",
    "billing_company": "Ruiz Interiors",
    "billing_address": "Calle Mayor 1",
    "billing_city": "Madrid",
    "billing_postcode": "28013",
    "billing_country": "ES",
    "billing_country_name": "Spain",
}
PAYOUT = SimpleNamespace(
    number="5D0F92C3",
    amount=Decimal("412.50"),
    get_method_display="Bank transfer",
    destination="account ending in 3000",
    batch=True,
    is_settled=True,
)
PAID = "It was sent to account ending in 3000. Banks take up to five working days."


def _money(amount: str) -> str:
    return money_text(Decimal(amount))


def _order(**amounts) -> SimpleNamespace:
    found = {"total": 0, "discount_amount": 0, "tax_amount": 0} | {
        name: Decimal(amount) for name, amount in amounts.items()
    }
    return SimpleNamespace(**BILLED, **found, prices_include_tax=False)


def _receipt() -> dict:
    order = _order(total="38.56", discount_amount="3.60", tax_amount="6.16")
    return ADDRESSES | {"order": order, "lines": LINES, "paid": True}


def _free() -> dict:
    line = SimpleNamespace(**vars(LINES[0]) | {"list_amount": Decimal(0)})
    return ADDRESSES | {"order": _order(), "lines": [line], "paid": False}


def _course() -> dict:
    line = SimpleNamespace(**vars(LINES[0]) | {"title": "Rig a lamp", "license_name": "Course"})
    course = {"course_url": f"{SITE}/courses/rig-a-lamp/"}
    return ADDRESSES | course | {"order": _order(total="24.00"), "lines": [line], "paid": True}


def _sale() -> dict:
    return {
        "lines": LINES,
        "share": sum(line.seller_amount for line in LINES),
        "what": "“Walnut lounge chair” and 1 more",
        "model_url": f"{SITE}/model/1/",
    }


def _payout(title: str, message: str, reason: str = "") -> dict:
    url = f"{SITE}/dashboard/financials/payouts/made-up/"
    return {"payout": PAYOUT, "title": title, "message": message, "reason": reason, "payout_url": url}


def _returned() -> dict:
    message = "It could not be paid to account ending in 3000. The money is in your balance again."
    return _payout(
        f"Your payout of {_money('412.50')} came back",
        message,
        "The bank says: the account is closed.",
    )


def _details() -> dict:
    details = SimpleNamespace(
        get_method_display="Bank transfer", masked="account ending in 3000", usable_from=WHEN + timedelta(2)
    )
    return {"details": details, "url": f"{SITE}/dashboard/financials/details/"}


def _refund(evidence: list | None = None) -> dict:
    facts = [SimpleNamespace(claimed=said, measured=found) for said, found in evidence or []]
    text = "It has gone back the way you paid.\nWhat it paid for has left your library."
    return {
        "refund": SimpleNamespace(
            number="77E1A0B4", gross=Decimal("28.56"), currency=settings.CURRENCY, evidence=facts
        ),
        "message": SimpleNamespace(
            title=f"{_money('28.56')} was refunded for “Walnut lounge chair”", text=text
        ),
        "page_url": f"{SITE}/dashboard/refunds/made-up/",
    }


def _dispute() -> dict:
    return {
        "dispute": SimpleNamespace(number="1C9D44E0", amount=Decimal("38.56"), currency=settings.CURRENCY),
        "title": f"You contest a payment of {_money('38.56')} at your bank",
        "text": "Until your bank has decided, downloads stop. If this was a mistake, tell your bank.",
        "page_url": f"{SITE}/orders/made-up/",
    }


def _bounty() -> dict:
    return {
        "bounty": SimpleNamespace(title="A brass desk lamp"),
        "headline": "Ben Okafor handed in work for “A brass desk lamp”",
        "lines": ["Look at it, then choose it or ask for changes.", "You choose until 18 May 2026."],
        "url": f"{SITE}/bounties/1/",
    }


def _plan(title: str, lines: list[str], facts: list | None = None, action: str = "See your plan") -> dict:
    news = SimpleNamespace(title=title, lines=lines, facts=facts or [], action=action)
    return {"news": news, "url": f"{SITE}/dashboard/settings/plan/"}


def _plan_paid() -> dict:
    facts = [
        ("Plan", "Pro, monthly"),
        ("Time", "4 May 2026 to 4 June 2026"),
        ("Paid", _money("19.00")),
    ]
    return _plan(
        f"Your receipt: {_money('19.00')} for Pro",
        ["Thank you, it is paid."],
        facts,
        "See the receipt",
    )


def _plan_failed() -> dict:
    lines = ["Your card was declined. You keep what the plan gives while we try again."]
    return _plan("Your payment for Pro did not go through", lines, action="Pay now")


def _version() -> dict:
    change = SimpleNamespace(label="Triangles", before="48,210", after="31,904")
    version = SimpleNamespace(label="Version 2", differences=[change])
    return {"model": MODEL, "versions": [version], "library_url": f"{SITE}/dashboard/purchases/"}


def _review() -> dict:
    return {
        "actor": BEN,
        "title": MODEL.title,
        "text": "Stands where it should, and the leather is a joy.",
        "review": SimpleNamespace(rating=5),
        "url": "/model/1/reviews/1/",
    }


SAMPLES = [
    Sample("commerce/receipt", _receipt, "of what was paid"),
    Sample("commerce/receipt", _free, "of a free model"),
    Sample("commerce/receipt", _course, "of a course"),
    Sample("commerce/sale", _sale, can_end=True),
    Sample(
        "commerce/payout",
        lambda: _payout(f"Your payout of {_money('412.50')} was paid", PAID),
        "paid",
    ),
    Sample("commerce/payout", _returned, "returned"),
    Sample("commerce/payout_details", _details, "changed"),
    Sample(
        "commerce/payout_details",
        lambda: {"details": None, "url": f"{SITE}/dashboard/financials/details/"},
        "removed",
    ),
    Sample("commerce/refund", _refund, "completed"),
    Sample(
        "commerce/refund",
        lambda: _refund([("Watertight", "214 open edges"), ("UV mapped", "no coordinates")]),
        "with what was measured",
    ),
    Sample("commerce/dispute", _dispute),
    Sample("commerce/bounty", _bounty, can_end=True),
    Sample("commerce/plan_news", _plan_paid, "paid"),
    Sample("commerce/plan_news", _plan_failed, "not paid"),
    Sample("commerce/new_version", _version, can_end=True),
    Sample("commerce/review", _review, can_end=True),
    Sample("commerce/review_answer", _review, can_end=True),
]
