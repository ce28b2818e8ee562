"""Amounts: rounded half up, once, at the edge; the site's fee and the seller's share; the units providers count in."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.conf import settings

# ISO 4217 currencies whose minor unit is not a hundredth.
_EXPONENTS = {
    **dict.fromkeys(
        (
            "BIF",
            "CLP",
            "DJF",
            "GNF",
            "JPY",
            "KMF",
            "KRW",
            "MGA",
            "PYG",
            "RWF",
            "UGX",
            "VND",
            "VUV",
            "XAF",
            "XOF",
            "XPF",
        ),
        0,
    ),
    **dict.fromkeys(("BHD", "JOD", "KWD", "OMR", "TND"), 3),
}
_STORED_PLACES = 2


@dataclass(frozen=True)
class Split:
    """What becomes of an amount paid; the parts always add up to it."""

    platform_fee: Decimal
    seller_amount: Decimal


def exponent(currency: str) -> int:
    """Decimal places of the currency's smallest unit."""
    return _EXPONENTS.get(currency.upper(), 2)


def round_money(amount: Decimal, currency: str | None = None) -> Decimal:
    """`amount` in whole smallest units of `currency` (the site's by default), halves up; two decimal places stored."""
    places = min(exponent(currency or settings.CURRENCY), _STORED_PLACES)
    rounded = amount.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return rounded.quantize(Decimal(1).scaleb(-_STORED_PLACES))


def split(amount: Decimal, currency: str | None = None) -> Split:
    """The site's fee of `amount` (net after discount, before tax) and the seller's share.

    Raises:
        ValueError: `amount` is negative.
    """
    if amount < 0:
        raise ValueError("A negative amount cannot be split.")
    fee = min(round_money(amount * settings.PLATFORM_FEE_PERCENT / 100, currency), amount)
    return Split(platform_fee=fee, seller_amount=amount - fee)


def to_minor_units(amount: Decimal, currency: str) -> int:
    """`amount` as the whole number of smallest units that payment providers ask for.

    Raises:
        ValueError: `amount` has a fraction of the smallest unit.
    """
    units = amount.scaleb(exponent(currency))
    if units != units.to_integral_value():
        raise ValueError(f"{amount} {currency} is not a whole number of its smallest unit.")
    return int(units)


def from_minor_units(units: int, currency: str) -> Decimal:
    """The opposite of `to_minor_units`."""
    return (
        Decimal(units)
        .scaleb(-exponent(currency))
        .quantize(Decimal(1).scaleb(-max(exponent(currency), _STORED_PLACES)))
    )
