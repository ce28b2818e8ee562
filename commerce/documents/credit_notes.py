"""The credit note of a refund: what of an invoice the buyer has back."""

from django.db import transaction

from commerce.documents import billing
from commerce.documents.company import seller
from commerce.documents.invoices import invoice_for
from commerce.models import CreditNote, Invoice, Order, Refund
from core.templatetags.core_tags import money_text


def credit_note_for(refund: Refund) -> CreditNote | None:
    """The credit note of a refund that has completed, issued now where there is none; idempotent.

    Where a completed refund came back to us, its credit note is cancelled by another paper. None where nothing is
    credited: the money has not gone back, or what it paid for was never invoiced.

    May be called inside a transaction, as the last thing in it: the number series stays locked until it ends.
    """
    if refund.transaction_id is None:
        return None
    with transaction.atomic():
        # Whatever changes the refund holds its order too.
        order = Order.objects.select_for_update(no_key=True).get(pk=refund.transaction.order_id)
        refund = Refund.objects.get(pk=refund.pk)
        is_complete = refund.status == Refund.Status.COMPLETED
        current = None
        for note in refund.credit_notes.filter(cancels__isnull=True, cancelled_by__isnull=True):
            if is_complete and note.completion == refund.completions:
                current = note
            else:
                _issue(refund, note.invoice, note.completion, cancels=note)
        if is_complete and current is None:
            invoice = invoice_for(order)
            current = _issue(refund, invoice, refund.completions) if invoice else None
    return current


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
    order, line = note.invoice.order, note.refund.transaction
    is_cancelling = note.cancels_id is not None
    what = "Charged again" if is_cancelling else "Credited"
    return {
        "title": "Cancellation" if is_cancelling else "Credit note",
        "number": note.number,
        "seller": note.seller,
        "buyer": billing.buyer(order),
        "facts": [
            ["Number", note.number],
            ["Date of issue", billing.day(note.issued_at)],
            ["Cancels credit note", note.cancels.number if is_cancelling else ""],
            ["For invoice", f"{note.invoice.number} of {billing.day(note.invoice.issued_at)}"],
            ["Order", str(order.public_id)],
            ["Refund", note.refund.number],
        ],
        "has_price": False,
        "has_discount": False,
        "lines": [
            {
                "title": line.title,
                "detail": f"by {line.seller.display_name} · {line.license_name} licence",
                "price": "",
                "discount": "",
                "net": money_text(note.net_amount),
                "tax": money_text(note.tax_amount),
                "amount": money_text(note.total),
            }
        ],
        "tax_label": order.tax_label,
        "sums": billing.sums(
            order, note.net_amount, note.tax_amount, note.total, f"{what} in {note.currency}"
        ),
        "notes": _notes(note),
    }


def _notes(note: CreditNote) -> list[str]:
    if note.cancels_id is not None:
        return ["The refund did not arrive, and its money came back to us: the credit note no longer holds."]
    notes = ["It goes back the way it was paid."]
    invoiced = note.refund.transaction.gross_amount
    if note.total < invoiced:
        notes.append(f"It is a part of what was invoiced for the model: {money_text(invoiced)}.")
    return notes
