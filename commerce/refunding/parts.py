"""What a refund is made of: net price and tax, fee and seller's share, in proportion, and to the cent over many."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from commerce.money import round_money

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class Parts:
    """An amount taken apart: `net` is fee and seller's share together, and what is paid is `net` with tax."""

    tax: Decimal = ZERO
    fee: Decimal = ZERO
    seller: Decimal = ZERO

    @property
    def net(self) -> Decimal:
        return self.fee + self.seller

    @property
    def gross(self) -> Decimal:
        return self.net + self.tax

    def __add__(self, other: "Parts") -> "Parts":
        return Parts(self.tax + other.tax, self.fee + other.fee, self.seller + other.seller)

    def __sub__(self, other: "Parts") -> "Parts":
        return Parts(self.tax - other.tax, self.fee - other.fee, self.seller - other.seller)


def parts_of_refund(gross: Decimal, *, sold: Parts, before: Parts, currency: str) -> Parts:
    """The parts of `gross` out of what was sold, when `before` has gone back already.

    Each part is what makes the sum of all refunds so far proportional, so that no cent is lost or made over any number
    of them, and the last one takes exactly what is left.

    Raises:
        ValueError: nothing, or more than is left, is asked for.
    """
    left = sold - before
    if not ZERO < gross <= left.gross:
        raise ValueError(f"{gross} of {left.gross} cannot be refunded.")
    after = before.gross + gross
    tax = _share(sold.tax, after, sold.gross, currency) - before.tax
    tax = _within(tax, gross - left.net, gross, left.tax)
    net = gross - tax
    fee = _share(sold.fee, before.net + net, sold.net, currency) - before.fee
    fee = _within(fee, net - left.seller, net, left.fee)
    return Parts(tax=tax, fee=fee, seller=net - fee)


def _share(part: Decimal, amount: Decimal, whole: Decimal, currency: str) -> Decimal:
    """`part` of the `amount` out of `whole`, rounded; by fractions, which lose nothing on the way."""
    if not whole:
        return ZERO
    exact = Fraction(part) * Fraction(amount) / Fraction(whole)
    # Twelve places more than are kept: no half is made or hidden by cutting off what follows.
    return round_money(Decimal(round(exact * 10**14)).scaleb(-14), currency)


def _within(value: Decimal, least: Decimal, *most: Decimal) -> Decimal:
    """`value`, moved into what the other parts leave room for."""
    return max(ZERO, least, min(value, *most))
