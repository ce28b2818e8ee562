from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.periods import LONGEST, Period, span_text

TODAY = date(2026, 11, 29)


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"days": "31"},
        {"days": "-7"},
        {"days": "nan"},
        {"days": "٣٠"},
        {"from": "yesterday"},
        {"from": "0001-01-01"},
        {"from": "9999-99-99"},
    ],
)
def test_nonsense_is_the_usual_period(query):
    assert Period.of(query, today=TODAY) == Period(date(2026, 10, 31), TODAY)


def test_days_in_the_wrong_order_are_turned_round():
    turned = Period.of({"from": "2026-11-10", "to": "2026-11-01"}, today=TODAY)
    assert (turned.first, turned.last) == (date(2026, 11, 1), date(2026, 11, 10))


@given(st.dates(date(2000, 1, 1), date(2200, 1, 1)), st.dates(date(2000, 1, 1), date(2200, 1, 1)))
def test_any_two_days_make_a_period_that_ends_by_today_and_is_not_endless(one, other):
    period = Period.of({"from": one.isoformat(), "to": other.isoformat()}, today=TODAY)
    assert period.first <= period.last <= TODAY
    assert 1 <= period.length <= LONGEST
    assert [day for slot in period.slots for day in slot] == period.days
    assert period.before.length == period.length
    assert period.before.last + timedelta(days=1) == period.first


def test_a_named_period_is_named_again_by_its_query():
    assert Period.of({"days": "90"}, today=TODAY).query == "days=90"
    assert (
        Period.of({"from": "2026-01-01", "to": "2026-01-31"}, today=TODAY).query
        == "from=2026-01-01&to=2026-01-31"
    )


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        (date(2026, 5, 3), date(2026, 5, 3), "3 May 2026"),
        (date(2026, 5, 3), date(2026, 6, 2), "3 May to 2 June 2026"),
        (date(2025, 12, 30), date(2026, 1, 2), "30 December 2025 to 2 January 2026"),
    ],
)
def test_a_span_in_words(first, last, text):
    assert span_text(first, last) == text
