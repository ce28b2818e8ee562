"""Printed once, kept for good."""

import hashlib
import logging
from datetime import timedelta

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from commerce.documents.credit_notes import credit_note_data, credit_note_for
from commerce.documents.invoices import invoice_data, invoice_for, plan_invoice_for
from commerce.documents.typesetting import typeset
from commerce.models import CreditNote, Invoice, Order, Payment, Refund, SubscriptionPeriod

logger = logging.getLogger(__name__)

# Younger ones are on their way; of older ones, from before there were papers, one is made when it is asked for.
LEAST_AGE, MOST_AGE = timedelta(minutes=5), timedelta(days=7)


def store(paper: Invoice | CreditNote) -> Invoice | CreditNote:
    """Print a paper into the private storage, where that has not been done. Not inside a transaction."""
    if paper.file:
        return paper
    data = invoice_data(paper) if isinstance(paper, Invoice) else credit_note_data(paper)
    pdf = typeset("paper", data, at=paper.issued_at)
    with transaction.atomic():
        kept = type(paper).objects.select_for_update(no_key=True).get(pk=paper.pk)
        if not kept.file:
            kept.sha256 = hashlib.sha256(pdf).hexdigest()
            kept.file.save("", ContentFile(pdf), save=False)
            kept.save(update_fields=["file", "sha256"])
    return kept


def print_all_of(refund: Refund) -> None:
    """The credit note of a refund, and the paper that cancels one."""
    credit_note_for(refund)
    for note in refund.credit_notes.without_file().order_by("pk"):
        store(note)


def print_missing(limit: int = 100) -> int:
    """Issue and print what should be there by now. Returns how many were tried."""
    now = timezone.now()
    due = (now - MOST_AGE, now - LEAST_AGE)
    orders = Order.objects.completed().filter(total__gt=0, completed_at__range=due, invoice__isnull=True)
    periods = SubscriptionPeriod.objects.settled().filter(
        payment__isnull=False, paid_at__range=due, invoice__isnull=True
    )
    invoiced = Q(transaction__isnull=False) | Q(
        payment__purpose=Payment.Purpose.SUBSCRIPTION, kind__in=[Refund.Kind.PLAN, Refund.Kind.CHARGEBACK]
    )
    refunds = Refund.objects.completed().filter(invoiced, completed_at__range=due)
    notes = CreditNote.objects.filter(refund=OuterRef("pk"), cancels__isnull=True)
    # What came back and has gone once more is credited once more.
    refunds = refunds.exclude(Exists(notes.filter(completion=OuterRef("completions"))))
    came_back = Refund.objects.filter(Exists(notes.filter(cancelled_by__isnull=True)))
    came_back = came_back.exclude(status=Refund.Status.COMPLETED)
    papers = [invoice_for(order) for order in orders.order_by("pk")[:limit]]
    papers += [plan_invoice_for(period) for period in periods.order_by("pk")[:limit]]
    missing = (*refunds.order_by("pk")[:limit], *came_back.order_by("pk")[:limit])
    tried = [_tried(print_all_of, refund) for refund in missing]
    for kind in (Invoice, CreditNote):
        late = kind.objects.without_file().filter(issued_at__lte=now - LEAST_AGE)
        papers += late.order_by("pk")[:limit]
    tried += [_tried(store, paper) for paper in filter(None, papers)]
    return len(tried)


def _tried(call, thing) -> None:
    try:
        call(thing)
    except Exception:
        # One that cannot be printed must not keep the others waiting.
        logger.exception("The paper of %s could not be printed", thing)
