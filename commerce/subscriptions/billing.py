"""What is paid for a listed amount: with the tax of where its payer lives."""

from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings

from commerce.models import TaxRate
from commerce.money import round_money

NOTHING = Decimal("0.00")


@dataclass(frozen=True)
class Bill:
    """`net` and `tax` add up to what is paid."""

    net: Decimal
    tax: Decimal
    tax_name: str
    tax_rate: Decimal

    @property
    def total(self) -> Decimal:
        return self.net + self.tax

    @property
    def tax_label(self) -> str:
        """As payers read it: “VAT 21 %”."""
        return f"{self.tax_name} {self.tax_rate.normalize():f} %" if self.tax_name else ""


def bill(listed: Decimal, country: str) -> Bill:
    """`country` is an ISO 3166-1 alpha-2 code, or empty where it is not known: then there is no tax."""
    rate = TaxRate.objects.in_force(country) if country else None
    if rate is None:
        return Bill(listed, NOTHING, "", Decimal(0))
    if settings.PRICES_INCLUDE_TAX:
        tax = round_money(listed * rate.percent / (100 + rate.percent))
        return Bill(listed - tax, tax, rate.name, rate.percent)
    return Bill(listed, round_money(listed * rate.percent / 100), rate.name, rate.percent)
