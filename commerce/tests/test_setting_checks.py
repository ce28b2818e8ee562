"""Settings that make no sense stop the site before anybody pays."""

from decimal import Decimal

import pytest

from commerce.setting_checks import AMOUNTS, BOUNDS, amounts, bounds, currency, pairs


def ids(check) -> list[str]:
    return [problem.id for problem in check(None)]


@pytest.mark.parametrize("value", ["", "usd", "ZZZ", "DOLLAR", "BTC"])
def test_a_currency_that_is_none_is_an_error(settings, value):
    settings.CURRENCY = value
    assert ids(currency) == ["commerce.E030"]
    assert ids(amounts) == []


@pytest.mark.parametrize("name", BOUNDS)
def test_below_and_above_its_bounds_each_is_an_error(settings, name):
    least, most = BOUNDS[name]
    for value in (least - 1, most + 1, Decimal("NaN"), Decimal("Infinity")):
        setattr(settings, name, value)
        (problem,) = bounds(None)
        assert problem.id == "commerce.E031" and problem.msg.startswith(name)
    for value in (least, most):
        setattr(settings, name, value)
        assert ids(bounds) == []


@pytest.mark.parametrize("name", AMOUNTS)
def test_fractions_of_a_cent_are_an_error(settings, name):
    setattr(settings, name, Decimal("25.005"))
    (problem,) = amounts(None)
    assert problem.id == "commerce.E032" and name in problem.msg


def test_a_currency_without_cents_takes_none(settings):
    settings.CURRENCY, settings.PAYOUT_MINIMUM = "JPY", Decimal("25.50")
    assert ids(amounts) == ["commerce.E032"]


def test_a_least_budget_above_the_largest_is_an_error(settings):
    settings.BOUNTY_MINIMUM, settings.BOUNTY_MAXIMUM = Decimal("100.00"), Decimal("99.99")
    assert ids(pairs) == ["commerce.E033"]


def test_a_refund_promised_for_longer_than_it_can_be_asked_for_is_an_error(settings):
    settings.REFUND_DAYS, settings.REFUND_ASK_DAYS = 30, 14
    assert ids(pairs) == ["commerce.E033"]


def test_what_the_site_comes_with_is_right():
    assert [ids(check) for check in (currency, bounds, amounts, pairs)] == [[], [], [], []]
