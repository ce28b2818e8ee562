"""Amounts: rounded half up, once, at the edge; the site's fee and the seller's share; the units providers count in."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from django.conf import settings

# ISO 4217 currencies whose minor unit is not a hundredth.
EXPONENTS = {
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
    return EXPONENTS.get(currency.upper(), 2)


def round_money(amount: Decimal, currency: str | None = None) -> Decimal:
    """`amount` in whole smallest units of `currency` (the site's by default), halves up; two decimal places stored."""
    rounded = amount.quantize(_unit(currency), rounding=ROUND_HALF_UP)
    return rounded.quantize(Decimal(1).scaleb(-_STORED_PLACES))


def allocate(total: Decimal, weights: Sequence[Decimal], currency: str | None = None) -> list[Decimal]:
    """`total` shared out by `weights` in whole smallest units that add up to it exactly.

    By largest remainder: everybody gets their share rounded down, and what is left goes, unit by unit, to those who
    lost most by that, the first of equals first. Where `total` is no more than all weights together, no share is more
    than its weight.

    Raises:
        ValueError: something is negative, or there is something to share and nobody has any weight.
    """
    if total < 0 or any(weight < 0 for weight in weights):
        raise ValueError("Neither the total nor a weight can be negative.")
    whole = sum(weights, Decimal(0))
    if not total:
        return [Decimal("0.00")] * len(weights)
    if not whole:
        raise ValueError("There is nobody to share it with.")
    unit = _unit(currency)
    units = int(total / unit)
    exact = [Fraction(weight) * units / Fraction(whole) for weight in weights]
    shares = [int(share) for share in exact]
    by_loss = sorted(range(len(weights)), key=lambda place: shares[place] - exact[place])
    for place in by_loss[: units - sum(shares)]:
        shares[place] += 1
    return [(share * unit).quantize(Decimal(1).scaleb(-_STORED_PLACES)) for share in shares]


def _unit(currency: str | None) -> Decimal:
    """The smallest amount of `currency` that is stored."""
    return Decimal(1).scaleb(-min(exponent(currency or settings.CURRENCY), _STORED_PLACES))


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
