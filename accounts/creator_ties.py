"""What makes somebody a creator, whatever their counters say: the apps above register what they know."""

from collections.abc import Callable

from accounts.models import User

# Answers what follows the name of the person, as "has models here"; or nothing.
Tie = Callable[[User], str]
_ties: list[Tie] = []


def register(tie: Tie) -> None:
    _ties.append(tie)


def ties_of(user: User) -> list[str]:
    """Everything that would be left without a creator if they were one no more."""
    return [said for said in (tie(user) for tie in _ties) if said]
