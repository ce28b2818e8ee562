"""What of commerce waits for support and finance: see `core.waiting`."""

from datetime import timedelta

from commerce.models import Bounty, Dispute, Payout, Refund
from core.waiting import Queue

QUEUES = [
    Queue(
        key="refunds",
        label="Refunds to decide",
        permission="commerce.decide_refund",
        rows=Refund.objects.awaiting_support,
        since="escalated_at",
        url_name="admin:commerce_refund_changelist",
        query="queue=support",
        order=40,
    ),
    Queue(
        key="failed_refunds",
        label="Refunds that could not be sent",
        permission="commerce.restart_refund",
        rows=Refund.objects.failed,
        since="updated_at",
        url_name="admin:commerce_refund_changelist",
        query="queue=failed",
        order=45,
    ),
    Queue(
        key="payouts",
        label="Payouts to approve",
        permission="commerce.approve_payout",
        rows=Payout.objects.requested,
        since="created_at",
        url_name="admin:commerce_payout_changelist",
        query="status__exact=requested",
        order=50,
    ),
    Queue(
        key="approved_payouts",
        label="Payouts to send",
        permission="commerce.pay_payout",
        rows=Payout.objects.to_batch,
        since="created_at",
        url_name="admin:commerce_payout_changelist",
        query="todo=batch",
        patience=timedelta(days=3),
        order=55,
    ),
    Queue(
        key="disputes",
        label="Disputes to answer",
        permission="commerce.answer_dispute",
        rows=Dispute.objects.unanswered,
        since="opened_at",
        url_name="admin:commerce_dispute_changelist",
        query="status__exact=opened&submitted_at__isempty=1",
        order=60,
    ),
    Queue(
        key="bounties",
        label="Bounties to decide",
        permission="commerce.decide_bounty",
        rows=Bounty.objects.awaiting_decision,
        since="escalated_at",
        url_name="admin:commerce_bounty_changelist",
        query="waiting=decision",
        order=70,
    ),
]
