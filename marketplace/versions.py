"""The versions of a model's files that moderators have approved, and what each measures otherwise than the last."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from django.template.defaultfilters import filesizeformat

from marketplace.models import Inspection, Model3D, ModelFile

# So many are looked at, the newest ones.
MOST = 100


@dataclass(frozen=True)
class Difference:
    """One measure of two versions in words; `change` says by how much, and is empty where that has no number."""

    label: str
    before: str
    after: str
    change: str = ""


@dataclass(frozen=True)
class Version:
    """One approved version of one format; `differences` are those from the version before it."""

    file: ModelFile
    is_newest: bool
    differences: list[Difference] = field(default_factory=list)

    @property
    def number(self) -> int:
        return self.file.version

    @property
    def label(self) -> str:
        return f"{self.file.get_format_display()}, version {self.file.version}"

    @property
    def released_at(self) -> datetime:
        return self.file.approved_at

    @property
    def facts(self) -> list[dict[str, str]]:
        """Its own measures, as the component `spec_list` wants them."""
        return [
            {"label": measure.label, "value": measure.word(measure.of(self.file)), "is_measured": True}
            for measure in _MEASURES
        ]


def version_history(model: Model3D) -> list[Version]:
    """Every approved version of every format, the last approved first; one query."""
    files = model.files.included().approved().select_related("inspection")
    newest_first = list(files.order_by("-approved_at", "-version", "-pk")[:MOST])
    history = []
    for place, file in enumerate(newest_first):
        earlier = [other for other in newest_first[place + 1 :] if other.format == file.format]
        later = any(other.format == file.format for other in newest_first[:place])
        found = differences(earlier[0], file) if earlier else []
        history.append(Version(file, is_newest=not later, differences=found))
    return history


def differences(before: ModelFile, after: ModelFile) -> list[Difference]:
    """What `after` measures otherwise than `before`, both with their inspection."""
    found = []
    for measure in _MEASURES:
        old, new = measure.of(before), measure.of(after)
        words = measure.word(old), measure.word(new)
        # What reads the same is no difference: a few bytes of many.
        if words[0] != words[1]:
            found.append(Difference(measure.label, *words, change=measure.change(old, new)))
    return found


@dataclass(frozen=True)
class _Measure:
    label: str
    of: Callable[[ModelFile], object]
    word: Callable[[object], str]

    def change(self, old, new) -> str:
        if isinstance(old, bool) or not isinstance(old, int) or not isinstance(new, int):
            return ""
        sign = "+" if new > old else "−"
        percent = round(100 * abs(new - old) / old) if old else 0
        share = f" ({sign}{percent:,} %)" if percent else ""
        return f"{sign}{self.word(abs(new - old))}{share}"


def _inspected(name: str) -> Callable[[ModelFile], object]:
    def value(file: ModelFile):
        inspection: Inspection | None = getattr(file, "inspection", None)
        return getattr(inspection, name) if inspection else None

    return value


def _dimensions(file: ModelFile) -> tuple[float, ...] | None:
    sides = _inspected("dimensions")(file)
    return tuple(round(side, 4) for side in sides) if sides else None


def _count(number) -> str:
    return "–" if number is None else f"{number:,}"


def _bytes(number) -> str:
    return "–" if number is None else filesizeformat(number)


def _pixels(number) -> str:
    return f"{number:,} px" if number else "none"


def _yes(value) -> str:
    return {True: "yes", False: "no", None: "–"}[value]


def _metres(sides) -> str:
    return " × ".join(f"{side:,.3g}" for side in sides) + " m" if sides else "–"


_MEASURES = (
    _Measure("File size", lambda file: file.size, _bytes),
    _Measure("Triangles", _inspected("triangles"), _count),
    _Measure("Vertices", _inspected("vertices"), _count),
    _Measure("Meshes", _inspected("meshes"), _count),
    _Measure("Materials", _inspected("materials"), _count),
    _Measure("Textures", _inspected("textures"), _count),
    _Measure("Largest texture", _inspected("max_texture_size"), _pixels),
    _Measure("Animations", _inspected("animations"), _count),
    _Measure("Rigged", _inspected("is_rigged"), _yes),
    _Measure("UV sets", _inspected("uv_sets"), _count),
    _Measure("Watertight", _inspected("is_watertight"), _yes),
    _Measure("Size", _dimensions, _metres),
)
