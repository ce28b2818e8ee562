"""Decisions of moderators: carried out, told, audited, and reversed, each in one transaction.

The lock of the case comes before all others (docs/decisions/0007-locking.md): everything about one thing happens one
after the other.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.actions.standing import check_end
from accounts.exceptions import ModerationRefused
from accounts.models import Report, User
from blog.exceptions import BlogError
from commerce.actions.holds import hold_proceeds
from commerce.exceptions import CommerceError
from community.exceptions import CommunityRefused
from core.locks import lock_until_commit
from core.models import AuditEntry
from marketplace.exceptions import MarketplaceError
from support.actions.safety.claim_reversal import follow_reversal
from support.actions.safety.holding import release_unless_wanted
from support.actions.safety.suspending import keep_out, let_in
from support.exceptions import SafetyRefused
from support.models import CopyrightClaim, ModerationDecision
from support.safety.subjects import Subject
from support.safety.targets import why
from support.safety.telling import tell_owner, tell_reporters, tell_reversed

Measure, Effect = ModerationDecision.Measure, ModerationDecision.Effect
REFUSALS = (BlogError, CommerceError, CommunityRefused, MarketplaceError, ModerationRefused)
# Which permission a measure needs besides that of deciding.
FURTHER_PERMISSIONS = {Measure.SUSPEND: "accounts.moderate_user"}


def decide(
    *,
    subject: Subject,
    by: User,
    measure: str,
    reason: str = "",
    note: str = "",
    evidence: str = "",
    facts: list[dict] | None = None,
    claim: CopyrightClaim | None = None,
    until: datetime | None = None,
    seen: int | None = None,
) -> ModerationDecision:
    """Carry a measure out; closes every open report of the thing, and tells its owner and who reported it.

    A suspension lasts `until` then, or until somebody lifts it.

    Raises:
        SafetyRefused: it is theirs, or they reported it; the measure is none for such a thing, has no reason, or has
            an end that it cannot have; another decision was made since they looked: `seen` is the newest that they
            saw, 0 where there was none.
    """
    with transaction.atomic():
        lock_until_commit(subject.key)
        _check(subject, by, measure, reason, note)
        _check_end(measure, until)
        if seen is not None and subject.newest_decision != seen:
            raise SafetyRefused(
                "Somebody has decided about it since you opened this page: look at that first."
            )
        now = timezone.now()
        decision = ModerationDecision.objects.create(
            content_type=subject.content_type,
            object_id=subject.object_id,
            title=subject.title,
            link=subject.link,
            snapshot=subject.snapshot,
            owner=subject.owner,
            measure=measure,
            reason="" if measure == Measure.DISMISS and claim is None else reason,
            note=note.strip(),
            evidence=evidence.strip(),
            facts=facts or [],
            by=by,
            claim=claim,
            created_at=now,
            ends_at=until,
            mend_by=now + timedelta(days=settings.MEND_DAYS)
            if measure in ModerationDecision.MENDABLE
            else None,
            appeal_by=now + timedelta(days=settings.APPEAL_DAYS),
        )
        _carry_out(decision, subject)
        reports = _close_reports(decision, subject)
        AuditEntry.record(
            actor=by,
            action=f"decision.{measure}",
            target=decision,
            thing=f"{subject.content_type.app_label}.{subject.content_type.model} {subject.object_id}",
            reason=decision.reason,
            reports=len(reports),
        )
        tell_owner(decision)
        tell_reporters(decision, reports)
    return decision


def reverse(*, decision: ModerationDecision, by: User) -> bool:
    """Everything that it changed is as it was before; False where it was reversed already.

    What another standing decision wants as well stays, and is that one's from now on.

    Raises:
        SafetyRefused: it is about their own thing, or what it changed cannot be changed back any more.
    """
    with transaction.atomic():
        lock_until_commit(Subject.of_decision(decision).key)
        decision = ModerationDecision.objects.select_for_update(no_key=True, of=("self",)).get(pk=decision.pk)
        if decision.is_reversed:
            return False
        if decision.owner_id == by.pk:
            raise SafetyRefused("Nobody decides about their own things.")
        effects, decision.effects = decision.effects, []
        decision.reversed_at, decision.reversed_by = timezone.now(), by
        decision.save(update_fields=["effects", "reversed_at", "reversed_by"])
        for effect in effects:
            _undo(decision, effect, by)
        _reopen_reports(decision)
        follow_reversal(decision=decision, by=by)
        AuditEntry.record(actor=by, action="decision.reverse", target=decision, measure=decision.measure)
        tell_reversed(decision)
    return True


def take_back(*, decision: ModerationDecision, by: User) -> bool:
    """A moderator reverses a decision without an appeal: it was wrong, or what was wrong is mended.

    Raises:
        SafetyRefused: somebody has appealed, so that another person has to hear it; they asked for it themselves, or
            may not decide so; or as for `reverse`.
    """
    with transaction.atomic():
        lock_until_commit(Subject.of_decision(decision).key)
        if decision.appeals.open().exists():
            raise SafetyRefused("An appeal waits: whoever hears it decides.")
        has_claimed = decision.claim is not None and decision.claim.claimant_id == by.pk
        if has_claimed or decision.reports.filter(reporter=by).exists():
            raise SafetyRefused("It concerns you: somebody else decides about it.")
        _check_permission(decision.measure, by)
        return reverse(decision=decision, by=by)


def _check(subject: Subject, by: User, measure: str, reason: str, note: str) -> None:
    if subject.owner is not None and subject.owner.pk == by.pk:
        raise SafetyRefused("This is yours: somebody else decides about it.")
    if subject.reports.filter(state=Report.State.OPEN, reporter=by).exists():
        raise SafetyRefused("You have reported it: somebody else decides about it.")
    if measure not in subject.measures:
        raise SafetyRefused("This cannot be decided about such a thing, or not any more.")
    _check_permission(measure, by)
    if measure != Measure.DISMISS and not (reason and note.strip()):
        raise SafetyRefused("Say why: its owner reads it.")


def _check_end(measure: str, until: datetime | None) -> None:
    if until is not None and measure != Measure.SUSPEND:
        raise SafetyRefused("Only a suspension has an end.")
    try:
        check_end(until)
    except ModerationRefused as error:
        raise SafetyRefused(str(error)) from error


def _check_permission(measure: str, by: User) -> None:
    if measure in FURTHER_PERMISSIONS and not by.has_perm(FURTHER_PERMISSIONS[measure]):
        raise SafetyRefused("You may not decide this.")


def _carry_out(decision: ModerationDecision, subject: Subject) -> None:
    try:
        if decision.measure in ModerationDecision.REMOVING:
            if subject.target.take_down(subject.thing, decision.by, why(decision)):
                decision.effects = [Effect.REMOVED]
        elif decision.measure == Measure.SUSPEND:
            keep_out(decision)
        elif decision.measure == Measure.HOLD:
            decision.hold = hold_proceeds(model=subject.thing, by=decision.by, reason=why(decision))
            decision.effects = [Effect.HELD]
    except REFUSALS as error:
        raise SafetyRefused(str(error)) from error
    decision.save(update_fields=["effects", "hold"])


def _close_reports(decision: ModerationDecision, subject: Subject) -> list[Report]:
    if decision.claim_id is not None and not decision.is_against:
        # That a claim came to nothing says nothing of what else was reported.
        return []
    reports = list(subject.reports.open().select_related("reporter").order_by("pk"))
    state = Report.State.UPHELD if decision.is_against else Report.State.DISMISSED
    Report.objects.filter(pk__in=[report.pk for report in reports]).update(state=state)
    decision.reports.set(reports)
    return reports


def _reopen_reports(decision: ModerationDecision) -> None:
    """Of a measure that was wrong, those who asked for it were wrong; what came to nothing is looked at anew."""
    if decision.is_against:
        decision.reports.update(state=Report.State.DISMISSED)
        return
    again = Subject.of_decision(decision).reports.open()
    decision.reports.exclude(reporter__in=again.values("reporter")).update(state=Report.State.OPEN)


def _undo(decision: ModerationDecision, effect: str, by: User) -> None:
    try:
        if effect == Effect.REMOVED:
            _put_back_unless_wanted_gone(decision, by)
        elif effect == Effect.SUSPENDED and decision.owner is not None:
            let_in(decision, by)
        elif effect == Effect.HELD:
            release_unless_wanted(decision.hold, by)
    except REFUSALS as error:
        raise SafetyRefused(str(error)) from error


def _put_back_unless_wanted_gone(decision: ModerationDecision, by: User) -> None:
    """Another standing decision by which it is to be off the site takes the effect over."""
    others = ModerationDecision.objects.standing().about(decision.content_type, decision.object_id)
    others = others.filter(measure__in=ModerationDecision.REMOVING).exclude(pk=decision.pk)
    heir = others.exclude(effects__contains=[Effect.REMOVED]).order_by("-pk").first()
    subject = Subject.of_decision(decision)
    if heir is not None:
        heir.effects = [*heir.effects, Effect.REMOVED]
        heir.save(update_fields=["effects"])
    elif subject.thing is not None:
        subject.target.put_back(subject.thing, by)
