"""Invoices and credit notes, for who paid alone."""

import uuid

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from commerce.documents import invoice_for, plan_invoice_for, store
from commerce.models import CreditNote, Order, SubscriptionPeriod
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


@require_safe
@login_required
@rate_limited("documents", limit=60, seconds=600, methods=("GET",))
def plan_invoice(request, period_id: uuid.UUID):
    issued = plan_invoice_for(_own_period(request, period_id))
    if issued is None:
        raise Http404("Nothing was paid for.")
    return send_paper(request, store(issued))


@require_safe
@login_required
@rate_limited("documents", limit=60, seconds=600, methods=("GET",))
def plan_credit_note(request, period_id: uuid.UUID, number: str):
    notes = CreditNote.objects.of_period(_own_period(request, period_id))
    return send_paper(request, store(get_object_or_404(notes, number=number)))


def _own_period(request, period_id: uuid.UUID) -> SubscriptionPeriod:
    return get_object_or_404(SubscriptionPeriod.objects.of_user(request.user), public_id=period_id)


def send_paper(request, paper):
    filename = f"{paper.number}.pdf"
    return send_private(request, paper.file.name, filename=filename, content_type=PDF, as_attachment=True)
