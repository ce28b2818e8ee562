from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from core.templatetags import core_tags

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def render(source: str, **context) -> str:
    return Template(source).render(Context(context))


def test_an_icon_is_decoration_unless_it_is_labelled():
    assert 'aria-hidden="true"' in render('{% icon "heart" %}')
    labelled = render('{% icon "heart" label=label %}', label='"><script>')
    assert 'role="img"' in labelled
    assert "aria-hidden" not in labelled
    assert "<script>" not in labelled


@pytest.mark.parametrize(
    ("amount", "text"),
    [("0", "$0.00"), ("15", "$15.00"), ("1250.5", "$1,250.50"), ("0.005", "$0.01"), ("-3.5", "−$3.50")],
)
def test_money_has_its_currency_and_two_decimals(amount, text):
    assert core_tags.money_text(Decimal(amount)) == text


def test_money_of_a_currency_without_a_sign_of_its_own_is_named(settings):
    settings.CURRENCY = "CHF"
    assert core_tags.money_text(Decimal(12)) == "CHF 12.00"


def test_no_amount_is_shown_as_nothing():
    assert render("{% money amount %}|{{ amount|money }}", amount=None) == "|"


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0"),
        (999, "999"),
        (1000, "1k"),
        (12431, "12.4k"),
        (99999, "99.9k"),
        (999999, "999k"),
        (2500000, "2.5M"),
    ],
)
def test_large_counts_are_shortened(number, text):
    assert core_tags.short_number(number) == text


@given(st.integers(min_value=0, max_value=10**12))
def test_a_shortened_count_never_claims_more_than_there_is(number):
    text = core_tags.short_number(number)
    factor = {"k": 10**3, "M": 10**6, "B": 10**9}.get(text[-1], 1)
    shown = Decimal(text.rstrip("kMB")) * factor
    assert shown <= number
    assert number == 0 or shown >= number * Decimal("0.9")


def test_a_shortened_count_tells_the_exact_figure_in_its_title():
    assert 'title="12,431"' in render("{% short_count 12431 %}")
    assert "title" not in render("{% short_count 12 %}")


@pytest.mark.parametrize(
    ("age", "text"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(seconds=61), "1 minute ago"),
        (timedelta(hours=3, minutes=59), "3 hours ago"),
        (timedelta(days=8), "1 week ago"),
        (timedelta(days=800), "2 years ago"),
        (timedelta(days=-2), "in 2 days"),
    ],
)
def test_times_are_told_by_their_largest_whole_unit(age, text):
    assert core_tags.age_text(NOW - age, now=NOW) == text


def test_a_relative_time_carries_the_exact_one():
    assert 'datetime="2026-11-22T12:00:00+00:00"' in render("{% time_ago moment %}", moment=NOW)
    assert render("{% time_ago moment %}", moment=None) == ""


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Nadia Okoro", "NO"), ("ana", "A"), ("low_keep", "LK"), ("Öykü Ak", "ÖA"), ("", "?"), ("***", "?")],
)
def test_initials_stand_for_a_name(name, letters):
    assert core_tags.initials(name) == letters


@given(st.text())
def test_any_name_has_a_colour_that_never_changes(name):
    colour = core_tags.avatar_colour(name)
    assert colour == core_tags.avatar_colour(name)
    assert colour in {f"avatar-{number}" for number in range(1, core_tags.AVATAR_COLOURS + 1)}


def test_structured_data_cannot_close_its_element():
    html = render("{% json_ld data %}", data={"name": "</script><script>alert(1)</script>&"})
    assert html.count("<script") == 1
    assert html.count("</script>") == 1
    assert "\\u003C/script\\u003E" in html


def test_only_links_to_the_shown_page_are_marked_current():
    request = RequestFactory().get("/terms/")
    request.resolver_match = SimpleNamespace(view_name="terms")
    assert render('{% current "about" %}', request=request) == ""
    assert render('{% current "about" "terms" %}', request=request) == 'aria-current="page"'
    assert render('{% current "about" %}') == ""


def test_page_numbers_leave_out_the_middle():
    page = Paginator(range(240), 24).page(5)
    assert core_tags.page_numbers(page) == [1, "…", 4, 5, 6, "…", 10]


def test_pagination_keeps_the_rest_of_the_address():
    request = RequestFactory().get("/marketplace/?q=a%26b&page=2")
    page = Paginator(range(100), 24).page(2)
    html = render_to_string("components/pagination.html", {"page": page}, request)
    assert 'href="?q=a%26b&amp;page=3" rel="next"' in html
    assert 'href="?q=a%26b&amp;page=1" rel="prev"' in html


def test_a_single_page_has_no_pagination():
    html = render('{% include "components/pagination.html" %}', page=Paginator([1], 24).page(1))
    assert "<nav" not in html


def test_an_address_is_made_absolute_by_the_site_or_the_request(settings):
    request = RequestFactory().get("/")
    settings.SITE_URL = "https://lathe.example/"
    assert render('{% absolute_url "/about/" %}', request=request) == "https://lathe.example/about/"
    assert render('{% absolute_url "https://cdn.example/a.webp" %}') == "https://cdn.example/a.webp"
    settings.SITE_URL = ""
    assert render('{% absolute_url "/about/" %}', request=request) == "http://testserver/about/"
