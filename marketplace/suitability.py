"""What a model's measures make it fit for, by limits that engines and viewers commonly recommend."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import TextChoices

# The models note what a model is fit for, so this module stands below them.
if TYPE_CHECKING:
    from marketplace.models import Inspection

MIB = 1024 * 1024


class Target(TextChoices):
    """What buyers look for models for, in the order in which it is shown."""

    DESKTOP = "desktop", "Desktop real time"
    MOBILE = "mobile", "Mobile and web"
    AR = "ar", "Augmented reality"
    PRINT = "print", "3D print"


@dataclass(frozen=True)
class Use:
    """One use, whether the model is fit for it as it is, and the measure that decides."""

    target: Target
    is_fit: bool
    reason: str

    @property
    def name(self) -> str:
        return self.target.label


def uses_of(inspection: "Inspection") -> list[Use]:
    """The uses in the order they are shown."""
    return [
        _real_time(Target.DESKTOP, inspection, triangles=500_000, draw_calls=200, memory=512 * MIB),
        _real_time(Target.MOBILE, inspection, triangles=100_000, draw_calls=50, memory=96 * MIB),
        _augmented_reality(inspection),
        _print(inspection),
    ]


def targets_of(inspection: "Inspection") -> list[str]:
    """The codes of what a model is fit for, as they are searched by."""
    return [use.target.value for use in uses_of(inspection) if use.is_fit]


def _real_time(
    target: Target, inspection: "Inspection", *, triangles: int, draw_calls: int, memory: int
) -> Use:
    if inspection.triangles > triangles:
        return Use(target, False, f"{inspection.triangles:,} triangles; {triangles:,} are advised at most")
    if inspection.draw_calls > draw_calls:
        return Use(target, False, f"{inspection.draw_calls:,} draw calls; {draw_calls:,} are advised at most")
    if inspection.texture_memory > memory:
        return Use(
            target,
            False,
            f"Textures take {inspection.texture_memory // MIB:,} MiB; {memory // MIB:,} are advised at most",
        )
    calls = f"{inspection.draw_calls:,} draw call{'' if inspection.draw_calls == 1 else 's'}"
    return Use(target, True, f"{inspection.triangles:,} triangles, {calls}")


def _augmented_reality(inspection: "Inspection") -> Use:
    target = Target.AR
    size = inspection.dimensions
    if size is None:
        return Use(target, False, "No measurable size")
    longest = max(size)
    if not 0.01 <= longest <= 30:
        return Use(target, False, f"{length_text(longest)} long: will not stand in a room at its size")
    return Use(target, True, f"{length_text(longest)} long, in real units")


def _print(inspection: "Inspection") -> Use:
    if inspection.is_watertight is None:
        return Use(Target.PRINT, False, "Not checked for holes")
    if not inspection.is_watertight:
        return Use(Target.PRINT, False, "The surface is not closed")
    return Use(Target.PRINT, True, "The surface is closed")


def length_text(metres: float) -> str:
    """A length in the unit that reads best: `3.2 mm`, `41.5 cm`, `2.40 m`."""
    if metres < 0.01:
        return f"{metres * 1000:.1f} mm"
    return f"{metres * 100:.1f} cm" if metres < 1 else f"{metres:,.2f} m"
