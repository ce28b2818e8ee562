"""Charts: round axes that hold every value, shapes inside the plot, and the same figures in words."""

from decimal import Decimal

import pytest
from django.template import Context, Template

from core.charts import HEIGHT, WIDTH, Chart, Series, round_up
from core.templatetags.core_tags import money_text


def chart(*values, kind="line", **options) -> Chart:
    series = [Series(f"Series {number}", list(one), number) for number, one in enumerate(values, 1)]
    labels = [f"Day {number}" for number in range(len(values[0]))]
    return Chart(id="c", title="Things", labels=labels, series=series, kind=kind, **options)


@pytest.mark.parametrize(
    ("highest", "top"),
    [
        (0, 4),
        (1, 4),
        (4, 4),
        (5, 8),
        (9, 12),
        (11, 12),
        (99, 100),
        (101, 120),
        (12_345, 16_000),
        (Decimal("0.5"), 4),
    ],
)
def test_the_axis_ends_at_a_round_number_that_holds_every_value(highest, top):
    assert round_up(highest) == top


def test_no_count_has_a_fraction_on_its_axis():
    for highest in range(0, 20_000, 7):
        assert round_up(highest) >= highest
        assert round_up(highest) % 4 == 0


@pytest.mark.parametrize("kind", ["line", "bars"])
def test_everything_drawn_lies_within_the_plot(kind):
    drawn = chart([0, 7, 3, 12345], [1, 2, 3, 4], kind=kind)
    for shape in drawn.shapes:
        points = [pair.split(",") for pair in f"{shape.line} {shape.ground}".split()]
        assert all(0 <= float(x) <= WIDTH and 0 <= float(y) <= HEIGHT for x, y in points)
        for bar in shape.bars:
            assert 0 <= float(bar["x"]) <= WIDTH - float(bar["width"])
            assert float(bar["y"]) + float(bar["height"]) == pytest.approx(HEIGHT)


def test_nothing_and_one_value_are_charts_too():
    assert chart([0, 0, 0]).is_empty
    assert "Nothing in this time" in Template("{% chart chart %}").render(Context({"chart": chart([0, 0])}))
    assert not chart([5]).is_empty
    assert chart([5]).x_labels == ["Day 0"]


def test_the_axis_names_some_slots_from_the_first_to_the_last():
    assert chart(range(30)).x_labels == ["Day 0", "Day 7", "Day 14", "Day 22", "Day 29"]


def test_table_and_script_say_the_same_and_nothing_breaks_the_policy():
    series = Series("Revenue <b>", [Decimal("12.50"), Decimal(0)], words=money_text)
    drawn = Chart(id="c", title="Money", labels=["Mon", "</script>"], series=[series])
    page = Template("{% chart chart %}").render(Context({"chart": drawn}))

    assert drawn.data["series"][0]["values"] == ["$12.50", "$0.00"]
    assert page.count("$12.50") == 4
    assert "style=" not in page
    assert "</script>" not in page.replace("</script>\n</figure>", "")
    assert "<b>" not in page.replace('<b class="num">', "").replace("</b>", "")
