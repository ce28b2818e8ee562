"""Printed once, kept for good."""

import hashlib
import logging
from datetime import timedelta

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from commerce.documents.invoices import invoice_data, invoice_for
from commerce.documents.typesetting import typeset
from commerce.models import Invoice, Order

logger = logging.getLogger(__name__)

# Younger ones are on their way; of older ones, from before there were papers, one is made when it is asked for.
LEAST_AGE, MOST_AGE = timedelta(minutes=5), timedelta(days=7)


def store(paper: Invoice) -> Invoice:
    """Print a paper into the private storage, where that has not been done. Not inside a transaction."""
    if paper.file:
        return paper
    pdf = typeset("paper", invoice_data(paper), at=paper.issued_at)
    with transaction.atomic():
        kept = type(paper).objects.select_for_update(no_key=True).get(pk=paper.pk)
        if not kept.file:
            kept.sha256 = hashlib.sha256(pdf).hexdigest()
            kept.file.save("", ContentFile(pdf), save=False)
            kept.save(update_fields=["file", "sha256"])
    return kept


def print_missing(limit: int = 100) -> int:
    """Issue and print what should be there by now. Returns how many were tried."""
    now = timezone.now()
    orders = Order.objects.completed().filter(
        total__gt=0, completed_at__range=(now - MOST_AGE, now - LEAST_AGE), invoice__isnull=True
    )
    papers = [invoice_for(order) for order in orders.order_by("pk")[:limit]]
    papers += Invoice.objects.without_file().filter(issued_at__lte=now - LEAST_AGE).order_by("pk")[:limit]
    for paper in filter(None, papers):
        try:
            store(paper)
        except Exception:
            # One that cannot be printed must not keep the others waiting.
            logger.exception("%s could not be printed", paper)
    return len(papers)
