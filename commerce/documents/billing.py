"""What invoices and credit notes print in common: for the order or the time with a plan that they are about."""

from decimal import Decimal

from django.utils.formats import date_format

from commerce.countries import COUNTRIES
from commerce.models import Order, SubscriptionPeriod
from commerce.models.order import tax_label
from core.templatetags.core_tags import money_text

DAY = "j F Y"


def buyer(order: Order) -> list[str]:
    """Name and address of who bought, a line each."""
    town = f"{order.billing_postcode} {order.billing_city}".strip()
    lines = [order.billing_name, order.billing_company, *order.billing_address.splitlines(), town]
    return [line for line in [*lines, order.billing_country_name, order.billing_email] if line]


def subscriber(period: SubscriptionPeriod) -> list[str]:
    """The same of who has a plan: an account, which has no address."""
    person, country = period.subscription.user, period.subscription.country
    return [line for line in [person.display_name, COUNTRIES.get(country, country), person.email] if line]


def plan_line(period: SubscriptionPeriod, net: Decimal, tax: Decimal, total: Decimal) -> dict:
    """The one row of a paper about a time with a plan."""
    change = "Change to " if period.kind == SubscriptionPeriod.Kind.CHANGE else ""
    return {
        "title": f"{change}{period.plan.name}, {period.get_interval_display().lower()}",
        "detail": f"{day(period.start)} to {day(period.end)}",
        "price": "",
        "discount": "",
        "net": money_text(net),
        "tax": money_text(tax),
        "amount": money_text(total),
    }


def sums(
    about: Order | SubscriptionPeriod, net: Decimal, tax: Decimal, total: Decimal, label: str
) -> list[dict]:
    """The rows below the table."""
    rows = []
    if about.tax_name:
        rows = [
            {"label": "Net amount", "amount": money_text(net)},
            {"label": label_of_tax(about), "amount": money_text(tax)},
        ]
    return [*rows, {"label": label, "amount": money_text(total), "strong": True}]


def label_of_tax(about: Order | SubscriptionPeriod) -> str:
    """Empty where none was taken."""
    return tax_label(about.tax_name, about.tax_rate)


def day(moment) -> str:
    return date_format(moment, DAY)
