"""How far a payout is, step by step, as its seller reads it."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format

from commerce.models import Payout

Status = Payout.Status


def steps_of(payout: Payout) -> list[dict[str, str]]:
    """For components/stepper.html. Who approved is the site's own business."""
    steps = [_step("Requested", payout.created_at)]
    if payout.status == Status.CANCELLED:
        return [*steps, _step("Cancelled by you", payout.ended_at)]
    if payout.status == Status.DECLINED:
        return [*steps, _failed("Declined", payout.ended_at)]
    steps.append(_step("Approved", payout.approved_at, _approval_note(payout)))
    steps.append(_step("Sent", payout.paid_at, _sending_note(payout)))
    if payout.status == Status.RETURNED:
        steps.append(_failed("Returned", payout.ended_at))
    return steps


def _approval_note(payout: Payout) -> str:
    if payout.approvals_needed == 1:
        return "Somebody of ours looks at it."
    if payout.approvals_given == 1:
        return "One of two people has approved it."
    return "Two people of ours look at it, since it is a large amount."


def _sending_note(payout: Payout) -> str:
    if payout.status != Status.APPROVED:
        return ""
    return "It is in the batch that is being sent." if payout.batch_id else "It goes with the next batch."


def _step(label: str, at: datetime | None, note: str = "") -> dict[str, str]:
    return {"label": label, "state": "done" if at else "waiting", "note": _when(at) if at else note}


def _failed(label: str, at: datetime) -> dict[str, str]:
    return {"label": label, "state": "failed", "note": _when(at)}


def _when(at: datetime) -> str:
    return date_format(timezone.localtime(at), "j F Y, H:i e")
