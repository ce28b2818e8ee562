"""Whether two formats of one model hold the same model. Measures in, findings out."""

from collections.abc import Iterator

from marketplace.claims import Measures
from marketplace.processing.formats import FORMATS, Format
from marketplace.processing.types import FindingData, Severity

# Exporters cut polygons into triangles in slightly different ways, and drop those without area.
TRIANGLE_TOLERANCE = 0.05
SIZE_TOLERANCE = 0.02
# Lengths of one unit beside another: millimetres, centimetres and decimetres in a metre, inches and feet in common.
KNOWN_SCALES = (1000, 100, 10, 25.4, 2.54, 39.37, 3.281, 12)
# Formats whose curves are cut into triangles only here.
CURVED = {Format.STEP}
HOLDS_MOTION = {Format.GLB, Format.GLTF, Format.FBX, Format.DAE}
HOLDS_TEXTURES = HOLDS_MOTION | {Format.OBJ, Format.THREEMF}
_REMEDY = "Export both from the same scene, or say in the description why they differ."


def disagreements(first: Measures, later: Measures) -> list[FindingData]:
    """What `later` has otherwise than `first`, as findings for `later`. What a format cannot hold is no difference."""
    return [
        FindingData(Severity.WARNING, f"formats-{code}", message, remedy)
        for code, message, remedy in _differences(first, later)
    ]


def _differences(first: Measures, later: Measures) -> Iterator[tuple[str, str, str]]:
    ours, theirs = _label(later), _label(first)
    formats = {Format(first.format), Format(later.format)}
    if not formats & CURVED and _differ(first.triangles, later.triangles, TRIANGLE_TOLERANCE):
        message = f"The {ours} has {later.triangles:,} triangles, the {theirs} {first.triangles:,}."
        yield "triangles", message, _REMEDY
    yield from _sizes(first, later)
    if formats <= HOLDS_MOTION and not (first.dropped or later.dropped):
        if first.animations != later.animations:
            message = f"The {ours} has {_count(later.animations)}, the {theirs} {_count(first.animations)}."
            yield (
                "animations",
                message,
                "Export both with all actions, or say in the description which has them.",
            )
        if first.is_rigged != later.is_rigged:
            has, lacks = (ours, theirs) if later.is_rigged else (theirs, ours)
            message = f"The {has} has a skeleton, the {lacks} has none."
            yield "rig", message, "Export both with the armature, or say in the description which has it."
    if formats <= HOLDS_TEXTURES and bool(first.textures) != bool(later.textures):
        has, lacks = (ours, theirs) if later.textures else (theirs, ours)
        message = f"The {has} comes with textures, the {lacks} without."
        yield "textures", message, "Upload the textures together with the file, or say which format has them."


def _sizes(first: Measures, later: Measures) -> Iterator[tuple[str, str, str]]:
    """By the sorted sides: which axis is up differs between formats, and may."""
    if not first.size or not later.size or max(first.size) <= 0 or max(later.size) <= 0:
        return
    ours, theirs = _label(later), _label(first)
    ratio = max(later.size) / max(first.size)
    scaled = zip(sorted(side * ratio for side in first.size), sorted(later.size), strict=True)
    slack = SIZE_TOLERANCE * max(later.size)
    if any(abs(expected - found) > slack for expected, found in scaled):
        message = f"The {ours} measures {_sides(later.size)}, the {theirs} {_sides(first.size)}."
        yield "size", message, _REMEDY
    elif abs(ratio - 1) > SIZE_TOLERANCE:
        factor, word = (ratio, "larger") if ratio > 1 else (1 / ratio, "smaller")
        known = next((scale for scale in KNOWN_SCALES if abs(factor / scale - 1) <= SIZE_TOLERANCE), factor)
        message = (
            f"The {ours} is {known:,.4g} times {word} than the {theirs}:"
            f" {_sides(later.size)} against {_sides(first.size)}."
        )
        yield "scale", message, "Check the unit of both exports: one of them is probably in another unit."


def _label(measures: Measures) -> str:
    return FORMATS[Format(measures.format)].label


def _differ(one: float, other: float, tolerance: float) -> bool:
    return abs(one - other) > tolerance * max(one, other)


def _count(animations: int) -> str:
    return f"{animations:,} animation{'' if animations == 1 else 's'}" if animations else "no animation"


def _sides(size: tuple[float, float, float]) -> str:
    return " × ".join(f"{_figure(side)}" for side in size) + " m"


def _figure(metres: float) -> str:
    return f"{metres:,.0f}" if metres >= 100 else f"{metres:.3g}"
