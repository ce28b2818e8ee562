from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commerce.money import exponent, round_money, split
from commerce.refunding.parts import Parts, parts_of_refund

ZERO = Decimal("0.00")
currencies = st.sampled_from(["USD", "EUR", "JPY"])


@st.composite
def sales(draw):
    """What was sold, and its currency."""
    currency = draw(currencies)
    net = round_money(draw(st.decimals(min_value="0.01", max_value=10_000, places=2)), currency)
    tax = round_money(net * draw(st.integers(0, 27)) / 100, currency)
    fee = split(net, currency).platform_fee
    sold = Parts(tax=tax, fee=fee, seller=net - fee)
    if not sold.gross:
        sold = Parts(seller=Decimal(1).scaleb(-min(exponent(currency), 2)).quantize(Decimal("0.01")))
    return sold, currency


def amount_between(data, least: Decimal, most: Decimal, currency: str) -> Decimal:
    unit = Decimal(1).scaleb(-min(exponent(currency), 2))
    units = data.draw(st.integers(int(least / unit), int(most / unit)))
    return (units * unit).quantize(Decimal("0.01"))


@pytest.mark.parametrize("gross", ["-0.01", "0.00", "10.01"])
def test_nothing_and_more_than_is_left_cannot_be_refunded(gross):
    sold = Parts(fee=Decimal("0.75"), seller=Decimal("9.25"))
    with pytest.raises(ValueError, match="cannot be refunded"):
        parts_of_refund(Decimal(gross), sold=sold, before=Parts(), currency="USD")


@given(sales(), st.data())
def test_any_number_of_partial_refunds_adds_up_to_what_was_sold_part_by_part(sale, data):
    sold, currency = sale
    before = Parts()
    while before.gross < sold.gross:
        unit = Decimal(1).scaleb(-min(exponent(currency), 2))
        left = (sold - before).gross
        gross = amount_between(data, max(unit, left / 5), left, currency)
        parts = parts_of_refund(gross, sold=sold, before=before, currency=currency)
        assert parts.gross == gross
        assert min(parts.tax, parts.fee, parts.seller) >= 0
        before += parts
        assert all(getattr(before, name) <= getattr(sold, name) for name in ("tax", "fee", "seller"))
    assert before == sold


@given(sales(), st.data())
def test_refunds_keep_within_what_was_sold_whichever_of_them_fail(sale, data):
    """Each is computed with others on their way that may not arrive: sums stay right, whatever became of those."""
    sold, currency = sale
    arrived: list[Parts] = []
    for _ in range(data.draw(st.integers(1, 6))):
        before = sum(arrived, Parts())
        left = (sold - before).gross
        unit = Decimal(1).scaleb(-min(exponent(currency), 2))
        if left < unit:
            break
        one = amount_between(data, unit, left, currency)
        first = parts_of_refund(one, sold=sold, before=before, currency=currency)
        on_the_way = [first]
        if one < left:
            two = amount_between(data, unit, left - one, currency)
            on_the_way.append(parts_of_refund(two, sold=sold, before=before + first, currency=currency))
        arrived += [parts for parts in on_the_way if data.draw(st.booleans())]
        done = sum(arrived, Parts())
        assert all(getattr(done, name) <= getattr(sold, name) for name in ("tax", "fee", "seller"))
        assert done.fee + done.seller + done.tax == done.gross <= sold.gross


@given(sales(), st.data())
def test_the_fee_goes_back_in_proportion_to_the_cent(sale, data):
    sold, currency = sale
    unit = Decimal(1).scaleb(-min(exponent(currency), 2))
    gross = amount_between(data, unit, sold.gross, currency)
    parts = parts_of_refund(gross, sold=sold, before=Parts(), currency=currency)
    if sold.net:
        assert abs(parts.fee - sold.fee * parts.net / sold.net) <= unit
    assert abs(parts.tax - sold.tax * gross / sold.gross) <= unit


def test_a_third_three_times_is_the_whole():
    sold = Parts(tax=Decimal("1.90"), fee=Decimal("0.75"), seller=Decimal("9.25"))
    before = Parts()
    made = []
    for gross in (Decimal("3.97"), Decimal("3.97"), Decimal("3.96")):
        made.append(parts_of_refund(gross, sold=sold, before=before, currency="USD"))
        before += made[-1]
    assert before == sold
    assert [parts.tax for parts in made] == [Decimal("0.63"), Decimal("0.64"), Decimal("0.63")]
