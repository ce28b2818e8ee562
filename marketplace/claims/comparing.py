"""Claims that the measures contradict, as findings that ask to mend the words or the file."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from marketplace.claims import patterns
from marketplace.claims.measures import Measures
from marketplace.claims.words import Clause, Words
from marketplace.processing.formats import FORMATS, Format
from marketplace.processing.types import FindingData, Severity

LOW_POLY_MOST = 100_000
LOW_POLY_MOST_A_MESH = 10_000
HIGH_POLY_LEAST = 10_000
GAME_READY_MOST = 1_000_000
# Sizes of textures are spoken of by their next round name: 3840 or 4000 pixels are “4K” too.
LEAST_OF_SIZE = 0.9
# Counts are rounded when written; a polygon is at least one triangle, and mostly a quad, which is two.
COUNT_TOLERANCE = 1.25
TRIANGLES_A_POLYGON = 3
# Of these the converter reads the meshes alone: what they lack says nothing about the file.
READ_IN_PART = {Format.BLEND}
HOLDS_POLYGONS = {Format.FBX, Format.OBJ, Format.BLEND, Format.DAE, Format.PLY, Format.USDZ}
_SCALES = {"k": 1e3, "thousand": 1e3, "m": 1e6, "million": 1e6, "mio": 1e6, "mil": 1e6}
_QUOTE_LENGTH = 80


@dataclass(frozen=True)
class _Claim:
    """Words that say something, and where they stand."""

    text: str
    place: str

    @property
    def quoted(self) -> str:
        words = f"“{self.text[:_QUOTE_LENGTH]}”"
        return f"The tag {words} says so" if self.place == "tag" else f"The {self.place} says {words}"


@dataclass(frozen=True)
class _Kind:
    """One kind of claim: finds the words, decides whether measures contradict them, says what was measured."""

    code: str
    find: Callable[[list[Clause]], Iterator[tuple[_Claim | None, object]]]
    is_contradicted: Callable[[object, Measures], bool]
    measured: Callable[[Measures], str]
    remedy: str


def contradictions(words: Words, shown: Measures, others: tuple[Measures, ...] = ()) -> list[FindingData]:
    """Findings for the file that is shown, one a kind of claim.

    What any of the model's `others` (its further ready formats) bears out is no contradiction: the buyer gets it.
    """
    clauses = words.clauses()
    return [finding for kind in _KINDS if (finding := _finding(kind, clauses, shown, others)) is not None]


def _finding(kind: _Kind, clauses, shown: Measures, others) -> FindingData | None:
    claims = list(kind.find(clauses))
    for _claim_made, said in claims:
        # Where different figures stand (levels of detail, variants), one that is right answers for all.
        if not all(kind.is_contradicted(said, measures) for measures in (shown, *others)):
            return None
    made = [claim for claim, _said in claims if claim is not None]
    if not made:
        return None
    message = f"{made[0].quoted}, but {kind.measured(shown)}."
    return FindingData(Severity.WARNING, f"claim-{kind.code}", message, kind.remedy)


def _says(phrase: patterns.Phrase, tag: re.Pattern | None = None):
    """Finds the clauses that make a claim, of which nothing more is to be known."""

    def find(clauses):
        for clause in clauses:
            match = phrase.claimed_in(clause)
            if match is None and tag is not None and clause.place == "tag":
                match = tag.match(clause.text)
            if match:
                yield _claim(clause, match), None

    return find


def _claim(clause: Clause, match: re.Match) -> _Claim:
    return _Claim(" ".join((clause.text if clause.place == "tag" else match.group()).split()), clause.place)


def _texture_sizes(clauses):
    """The largest size in pixels that is claimed for textures: smaller ones may come beside it."""
    sizes = []
    for clause in clauses:
        match = patterns.TEXTURE_SIZE.claimed_in(clause)
        if match is None and clause.place == "tag":
            match = patterns.TEXTURE_SIZE_TAG.match(clause.text)
        if match:
            groups = match.groupdict()
            kilo = groups.get("kilo") or groups.get("kilo_after")
            edge = groups.get("edge") or groups.get("edge_after")
            sizes.append((_claim(clause, match), int(kilo) * 1024 if kilo else int(edge)))
    yield from sorted(sizes, key=lambda size: size[1])[-1:]


def _amounts(*phrases: patterns.Phrase):
    """Each amount that stands there, as (bound, number), without a claim where it may be of something else."""

    def find(clauses):
        for clause in clauses:
            for phrase in phrases:
                claimed = phrase.claimed_in(clause)
                match = claimed or phrase.pattern.search(clause.text)
                if match:
                    yield _claim(clause, claimed) if claimed else None, _amount(match.groupdict())
                    break

    return find


def _amount(groups: dict) -> tuple[str, float]:
    """The bound ("most", "least" or empty) and the number."""
    number = float(groups["amount"].replace(",", "")) * _SCALES.get((groups["scale"] or "").lower(), 1)
    return "most" if groups.get("most") else "least" if groups.get("least") else "", number


def _animation_counts(clauses):
    for clause in clauses:
        match = patterns.ANIMATION_COUNT.claimed_in(clause)
        if match and int(match["number"]):
            yield _claim(clause, match), int(match["number"])


def _is_other_count(low_factor: float, high_factor: float):
    """Whether an amount cannot be what was counted: `high_factor` is the most triangles for one that is claimed."""

    def is_other(said, measures: Measures) -> bool:
        bound, number = said
        is_fewer = measures.triangles < number * low_factor and bound != "most"
        is_more = measures.triangles > number * high_factor and bound != "least"
        return is_fewer or is_more

    return is_other


def _lacks_pbr(_said, measures: Measures) -> bool:
    if measures.unlit_materials is None or measures.plain_materials is None or not _is_read_whole(measures):
        return False
    if measures.materials == 0 or measures.unlit_materials == measures.materials:
        return True
    return measures.textures > 0 and measures.plain_materials == measures.materials


def _pbr_measured(measures: Measures) -> str:
    if measures.materials == 0:
        return f"{_file(measures)} has no materials"
    if measures.unlit_materials == measures.materials:
        return f"the materials of {_file(measures)} take no light"
    return f"no material of {_file(measures)} has a map for metal, roughness, relief or occlusion"


def _is_read_whole(measures: Measures, kind: str = "") -> bool:
    """Whether what was not found is not there, rather than not read."""
    return Format(measures.format) not in READ_IN_PART and kind not in measures.dropped


def _file(measures: Measures) -> str:
    return f"the {FORMATS[Format(measures.format)].label} file"


def _plural(count: int, singular: str, plural: str = "") -> str:
    return f"{count:,} {singular if count == 1 else plural or singular + 's'}"


_WORDS_OR_FILE = "Take the words out, or upload a file with"
_KINDS = (
    _Kind(
        "rigged",
        _says(patterns.RIGGED),
        lambda _said, measures: not measures.is_rigged and _is_read_whole(measures, "skeleton"),
        lambda measures: f"{_file(measures)} holds no skeleton",
        f"{_WORDS_OR_FILE} its armature exported.",
    ),
    _Kind(
        "animated",
        _says(patterns.ANIMATED),
        lambda _said, measures: measures.animations == 0 and _is_read_whole(measures, "animation"),
        lambda measures: f"{_file(measures)} holds no animation",
        f"{_WORDS_OR_FILE} its animations exported.",
    ),
    _Kind(
        "animation-count",
        _animation_counts,
        lambda said, measures: 0 < measures.animations < said and _is_read_whole(measures, "animation"),
        lambda measures: f"{_file(measures)} holds {_plural(measures.animations, 'animation')}",
        "Correct the number, or export every action as a clip of its own.",
    ),
    _Kind(
        "textured",
        _says(patterns.TEXTURED, patterns.TEXTURED_TAG),
        lambda _said, measures: measures.textures == 0 and _is_read_whole(measures),
        lambda measures: f"{_file(measures)} holds no textures",
        f"{_WORDS_OR_FILE} its textures.",
    ),
    _Kind(
        "texture-size",
        _texture_sizes,
        lambda said, measures: (
            0 < measures.max_texture_size < said * LEAST_OF_SIZE and _is_read_whole(measures)
        ),
        lambda measures: f"the largest texture is {measures.max_texture_size:,} pixels wide or high",
        "Correct the size, or upload a file with the large textures.",
    ),
    _Kind(
        "pbr",
        _says(patterns.PBR),
        _lacks_pbr,
        _pbr_measured,
        f"{_WORDS_OR_FILE} its metallic-roughness or normal maps.",
    ),
    _Kind(
        "low-poly",
        _says(patterns.LOW_POLY),
        lambda _said, measures: (
            measures.triangles > LOW_POLY_MOST
            and measures.triangles > LOW_POLY_MOST_A_MESH * max(1, measures.meshes)
        ),
        lambda measures: f"{_file(measures)} has {_plural(measures.triangles, 'triangle')}",
        "Take the words out, or upload a simpler mesh.",
    ),
    _Kind(
        "high-poly",
        _says(patterns.HIGH_POLY),
        lambda _said, measures: measures.triangles < HIGH_POLY_LEAST,
        lambda measures: f"{_file(measures)} has only {_plural(measures.triangles, 'triangle')}",
        f"{_WORDS_OR_FILE} the detailed mesh (apply subdivision before you export).",
    ),
    _Kind(
        "game-ready",
        _says(patterns.GAME_READY),
        lambda _said, measures: measures.triangles > GAME_READY_MOST,
        lambda measures: (
            f"{_file(measures)} has {_plural(measures.triangles, 'triangle')}, far more than games draw of one model"
        ),
        "Take the words out, or upload a simpler mesh.",
    ),
    _Kind(
        "unwrapped",
        _says(patterns.UNWRAPPED),
        lambda _said, measures: measures.uv_sets == 0,
        lambda measures: f"{_file(measures)} has no UV map",
        f"{_WORDS_OR_FILE} its UV maps exported.",
    ),
    _Kind(
        "printable",
        _says(patterns.PRINTABLE),
        lambda _said, measures: measures.is_watertight is False,
        lambda measures: f"the surface of {_file(measures)} has holes",
        "Take the words out, or close the holes (in Blender: select non-manifold, then fill) and upload it again.",
    ),
    _Kind(
        "quads",
        _says(patterns.QUADS),
        lambda _said, measures: Format(measures.format) not in HOLDS_POLYGONS,
        lambda measures: f"{_file(measures)} can only hold triangles",
        "Add a format that keeps polygons (FBX, OBJ or Blender), or take the words out.",
    ),
    _Kind(
        "triangle-count",
        _amounts(patterns.TRIANGLE_COUNT, patterns.TRIANGLE_COUNT_AFTER),
        _is_other_count(1 / COUNT_TOLERANCE, COUNT_TOLERANCE),
        lambda measures: f"{_file(measures)} has {_plural(measures.triangles, 'triangle')}",
        "Correct the number, or upload the file that it belongs to.",
    ),
    _Kind(
        "polygon-count",
        _amounts(patterns.POLYGON_COUNT),
        _is_other_count(1 / COUNT_TOLERANCE, TRIANGLES_A_POLYGON),
        lambda measures: f"{_file(measures)} has {_plural(measures.triangles, 'triangle')}",
        "Correct the number, or upload the file that it belongs to.",
    ),
)
