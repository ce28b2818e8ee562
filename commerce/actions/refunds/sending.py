"""Between an approved refund and its provider: handed over outside of locks, again and again, until it has ended."""

import logging
import re
import uuid

from django.db import transaction
from django.utils import timezone

from commerce.actions.refunds.access import update_access
from commerce.actions.refunds.finishing import complete, undo
from commerce.actions.refunds.locking import hold_refund
from commerce.actions.subscriptions.refunding import require_left
from commerce.exceptions import CommerceError, ProviderRefused, ProviderUnavailable, RefundNotPossible
from commerce.gateways import gateway
from commerce.gateways.base import RefundNews, RefundProgress, RefundState
from commerce.models import Payment, Refund
from commerce.refunding.news import tell
from commerce.refunding.parts import parts_of_refund
from core.models import AuditEntry

logger = logging.getLogger(__name__)

_KEY = re.compile(r"refund-(?P<id>[0-9a-f-]{36})-(?P<number>\d{1,5})")


def send(refund_id: int) -> None:
    """Hand a refund to its provider, or ask what became of it; nothing where another worker does. Not inside a
    transaction.
    """
    refund = _claim(refund_id)
    if refund is None:
        return
    try:
        state = _ask(refund)
    except ProviderUnavailable as error:
        _not_answered(refund, error.message)
    except ProviderRefused as error:
        if refund.provider_id:
            # It will not say how far it is; that does not end the refund.
            _not_answered(refund, error.message)
        else:
            _end(refund, error.message, is_final=True)
    else:
        problem = apply_refund_state(refund, state)
        if problem:
            logger.error("Refund %s: %s", refund.public_id, problem)


def send_waiting(limit: int = 100) -> int:
    """Send what waits, and ask about what is on its way. Returns how many were due."""
    waiting = list(Refund.objects.to_send().values_list("pk", flat=True)[:limit])
    for pk in waiting:
        try:
            send(pk)
        except CommerceError as error:
            logger.warning("Refund %s could not be sent: %s", pk, error)
        except Exception:
            # One that cannot be sent must not keep the others waiting; its lease has set its own next time.
            logger.exception("Refund %s could not be sent", pk)
    return len(waiting)


def send_everything() -> None:
    """Send, or ask about, every refund on its way, also where its time has not come."""
    now = timezone.now()
    sending = Refund.objects.filter(status__in=[Refund.Status.APPROVED, Refund.Status.SENDING])
    sending.filter(try_at__gt=now).update(try_at=now)
    send_waiting(limit=sending.count())


def apply_news(payment: Payment, news: RefundNews) -> str:
    """What a webhook says of a refund; returns what is wrong with that, or an empty text."""
    refund = _find(payment, news)
    if refund is None:
        problem = (
            f"{news.amount} {payment.currency} went back at the provider, and nobody here has asked for it."
        )
        if news.state.progress == RefundProgress.SUCCEEDED:
            AuditEntry.record(actor=None, action="refund.unknown", target=payment, problem=problem)
            logger.error("Payment %s: %s", payment.public_id, problem)
        return problem
    if news.key and news.key != refund.provider_key:
        return _old_sending(refund, news)
    if news.state.progress == RefundProgress.SUCCEEDED and news.amount != refund.gross:
        problem = f"{news.amount} went back instead of {refund.gross}."
        AuditEntry.record(actor=None, action="refund.wrong_amount", target=refund, problem=problem)
        return problem
    return apply_refund_state(refund, news.state)


def apply_refund_state(refund: Refund, state: RefundState) -> str:
    """Bring a refund to what its provider says, however often; returns what is wrong with that, or an empty text."""
    with transaction.atomic():
        refund, held = hold_refund(refund)
        if refund.kind == Refund.Kind.CHARGEBACK:
            return "What a bank has taken back is no refund of ours."
        now = timezone.now()
        if not refund.provider_id and state.provider_refund_id:
            refund.provider_id = state.provider_refund_id
        refund.claim_url = state.claim_url or refund.claim_url
        if state.progress == RefundProgress.SUCCEEDED:
            return _succeeded(refund, held, now)
        if state.progress == RefundProgress.FAILED:
            _failed(refund, held, now, state.message)
        elif refund.status == Refund.Status.SENDING:
            refund.failure_message = state.message[:500]
            refund.save(update_fields=["provider_id", "claim_url", "failure_message", "updated_at"])
            refund.try_later(now)
        return ""


def _succeeded(refund: Refund, held, now) -> str:
    if refund.is_completed:
        return ""
    if refund.status in (Refund.Status.CANCELLED, Refund.Status.DECLINED, Refund.Status.REQUESTED):
        problem = f"It was sent, though it is {refund.get_status_display().lower()}."
        AuditEntry.record(actor=None, action="refund.unexpected", target=refund, problem=problem)
        return problem
    if refund.status == Refund.Status.FAILED and held.line is not None:
        # It counted for nothing meanwhile, and another one may have taken its place.
        before = held.before(refund)
        if refund.gross > (held.sold - before).gross:
            problem = "It went back though it had failed, and another refund has taken its place."
            AuditEntry.record(actor=None, action="refund.unexpected", target=refund, problem=problem)
            return problem
        refund.take(parts_of_refund(refund.gross, sold=held.sold, before=before, currency=refund.currency))
    if refund.status == Refund.Status.FAILED and refund.kind == Refund.Kind.PLAN:
        try:
            require_left(refund)
        except RefundNotPossible as error:
            AuditEntry.record(actor=None, action="refund.unexpected", target=refund, problem=error.message)
            return error.message
    complete(refund, held, now)
    tell(refund)
    return ""


def _failed(refund: Refund, held, now, message: str) -> None:
    if refund.is_completed:
        undo(refund, held, now, message or "The buyer's bank sent the money back.")
    elif refund.status in (Refund.Status.SENDING, Refund.Status.APPROVED):
        refund.fail(now, message, is_final=True)
    else:
        # One that was given up without an answer may be sent under a new key from now on.
        Refund.objects.filter(pk=refund.pk, status=Refund.Status.FAILED).update(failure_is_final=True)
        return
    if held.purchase is not None:
        update_access(held, now)
    AuditEntry.record(actor=None, action="refund.failed", target=refund, problem=refund.failure_message)
    logger.error("Refund %s failed: %s", refund.public_id, refund.failure_message)
    tell(refund)


def _claim(refund_id: int) -> Refund | None:
    """Take the lease of a refund whose time has come; the status says that the provider may know it from now on."""
    now = timezone.now()
    waiting = Refund.objects.to_send(now).filter(pk=refund_id)
    with transaction.atomic():
        refund = waiting.select_for_update(skip_locked=True, no_key=True, of=("self",)).first()
        if refund is None:
            return None
        refund.status = Refund.Status.SENDING
        refund.attempts += 1
        refund.lease_until = now + Refund.LEASE
        refund.save(update_fields=["status", "attempts", "lease_until", "updated_at"])
    return Refund.objects.select_related("payment__order", "transaction__order").get(pk=refund_id)


def _ask(refund: Refund) -> RefundState:
    provider = gateway(refund.payment.provider)
    if refund.provider_id:
        return provider.fetch_refund(refund.payment, refund.provider_id)
    return provider.refund(refund.payment, refund.gross, key=refund.provider_key)


def _not_answered(refund: Refund, message: str) -> None:
    if not refund.provider_id and refund.attempts >= Refund.MAX_ATTEMPTS:
        _end(refund, message, is_final=False)
        return
    with transaction.atomic():
        refund, _held = hold_refund(refund)
        if refund.status == Refund.Status.SENDING:
            refund.failure_message = message[:500]
            refund.try_later(timezone.now())


def _end(refund: Refund, message: str, *, is_final: bool) -> None:
    with transaction.atomic():
        refund, held = hold_refund(refund)
        if refund.status != Refund.Status.SENDING:
            return
        now = timezone.now()
        refund.fail(now, message, is_final=is_final)
        if held.purchase is not None:
            update_access(held, now)
        AuditEntry.record(actor=None, action="refund.failed", target=refund, problem=refund.failure_message)
        logger.error("Refund %s failed: %s", refund.public_id, refund.failure_message)
        tell(refund)


def _find(payment: Payment, news: RefundNews) -> Refund | None:
    """By our key, or by the provider's id where the event names none."""
    refunds = payment.refunds.select_related("transaction__order", "payment")
    key = _KEY.fullmatch(news.key)
    if key is not None:
        return refunds.filter(public_id=uuid.UUID(key["id"])).first()
    if not news.provider_refund_id:
        return None
    return refunds.filter(provider_id=news.provider_refund_id).first()


def _old_sending(refund: Refund, news: RefundNews) -> str:
    """An earlier sending of a refund that was given up and is sent anew: only its success would be news."""
    if news.state.progress != RefundProgress.SUCCEEDED:
        return ""
    problem = f"A sending that had failed, {news.key}, went back after all."
    AuditEntry.record(actor=None, action="refund.unexpected", target=refund, problem=problem)
    logger.error("Refund %s: %s", refund.public_id, problem)
    return problem
