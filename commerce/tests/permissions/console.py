"""Rows: commerce's part of the console, by model and by button."""

from datetime import date

from commerce.models import Plan
from commerce.tests.permissions.cells import ADMIN, FINANCE, MODERATOR, STAFF, SUPPORT, Row, console
from commerce.tests.permissions.selling import KEEPS_SUMS
from commerce.tests.test_plan_pages import SUBMITTED
from commerce.tests.test_pricing_admin import COUPON, RATE

NOBODY = ()
BOTH = (SUPPORT, FINANCE, ADMIN)
MONEY = (FINANCE, ADMIN)
HELP = (SUPPORT, ADMIN)
ORDER = (MODERATOR, ADMIN)
# Who reads what.
READERS = {
    "order": BOTH,
    "transaction": BOTH,
    "payment": BOTH,
    "purchase": BOTH,
    "coupon": BOTH,
    "taxrate": BOTH,
    "invoice": BOTH,
    "creditnote": BOTH,
    "certificate": BOTH,
    "plan": BOTH,
    "subscription": BOTH,
    "subscriptionperiod": BOTH,
    "refund": BOTH,
    "dispute": BOTH,
    "escrowreturn": BOTH,
    "bounty": STAFF,
    "bountycomment": ORDER,
    "bountysubmission": HELP,
    "review": (SUPPORT, MODERATOR, ADMIN),
    "payout": MONEY,
    "payoutbatch": MONEY,
    "proceedshold": MONEY,
    "couponuse": MONEY,
    "ledgermovement": MONEY,
    "ledgerentry": MONEY,
    "providercall": MONEY,
    "webhookevent": MONEY,
}

# Who takes lists away as files, of those who read them.
EXPORTERS = MONEY

# Lists with buttons of their own know no other, and say so after a redirect.
HAS_BUTTONS = {"payout"}


def _plan_of(plan: Plan) -> dict:
    fields = ("name", "tagline", "features", "rank", "price_monthly", "price_yearly", "trial_days")
    fields += ("max_upload_bytes", "storage_bytes", "private_models", "analytics_days", "hold_days")
    return {name: str(getattr(plan, name)) for name in fields} | {"is_active": "on"}


def _changed_plan(world, client) -> dict:
    return _plan_of(Plan.objects.get(slug="pro")) | {"tagline": "For those who earn with it."}


def _new_plan(world, client) -> dict:
    return _plan_of(Plan.objects.get(slug="pro")) | {"name": "Guild", "slug": "guild", "rank": "7"}


# What finance writes; everything else is evidence, which nobody changes, not even an administrator.
WRITTEN = {
    ("coupon", "add"): COUPON,
    ("coupon", "change"): COUPON | {"code": "AUTUMN", "percent": "5"},
    ("taxrate", "add"): RATE,
    ("taxrate", "change"): RATE | {"country": "FR", "percent": "12"},
    ("taxrate", "delete"): {"post": "yes"},
    ("plan", "add"): _new_plan,
    ("plan", "change"): _changed_plan,
}


def _pages(model: str) -> list[Row]:
    """The pages that every model has."""
    name, about, readers = f"admin:commerce_{model}", f"console {model}", READERS[model]
    rows = [
        Row(f"{name}_changelist", console(*readers)),
        # Asks once more whether to delete them where that is possible at all; does nothing otherwise.
        Row(
            f"{name}_changelist",
            console(*readers, outcome=302 if model in HAS_BUTTONS else 200),
            "post",
            data=_chosen(about),
            movers=NOBODY,
        ),
        _export(model, readers),
        Row(f"{name}_change", console(*readers), about=about),
        Row(f"{name}_history", console(*readers), about=about),
        # Leads to the page of the row, which asks who it is.
        Row(f"admin/commerce/{model}/<path:object_id>/", console(*STAFF, outcome=302), about=about),
    ]
    for what in ("add", "change", "delete"):
        on = "" if what == "add" else about
        writers = MONEY if (model, what) in WRITTEN else NOBODY
        if what != "change":
            rows.append(Row(f"{name}_{what}", console(*writers), about=on))
        data = WRITTEN.get((model, what), {"post": "yes"})
        rows.append(Row(f"{name}_{what}", console(*writers, outcome=302), "post", about=on, data=data))
    return rows


def _export(model: str, readers: tuple[str, ...]) -> Row:
    """The list as a file; that somebody took it away is recorded."""
    people = tuple(role for role in readers if role in EXPORTERS)
    return Row(f"admin:commerce_{model}_export", console(*people), movers=people)


def _chosen(about: str, action: str = "delete_selected"):
    def data(world, client) -> dict:
        return {"action": action, "_selected_action": [world.things[about]["object_id"]]}

    return data


def _button(model: str, what: str, people: tuple[str, ...], about: str = "", **data) -> list[Row]:
    """The button's dialog, and pressing it."""
    name, on = f"admin:commerce_{model}_{what}", f"console {about or model}"
    return [
        Row(name, console(*people), about=on),
        Row(name, console(*people, outcome=302), "post", about=on, data=SUBMITTED | data),
    ]


PAGES = [row for model in READERS for row in _pages(model)]

BUTTONS = [
    *_button("bounty", "take_down", ORDER, reason="A weapon."),
    *_button("bounty", "put_back", ORDER, "removed_bounty"),
    *_button("bounty", "end", HELP, reason="Its poster is gone."),
    *_button("bountycomment", "take_down", ORDER, reason="Advertising."),
    *_button("bountycomment", "put_back", ORDER, "removed_bountycomment"),
    *_button("bountysubmission", "award", HELP),
    *_button("escrowreturn", "try_again", MONEY),
    *_button("dispute", "submit", BOTH, statement="It was downloaded twice."),
    *_button("refund", "decide", HELP, outcome="all", text="It is crooked indeed."),
    *_button("refund", "send_again", MONEY, "failed_refund"),
    *_button("refund", "stop", BOTH, "failed_refund", text="It went back by another way."),
    *_button("transaction", "give_back", HELP, outcome="all", text="Sorry."),
    *_button("payment", "ask_provider", MONEY),
    *_button("payment", "refund_due", MONEY, "due"),
    *_button("payout", "approve", MONEY),
    *_button("payout", "decline", MONEY, reason="The name does not match."),
    *_button("payout", "take_back", MONEY, "paid_payout", reason="No such account."),
    *_button("payoutbatch", "mark_paid", MONEY, reference="SEPA 17"),
    *_button("payoutbatch", "discard", MONEY),
    *_button("proceedshold", "release_it", MONEY),
    *_button("proceedshold", "return_it", MONEY, text="The claim is right."),
    *_button("subscription", "extend", MONEY, days="3"),
    *_button("subscription", "cancel", MONEY),
    *_button("subscription", "refund", BOTH, part="all", then="ends", text="Sorry."),
    *_button("subscription", "retry", MONEY, "overdue_subscription"),
    *_button("purchase", "grant", HELP, more="5"),
    *_button("review", "hide", ORDER, reason="Insults."),
    *_button("review", "restore", ORDER, "hidden_review"),
]

OTHERS = [
    Row("analytics", console(*MONEY), may_move=KEEPS_SUMS),
    Row("analytics", console(*STAFF, outcome=405), "post"),
    Row("analytics_csv", console(*MONEY), about="figures", may_move=KEEPS_SUMS),
    Row("admin:app_list", console(*STAFF), about="app"),
    Row("admin:commerce_dispute_as_file", console(*BOTH), about="console dispute"),
    Row("admin:commerce_invoice_pdf", console(*BOTH), about="paper invoice"),
    Row("admin:commerce_creditnote_pdf", console(*BOTH), about="paper creditnote"),
    # Where a payout goes to is said in full to those who send it, and that they looked is recorded.
    Row("admin:commerce_payout_reveal", console(*MONEY), about="console payout"),
    Row(
        "admin:commerce_payout_reveal",
        console(*MONEY),
        "post",
        about="console payout",
        data=SUBMITTED,
        is_key=True,
    ),
    Row(
        "admin:commerce_payoutbatch_download",
        console(*MONEY),
        about="console payoutbatch",
        movers=MONEY,
        is_key=True,
    ),
    Row(
        "admin:commerce_payout_changelist",
        console(*MONEY, outcome=302),
        "post",
        data=_chosen("console approved_payout", "put_into_batches"),
    ),
    Row(
        "admin:commerce_taxrate_changelist",
        console(*MONEY, outcome=302, support=200),
        "post",
        data=lambda world, client: _chosen("console taxrate")(world, client) | {"post": "yes"},
        movers=MONEY,
    ),
    Row("admin:commerce_payment_stuck", console(*BOTH)),
    Row("admin:commerce_payment_restart", console(*MONEY, outcome=302), "post", about="stuck"),
    Row("admin:commerce_payment_restart", console(*MONEY, outcome=404), "post", about="not_stuck"),
    Row("admin:commerce_payment_restart", console(*STAFF, outcome=405), about="stuck"),
    # The days of the statistics are shown on the page of statistics alone.
    Row("admin:commerce_siteday_changelist", console(*MONEY, outcome=302)),
    Row("admin:commerce_siteday_change", console(*MONEY, outcome=302), about="console siteday"),
    Row(
        "admin:commerce_siteday_change",
        console(*MONEY, outcome=302),
        "post",
        about="console siteday",
        movers=NOBODY,
    ),
    _export("siteday", MONEY),
    Row("admin:commerce_siteday_history", console(*MONEY), about="console siteday"),
    Row("admin:commerce_siteday_add", console()),
    Row("admin:commerce_siteday_add", console(), "post", data={"day": date(2026, 1, 3).isoformat()}),
    Row("admin:commerce_siteday_delete", console(), about="console siteday"),
    Row("admin:commerce_siteday_delete", console(), "post", about="console siteday", data={"post": "yes"}),
    Row("admin/commerce/siteday/<path:object_id>/", console(*STAFF, outcome=302), about="console siteday"),
]

ROWS = [*PAGES, *BUTTONS, *OTHERS]


def bare_address(route: str, things: dict) -> str:
    """An address of the console that has no name."""
    return "/" + route.replace("<path:object_id>", str(things["object_id"]))
