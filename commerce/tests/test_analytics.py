"""The console's page of revenue: for finance alone, what the ledger says, and as few queries for many as for few."""

import csv
from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.tests.factories import UserFactory
from commerce.analytics.money import Money, MoneyByDay
from commerce.ledger import Line, post
from commerce.models import LedgerEntry, LedgerMovement, SiteDay
from commerce.tests.factories import paid_order, tax_of
from core.periods import Period, utc_today
from marketplace.creator_days import sum_up_days
from marketplace.models import DailyStats
from marketplace.tests.factories import Model3DFactory

pytestmark = pytest.mark.django_db
URL = "/admin/analytics/"
Kind, Account = LedgerMovement.Kind, LedgerEntry.Account


def text(response) -> str:
    return " ".join(response.content.decode().split())


def in_role(name: str):
    person = UserFactory(staff=True)
    person.groups.add(Group.objects.get(name=name))
    return person


@pytest.fixture
def finance(client):
    person = in_role("Finance")
    client.force_login(person)
    return person


def moved(kind, *lines: Line, days_ago: int = 0) -> None:
    """Posted as on the site, so many days ago."""
    at = timezone.now() - timedelta(days=days_ago)
    post(key=f"test:{LedgerMovement.objects.count()}", kind=kind, lines=list(lines), at=at)


def sale(amount: str, *, days_ago: int = 0) -> None:
    amount = Decimal(amount)
    fee = (amount * Decimal("0.1")).quantize(Decimal("0.01"))
    moved(
        Kind.SALE,
        Line(Account.BUYER, -amount, owner=UserFactory()),
        Line(Account.FEE, fee),
        Line(Account.SELLER, amount - fee, owner=UserFactory(creator=True)),
        days_ago=days_ago,
    )


def total(days: int = 30) -> Money:
    period = Period(utc_today() - timedelta(days=days - 1), utc_today())
    return MoneyByDay(period).of(period.days)


# ---------------------------------------------------------------------- who may look


@pytest.mark.parametrize("role", ["Moderators", "Support agents"])
def test_others_of_the_console_see_no_revenue(client, role):
    client.force_login(in_role(role))
    for address in (URL, reverse("analytics_csv", args=["days"])):
        assert client.get(address).status_code == 403
    assert "Revenue and analytics" not in text(client.get("/admin/"))


def test_who_is_not_of_the_console_is_led_to_its_login(client):
    assert client.get(URL).url.startswith("/admin/login/")
    client.force_login(UserFactory(creator=True))
    assert client.get(URL).url.startswith("/admin/login/")


def test_finance_gets_there_from_the_overview_and_from_every_page_of_the_console(client, finance):
    link = reverse("analytics")
    for page in ("/admin/", reverse("admin:commerce_order_changelist")):
        assert f'href="{link}"' in text(client.get(page))
    assert client.get(reverse("admin:commerce_siteday_changelist")).url == URL
    assert client.get(URL).status_code == 200


# ---------------------------------------------------------------------- the figures


def test_a_sale_is_revenue_fee_and_tax(client, finance):
    tax_of(21)
    paid_order(UserFactory(), Model3DFactory(listed=True, price=Decimal("12.00")))
    found = total()
    assert (found.sales, found.revenue, found.fees) == (1, Decimal("12.00"), Decimal("0.90"))
    assert found.tax == Decimal("2.52")
    assert "$12.00" in text(client.get(URL))


def test_what_goes_back_is_told_beside_it_and_lowers_the_fees():
    sale("100.00")
    moved(
        Kind.REFUND,
        Line(Account.SELLER, Decimal("-90.00"), owner=UserFactory()),
        Line(Account.FEE, Decimal("-10.00")),
        Line(Account.BUYER, Decimal("100.00"), owner=UserFactory()),
    )
    found = total()
    assert (found.revenue, found.refunded, found.fees) == (
        Decimal("100.00"),
        Decimal("100.00"),
        Decimal("0.00"),
    )


def test_plans_costs_and_payouts_are_figures_of_their_own():
    buyer, seller = UserFactory(), UserFactory(creator=True)
    sale("100.00")
    moved(Kind.PLAN, Line(Account.BUYER, Decimal("-9.00"), owner=buyer), Line(Account.PLANS, Decimal("9.00")))
    moved(Kind.COST, Line(Account.FEE, Decimal("-0.60")), Line(Account.PROVIDER, Decimal("0.60")))
    moved(
        Kind.PAYOUT_PAID,
        Line(Account.RESERVED, Decimal("-50.00"), owner=seller),
        Line(Account.BANK, Decimal("50.00"), owner=seller),
    )
    found = total()
    assert (found.fees, found.plans, found.costs) == (Decimal("10.00"), Decimal("9.00"), Decimal("0.60"))
    assert found.kept == Decimal("18.40")
    assert (found.paid_out, found.revenue) == (Decimal("50.00"), Decimal("100.00"))


def test_a_period_is_held_against_the_one_before_it(client, finance):
    sale("100.00", days_ago=1)
    sale("50.00", days_ago=8)
    sale("7000.00", days_ago=30)
    tiles = {tile["label"]: tile for tile in client.get(URL, {"days": "7"}).context["report"].tiles}
    assert (tiles["Revenue"]["value"], tiles["Revenue"]["change"]) == ("$100.00", "+100 %")


def test_days_that_are_over_are_read_once_and_stay_what_they_are():
    sale("100.00", days_ago=5)
    first = total()
    assert SiteDay.objects.filter(revenue=100).count() == 1
    SiteDay.objects.filter(revenue=100).update(revenue=1)
    assert total().revenue == Decimal("1.00")
    SiteDay.objects.all().delete()
    assert total() == first


def test_best_models_and_creators_and_the_way_to_buying_are_those_of_the_period(client, finance):
    dear, cheap, old = (Model3DFactory(listed=True, title=title) for title in ("Dear", "Cheap", "Old"))
    day = utc_today() - timedelta(days=1)
    DailyStats.objects.create(model=dear, day=day, views=100, carts=20, sales=2, revenue=80)
    DailyStats.objects.create(model=cheap, day=day, views=300, carts=20, sales=3, revenue=3)
    DailyStats.objects.create(model=old, day=day - timedelta(days=300), sales=9, revenue=900)
    sum_up_days()
    report = client.get(URL).context["report"]
    assert [(row.thing, row.sales, row.revenue) for row in report.top_models] == [
        (dear, 2, Decimal("80.00")),
        (cheap, 3, Decimal("3.00")),
    ]
    assert [row.thing for row in report.top_creators] == [dear.creator, cheap.creator]
    assert [(bar.value, bar.note) for bar in report.funnel][1:] == [("40", "10.0 %"), ("5", "12.5 %")]


@pytest.mark.parametrize("table", ["days", "models", "creators"])
def test_everything_is_there_as_a_file_and_words_are_no_formulas(client, finance, table):
    model = Model3DFactory(listed=True, title="=cmd")
    paid_order(UserFactory(), model)
    sum_up_days()
    response = client.get(reverse("analytics_csv", args=[table]), {"days": "7"})
    rows = list(csv.reader(response.getvalue().decode().splitlines()))
    if table == "days":
        assert len(rows) == 8
        assert rows[-1][:3] == [utc_today().isoformat(), "1", "12.00"]
    else:
        assert rows[1][-3:] == ["1", "12.00", "0"]
        assert not any(cell.startswith("=") for cell in rows[1])
    assert client.get(reverse("analytics_csv", args=["others"])).status_code == 404


@pytest.mark.parametrize(
    "query", [{"days": "x"}, {"from": "0001-01-01"}, {"from": "\0", "to": "9" * 40}, {"days": "365"}]
)
def test_a_period_of_any_kind_gives_a_page(client, finance, query):
    sale("5.00", days_ago=3)
    assert client.get(URL, query).status_code == 200
    assert client.get(reverse("analytics_csv", args=["days"]), query).status_code == 200


def test_the_page_asks_as_often_for_few_as_for_many(client, finance, django_assert_num_queries):
    def more(count: int) -> None:
        for number in range(count):
            sale("10.00", days_ago=number % 20)
            model = Model3DFactory(listed=True)
            DailyStats.objects.create(model=model, day=utc_today(), views=3, sales=1, revenue=10)
        sum_up_days()

    more(1)
    client.get(URL)
    with CaptureQueriesContext(connection) as few:
        client.get(URL)
    asked = len(few)
    more(24)
    client.get(URL)
    with django_assert_num_queries(asked):
        client.get(URL)
    assert asked <= 36
