"""The invoice of an order, or of a time with a plan: numbered and written down at once, printed once."""

from decimal import Decimal

from django.db import transaction

from commerce.documents import billing
from commerce.documents.company import seller
from commerce.models import Invoice, Order, Subscription, SubscriptionPeriod, Transaction
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
        return _issued(net, tax, order.currency, order=order)


def plan_invoice_for(period: SubscriptionPeriod) -> Invoice | None:
    """The same for a time with a plan that was paid for, whatever became of the money since."""
    with transaction.atomic():
        # Whatever changes what was paid for holds the subscription too.
        Subscription.objects.select_for_update(no_key=True).get(pk=period.subscription_id)
        issued = Invoice.objects.filter(period=period).first()
        if issued is not None:
            return issued
        settled = SubscriptionPeriod.objects.settled().select_related("payment").filter(pk=period.pk)
        period = settled.first()
        if period is None or period.payment is None:
            return None
        return _issued(period.amount, period.tax_amount, period.payment.currency, period=period)


def _issued(net: Decimal, tax: Decimal, currency: str, **about) -> Invoice:
    invoice = Invoice(
        currency=currency, net_amount=net, tax_amount=tax, total=net + tax, seller=seller(), **about
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
    return _plan_data(invoice) if invoice.period_id else _order_data(invoice)


def _plan_data(invoice: Invoice) -> dict:
    period = invoice.period
    return {
        "title": "Invoice",
        "number": invoice.number,
        "seller": invoice.seller,
        "buyer": billing.subscriber(period),
        "facts": [
            ["Invoice number", invoice.number],
            ["Date of issue", billing.day(invoice.issued_at)],
            ["Receipt", period.number],
            ["Paid by", f"{period.payment.get_method_display()}, {billing.day(period.paid_at)}"],
        ],
        "what": "Plan",
        "has_price": False,
        "has_discount": False,
        "lines": [billing.plan_line(period, invoice.net_amount, invoice.tax_amount, invoice.total)],
        "tax_label": billing.label_of_tax(period),
        "sums": billing.sums(
            period, invoice.net_amount, invoice.tax_amount, invoice.total, f"Total in {invoice.currency}"
        ),
        "notes": ["Paid in full. Nothing is due."],
    }


def _order_data(invoice: Invoice) -> dict:
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
        "what": "Course" if any(line.course_id for line in lines) else "Model",
        "has_price": True,
        "has_discount": any(line.discount_amount for line in lines),
        "lines": [
            {
                "title": line.title,
                "detail": line_detail(line),
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


def line_detail(line: Transaction) -> str:
    """Whose it is, and on what terms."""
    terms = f"{line.license_name} licence" if line.license else line.license_name
    return f"by {line.seller.display_name} · {terms}"


def _notes(order: Order) -> list[str]:
    notes = ["Paid in full. Nothing is due."]
    if order.discount_amount:
        notes.append(f"The discount is that of coupon {order.coupon_code}.")
    if order.prices_include_tax and order.tax_name:
        notes.append(f"The prices include {order.tax_label}.")
    return notes
