"""Sending a budget back to the payment it came from: once, however often it is tried, with no lock held meanwhile."""

import logging

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from commerce.actions.bounties.locking import lock_with_money
from commerce.actions.collecting import collect
from commerce.bounties.telling import tell_claimable, tell_returned
from commerce.exceptions import BountyRefused, ProviderRefused, ProviderUnavailable
from commerce.gateways import gateway
from commerce.gateways.base import RefundNews, RefundProgress, RefundState
from commerce.ledger.bounties import post_escrow_return, post_escrow_return_undone
from commerce.models import EscrowReturn, Payment
from core.models import AuditEntry

logger = logging.getLogger(__name__)


def send_back_on_commit(returned: EscrowReturn) -> None:
    """A worker does it at once; where the broker is away, beat finds what is due."""
    transaction.on_commit(lambda: send_back_later.delay(returned.pk), robust=True)


@shared_task
def send_back_later(return_id: int) -> None:
    """Safe to deliver any number of times."""
    send_back(return_id)


def send_due(limit: int = 100) -> int:
    """Send, or ask about, what is due; how many that was."""
    ids = list(EscrowReturn.objects.due().values_list("pk", flat=True)[:limit])
    for return_id in ids:
        try:
            send_back(return_id)
        except Exception:
            # The next one is not to wait for it; its own time to be tried again is set.
            logger.exception("The return %s could not be carried on", return_id)
    return len(ids)


def send_back(return_id: int) -> EscrowReturn | None:
    """Ask the provider to send the money back, or how far it is; None where another worker is at it, or nothing is due.

    Not inside a transaction. What the provider does not answer is asked again with the same key, later.
    """
    returned = _claim(return_id)
    if returned is None:
        return None
    try:
        state = _ask(returned)
    except ProviderUnavailable as error:
        message = error.message
        return _note(returned, lambda row: row.wait(message))
    except ProviderRefused as error:
        state = RefundState(RefundProgress.FAILED, message=error.message)
    return _note(returned, lambda row: _carry(row, state))


def _claim(return_id: int) -> EscrowReturn | None:
    with transaction.atomic():
        row = EscrowReturn.objects.due().select_related("payment").filter(pk=return_id)
        row = row.select_for_update(of=("self",), skip_locked=True).first()
        if row is not None:
            row.claim()
    return row


def _ask(returned: EscrowReturn) -> RefundState:
    provider = gateway(returned.payment.provider)
    if returned.status == EscrowReturn.Status.PENDING and returned.provider_id:
        return provider.fetch_refund(returned.payment, returned.provider_id)
    return provider.refund(returned.payment, returned.amount, key=returned.key)


def _note(returned: EscrowReturn, write) -> EscrowReturn:
    """Under the locks of poster, bounty, payment, in this order, unless it is settled already."""
    with transaction.atomic():
        bounty = lock_with_money(returned.bounty)
        payment = Payment.objects.select_for_update(no_key=True).get(pk=returned.payment_id)
        row = EscrowReturn.objects.select_for_update().get(pk=returned.pk)
        row.bounty, row.payment = bounty, payment
        if row.is_here and row.attempt == returned.attempt:
            write(row)
    return row


def _carry(row: EscrowReturn, state: RefundState) -> None:
    if state.progress == RefundProgress.PENDING:
        is_claimable = state.claim_url and not row.claim_url
        row.wait(
            state.message,
            status=EscrowReturn.Status.PENDING,
            provider_id=state.provider_refund_id,
            claim_url=state.claim_url,
        )
        if is_claimable:
            tell_claimable(row)
    elif state.progress == RefundProgress.FAILED:
        row.fail(state.message or "The provider did not send it.")
        AuditEntry.record(actor=None, action="bounty.return_failed", target=row.bounty, message=row.message)
        logger.error("The budget of bounty %s could not be sent back: %s", row.bounty_id, row.message)
        collect(row.payment)
    else:
        now = timezone.now()
        row.send(now, provider_id=state.provider_refund_id)
        row.payment.note_refunds()
        post_escrow_return(row, now)
        AuditEntry.record(actor=None, action="bounty.returned", target=row.bounty, amount=str(row.amount))
        tell_returned(row)


def apply_news(returned: EscrowReturn, news: RefundNews) -> str:
    """What a webhook says of it, in whatever order and however often; returns what is wrong, or an empty text."""
    is_own = news.key == returned.key if news.key else news.provider_refund_id == returned.provider_id
    has_come = news.state.progress == RefundProgress.SUCCEEDED
    is_over = returned.is_failed or returned.is_lost
    if not is_own or (has_come and (is_over or news.amount != returned.amount)):
        problem = f"{news.amount} of a bounty went back, and not as its last attempt is known here."
        if has_come:
            AuditEntry.record(
                actor=None, action="bounty.return_unknown", target=returned.bounty, problem=problem
            )
        return problem if has_come else ""
    if news.state.progress == RefundProgress.FAILED and returned.is_sent:
        _undo(returned, news.state.message or "The bank has sent the money back.")
    else:
        _note(returned, lambda row: row.is_failed or row.is_lost or _carry(row, news.state))
    return ""


def _undo(returned: EscrowReturn, message: str) -> None:
    with transaction.atomic():
        bounty = lock_with_money(returned.bounty)
        payment = Payment.objects.select_for_update(no_key=True).get(pk=returned.payment_id)
        row = EscrowReturn.objects.select_for_update().get(pk=returned.pk)
        if not row.is_sent:
            return
        row.bounty, row.payment = bounty, payment
        row.fail(message)
        payment.note_refunds()
        post_escrow_return_undone(row, timezone.now())
        AuditEntry.record(actor=None, action="bounty.return_undone", target=bounty, message=message)
        collect(payment)


def restart(*, returned: EscrowReturn, by: User) -> None:
    """Finance has looked at what failed, and has it tried anew.

    Raises:
        BountyRefused: it has not failed.
    """
    with transaction.atomic():
        row = EscrowReturn.objects.select_for_update().get(pk=returned.pk)
        if not row.is_failed:
            raise BountyRefused("Only what has failed can be tried again.")
        row.restart()
        AuditEntry.record(actor=by, action="bounty.return_again", target=row.bounty, attempt=row.attempt)
        send_back_on_commit(row)
