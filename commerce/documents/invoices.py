"""The invoice of an order: numbered and written down at once, printed once."""

from decimal import Decimal

from django.db import transaction

from commerce.documents import billing
from commerce.documents.company import seller
from commerce.models import Invoice, Order, Transaction
from core.templatetags.core_tags import money_text


def invoice_for(order: Order) -> Invoice | None:
    """The order's invoice, issued now where there is none; None where nothing was paid for. Idempotent.

    May be called inside a transaction, as the last thing in it: the number series stays locked until it ends.
    """
    with transaction.atomic():
        order = Order.objects.select_for_update(no_key=True).get(pk=order.pk)
        issued = Invoice.objects.filter(order=order).first()
        if issued is not None:
            return issued
        lines = invoiced_lines(order)
        net = sum((line.amount for line in lines), Decimal("0.00"))
        tax = sum((line.tax_amount for line in lines), Decimal("0.00"))
        if not order.is_completed or not net + tax:
            return None
        invoice = Invoice(
            order=order,
            currency=order.currency,
            net_amount=net,
            tax_amount=tax,
            total=net + tax,
            seller=seller(),
        )
        invoice.take_number()
        invoice.save()
    return invoice


def invoiced_lines(order: Order) -> list[Transaction]:
    """What was delivered: a model that the buyer had already is not invoiced, its money is sent back."""
    found = order.transactions.filter(completed_at__isnull=False).select_related("seller", "order")
    return list(found.in_order())


def invoice_data(invoice: Invoice) -> dict:
    """What the template prints."""
    order = invoice.order
    lines = invoiced_lines(order)
    payment = order.payments.filter(completed_at__isnull=False).order_by("pk").first()
    paid = f"{payment.get_method_display()}, {billing.day(payment.completed_at)}" if payment else ""
    return {
        "title": "Invoice",
        "number": invoice.number,
        "seller": invoice.seller,
        "buyer": billing.buyer(order),
        "facts": [
            ["Invoice number", invoice.number],
            ["Date of issue", billing.day(invoice.issued_at)],
            ["Date of supply", billing.day(order.completed_at)],
            ["Order", str(order.public_id)],
            ["Paid by", paid],
        ],
        "has_price": True,
        "has_discount": any(line.discount_amount for line in lines),
        "lines": [
            {
                "title": line.title,
                "detail": f"by {line.seller.display_name} · {line.license_name} licence",
                "price": money_text(line.list_amount),
                "discount": money_text(-line.discount_amount) if line.discount_amount else "",
                "net": money_text(line.amount),
                "tax": money_text(line.tax_amount),
                "amount": money_text(line.gross_amount),
            }
            for line in lines
        ],
        "tax_label": order.tax_label,
        "sums": billing.sums(
            order, invoice.net_amount, invoice.tax_amount, invoice.total, f"Total in {invoice.currency}"
        ),
        "notes": _notes(order),
    }


def _notes(order: Order) -> list[str]:
    notes = ["Paid in full. Nothing is due."]
    if order.discount_amount:
        notes.append(f"The discount is that of coupon {order.coupon_code}.")
    if order.prices_include_tax and order.tax_name:
        notes.append(f"The prices include {order.tax_label}.")
    return notes
