"""Appeals: written by either side of a decision, heard by somebody who had no part in it."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from core.locks import lock_until_commit
from core.models import AuditEntry
from support.actions.safety.deciding import reverse
from support.exceptions import SafetyRefused
from support.models import Appeal, ModerationDecision
from support.safety.remedies import day
from support.safety.subjects import Subject
from support.safety.telling import tell_heard


def file_appeal(*, decision: ModerationDecision, side: str, by: User | None, text: str) -> Appeal:
    """
    Raises:
        SafetyRefused: its time is over, the decision was reversed, or this side has appealed already.
    """
    with transaction.atomic():
        lock_until_commit(Subject.of_decision(decision).key)
        decision.refresh_from_db(fields=["reversed_at", "appeal_by"])
        reason = reason_against(decision, side)
        if reason:
            raise SafetyRefused(reason)
        appeal = Appeal.objects.create(
            decision=decision,
            side=side,
            by=by,
            text=text,
            first_by=decision.by,
            due_at=timezone.now() + timedelta(days=settings.APPEAL_DECIDE_DAYS),
        )
        AuditEntry.record(actor=by, action="appeal.file", target=appeal, side=side)
    return appeal


def reason_against(decision: ModerationDecision, side: str) -> str:
    """Why this side cannot appeal; empty where it can."""
    if decision.is_reversed:
        return "This decision was reversed."
    if decision.appeals.filter(side=side).exists():
        return "There is an appeal already."
    if side == Appeal.Side.OWNER and not decision.is_against:
        return "Nothing was decided against you."
    if side == Appeal.Side.OTHER and decision.is_against:
        return "It was decided as you asked for."
    if not decision.can_be_appealed():
        return f"It could be appealed until {day(decision.appeal_by)}."
    return ""


def hear(*, appeal: Appeal, by: User, is_granted: bool, answer: str) -> Appeal:
    """Another person looks at it. Granted, the decision is reversed: what it changed is as it was, and what came to
    nothing is in the queue again.

    Raises:
        SafetyRefused: they decided first, it is theirs, they reported it; or it was heard already, or has no answer.
    """
    if not answer.strip():
        raise SafetyRefused("Write an answer: whoever appealed reads it.")
    with transaction.atomic():
        lock_until_commit(Subject.of_decision(appeal.decision).key)
        appeal = Appeal.objects.select_related("decision", "by").get(pk=appeal.pk)
        if not appeal.is_open:
            raise SafetyRefused("Somebody has heard this appeal already.")
        _check_hearer(appeal, by)
        status = Appeal.Status.GRANTED if is_granted else Appeal.Status.DECLINED
        appeal.decide(status, by=by, answer=answer.strip(), now=timezone.now())
        AuditEntry.record(actor=by, action=f"appeal.{status}", target=appeal, decision=appeal.decision_id)
        if is_granted:
            reverse(decision=appeal.decision, by=by)
            appeal.decision.refresh_from_db()
        tell_heard(appeal)
    return appeal


def _check_hearer(appeal: Appeal, by: User) -> None:
    if appeal.first_by_id == by.pk:
        raise SafetyRefused("You decided it first: another person hears the appeal.")
    claim = appeal.decision.claim
    is_party = not appeal.may_be_heard_by(by) or appeal.decision.reports.filter(reporter=by).exists()
    if is_party or (claim is not None and claim.claimant_id == by.pk):
        raise SafetyRefused("It concerns you: another person hears the appeal.")
