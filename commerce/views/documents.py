"""Invoices and credit notes, for the buyer alone."""

import uuid

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from commerce.documents import invoice_for, store
from commerce.models import CreditNote, Order
from core.files import send_private
from core.ratelimit import rate_limited

PDF = "application/pdf"


@require_safe
@login_required
@rate_limited("documents", limit=60, seconds=600, methods=("GET",))
def invoice(request, order_id: uuid.UUID):
    """Issued and printed now where the worker has not done it yet."""
    order = get_object_or_404(Order.objects.of_buyer(request.user), public_id=order_id)
    issued = invoice_for(order)
    if issued is None:
        raise Http404("Nothing was paid for.")
    return send_paper(request, store(issued))


@require_safe
@login_required
@rate_limited("documents", limit=60, seconds=600, methods=("GET",))
def credit_note(request, order_id: uuid.UUID, number: str):
    order = get_object_or_404(Order.objects.of_buyer(request.user), public_id=order_id)
    note = get_object_or_404(CreditNote.objects.of_order(order), number=number)
    return send_paper(request, store(note))


def send_paper(request, paper):
    filename = f"{paper.number}.pdf"
    return send_private(request, paper.file.name, filename=filename, content_type=PDF, as_attachment=True)
