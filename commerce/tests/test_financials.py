"""Page 34: a seller's own money and nobody else's, the same in page, chart, table and file, and quick however much."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from accounts.tests.factories import UserFactory
from commerce.actions.payouts import cancel_payout
from commerce.financials.balance import Balance
from commerce.financials.earnings import Day, Earnings, days_of
from commerce.financials.movements import PAGE_SIZE, Movements
from commerce.financials.statements import Month, months_of, statement_rows
from commerce.ledger import Line, balance_of
from commerce.models import EarningsDay, LedgerEntry, LedgerMovement, Payout
from commerce.tests.factories import paid_order
from commerce.tests.payouts import details_of, earn, give_back, paid, payout_of, post_for_test, seller_with
from core.periods import Period, utc_today
from marketplace.models import Model3D
from marketplace.tests.factories import Model3DFactory

pytestmark = pytest.mark.django_db
OVERVIEW = "/dashboard/financials/"
TRANSACTIONS = "/dashboard/financials/transactions/"
PAYOUTS = "/dashboard/financials/payouts/"
STATEMENTS = "/dashboard/financials/statements/"
PAGES = [OVERVIEW, TRANSACTIONS, PAYOUTS, STATEMENTS]
FILES = [f"{OVERVIEW}earnings.csv", f"{OVERVIEW}transactions.csv"]


@pytest.fixture
def seller(client):
    person = UserFactory(creator=True)
    client.force_login(person)
    return person


def body(response) -> str:
    return b"".join(response).decode() if response.streaming else response.content.decode()


def table(response) -> list[list[str]]:
    return list(csv.reader(io.StringIO(body(response))))


def sold(seller, title: str, price: str = "12.00") -> Model3D:
    """A model of theirs that somebody has bought."""
    model = Model3DFactory(listed=True, creator=seller, title=title, price=Decimal(price))
    paid_order(UserFactory(), model)
    return model


# Whose


def test_nobody_sees_the_money_of_another(client, seller):
    other = seller_with("777.00")
    sold(other, "Theirs")
    payout = payout_of(other, "50.00")
    now = timezone.now()
    for address in [*PAGES, *FILES, f"{STATEMENTS}{now.year}-{now.month}.csv"]:
        response = client.get(address)
        assert response.status_code == 200
        page = body(response)
        assert not [word for word in ("Theirs", "777", "727", payout.number) if word in page]
    assert client.get(payout.get_absolute_url()).status_code == 404
    assert client.post(payout.get_absolute_url(), {"_method": "delete"}).status_code == 404
    payout.refresh_from_db()
    assert payout.is_open


@pytest.mark.parametrize("address", [*PAGES, *FILES])
def test_a_buyer_is_led_to_becoming_a_creator_and_a_visitor_to_the_login(client, address):
    assert client.get(address).url.startswith("/accounts/login/")
    client.force_login(UserFactory())
    assert client.get(address).url.startswith("/dashboard/settings/creator/")


@pytest.mark.parametrize(
    "query",
    [
        {"kind": "zzz", "state": "' or 1=1", "model": "-1", "before": "x", "after": "1"},
        {"q": "\0%_'\"\\", "from": "2026-99-99", "to": "yesterday"},
        {"q": "x " * 5000, "from": "9999-12-31", "to": "0001-01-01"},
        {"days": "nan", "model": "9" * 50, "before": "9" * 50 + "-1"},
        {"from": "2026-12-01", "to": "2026-01-01", "page": "-7"},
    ],
)
def test_a_query_string_of_any_kind_gives_a_page(client, seller, query):
    sold(seller, "Chair")
    for address in [*PAGES, *FILES]:
        assert client.get(address, query).status_code == 200


# Balance


def test_who_has_sold_nothing_reads_what_will_be_here(client, seller):
    page = body(client.get(OVERVIEW))
    assert "Nothing has moved yet" in page
    assert "No transactions yet" in body(client.get(TRANSACTIONS))
    assert "No payouts yet" in body(client.get(PAYOUTS))


def test_what_is_on_hold_is_named_with_the_days_on_which_it_is_released(seller):
    now = timezone.now()
    for days, amount in [(1, "10.00"), (2, "20.00"), (3, "1.00"), (4, "2.00"), (5, "3.00"), (6, "4.00")]:
        earn(seller, amount, available_at=now + timedelta(days=days))
    give_back(seller, "5.00", available_at=now + timedelta(days=1))
    balance = Balance(seller, now)
    assert [release.amount for release in balance.releases] == [
        Decimal(5),
        Decimal(20),
        Decimal(1),
        Decimal(2),
    ]
    assert (balance.later, balance.sums.on_hold, balance.sums.available) == (Decimal(7), Decimal(35), 0)


def test_a_negative_balance_is_explained(client, seller):
    earn(seller, "10.00")
    give_back(seller, "25.00")
    page = body(client.get(OVERVIEW))
    assert "Refunds came to $15.00 more than you had available" in page
    assert "Request a payout" not in re.sub(r"<h2.*?</h2>", "", page)


@pytest.mark.parametrize(
    ("amount", "usable", "sentence"),
    [
        ("24.99", True, "at least $25.00"),
        ("25.00", None, "where your payouts go"),
        ("25.00", False, "details are new"),
    ],
)
def test_why_nothing_can_be_requested_is_said(client, seller, amount, usable, sentence):
    Model3DFactory(listed=True, creator=seller)
    if usable is not None:
        details_of(seller, usable=usable)
    earn(seller, amount)
    assert sentence in body(client.get(OVERVIEW))
    assert sentence in body(client.get(PAYOUTS))


# Requesting


@pytest.mark.parametrize(
    "amount", ["", "x", "NaN", "Infinity", "-5", "0", "1e9", "25.001", "100.01", "9" * 40]
)
def test_a_wrong_amount_is_said_beside_the_field(client, seller, amount):
    details_of(seller)
    earn(seller, "100.00")
    response = client.post(PAYOUTS, {"amount": amount})
    assert response.status_code == 422
    assert 'href="#id_amount"' in body(response)
    assert not Payout.objects.exists()


def test_all_that_is_available_is_offered_and_requested_once(client, seller):
    details_of(seller)
    earn(seller, "100.00")
    assert 'value="100.00"' in body(client.get(PAYOUTS))
    first, second = (client.post(PAYOUTS, {"amount": "100.00"}) for _ in range(2))
    payout = Payout.objects.get()
    assert (first.url, second.url) == (payout.get_absolute_url(), PAYOUTS)
    assert "is under way" in body(client.get(PAYOUTS))


def test_the_seller_takes_a_request_back(client, seller):
    details_of(seller)
    earn(seller, "100.00")
    payout = payout_of(seller, "100.00")
    assert "Cancel this payout" in body(client.get(payout.get_absolute_url()))
    client.post(payout.get_absolute_url(), {"_method": "delete"})
    page = body(client.get(payout.get_absolute_url()))
    assert "Cancelled by you" in page
    assert "Cancel this payout" not in page
    assert balance_of(seller).available == 100


def test_a_payout_that_came_back_says_why(client, seller):
    details_of(seller)
    earn(seller, "100.00")
    payout = paid(payout_of(seller, "100.00"))
    assert "Sent" in body(client.get(payout.get_absolute_url()))
    payout.end("returned", at=timezone.now(), reason="The account is closed.")
    assert "The account is closed." in body(client.get(payout.get_absolute_url()))


# Transactions


def titles(client, **query) -> list[str]:
    return [row.item for row in client.get(TRANSACTIONS, query).context["movements"].rows]


def test_transactions_are_narrowed_by_kind_model_state_day_and_words(client, seller):
    chair, lamp = sold(seller, "Oak chair"), sold(seller, "Brass lamp")
    details_of(seller)
    earn(seller, "100.00")
    payout = payout_of(seller, "50.00")
    assert len(titles(client)) == 4
    assert titles(client, kind="payouts") == ["DE89 •••• 3000"]
    assert titles(client, kind="refunds") == []
    assert titles(client, model=chair.pk) == ["Oak chair"]
    assert titles(client, model=Model3DFactory().pk) == []
    assert titles(client, q="LAMP brass") == ["Brass lamp"]
    assert titles(client, q=payout.number) == ["DE89 •••• 3000"]
    number = str(lamp.transactions.get().transaction_id)[:8]
    assert titles(client, q=number) == ["Brass lamp"]
    assert set(titles(client, state="on-hold")) == {"Oak chair", "Brass lamp"}
    assert "Oak chair" not in titles(client, state="available")
    today = utc_today().isoformat()
    assert len(titles(client, **{"from": today, "to": today})) == 4
    assert titles(client, **{"from": "2020-01-01", "to": "2020-12-31"}) == []


def test_the_file_has_what_the_page_has(client, seller):
    sold(seller, "=HYPERLINK(1)")
    sold(seller, "Brass lamp")
    header, *rows = table(client.get(f"{OVERVIEW}transactions.csv"))
    assert header[:4] == ["date", "kind", "item", "number"]
    assert [(row[2], *row[4:7], row[7]) for row in rows] == [
        ("Brass lamp", "12.00", "0.90", "11.10", "On hold"),
        ("'=HYPERLINK(1)", "12.00", "0.90", "11.10", "On hold"),
    ]
    assert len(table(client.get(f"{OVERVIEW}transactions.csv", {"q": "lamp"}))) == 2


def test_every_movement_is_on_one_page(client, seller):
    start = timezone.now()
    for number in range(PAGE_SIZE + 5):
        earn(seller, f"{number + 1}.00", at=start - timedelta(minutes=number // 3))
    seen, query = [], {}
    while True:
        page = client.get(TRANSACTIONS, query).context["movements"].page
        seen += [entry.pk for entry in page.rows]
        if not page.older:
            break
        query = {"before": page.older}
    assert len(seen) == len(set(seen)) == PAGE_SIZE + 5


@pytest.mark.parametrize("address", PAGES)
def test_the_number_of_queries_does_not_grow(client, seller, address):
    def queries(count: int) -> int:
        while LedgerEntry.objects.filter(owner=seller, account="seller").count() < count:
            earn(seller, "30.00")
        while Payout.objects.count() < count // 3:
            cancel_payout(payout_of(seller, "30.00"), by=seller)
        client.get(address)
        with CaptureQueriesContext(
            connection,
        ) as found:
            client.get(address)
        return len(found)

    details_of(seller)
    assert queries(3) == queries(30) == queries(60)


# Earnings


NOON = datetime(2026, 6, 15, 12, tzinfo=UTC)


def test_days_that_are_over_are_kept_and_stay_what_they_were(seller):
    earn(seller, "10.00", at=NOON - timedelta(days=3))
    earn(seller, "20.00", at=NOON - timedelta(days=1))
    give_back(seller, "5.00", at=NOON - timedelta(days=1))
    earn(seller, "40.00", at=NOON)
    earn(UserFactory(), "999.00", at=NOON)
    first, today = (NOON - timedelta(days=5)).date(), NOON.date()
    wanted = {
        (NOON - timedelta(days=3)).date(): Day(1, Decimal(10), Decimal(0)),
        (NOON - timedelta(days=1)).date(): Day(1, Decimal(20), Decimal(5)),
        today: Day(1, Decimal(40), Decimal(0)),
    }
    assert days_of(seller, first, today, NOON) == wanted
    assert EarningsDay.objects.filter(seller=seller).count() == 2
    with CaptureQueriesContext(connection) as queries:
        assert days_of(seller, first, today, NOON) == wanted
    assert len(queries) == 3
    tomorrow = NOON + timedelta(days=1)
    assert days_of(seller, first, tomorrow.date(), tomorrow) == wanted
    assert EarningsDay.objects.get(seller=seller, day=today).earned == 40


def test_a_day_that_has_just_ended_is_not_kept_yet(seller):
    just_after = datetime(2026, 6, 16, 0, 30, tzinfo=UTC)
    earn(seller, "10.00", at=just_after - timedelta(minutes=31))
    assert list(days_of(seller, NOON.date(), just_after.date(), just_after)) == [NOON.date()]
    assert not EarningsDay.objects.filter(day=NOON.date()).exists()


def test_a_period_is_compared_with_the_one_before(seller):
    for days, amount in [(0, "30.00"), (6, "30.00"), (7, "40.00"), (14, "999.00")]:
        earn(seller, amount, at=NOON - timedelta(days=days))
    found = Earnings(seller, Period.of({"days": "7"}, today=NOON.date()), NOON)
    assert (found.total.earned, found.total_before.earned) == (Decimal(60), Decimal(40))
    assert [tile["change"] for tile in found.tiles] == ["+50 %", "", "+50 %", "+100 %"]
    assert [series.values[-1] for series in found.chart.series] == [Decimal(30), Decimal(40)]
    assert found.csv_rows[-1] == ["2026-06-15", 1, Decimal("30.00"), Decimal("0.00"), Decimal("30.00")]


def test_a_refund_that_came_back_and_a_dispute_are_in_the_days(client, seller):
    """On days of their own, so that what was taken is less than nothing on one of them."""
    kind, account = LedgerMovement.Kind, LedgerEntry.Account
    earn(seller, "100.00", at=NOON - timedelta(days=4))
    give_back(seller, "30.00", at=NOON - timedelta(days=3))
    back = [
        Line(account.SELLER, Decimal(30), owner=seller, available_at=NOON),
        Line(account.BUYER, Decimal(-30), owner=seller),
    ]
    post_for_test(kind.REFUND, *back, at=NOON - timedelta(days=2))
    held = [Line(account.SELLER, Decimal(-40), owner=seller), Line(account.HELD, Decimal(40), owner=seller)]
    post_for_test(kind.DISPUTE_HOLD, *held, at=NOON - timedelta(days=1))
    found = Earnings(seller, Period.of({"days": "7"}, today=NOON.date()), NOON)
    assert found.total == Day(1, Decimal(100), Decimal(40))
    assert found.csv_rows[-3][3] == Decimal(-30)
    assert [row.what for row in Movements(seller, {"kind": "refunds"}).rows] == ["Refund came back", "Refund"]
    assert [row.what for row in Movements(seller, {"kind": "disputes"}).rows] == ["Disputed"]


MOVES = st.lists(
    st.tuples(
        st.integers(0, 100),
        st.decimals(min_value=Decimal("0.01"), max_value=900, places=2),
        st.booleans(),
    ),
    max_size=25,
)


@hypothesis_settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(MOVES, st.integers(1, 60))
def test_days_add_up_to_the_ledger_whenever_they_are_asked_for(moves, asked):
    """Asked for in between, so that some days are kept and some not."""
    seller = UserFactory(creator=True)
    for days, amount, is_refund in moves:
        (give_back if is_refund else earn)(seller, amount, at=NOON - timedelta(days=days))
    days_of(seller, NOON.date() - timedelta(days=asked), NOON.date(), NOON)
    found = days_of(seller, NOON.date() - timedelta(days=120), NOON.date(), NOON)
    assert sum((day.kept for day in found.values()), Decimal(0)) == balance_of(seller).total


# Statements


@pytest.mark.parametrize("month", ["2026-0", "2026-13", "1999-1", "9999-1", "2150-1"])
def test_a_month_that_is_none_or_has_not_begun_has_no_statement(client, seller, month):
    assert client.get(f"{STATEMENTS}{month}.csv").status_code == 404


def test_there_is_a_statement_for_every_month_since_the_first_movement(seller):
    assert months_of(seller, NOON) == [Month(2026, 6)]
    earn(seller, "1.00", at=datetime(2025, 12, 31, 23, 59, tzinfo=UTC))
    assert months_of(seller, NOON) == [Month(2026, number) for number in range(6, 0, -1)] + [Month(2025, 12)]


def test_a_statement_as_a_file(client, seller):
    details_of(seller)
    now = timezone.now()
    earn(seller, "100.00", at=now - timedelta(days=40))
    payout = payout_of(seller, "60.00")
    _, opening, moved, closing = table(client.get(f"{STATEMENTS}{now.year}-{now.month}.csv"))
    assert (opening[1], opening[5]) == ("Opening balance", "100.00")
    assert moved[1:] == ["Payout", "DE89 •••• 3000", payout.number, "-60.00", "40.00"]
    assert (closing[1], closing[5]) == ("Closing balance", "40.00")


@hypothesis_settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(MOVES)
def test_opening_and_movements_are_the_closing_which_opens_the_next_month(moves):
    seller = UserFactory(creator=True)
    for days, amount, is_refund in moves:
        (give_back if is_refund else earn)(seller, amount, at=NOON - timedelta(days=days))
    balance, found = Decimal(0), 0
    for month in reversed(months_of(seller, NOON)):
        opening, *moved, closing = statement_rows(seller, month, NOON)
        assert opening[5] == balance
        for row in moved:
            balance += row[4]
            assert row[5] == balance
        assert closing[5] == balance
        found += len(moved)
    assert (balance, found) == (balance_of(seller).total, len(moves))


def test_a_long_statement_is_sent_as_it_is_read(client, seller):
    for _ in range(3):
        earn(seller, "1.00")
    now = timezone.now()
    response = client.get(f"{STATEMENTS}{now.year}-{now.month}.csv")
    assert response.streaming
    assert response["Cache-Control"] == "no-store, private"
    assert len(table(response)) == 6


def test_movements_of_the_same_kind_carry_their_words(seller):
    details_of(seller)
    earn(seller, "100.00")
    cancel_payout(payout_of(seller, "50.00"), by=seller)
    assert [row.what for row in Movements(seller, {}).rows] == ["Payout given back", "Payout", "Sale"]
