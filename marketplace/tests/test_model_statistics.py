"""The statistics of a model: its creator's alone, every day of the period, the same in charts, table and file."""

import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.entitlements import entitle, everybodys_limits
from accounts.tests.factories import UserFactory
from marketplace.model_statistics import PERIODS, ModelStatistics
from marketplace.models import DailyStats
from marketplace.tests.factories import Model3DFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)


@pytest.fixture
def creator(client):
    user = UserFactory(creator=True)
    client.force_login(user)
    return user


def page(client, model, **query):
    return client.get(reverse("marketplace:model_statistics", args=[model.pk]), query)


def on(model, day: date, **counts) -> None:
    DailyStats.objects.create(model=model, day=day, **counts)


def test_nobody_sees_the_figures_of_another(client, creator):
    theirs = Model3DFactory(listed=True)
    for name in ("model_statistics", "model_statistics_csv"):
        assert client.get(reverse(f"marketplace:{name}", args=[theirs.pk])).status_code == 404
    client.logout()
    assert page(client, theirs).status_code == 302


@pytest.mark.parametrize("days", ["", "0", "-7", "8", "x", "9" * 50, "٧", "\0"])
def test_a_period_of_any_kind_gives_a_page(client, creator, days):
    response = page(client, Model3DFactory(creator=creator), days=days)
    assert response.status_code == 200
    assert response.context["days"] == 30


def test_statistics_go_back_as_far_as_the_persons_plan_and_no_further(client, creator, settings):
    settings.ANALYTICS_DAYS = 90
    model = Model3DFactory(creator=creator)
    for days, shown in (("1095", 90), ("365", 90), ("90", 90), ("7", 7)):
        response = page(client, model, days=days)
        assert response.context["days"] == shown
    assert "1 year and 3 years: with larger plans" in response.content.decode()
    file = client.get(reverse("marketplace:model_statistics_csv", args=[model.pk]), {"days": "365"})
    assert len(file.content.decode().splitlines()) == 91
    entitle(user=creator, limits=replace(everybodys_limits(), analytics_days=1095))
    response = page(client, model, days="1095")
    assert response.context["days"] == 1095
    assert "with larger plans" not in response.content.decode()


def test_days_on_which_nothing_happened_count_too_and_others_do_not():
    model, other = Model3DFactory(), Model3DFactory()
    on(model, NOW.date(), views=10, sales=1, revenue=Decimal("12.00"))
    on(model, NOW.date() - timedelta(days=6), views=5)
    on(model, NOW.date() - timedelta(days=7), views=100)
    on(model, NOW.date() + timedelta(days=1), views=1000)
    on(other, NOW.date(), views=7)

    found = ModelStatistics(model, days=7, now=NOW)

    assert [row.views for row in found.rows] == [5, 0, 0, 0, 0, 0, 10]
    assert found.totals == {
        "views": 15,
        "likes": 0,
        "downloads": 0,
        "carts": 0,
        "sales": 1,
        "revenue": Decimal("12.00"),
    }
    tiles = {tile["label"]: tile for tile in found.tiles}
    assert tiles["Views"]["change"] == "−85 % against the 7 days before"
    assert tiles["Revenue"] == {"label": "Revenue", "value": "$12.00", "change": "none in the 7 days before"}


@pytest.mark.parametrize("days", PERIODS)
def test_charts_hold_what_the_sums_say(days):
    model = Model3DFactory()
    for number in range(0, 400, 3):
        on(
            model,
            NOW.date() - timedelta(days=number),
            views=number,
            likes=1,
            sales=2,
            revenue=Decimal("3.50"),
        )

    found = ModelStatistics(model, days=days, now=NOW)

    assert sum(len(rows) for rows in found._bins) == len(found.rows) == days
    for chart in found.charts:
        assert len(chart.labels) == len(chart.short_labels) <= 90
        for series in chart.series:
            assert len(series.values) == len(chart.labels)
            assert sum(series.values) == found.totals[series.label.lower()]


def test_the_page_says_it_in_words_and_the_file_day_by_day(client, creator, django_assert_max_num_queries):
    model = Model3DFactory(creator=creator, listed=True)
    today = timezone.now().astimezone(UTC).date()
    on(model, today, views=1234, likes=5, sales=2, revenue=Decimal("24.00"))

    page(client, model)
    with django_assert_max_num_queries(12):
        text = page(client, model, days="90").content.decode()
    for words in ("1,234", "$24.00", "As a table", "90 days"):
        assert words in text
    assert "style=" not in text
    response = client.get(reverse("marketplace:model_statistics_csv", args=[model.pk]), {"days": "7"})
    assert "model-" in response["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(response.content.decode())))
    assert rows[0] == ["day (UTC)", "views", "likes", "downloads", "carts", "sales", "revenue (USD)"]
    assert rows[-1] == [today.isoformat(), "1234", "5", "0", "0", "2", "24.00"]
    assert len(rows) == 8
