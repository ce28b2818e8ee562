"""Every mail of the site with made data, for those who look after how they read.

The data is made where all templates are known (`config.mail_samples`) and registered here by kind.
"""

from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace

from django.conf import settings

from core.mail import render

UNSUBSCRIBE_URL = "https://example.com/unsubscribe/made-up/"


@dataclass(frozen=True)
class Sample:
    """One mail as somebody gets it. `can_end` where people may end mails of this kind."""

    kind: str
    context: Callable[[], dict]
    label: str = ""
    can_end: bool = False

    @property
    def folder(self) -> str:
        return self.kind.partition("/")[0]

    def render(self) -> dict[str, str]:
        reader = SimpleNamespace(
            display_name="Ana Ruiz", username="ana", email="ana@example.com", is_creator=True
        )
        values = {
            "recipient": reader,
            "to_address": reader.email,
            "unsubscribe_url": UNSUBSCRIBE_URL if self.can_end else "",
        }
        return render(self.kind, values | self.context())


_samples: dict[str, list[Sample]] = {}


def register(samples: list[Sample]) -> None:
    """Several of one kind are several cases of it; each needs a label of its own then."""
    for sample in samples:
        _samples.setdefault(sample.kind, []).append(sample)


def samples() -> list[Sample]:
    """By app and name."""
    return [sample for kind in sorted(_samples) for sample in _samples[kind]]


def samples_of(kind: str) -> list[Sample]:
    return _samples.get(kind, [])


def kinds() -> list[str]:
    """Every mail there are templates for."""
    subjects = (settings.BASE_DIR / "templates").glob("*/email/*.subject.txt")
    return sorted(f"{path.parent.parent.name}/{path.name.removesuffix('.subject.txt')}" for path in subjects)
