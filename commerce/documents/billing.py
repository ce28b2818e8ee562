"""What invoices and credit notes print in common."""

from decimal import Decimal

from django.utils.formats import date_format

from commerce.models import Order
from core.templatetags.core_tags import money_text

DAY = "j F Y"


def buyer(order: Order) -> list[str]:
    """Name and address, a line each."""
    town = f"{order.billing_postcode} {order.billing_city}".strip()
    lines = [order.billing_name, order.billing_company, *order.billing_address.splitlines(), town]
    return [line for line in [*lines, order.billing_country_name, order.billing_email] if line]


def sums(order: Order, net: Decimal, tax: Decimal, total: Decimal, label: str) -> list[dict]:
    """The rows below the table."""
    rows = [{"label": "Net amount", "amount": money_text(net)}] if order.tax_name else []
    if order.tax_name:
        rows.append({"label": order.tax_label, "amount": money_text(tax)})
    return [*rows, {"label": label, "amount": money_text(total), "strong": True}]


def day(moment) -> str:
    return date_format(moment, DAY)
