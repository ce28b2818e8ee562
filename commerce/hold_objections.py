"""What stands against giving held proceeds back to the buyers. Who knows of claims and decisions registers it."""

from collections.abc import Callable

from commerce.models import ProceedsHold

# Called inside the transaction, before any lock of money is taken; answers a sentence, or nothing.
Objection = Callable[[ProceedsHold], str]
_objections: list[Objection] = []


def register(objection: Objection) -> None:
    _objections.append(objection)


def objection_to_giving_back(hold: ProceedsHold) -> str:
    """The first of them, as a sentence for finance; empty where nothing stands against it."""
    return next(filter(None, (objection(hold) for objection in _objections)), "")
