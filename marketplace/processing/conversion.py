"""What came of a conversion: its data, and what its creator is told."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field

from .formats import FORMATS, Format
from .types import FindingData, Severity

SHOWN_NAMES = 20
MATERIAL_EXTENSION = ".mtl"
# Formats in which a surface has neither texture places nor, as a rule, materials: nothing to remark.
BARE_FORMATS = {Format.STL, Format.STEP, Format.THREEMF, Format.PLY}
UNREMARKABLE = {"missing-uvs", "no-materials", "missing-normals"}
# Of the codes of findings.from_validator.
VALIDATOR_PREFIX = "gltf-"
DROPPED_WORDS = {"skeleton": "its skeleton", "animation": "its animation", "shapes": "its shape keys"}


@dataclass(frozen=True)
class Facts:
    """What the two tools of the conversion found out.

    ``missing`` and ``unreadable`` are base names of files that the model names; ``private_hint`` tells, shortened, of
    a folder of the author's disk that the original names, and is never kept in the data.
    """

    format: str
    units: dict
    up_axis: str
    missing: list[str]
    unreadable: list[str]
    private_hint: str = ""
    dropped: list[str] = field(default_factory=list)
    loose_vertices: int = 0
    normals_made: int = 0

    @classmethod
    def merged(cls, first: dict, second: dict) -> "Facts":
        """Of the answers of both tools."""
        lists = {
            name: sorted({*first[name], *second[name]}, key=str.lower)
            for name in ("missing", "unreadable", "dropped")
        }
        return cls(**(first | second | lists))

    def as_data(self) -> dict:
        """For the step's data: everything but what is the creator's alone."""
        data = asdict(self)
        del data["private_hint"]
        return data


def findings(facts: Facts) -> list[FindingData]:
    """What the creator should know of the conversion."""
    info = FORMATS[Format(facts.format)]
    found = [*_missing(facts), *_unreadable(facts)]
    if facts.units["assumed"]:
        found.append(
            FindingData(
                Severity.INFO,
                "unit-assumed",
                f"{info.label} files do not say how long a unit is; one is taken as one {facts.units['name']}.",
                "If the size shown is wrong, scale the model and export it again, or upload a GLB.",
            )
        )
    if facts.dropped:
        what = " and ".join(DROPPED_WORDS[kind] for kind in facts.dropped)
        found.append(
            FindingData(
                Severity.INFO,
                "shown-without",
                f"The preview shows the model without {what}; buyers get the file as it is.",
                "Upload a GLB too if people should see that.",
            )
        )
    if facts.format == Format.BLEND:
        found.append(
            FindingData(
                Severity.INFO,
                "blend-read-simply",
                "Of a Blender file shapes and plain colours are read, but neither node materials nor modifiers.",
                "Upload a GLB too (File › Export › glTF 2.0), which looks as it does in Blender.",
            )
        )
    if facts.loose_vertices:
        found.append(
            FindingData(
                Severity.INFO,
                "loose-parts",
                f"Points and edges without a surface ({facts.loose_vertices:,} points) are not shown.",
                "Delete loose geometry before you export, unless it is meant.",
            )
        )
    if facts.private_hint:
        found.append(
            FindingData(
                Severity.INFO,
                "private_path",
                f"The file names a folder of your disk ({facts.private_hint}), which buyers can read in it.",
                "Export again with relative paths or embedded textures (in Blender: Path Mode “Strip Path” or “Copy”).",
            )
        )
    return found


def fitting(found: Iterable[FindingData], data: dict) -> list[FindingData]:
    """What of the findings about the converted file is about the creator's own, whose conversion ``data`` describes.

    Not what the validator says of a file that we wrote ourselves, nor what is in the nature of the format.
    """
    is_bare = data["format"] in BARE_FORMATS
    is_ours = data["format"] != Format.GLTF
    return [
        finding
        for finding in found
        if not (is_ours and finding.code.startswith(VALIDATOR_PREFIX))
        and not (is_bare and finding.code in UNREMARKABLE)
    ]


def _missing(facts: Facts) -> list[FindingData]:
    found = []
    for name in facts.missing[:SHOWN_NAMES]:
        is_material = name.lower().endswith(MATERIAL_EXTENSION)
        found.append(
            FindingData(
                Severity.WARNING,
                "material_missing" if is_material else "texture_missing",
                f"The model’s materials are in “{name}”, which is not part of the upload."
                if is_material
                else f"The texture “{name}” is not part of the upload, so the preview lacks it.",
                f"Upload “{name}” together with the model, in one zip or in one drop.",
                name,
            )
        )
    return found


def _unreadable(facts: Facts) -> list[FindingData]:
    return [
        FindingData(
            Severity.WARNING,
            "texture_unreadable",
            f"The texture “{name}” cannot be read here, so the preview lacks it.",
            "Save it as PNG or JPEG, let the model refer to that, and upload both together.",
            name,
        )
        for name in facts.unreadable[:SHOWN_NAMES]
    ]
