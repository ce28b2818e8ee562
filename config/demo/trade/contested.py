"""Money on its way back: refunds sent, and payments that somebody contests at their bank."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from commerce.actions import disputes
from commerce.actions.refunds import send
from commerce.documents import credit_note_for
from commerce.gateways import sandbox
from commerce.models import Dispute, Order, Refund, SandboxDispute
from config.demo.catalogue.trade import DemoDispute
from config.demo.trade.shop import Deed, Shop, hear

ANSWERED = timedelta(days=2)


def finish(refund: Refund) -> None:
    """Send a refund that is approved, and write its credit note."""
    refund.refresh_from_db()
    if refund.status != Refund.Status.APPROVED:
        return
    send(refund.pk)
    hear(refund.payment)
    credit_note_for(refund)


def deeds_of(
    entry: DemoDispute, bought: datetime, shop: Shop, order_of: Callable[[], Order | None]
) -> Iterator[Deed]:
    opened = max(shop.ago(entry.opened), bought + timedelta(days=1))
    if opened > shop.now:
        return
    yield Deed(opened, lambda: _contest(entry, order_of()))
    yield Deed(min(opened + ANSWERED, shop.now), lambda: _answer(entry, order_of(), shop))
    if entry.won is not None:
        yield Deed(max(shop.ago(entry.won), opened + 2 * ANSWERED), lambda: _win(order_of()))


def _contest(entry: DemoDispute, order: Order | None) -> None:
    payment = order and order.latest_payment()
    if payment is None or not payment.is_received or payment.disputes.exists():
        return
    sandbox.contest(payment.provider_id, entry.reason)
    with _silence():
        hear(payment)


@contextmanager
def _silence() -> Iterator[None]:
    """The log tells who runs a site of each dispute at once; nobody has to do anything about one that is made up."""
    disputes.logger.disabled = True
    try:
        yield
    finally:
        disputes.logger.disabled = False


def _answer(entry: DemoDispute, order: Order | None, shop: Shop) -> None:
    dispute = _dispute_of(order)
    if dispute and dispute.is_open and dispute.submitted_at is None:
        disputes.submit_evidence(dispute=dispute, by=shop.people["finance"], statement=entry.statement)


def _win(order: Order | None) -> None:
    dispute = _dispute_of(order)
    if dispute and dispute.is_open:
        told = SandboxDispute.objects.get(charge__charge_id=dispute.payment.provider_id)
        sandbox.decide_dispute(told.dispute_id, merchant_wins=True)
        hear(dispute.payment)


def _dispute_of(order: Order | None) -> Dispute | None:
    payment = order and order.latest_payment()
    return payment.disputes.first() if payment else None
