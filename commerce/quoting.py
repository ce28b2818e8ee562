"""What models cost this buyer now: discount, tax and total, line by line. The only place that works it out."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.conf import settings

from commerce.countries import COUNTRIES
from commerce.models import Coupon, TaxRate
from commerce.models.order import tax_label
from commerce.money import allocate, round_money
from core.templatetags.core_tags import money_text
from marketplace.models import Model3D

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class QuoteLine:
    """`price` is the listed one, `net` what the fee and the seller's share are taken from, `gross` what is paid."""

    model: Model3D
    price: Decimal
    discount: Decimal
    net: Decimal
    tax: Decimal
    gross: Decimal


@dataclass(frozen=True)
class Quote:
    """The lines and their sums; every sum is exactly that of its lines.

    Where prices include tax, the total is subtotal less discount, and the tax is part of it; else it is added.
    """

    lines: list[QuoteLine]
    subtotal: Decimal
    discount: Decimal
    tax_name: str
    tax_rate: Decimal
    tax: Decimal
    total: Decimal
    prices_include_tax: bool
    country: str = ""
    coupon: Coupon | None = None

    @property
    def net(self) -> Decimal:
        return self.total - self.tax

    @property
    def tax_label(self) -> str:
        """As buyers read it: “VAT 21 %”."""
        return tax_label(self.tax_name, self.tax_rate)


@dataclass(frozen=True)
class Shown:
    """What the buyer saw and agreed to: the price of each model by its id, and the sums."""

    prices: dict[int, Decimal] = field(default_factory=dict)
    discount: Decimal = ZERO
    tax: Decimal = ZERO
    total: Decimal = ZERO

    @classmethod
    def of(cls, quoted: Quote) -> "Shown":
        prices = {line.model.pk: line.price for line in quoted.lines}
        return cls(prices, discount=quoted.discount, tax=quoted.tax, total=quoted.total)

    def changes(self, now: Quote) -> list[str]:
        """A sentence for every sum that is not what it was. Where tax is in the prices, it changes no total."""
        found = []
        if now.discount != self.discount:
            found.append(_instead("The coupon takes off", now.discount, self.discount))
        if now.tax != self.tax and not now.prices_include_tax:
            label = (
                f"{now.tax_label} for {COUNTRIES.get(now.country, now.country)}"
                if now.tax_name
                else "The tax"
            )
            found.append(_instead(f"{label} is", now.tax, self.tax))
        if now.total != self.total:
            found.append(_instead("The total is", now.total, self.total))
        return found


def quote(*, models: Iterable[Model3D], coupon: Coupon | None = None, country: str = "") -> Quote:
    """Price `models` for a buyer of `country` (ISO 3166-1 alpha-2; empty: not known yet, no tax) with `coupon`.

    Whether the coupon may be used is asked elsewhere (`commerce.coupons`).
    """
    listed = list(models)
    prices = [round_money(model.price) for model in listed]
    subtotal = sum(prices, ZERO)
    discount = round_money(subtotal * coupon.percent / 100) if coupon else ZERO
    discounts = allocate(discount, prices)
    left = [price - off for price, off in zip(prices, discounts, strict=True)]
    rate = TaxRate.objects.in_force(country) if country else None
    percent = rate.percent if rate else Decimal(0)
    taxes = _taxes(left, percent)
    tax = sum(taxes, ZERO)
    included = settings.PRICES_INCLUDE_TAX
    lines = [
        QuoteLine(
            model=model,
            price=price,
            discount=off,
            net=amount - own if included else amount,
            tax=own,
            gross=amount if included else amount + own,
        )
        for model, price, off, amount, own in zip(listed, prices, discounts, left, taxes, strict=True)
    ]
    return Quote(
        lines=lines,
        subtotal=subtotal,
        discount=discount,
        tax_name=rate.name if rate else "",
        tax_rate=percent,
        tax=tax,
        total=sum((line.gross for line in lines), ZERO),
        prices_include_tax=included,
        country=country,
        coupon=coupon,
    )


def _taxes(amounts: list[Decimal], percent: Decimal) -> list[Decimal]:
    """The tax of each amount: of all together rounded once, then shared out so that no cent is lost."""
    base = 100 + percent if settings.PRICES_INCLUDE_TAX else Decimal(100)
    return allocate(round_money(sum(amounts, ZERO) * percent / base), amounts)


def _instead(start: str, now: Decimal, before: Decimal) -> str:
    return f"{start} {money_text(now)} now instead of {money_text(before)}."
