from decimal import ROUND_HALF_UP, Decimal

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from commerce.money import exponent, from_minor_units, round_money, split, to_minor_units

prices = st.decimals(min_value=0, max_value=10_000, places=2)
raw_amounts = st.decimals(min_value=0, max_value=10_000, places=6)
currencies = st.sampled_from(["USD", "EUR", "JPY", "KRW", "KWD"])


def test_a_negative_amount_cannot_be_split():
    with pytest.raises(ValueError, match="negative"):
        split(Decimal("-0.01"))


def test_an_amount_with_a_fraction_of_the_smallest_unit_has_no_minor_units():
    with pytest.raises(ValueError, match="not a whole number"):
        to_minor_units(Decimal("10.50"), "JPY")


@given(prices, currencies)
def test_the_fee_and_the_sellers_share_add_up_to_the_amount(price, currency):
    amount = round_money(price, currency)
    parts = split(amount, currency)
    assert parts.platform_fee + parts.seller_amount == amount
    assert 0 <= parts.platform_fee <= amount
    assert parts.seller_amount >= 0


@given(prices)
def test_the_fee_is_seven_and_a_half_percent_rounded_half_up(price):
    exact = price * Decimal("7.5") / 100
    assert split(price, "USD").platform_fee == exact.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


@given(prices, currencies)
def test_parts_are_whole_smallest_units(price, currency):
    parts = split(round_money(price, currency), currency)
    assert to_minor_units(parts.platform_fee, currency) >= 0
    assert to_minor_units(parts.seller_amount, currency) >= 0


@given(raw_amounts, currencies)
def test_rounding_moves_an_amount_by_at_most_half_a_unit_and_happens_once(amount, currency):
    rounded = round_money(amount, currency)
    places = min(exponent(currency), 2)
    assert abs(rounded - amount) <= Decimal(1).scaleb(-places) / 2
    assert round_money(rounded, currency) == rounded


@given(prices, currencies)
def test_minor_units_come_back_as_the_same_amount(price, currency):
    amount = round_money(price, currency)
    assert from_minor_units(to_minor_units(amount, currency), currency) == amount


@given(st.lists(prices, max_size=30))
def test_the_fees_and_shares_of_any_mix_of_prices_add_up_to_the_total(mix):
    parts = [split(price) for price in mix]
    fees, shares = sum(part.platform_fee for part in parts), sum(part.seller_amount for part in parts)
    assert fees + shares == sum(mix)


@pytest.mark.parametrize(
    ("amount", "fee"),
    [
        ("0.00", "0.00"),
        ("0.06", "0.00"),
        ("0.07", "0.01"),
        ("12.00", "0.90"),
        ("0.20", "0.02"),
        ("24.00", "1.80"),
    ],
)
def test_known_fees(amount, fee):
    assert split(Decimal(amount), "USD").platform_fee == Decimal(fee)


def test_amounts_without_cents_are_rounded_to_whole_units():
    assert round_money(Decimal("10.50"), "JPY") == Decimal("11.00")
    assert to_minor_units(Decimal("11.00"), "JPY") == 11
    assert to_minor_units(Decimal("11.00"), settings.CURRENCY) == 1100
