"""The dashboard: everybody's own figures, the period in the address, the plan's limit, and as few queries for many."""

import csv
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actions import relations
from accounts.entitlements import entitle, everybodys_limits
from accounts.tests.factories import UserFactory
from commerce.actions import reviews
from commerce.actions.downloads import make_link
from commerce.dashboard.figures import Figures
from commerce.tests.factories import order_of, paid_order, purchase_of, review_of
from commerce.tests.payouts import details_of
from core.periods import utc_today
from marketplace.creator_days import sum_up_days
from marketplace.models import DailySource, DailyStats, Model3D, ModelFile
from marketplace.tests.factories import CategoryFactory, Model3DFactory

pytestmark = pytest.mark.django_db
URL = "/dashboard/"


def text(response) -> str:
    return " ".join(response.content.decode().split())


@pytest.fixture
def creator(client):
    person = UserFactory(creator=True, bio="I make chairs.")
    client.force_login(person)
    return person


def on(model, days_ago: int, **figures) -> None:
    day = utc_today() - timedelta(days=days_ago)
    DailyStats.objects.create(model=model, day=day, **figures)


def rows_of(response) -> list[list[str]]:
    return list(csv.reader(response.getvalue().decode().splitlines()))


def file_of(client, table: str, **query) -> list[list[str]]:
    return rows_of(client.get(reverse("commerce:dashboard_csv", args=[table]), query))


# ---------------------------------------------------------------------- whose figures


def test_a_visitor_is_sent_to_sign_in(client):
    assert client.get(URL).url.startswith(reverse("account_login"))


def test_nobody_sees_the_figures_of_another(client, creator):
    on(Model3DFactory(listed=True, title="Secret success"), 1, views=777, sales=7, revenue=70)
    on(Model3DFactory(listed=True, creator=creator), 1, views=5)
    sum_up_days()
    page = text(client.get(URL))
    assert "777" not in page
    assert "Secret success" not in page
    assert all("777" not in row for row in file_of(client, "days"))
    assert len(file_of(client, "models")) == 2


# ---------------------------------------------------------------------- figures


def test_a_period_is_held_against_as_many_days_before_it(client, creator):
    model = Model3DFactory(listed=True, creator=creator)
    on(model, 1, views=100, sales=3, revenue=Decimal("30.00"))
    on(model, 8, views=50, sales=2, revenue=Decimal("60.00"))
    on(model, 20, views=5000)
    sum_up_days()
    board = client.get(URL, {"days": "7"}).context["board"]
    assert board.total == Figures(views=100, sales=3, revenue=Decimal("30.00"))
    assert board.before == Figures(views=50, sales=2, revenue=Decimal("60.00"))
    changes = {tile["label"]: tile["change"] for tile in board.tiles}
    assert changes["Views"] == "+100 %"
    assert changes["Revenue"] == "−50 %"
    assert changes["Downloads"] == ""
    for chart in board.charts:
        assert all(len(series.values) == len(chart.labels) for series in chart.series)


def test_todays_figures_are_there_at_once(client, creator):
    model = Model3DFactory(listed=True, creator=creator, price=Decimal("12.00"))
    make_link(purchase_of(UserFactory(), model))
    board = client.get(URL).context["board"]
    assert (board.total.sales, board.total.downloads, board.total.revenue) == (1, 1, Decimal("12.00"))
    sum_up_days()
    assert client.get(URL).context["board"].total == board.total


def test_conversion_goes_from_looking_over_the_cart_to_buying(client, creator):
    on(Model3DFactory(listed=True, creator=creator), 1, views=200, carts=20, sales=5)
    sum_up_days()
    board = client.get(URL).context["board"]
    assert [(bar.value, bar.percent, bar.note) for bar in board.funnel] == [
        ("200", 100, ""),
        ("20", 10, "10.0 % of views"),
        ("5", 2, "25.0 % of carts"),
    ]
    assert "2.5 %" in text(client.get(URL))


def test_sources_are_told_by_their_kinds_the_most_first(client, creator):
    model = Model3DFactory(listed=True, creator=creator)
    day = utc_today() - timedelta(days=1)
    for source, views in (("social", 10), ("engine", 30)):
        DailySource.objects.create(model=model, day=day, source=source, views=views)
    on(model, 1, views=40)
    sum_up_days()
    board = client.get(URL).context["board"]
    assert [(bar.label, bar.note) for bar in board.sources] == [
        ("Search engines", "75.0 %"),
        ("Social networks", "25.0 %"),
    ]
    assert [day.isoformat(), "Search engines", "30"] in file_of(client, "sources")


@pytest.mark.parametrize(
    ("order", "first"), [("", "Dear"), ("revenue", "Dear"), ("views", "Famous"), ("nonsense", "Dear")]
)
def test_the_best_models_come_in_the_order_that_is_asked_for(client, creator, order, first):
    on(Model3DFactory(listed=True, creator=creator, title="Famous"), 1, views=100, sales=1, revenue=1)
    on(Model3DFactory(listed=True, creator=creator, title="Dear"), 1, views=1, sales=1, revenue=100)
    Model3DFactory(listed=True, creator=creator, title="Nobody looked")
    top = client.get(URL, {"top": order}).context["board"].top_models
    assert top[0].model.title == first
    assert len(top) == 2


@pytest.mark.parametrize(
    "query",
    [
        {"days": "x"},
        {"days": "9" * 50},
        {"from": "2026-13-45"},
        {"from": "0001-01-01", "to": "9999-12-31"},
        {"from": "\0"},
        {"to": "2020-01-01", "from": "2030-01-01"},
        {"days": "all", "from": "2026-01-01"},
        {"top": "\0"},
    ],
)
def test_a_period_of_any_kind_gives_a_page_and_files(client, creator, query):
    on(Model3DFactory(listed=True, creator=creator), 1, views=5)
    assert client.get(URL, query).status_code == 200
    for table in ("days", "models", "sources"):
        assert client.get(reverse("commerce:dashboard_csv", args=[table]), query).status_code == 200
    assert client.get(reverse("commerce:dashboard_csv", args=["others"]), query).status_code == 404


def test_figures_go_back_as_far_as_the_plan_and_no_further(client, creator, settings):
    settings.ANALYTICS_DAYS = 90
    model = Model3DFactory(listed=True, creator=creator)
    on(model, 200, views=5)
    sum_up_days()
    for query in ({"days": "365"}, {"days": "all"}, {"from": "2020-01-01", "to": utc_today().isoformat()}):
        response = client.get(URL, query)
        assert response.context["period"].length == 90
        assert "shows the last 90 days" in text(response)
        assert len(file_of(client, "days", **query)) == 91
    entitle(user=creator, limits=replace(everybodys_limits(), analytics_days=1000))
    response = client.get(URL, {"days": "all"})
    assert response.context["period"].length == 201
    assert response.context["board"].total.views == 5
    assert "larger plans" not in text(response)


def test_files_hold_every_day_and_words_that_are_no_formulas(client, creator):
    model = Model3DFactory(listed=True, creator=creator, title="=1+1")
    on(model, 1, views=5, carts=1, sales=1, revenue=Decimal("9.50"))
    sum_up_days()
    days = file_of(client, "days", days="7")
    assert days[0] == ["day (UTC)", "views", "likes", "downloads", "carts", "sales", "revenue (USD)"]
    assert len(days) == 8
    assert days[-2][1:] == ["5", "0", "0", "1", "1", "9.50"]
    assert file_of(client, "models", days="7")[1] == [
        *(str(model.pk), "'=1+1"),
        *("5", "0", "0", "1", "1", "9.50"),
    ]


# ---------------------------------------------------------------------- to do, and what happened


def test_what_waits_is_named_with_the_page_where_it_is_done(client, creator):
    UserFactory._meta.model.objects.filter(pk=creator.pk).update(bio="")
    Model3DFactory(creator=creator)
    rejected = Model3DFactory(rejected=True, creator=creator)
    broken = Model3DFactory(with_file=True, creator=creator)
    ModelFile.objects.filter(pk=broken.current_file_id).update(state="failed", failure_message="Broken.")
    Model3D.objects.filter(pk=broken.pk).update(current_file=None)
    review_of(UserFactory(), Model3DFactory(listed=True, creator=creator))
    order = order_of(creator, Model3DFactory(listed=True))
    response = client.get(URL)
    found = {todo.text: todo.link for todo in response.context["todos"]}
    assert rejected.status == Model3D.Status.REJECTED
    assert found == {
        f"Your order {order.number} waits for its payment": reverse("commerce:pay", args=[order.public_id]),
        "1 model could not be processed": "/dashboard/inventory/",
        "1 model sent back by the moderators": "/dashboard/inventory/?status=rejected",
        "2 models not yet submitted": "/dashboard/inventory/?status=draft",
        "Say where your earnings are paid to": reverse("commerce:payout_details"),
        "1 review without your answer": f"/profile/{creator.username}/reviews/?show=unanswered",
        "Say on your profile who you are": "/dashboard/settings/",
    }
    for link in found.values():
        assert client.get(link.split("?")[0]).status_code in (200, 302)


def test_what_is_done_is_asked_for_no_more(client, creator):
    review = review_of(UserFactory(), Model3DFactory(listed=True, creator=creator))
    reviews.answer(review=review, body="Thank you.")
    details_of(creator)
    assert client.get(URL).context["todos"] == []


def test_what_happened_last_does_not_tell_who_bought(client, creator):
    model = Model3DFactory(listed=True, creator=creator, title="Walnut desk")
    buyer = UserFactory(full_name="Buyer Unknown")
    paid_order(buyer, model)
    relations.follow(follower=UserFactory(full_name="Fan One"), followed=creator)
    review_of(UserFactory(full_name="Rita Reviewer"), model, 4)
    page = text(client.get(URL))
    assert "Buyer Unknown" not in page
    for words in ("Sold", "Fan One", "Rita Reviewer", "gave 4 stars to"):
        assert words in page


# ---------------------------------------------------------------------- those without models


def test_somebody_who_has_nothing_is_shown_where_to_start(client):
    client.force_login(UserFactory())
    Model3DFactory(listed=True, title="Popular lamp")
    response = client.get(URL)
    assert "board" not in response.context
    for words in ("Start here", "Popular lamp", "Sell what you make"):
        assert words in text(response)


def test_a_buyer_sees_what_they_have_and_more_of_its_kind(client):
    buyer, shelf = UserFactory(), CategoryFactory()
    bought = Model3DFactory(listed=True, category=shelf, title="Bought chair")
    near = Model3DFactory(listed=True, category=shelf, title="Other chair")
    Model3DFactory(listed=True, title="A ship")
    Model3DFactory(with_file=True, category=shelf, title="Unpublished chair")
    purchase_of(buyer, bought)
    client.force_login(buyer)
    page = text(client.get(URL))
    assert "What you got last" in page
    assert page.index(near.title) < page.index("A ship")
    assert page.count("Bought chair") == 1
    assert "Unpublished chair" not in page


# ---------------------------------------------------------------------- queries


@pytest.mark.parametrize("whose", ["creator", "buyer"])
def test_the_page_asks_as_often_for_few_as_for_many(client, creator, whose, django_assert_num_queries):
    buyer = UserFactory()

    def more(count: int) -> None:
        for number in range(count):
            model = Model3DFactory(listed=True, creator=creator)
            on(model, 1, views=number, sales=1, revenue=1)
            on(model, 40, views=number)
            DailySource.objects.create(model=model, day=utc_today(), source="engine", views=1)
            review_of(buyer, model)
            relations.follow(follower=UserFactory(), followed=creator)
        sum_up_days()

    client.force_login(creator if whose == "creator" else buyer)
    more(1)
    client.get(URL)
    with CaptureQueriesContext(connection) as few:
        client.get(URL)
    asked = len(few)
    more(12)
    client.get(URL)
    with django_assert_num_queries(asked):
        page = client.get(URL)
    assert page.status_code == 200
    assert asked <= 28
