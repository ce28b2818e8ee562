"""Papers about purchases: invoices, credit notes and licence certificates."""

from commerce.documents.certificates import certificate_for, certificate_pdf
from commerce.documents.invoices import invoice_for
from commerce.documents.storing import print_missing, store

__all__ = ["certificate_for", "certificate_pdf", "invoice_for", "print_missing", "store"]
