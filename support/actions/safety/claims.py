"""Copyright claims: filed by anybody, opened by a moderator, answered by the creator, decided."""

from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from core.locks import lock_until_commit
from core.models import AuditEntry
from marketplace.models import Model3D
from support.actions.safety.deciding import decide
from support.actions.safety.holding import hold_for, release_unless_wanted
from support.exceptions import SafetyRefused
from support.models import CopyrightClaim, ModerationDecision
from support.safety import remedies
from support.safety.claim_links import confirmation_url
from support.safety.evidence import facts_between, nearest_facts
from support.safety.subjects import Subject
from support.safety.telling import (
    Letter,
    ask_to_confirm,
    tell_claim_opened,
    tell_claim_withdrawn,
    tell_claimant,
)

Status, Measure = CopyrightClaim.Status, ModerationDecision.Measure


def file_claim(
    *, model: Model3D, claimant: User | None, is_confirmed: bool, own_model: Model3D | None = None, **said
) -> CopyrightClaim:
    """Keep what somebody claims, with what was measured. Where mails to them are not known to arrive (`is_confirmed`
    says so) they are asked to confirm it first.

    Raises:
        SafetyRefused: the model is theirs, or a claim of theirs to it is not decided yet.
    """
    if claimant is not None and model.creator_id == claimant.pk:
        raise SafetyRefused("This model is yours.")
    facts = facts_between(model, own_model) if own_model is not None else nearest_facts(model)
    with transaction.atomic():
        lock_until_commit(Subject.of_model(model).key)
        if is_confirmed:
            _refuse_second(model, said["email"])
        claim = CopyrightClaim.objects.create(
            model=model,
            owner=model.creator,
            title=model.title,
            claimant=claimant,
            own_model=own_model,
            facts=facts,
            **said,
        )
        AuditEntry.record(actor=claimant, action="claim.file", target=claim, model=model.pk)
        if is_confirmed:
            _confirm(claim)
        else:
            ask_to_confirm(claim, confirmation_url(claim))
    return claim


def confirm(*, claim: CopyrightClaim) -> bool:
    """Its writer has followed the link in the mail; False where they had already.

    Raises:
        SafetyRefused: another claim of theirs to the model is not decided yet.
    """
    with transaction.atomic():
        claim = _locked(claim)
        if claim.confirmed_at is not None or claim.status != Status.FILED:
            return False
        _refuse_second(claim.model, claim.email)
        _confirm(claim)
    return True


def open_claim(*, claim: CopyrightClaim, by: User) -> None:
    """It is complete and not obviously wrong: whose model it is may answer, and what the model earns is held.

    Raises:
        SafetyRefused: it does not wait for that, or it concerns them.
    """
    with transaction.atomic():
        claim = _locked(claim)
        _check_decider(claim, by)
        if claim.status != Status.FILED or claim.confirmed_at is None:
            raise SafetyRefused("This claim does not wait to be opened.")
        now = timezone.now()
        claim.open(now, now + timedelta(days=settings.CLAIM_ANSWER_DAYS), hold_for(claim, by))
        AuditEntry.record(actor=by, action="claim.open", target=claim, hold=claim.hold_id)
        tell_claim_opened(claim)
        tell_claimant(
            claim,
            Letter(
                f"Your claim to “{claim.title}” is open",
                f"Whose model it is can answer until {remedies.day(claim.due_at)}. Then the moderators decide.",
                label="Read the claim",
            ),
        )


def counter(*, claim: CopyrightClaim, by: User, answer: str, signature: str) -> None:
    """Whose model it is answers, once; both sides read it, and a moderator decides.

    Raises:
        SafetyRefused: it does not wait for an answer (any more).
    """
    with transaction.atomic():
        claim = _locked(claim)
        if claim.owner_id != by.pk or not claim.awaits_answer:
            raise SafetyRefused("This claim does not wait for your answer any more.")
        now = timezone.now()
        due = now + timedelta(days=settings.CLAIM_DECIDE_DAYS)
        claim.counter(now, due, answer=answer, signature=signature)
        AuditEntry.record(actor=by, action="claim.counter", target=claim)
        tell_claimant(
            claim,
            Letter(
                f"Your claim to “{claim.title}” was answered",
                f"The moderators read both sides and decide by {remedies.day(due)}.",
                label="Read the answer",
            ),
        )


def withdraw(*, claim: CopyrightClaim, by: User | None) -> bool:
    """Its writer takes it back; the proceeds are the seller's. False where it is decided already."""
    with transaction.atomic():
        claim = _locked(claim)
        if not claim.is_undecided:
            return False
        claim.withdraw()
        release_unless_wanted(claim.hold, by)
        AuditEntry.record(actor=by, action="claim.withdraw", target=claim)
        tell_claim_withdrawn(claim)
    return True


def uphold(*, claim: CopyrightClaim, by: User, note: str) -> ModerationDecision:
    """The model comes down. What it earned stays held until finance has settled it.

    Raises:
        SafetyRefused: it is not ready to be decided, or concerns them.
    """
    return _decide(claim, by, Status.UPHELD, Measure.REMOVE, note)


def decline(*, claim: CopyrightClaim, by: User, note: str) -> ModerationDecision:
    """The model stays, and its proceeds are the seller's again.

    Raises:
        SafetyRefused: it is decided already, or concerns them.
    """
    return _decide(claim, by, Status.DECLINED, Measure.DISMISS, note)


def _decide(claim: CopyrightClaim, by: User, status: str, measure: str, note: str) -> ModerationDecision:
    with transaction.atomic():
        claim = _locked(claim)
        _check_decider(claim, by)
        now = timezone.now()
        if not claim.is_undecided or claim.confirmed_at is None:
            raise SafetyRefused("This claim does not wait for a decision.")
        if status == Status.UPHELD and not _was_heard(claim, now):
            raise SafetyRefused(
                "Whose model it is has to be heard first: open the claim, and wait for the answer or its last day."
            )
        if not note.strip():
            raise SafetyRefused("Say why: both sides read it.")
        decision = decide(
            subject=Subject.of_model(claim.model),
            by=by,
            measure=measure,
            reason=ModerationDecision.Reason.COPYRIGHT,
            note=note,
            facts=claim.facts,
            claim=claim,
        )
        claim.decide(now, status)
        if status == Status.DECLINED:
            release_unless_wanted(claim.hold, by)
        outcome = "was upheld: the model is off the site" if measure == Measure.REMOVE else "was declined"
        tell_claimant(
            claim,
            Letter(
                f"Your claim to “{claim.title}” {outcome}",
                remedies.APPEAL.format(appeal_by=remedies.day(decision.appeal_by)),
                [("Why", note)],
            ),
            decision=decision,
        )
    return decision


def _was_heard(claim: CopyrightClaim, now) -> bool:
    if claim.answered_at is not None:
        return True
    return claim.opened_at is not None and claim.opened_at + timedelta(days=settings.CLAIM_ANSWER_DAYS) <= now


def _locked(claim: CopyrightClaim) -> CopyrightClaim:
    """The claim as it is now; the lock of the case holds off everybody else who decides about the model."""
    lock_until_commit(Subject.of_model(claim.model).key)
    return CopyrightClaim.objects.select_related("model__creator", "owner", "claimant", "hold").get(
        pk=claim.pk
    )


def _confirm(claim: CopyrightClaim) -> None:
    now = timezone.now()
    try:
        with transaction.atomic():
            claim.confirm(now, now + timedelta(days=settings.REPORT_DECIDE_DAYS))
    except IntegrityError as error:
        raise SafetyRefused("A claim of yours to this model is not decided yet.") from error
    tell_claimant(
        claim,
        Letter(
            f"We have your claim to “{claim.title}”",
            f"A moderator looks at it by {remedies.day(claim.due_at)}. Its page shows where it stands.",
            label="See where it stands",
        ),
    )


def _refuse_second(model: Model3D, email: str) -> None:
    undecided = CopyrightClaim.objects.waiting().filter(model=model, email__iexact=email)
    if undecided.exists():
        raise SafetyRefused("A claim of yours to this model is not decided yet.")


def _check_decider(claim: CopyrightClaim, by: User) -> None:
    if by.pk in (claim.owner_id, claim.claimant_id):
        raise SafetyRefused("It concerns you: somebody else decides about it.")
