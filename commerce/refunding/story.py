"""A refund as the steps that it took, for the pages of buyer and seller."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from commerce.models import Refund

_LEVELS = {
    Refund.Status.REQUESTED: "info",
    Refund.Status.APPROVED: "info",
    Refund.Status.SENDING: "info",
    Refund.Status.COMPLETED: "good",
    Refund.Status.FAILED: "bad",
    Refund.Status.CANCELLED: "",
    Refund.Status.DECLINED: "warn",
}


@dataclass(frozen=True)
class Step:
    """Something that happened, with what was said then."""

    title: str
    at: datetime
    text: str = ""


@dataclass(frozen=True)
class Story:
    """`you` is "buyer" or "seller": who reads it."""

    refund: Refund
    you: str

    @property
    def level(self) -> str:
        """Of the badge."""
        return _LEVELS[self.refund.status]

    @property
    def state(self) -> str:
        if self.refund.awaits_seller and self.you == "seller":
            return "Waits for your answer"
        return self.refund.state_text

    @property
    def steps(self) -> list[Step]:
        return sorted(self._steps(), key=lambda step: step.at)

    def _steps(self) -> Iterator[Step]:
        refund = self.refund
        is_buyer = self.you == "buyer"
        if refund.kind == Refund.Kind.CHARGEBACK:
            yield Step(
                f"{'You' if is_buyer else 'The buyer'} asked the bank to take it back",
                refund.created_at,
                refund.text,
            )
        elif refund.reason == Refund.Reason.GOODWILL:
            yield Step("Support gives money back", refund.created_at)
        else:
            who = "You" if is_buyer else "The buyer"
            yield Step(f"{who} asked: “{refund.get_reason_display()}”", refund.created_at, refund.text)
        yield from self._answers()
        yield from self._decisions()

    def _answers(self) -> Iterator[Step]:
        refund = self.refund
        who = "You" if self.you == "seller" else "The seller"
        if refund.answered_at:
            deeds = {"accepted": "accepted", "partly": "accepted a part", "refused": "refused"}
            yield Step(f"{who} {deeds[refund.answer]}", refund.answered_at, refund.answer_text)
        elif refund.answer == Refund.Answer.NONE and refund.escalated_at:
            yield Step(f"{who} did not answer in time: support decides", refund.escalated_at)

    def _decisions(self) -> Iterator[Step]:
        refund = self.refund
        if refund.decided_at and refund.status != Refund.Status.CANCELLED:
            if refund.kind == Refund.Kind.CHARGEBACK:
                pass
            elif refund.status == Refund.Status.DECLINED:
                yield Step("Support declined", refund.decided_at, refund.decision_text)
            elif refund.grounds:
                yield Step(f"Approved at once: {_grounds(refund)}", refund.decided_at)
            elif refund.decision_text:
                yield Step("Support approved", refund.decided_at, refund.decision_text)
        is_banks = refund.kind == Refund.Kind.CHARGEBACK
        if refund.completed_at:
            yield Step("The bank took it back" if is_banks else "The money went back", refund.completed_at)
        if refund.status == Refund.Status.FAILED and refund.ended_at:
            yield Step("It could not be sent; we look into it", refund.ended_at)
        if refund.status == Refund.Status.CANCELLED and refund.ended_at:
            title = "The payment stands" if is_banks else "Taken back"
            yield Step(title, refund.ended_at, refund.decision_text)


def _grounds(refund: Refund) -> str:
    is_course = refund.transaction is not None and refund.transaction.course_id is not None
    if is_course and refund.grounds == Refund.Grounds.NEVER_DOWNLOADED:
        return "no lesson opened"
    return refund.get_grounds_display().lower()
