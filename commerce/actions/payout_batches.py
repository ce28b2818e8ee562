"""Payouts that are sent together: gathered by method, written down for the bank, paid, or discarded."""

from collections import defaultdict
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from commerce.actions.payouts import check_covered, record_paid
from commerce.exceptions import PayoutNotPossible
from commerce.locks import lock_seller
from commerce.models import Payout, PayoutBatch
from commerce.payout_news import tell_of_payout
from core.models import AuditEntry

# Payouts of one batch: they are locked, paid and mailed in one transaction.
LARGEST_BATCH = 500


def make_batches(payout_ids: Iterable[int], *, by: User) -> tuple[list[PayoutBatch], list[str]]:
    """Approved payouts, in one batch a method; what cannot be sent is left out, with a sentence each.

    Raises:
        PayoutNotPossible: more than a batch holds.
    """
    ids = set(payout_ids)
    if len(ids) > LARGEST_BATCH:
        raise PayoutNotPossible(f"A batch holds at most {LARGEST_BATCH} payouts.")
    with transaction.atomic():
        # Sellers first, as everybody does who looks at a balance, and by ascending id.
        for seller_id in sorted(set(Payout.objects.filter(pk__in=ids).values_list("seller_id", flat=True))):
            lock_seller(seller_id)
        by_method, left_out = defaultdict(list), []
        for payout in _locked(Payout.objects.filter(pk__in=ids)):
            reason = _reason_against(payout, by)
            if reason:
                left_out.append(f"{payout}: {reason}")
            else:
                by_method[payout.method].append(payout)
        batches = [_make(method, by_method[method], by) for method in sorted(by_method)]
    return batches, left_out


def mark_paid(batch: PayoutBatch, *, by: User, reference: str) -> PayoutBatch:
    """The bank or PayPal has sent it: every payout in it is paid. Again, it changes nothing.

    Raises:
        PayoutNotPossible: it was discarded.
    """
    now = timezone.now()
    with transaction.atomic():
        batch = _lock(batch)
        if batch.status == PayoutBatch.Status.PAID:
            return batch
        if not batch.is_open:
            raise PayoutNotPossible("This batch was discarded.")
        batch.mark_paid(by=by, reference=reference.strip()[:100], at=now)
        payouts = _locked(batch.payouts.all())
        for payout in payouts:
            record_paid(payout, at=now)
            AuditEntry.record(
                actor=by, action="payout.paid", target=payout, amount=str(payout.amount), batch=batch.number
            )
        AuditEntry.record(actor=by, action="payout_batch.paid", target=batch, reference=batch.reference)
        # By ascending id: telling somebody holds their row.
        for payout in sorted(payouts, key=lambda payout: payout.seller_id):
            tell_of_payout(payout)
    return batch


def discard_batch(batch: PayoutBatch, *, by: User) -> PayoutBatch:
    """It will not be sent: its payouts wait, approved as they are, for another one.

    Raises:
        PayoutNotPossible: it is paid, or discarded already.
    """
    with transaction.atomic():
        batch = _lock(batch)
        if not batch.is_open:
            raise PayoutNotPossible("Only a batch that is to be sent can be discarded.")
        numbers = [payout.number for payout in _locked(batch.payouts.all())]
        batch.payouts.update(batch=None)
        batch.discard()
        AuditEntry.record(actor=by, action="payout_batch.discarded", target=batch, payouts=numbers)
    return batch


def _make(method: str, payouts: list[Payout], by: User) -> PayoutBatch:
    batch = PayoutBatch.objects.create(method=method, made_by=by)
    Payout.objects.filter(pk__in=[payout.pk for payout in payouts]).update(batch=batch)
    AuditEntry.record(
        actor=by, action="payout_batch.made", target=batch, payouts=[payout.number for payout in payouts]
    )
    return batch


def _reason_against(payout: Payout, by: User) -> str:
    if payout.status != Payout.Status.APPROVED:
        return "it is not approved."
    if payout.batch_id is not None:
        return "it is in a batch already."
    if payout.seller_id == by.pk:
        return "nobody sends a payout of their own."
    try:
        check_covered(payout)
    except PayoutNotPossible as error:
        return error.message
    return ""


def _lock(batch: PayoutBatch) -> PayoutBatch:
    return PayoutBatch.objects.select_for_update(no_key=True).get(pk=batch.pk)


def _locked(payouts) -> list[Payout]:
    """By ascending id, whoever locks several."""
    found = payouts.select_related("seller", "details").order_by("pk")
    return list(found.select_for_update(no_key=True, of=("self",)))
