"""Papers about purchases: invoices, credit notes and licence certificates."""

from commerce.documents.certificates import certificate_for, certificate_pdf
from commerce.documents.credit_notes import credit_note_for
from commerce.documents.invoices import invoice_for, plan_invoice_for
from commerce.documents.queue import print_later
from commerce.documents.storing import print_all_of, print_missing, store

__all__ = [
    "certificate_for",
    "certificate_pdf",
    "credit_note_for",
    "invoice_for",
    "plan_invoice_for",
    "print_all_of",
    "print_later",
    "print_missing",
    "store",
]
