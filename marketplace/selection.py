"""Which models were chosen on the inventory page, where the way leads back to, and what became of them."""

from dataclasses import asdict, dataclass, field
from typing import Self
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from marketplace.actions.bulk import Outcome
from marketplace.bulk import Deed, Delete

_SESSION_KEY = "inventory.report"
_LONGEST_QUERY = 1000


def chosen_ids(values: list[str]) -> list[int]:
    """The numbers among what was sent, each once, in order; the rest is left out."""
    numbers = {int(value) for value in values if value.isascii() and value.isdecimal() and len(value) < 18}
    return sorted(numbers)


def back_to(query: str) -> str:
    """The inventory as it was: only known parts of the query are kept."""
    try:
        given = QueryDict(query[:_LONGEST_QUERY])
    except ValueError:
        given = QueryDict()
    kept = {name: given[name] for name in ("status", "q", "sort", "page") if given.get(name)}
    return reverse("marketplace:inventory") + (f"?{urlencode(kept)}" if kept else "")


@dataclass(frozen=True)
class Report:
    """What became of each model, told once on the page that comes next; `undo` is where POST takes it back."""

    title: str
    done: list[list[str]] = field(default_factory=list)
    refused: list[list[str]] = field(default_factory=list)
    undo: str = ""

    @classmethod
    def of(cls, deed: Deed, outcomes: list[Outcome]) -> Self:
        done = [outcome for outcome in outcomes if not outcome.refusal]
        refused = [outcome for outcome in outcomes if outcome.refusal]
        return cls(
            title=_title(deed, len(done), len(refused)),
            done=[[outcome.model.title, outcome.effect] for outcome in done],
            refused=[[outcome.model.title, outcome.refusal] for outcome in refused],
            undo=undo_address([outcome.model.pk for outcome in done]) if isinstance(deed, Delete) else "",
        )

    def keep(self, session) -> None:
        session[_SESSION_KEY] = asdict(self)

    @classmethod
    def take(cls, session) -> Self | None:
        """What was kept, or None; it is told once."""
        kept = session.pop(_SESSION_KEY, None)
        return cls(**kept) if kept else None


def undo_address(ids: list[int]) -> str:
    """Where POST brings deleted models back; empty for none."""
    if not ids:
        return ""
    query = urlencode([("do", "restore"), *(("model", pk) for pk in ids)])
    return f"{reverse('marketplace:bulk')}?{query}"


def _title(deed: Deed, done: int, refused: int) -> str:
    if not done:
        return "Nothing was changed."
    models = "1 model" if done == 1 else f"{done} models"
    left = f"; {refused} left as {'it was' if refused == 1 else 'they were'}" if refused else ""
    return f"{deed.done}: {models}{left}."
