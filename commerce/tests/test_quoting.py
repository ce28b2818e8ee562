"""Discount, tax and total: no cent is lost, made, or taken twice."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.test import override_settings
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from commerce.models import Coupon, TaxRate
from commerce.money import allocate, round_money, split
from commerce.quoting import Shown, quote
from commerce.tests.factories import tax_of
from marketplace.models import Model3D

CENT = Decimal("0.01")
prices = st.one_of(
    st.just(Decimal("0.00")),
    st.decimals(min_value="0.01", max_value="10000", places=2),
    st.sampled_from([CENT, Decimal("0.02"), Decimal("0.99"), Decimal("9999.99"), Decimal("10000.00")]),
)
percents = st.decimals(min_value="0.01", max_value="100", places=2)
rates = st.decimals(min_value="0", max_value="100", places=3)
currencies = st.sampled_from(["USD", "JPY", "KWD"])


def models_at(mix: list[Decimal]) -> list[Model3D]:
    return [
        Model3D(pk=place, title=f"Model {place}", price=price) for place, price in enumerate(mix, start=1)
    ]


@pytest.mark.parametrize(
    ("total", "weights"), [("-0.01", ["1"]), ("1", ["-1", "2"]), ("1", ["0"]), ("1", [])]
)
def test_what_cannot_be_shared_is_refused(total, weights):
    with pytest.raises(ValueError, match=r"negative|nobody"):
        allocate(Decimal(total), [Decimal(weight) for weight in weights], "USD")


@given(st.data(), st.lists(prices, min_size=1, max_size=40), currencies)
def test_shares_add_up_and_none_is_more_than_its_weight_or_a_unit_off(data, mix, currency):
    weights = [round_money(price, currency) for price in mix]
    whole = sum(weights)
    total = (
        round_money(data.draw(st.decimals(min_value=0, max_value=whole, places=2)), currency)
        if whole
        else whole
    )
    shares = allocate(min(total, whole), weights, currency)
    assert sum(shares) == min(total, whole)
    unit = round_money(Decimal(1), currency) if currency == "JPY" else CENT
    for share, weight in zip(shares, weights, strict=True):
        assert 0 <= share <= weight
        if whole:
            assert abs(share - min(total, whole) * weight / whole) < unit


def test_what_is_left_goes_to_those_who_lost_most_by_rounding_and_the_first_of_equals():
    three = [Decimal("10.00")] * 3
    assert allocate(Decimal("10.00"), three, "USD") == [Decimal("3.34"), Decimal("3.33"), Decimal("3.33")]
    uneven = [Decimal("1.00"), Decimal("1.00"), Decimal("4.00")]
    assert allocate(Decimal("0.05"), uneven, "USD") == [Decimal("0.01"), Decimal("0.01"), Decimal("0.03")]


@pytest.mark.django_db
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(prices, min_size=1, max_size=30),
    st.one_of(st.none(), percents),
    rates,
    st.booleans(),
    currencies,
)
def test_every_sum_of_a_quote_is_exactly_that_of_its_lines(mix, percent, rate, included, currency):
    TaxRate.objects.all().delete()
    tax_of(rate, "ES")
    coupon = Coupon(code="ANY", percent=percent) if percent else None
    with override_settings(PRICES_INCLUDE_TAX=included, CURRENCY=currency):
        quoted = quote(models=models_at(mix), coupon=coupon, country="ES")
        for line in quoted.lines:
            parts = split(line.net)
            assert parts.platform_fee + parts.seller_amount == line.net
            assert min(line.price, line.discount, line.net, line.tax, line.gross) >= 0
            assert line.gross == line.net + line.tax
            assert line.price - line.discount == (line.gross if included else line.net)
            assert round_money(line.net) == line.net
        rounded_discount = round_money(quoted.subtotal * (percent or 0) / 100)
    for name in ("price", "discount", "net", "tax", "gross"):
        sums = {"price": "subtotal", "gross": "total"}
        assert sum(getattr(line, name) for line in quoted.lines) == getattr(quoted, sums.get(name, name))
    assert quoted.discount == rounded_discount <= quoted.subtotal
    assert quoted.total == quoted.subtotal - quoted.discount + (0 if included else quoted.tax)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("included", "net", "tax", "total"), [(False, "10.00", "2.10", "12.10"), (True, "8.26", "1.74", "10.00")]
)
def test_the_tax_of_the_buyers_country_is_added_or_taken_out(settings, included, net, tax, total):
    settings.PRICES_INCLUDE_TAX = included
    tax_of("21", "ES")
    quoted = quote(models=models_at([Decimal("10.00")]), country="ES")
    assert (quoted.net, quoted.tax, quoted.total) == (Decimal(net), Decimal(tax), Decimal(total))
    assert quoted.tax_label == "VAT 21 %"


@pytest.mark.django_db
@pytest.mark.parametrize("country", ["", "FR", "XX"])
def test_no_tax_is_taken_where_no_rate_is_known(country):
    tax_of("21", "ES")
    quoted = quote(models=models_at([Decimal("10.00")]), country=country)
    assert (quoted.tax, quoted.tax_label, quoted.total) == (0, "", Decimal("10.00"))


@pytest.mark.django_db
def test_the_newest_rate_that_has_begun_holds_and_one_of_nothing_ends_it():
    today = timezone.now().date()
    tax_of("16", "DE", valid_from=date(2020, 7, 1))
    tax_of("19", "DE", valid_from=date(2021, 1, 1))
    tax_of("21", "DE", valid_from=today + timedelta(days=1))
    assert TaxRate.objects.in_force("DE").percent == 19
    assert TaxRate.objects.in_force("DE", date(2020, 12, 31)).percent == 16
    assert TaxRate.objects.in_force("DE", date(2020, 6, 30)) is None
    tax_of("0", "DE", valid_from=today)
    assert TaxRate.objects.in_force("DE").percent == 0


@pytest.mark.django_db
@pytest.mark.parametrize("percent", ["-0.001", "100.001"])
def test_a_rate_beyond_reason_is_refused_by_the_database(percent):
    with pytest.raises(IntegrityError, match="tax_rate_percent_in_range"), transaction.atomic():
        tax_of(percent)


@pytest.mark.django_db
def test_every_sum_that_changed_is_said(settings):
    tax_of("21", "ES")
    models = models_at([Decimal("10.00")])
    before = Shown.of(quote(models=models, country=""))
    now = quote(models=models, country="ES", coupon=Coupon(code="TEN", percent=Decimal(10)))
    assert before.changes(now) == [
        "The coupon takes off $1.00 now instead of $0.00.",
        "VAT 21 % for Spain is $1.89 now instead of $0.00.",
        "The total is $10.89 now instead of $10.00.",
    ]
    assert Shown.of(now).changes(now) == []
    settings.PRICES_INCLUDE_TAX = True
    assert before.changes(quote(models=models, country="ES")) == []
