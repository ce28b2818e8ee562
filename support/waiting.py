"""What of support waits for its agents, and of trust and safety for moderators and finance: see `core.waiting`."""

from datetime import timedelta

from django.conf import settings

from commerce.models import ProceedsHold
from core.waiting import Queue
from support.models import Appeal, CopyrightClaim, ModerationDecision, SupportTicket


def holds_to_settle():
    """Proceeds of models whose claims were upheld for good: somebody says whose they are."""
    upheld = CopyrightClaim.objects.filter(
        status=CopyrightClaim.Status.UPHELD, decisions__in=ModerationDecision.objects.beyond_appeal()
    )
    return ProceedsHold.objects.open().filter(claims__in=upheld).distinct()


QUEUES = [
    Queue(
        key="tickets",
        label="Tickets to answer",
        permission="support.answer_supportticket",
        rows=SupportTicket.objects.waiting,
        since="waits_since",
        url_name="admin:support_supportticket_changelist",
        patience=timedelta(hours=settings.SUPPORT_DUE_HOURS[SupportTicket.Priority.MEDIUM]),
        order=30,
    ),
    Queue(
        key="appeals",
        label="Appeals",
        permission="support.decide_appeal",
        rows=Appeal.objects.open,
        since="created_at",
        url_name="admin:support_appeal_changelist",
        query="status__exact=open",
        patience=timedelta(days=settings.APPEAL_DECIDE_DAYS),
        order=22,
    ),
    Queue(
        key="claims",
        label="Copyright claims",
        permission="support.decide_copyrightclaim",
        rows=CopyrightClaim.objects.awaiting_moderators,
        since="created_at",
        url_name="admin:support_copyrightclaim_changelist",
        patience=timedelta(days=settings.CLAIM_DECIDE_DAYS),
        order=24,
    ),
    Queue(
        key="holds",
        label="Held proceeds to settle",
        permission="commerce.settle_hold",
        rows=holds_to_settle,
        since="opened_at",
        url_name="admin:commerce_proceedshold_changelist",
        query="closed_at__isempty=1",
        # It cannot be settled before the days for an appeal are over.
        patience=timedelta(days=settings.APPEAL_DAYS + 14),
        order=65,
    ),
]
