"""What the page of one decision, and that of one claim, show to each side."""

from dataclasses import dataclass
from functools import cached_property

from django.utils import timezone

from support.actions.safety.appealing import reason_against
from support.models import Appeal, CopyrightClaim, ModerationDecision
from support.safety import remedies
from support.safety.sides import Side


@dataclass(frozen=True)
class Step:
    """One of a course of events, for the component `stepper`."""

    label: str
    state: str
    note: str = ""


class DecisionPage:
    """A decision as one side reads it: who reported it, and is no party to it, is told less."""

    def __init__(self, decision: ModerationDecision, side: str, *, viewer, is_party: bool) -> None:
        self.decision = decision
        self.side = side
        self.viewer = viewer
        # Whether all of it is shown. A claim has two parties, who read the same.
        self.is_party = is_party

    @property
    def is_owner(self) -> bool:
        return self.side == Side.OWNER

    @property
    def headline(self) -> str:
        if self.is_owner:
            return remedies.headline(self.decision)
        what = "claim to" if self.is_party else "report about"
        return f"Your {what} “{self.decision.title}”"

    @property
    def outcome(self) -> str:
        """For the other side, in a sentence."""
        if self.decision.is_reversed:
            return "The decision was reversed."
        if not self.decision.is_against:
            return "We found nothing that calls for a measure."
        return "We have acted on it."

    @property
    def meaning(self) -> str:
        return remedies.meaning(self.decision)

    @property
    def remedies(self) -> list[str]:
        return remedies.remedies(self.decision)

    @cached_property
    def appeal(self) -> Appeal | None:
        """This side's own; several may have reported it, and each reads what they wrote themselves."""
        appeals = self.decision.appeals.filter(side=self.side)
        return (appeals if self.is_party else appeals.filter(by=self.viewer)).first()

    @cached_property
    def reason_against_appeal(self) -> str:
        return reason_against(self.decision, self.side)

    @property
    def is_overdue(self) -> bool:
        mend_by = self.decision.mend_by
        return mend_by is not None and not self.decision.is_reversed and mend_by < timezone.now()


class ClaimPage:
    """A claim as both sides read it; where its writer lives is nobody's but the moderators'."""

    def __init__(self, claim: CopyrightClaim, side: str) -> None:
        self.claim = claim
        self.side = side

    @property
    def is_owner(self) -> bool:
        return self.side == Side.OWNER

    @property
    def may_answer(self) -> bool:
        return self.is_owner and self.claim.awaits_answer

    @property
    def may_withdraw(self) -> bool:
        return not self.is_owner and self.claim.is_undecided

    @cached_property
    def decision(self) -> ModerationDecision | None:
        return self.claim.decisions.newest_first().first()

    @property
    def steps(self) -> list[Step]:
        """Where it stands, with the day of the next thing."""
        claim, status = self.claim, self.claim.status
        due = f"by {remedies.day(claim.due_at)}" if claim.due_at else ""
        if claim.confirmed_at is None:
            due = "when its writer has confirmed their address"
        running = {
            CopyrightClaim.Status.FILED: 0,
            CopyrightClaim.Status.OPEN: 1,
            CopyrightClaim.Status.COUNTERED: 2,
        }.get(status, 3)
        labels = ["A moderator looks at it", "Whose model it is may answer", "A moderator decides"]
        steps = []
        for place, label in enumerate(labels):
            state = "done" if place < running else "running" if place == running else "waiting"
            steps.append(Step(label, state, due if place == running else ""))
        return steps
