"""The credit note of a refund: what of an invoice the buyer has back."""

from django.db import transaction

from commerce.documents import billing
from commerce.documents.company import seller
from commerce.documents.invoices import invoice_for, line_detail, plan_invoice_for
from commerce.models import CreditNote, Invoice, Order, Payment, Refund, Subscription
from core.templatetags.core_tags import money_text


def credit_note_for(refund: Refund) -> CreditNote | None:
    """The credit note of a refund that has completed, issued now where there is none; idempotent.

    Where a completed refund came back to us, its credit note is cancelled by another paper. None where nothing is
    credited: the money has not gone back, or what it paid for was never invoiced.

    May be called inside a transaction, as the last thing in it: the number series stays locked until it ends.
    """
    if refund.transaction_id is None and not credits_plan(refund):
        return None
    with transaction.atomic():
        _lock_subject(refund)
        refund = Refund.objects.get(pk=refund.pk)
        is_complete = refund.status == Refund.Status.COMPLETED
        current = None
        for note in refund.credit_notes.filter(cancels__isnull=True, cancelled_by__isnull=True):
            if is_complete and note.completion == refund.completions:
                current = note
            else:
                _issue(refund, note.invoice, note.completion, cancels=note)
        if is_complete and current is None:
            invoice = _invoice_of(refund)
            current = _issue(refund, invoice, refund.completions) if invoice else None
    return current


def credits_plan(refund: Refund) -> bool:
    """Whether it gives back what was paid for a time with a plan."""
    is_plan = refund.payment.purpose == Payment.Purpose.SUBSCRIPTION
    return is_plan and refund.kind in (Refund.Kind.PLAN, Refund.Kind.CHARGEBACK)


def _lock_subject(refund: Refund) -> None:
    """Whatever changes the refund holds its order, or its subscription, too."""
    if refund.transaction_id is not None:
        Order.objects.select_for_update(no_key=True).get(pk=refund.transaction.order_id)
    else:
        subscription = refund.payment.subscription_period.subscription_id
        Subscription.objects.select_for_update(no_key=True).get(pk=subscription)


def _invoice_of(refund: Refund) -> Invoice | None:
    if refund.transaction_id is not None:
        return invoice_for(refund.transaction.order)
    return plan_invoice_for(refund.payment.subscription_period)


def _issue(
    refund: Refund, invoice: Invoice, completion: int, cancels: CreditNote | None = None
) -> CreditNote:
    note = CreditNote(
        invoice=invoice,
        refund=refund,
        completion=completion,
        cancels=cancels,
        currency=invoice.currency,
        net_amount=refund.amount,
        tax_amount=refund.tax_amount,
        total=refund.gross,
        seller=seller(),
    )
    note.take_number()
    note.save()
    return note


def credit_note_data(note: CreditNote) -> dict:
    """What the template prints."""
    period, order = note.invoice.period, note.invoice.order
    about = period or order
    is_cancelling = note.cancels_id is not None
    what = "Charged again" if is_cancelling else "Credited"
    return {
        "title": "Cancellation" if is_cancelling else "Credit note",
        "number": note.number,
        "seller": note.seller,
        "buyer": billing.subscriber(period) if period else billing.buyer(order),
        "facts": [
            ["Number", note.number],
            ["Date of issue", billing.day(note.issued_at)],
            ["Cancels credit note", note.cancels.number if is_cancelling else ""],
            ["For invoice", f"{note.invoice.number} of {billing.day(note.invoice.issued_at)}"],
            ["Order", str(order.public_id)] if order else ["Receipt", period.number],
            ["Refund", note.refund.number],
        ],
        "what": "Plan" if period else "Course" if note.refund.transaction.course_id else "Model",
        "has_price": False,
        "has_discount": False,
        "lines": [
            billing.plan_line(period, note.net_amount, note.tax_amount, note.total)
            if period
            else _sale_line(note)
        ],
        "tax_label": billing.label_of_tax(about),
        "sums": billing.sums(
            about, note.net_amount, note.tax_amount, note.total, f"{what} in {note.currency}"
        ),
        "notes": _notes(note),
    }


def _sale_line(note: CreditNote) -> dict:
    line = note.refund.transaction
    return {
        "title": line.title,
        "detail": line_detail(line),
        "price": "",
        "discount": "",
        "net": money_text(note.net_amount),
        "tax": money_text(note.tax_amount),
        "amount": money_text(note.total),
    }


def _notes(note: CreditNote) -> list[str]:
    if note.cancels_id is not None:
        return ["The refund did not arrive, and its money came back to us: the credit note no longer holds."]
    notes = ["It goes back the way it was paid."]
    sale = note.refund.transaction
    invoiced, what = (sale.gross_amount, "model") if sale else (note.invoice.total, "plan")
    if note.total < invoiced:
        notes.append(f"It is a part of what was invoiced for the {what}: {money_text(invoiced)}.")
    return notes
