"""What tools and our own checks say about a file, in the words of the person who made it."""

from .types import FindingData, Severity
from .validator_words import FAMILIES, KTX2_NOISE, SILENT, WORDS

MIB = 1024 * 1024
MANY_TRIANGLES = 1_000_000
MANY_DRAW_CALLS = 100
LARGE_TEXTURE = 4096
LARGE_TEXTURE_MEMORY = 256 * MIB
LONGEST_USUAL_METRES = 1000.0
SHORTEST_USUAL_METRES = 0.001
MUCH_OVERLAP = 0.5
LITTLE_COVERAGE = 0.2

_VALIDATOR_SEVERITIES = (Severity.ERROR, Severity.WARNING, Severity.INFO, Severity.INFO)


def from_validator(issues: list[dict]) -> list[FindingData]:
    """Findings for the Khronos validator's issues, folded by code (see node/validate.mjs)."""
    uses_ktx2 = any(
        issue["code"] == "UNSUPPORTED_EXTENSION" and "KHR_texture_basisu" in issue["message"]
        for issue in issues
    )
    found = []
    for issue in issues:
        code = issue["code"]
        if code in SILENT or (uses_ktx2 and code in KTX2_NOISE):
            continue
        words = WORDS.get(code)
        if words is None:
            _prefix, text, remedy = next(family for family in FAMILIES if code.startswith(family[0]))
            message = f"{text}: {issue['message']}"
        else:
            message, remedy = words
        if issue["count"] > 1:
            message = f"{message} ({issue['count']:,} places)"
        severity = _VALIDATOR_SEVERITIES[issue["severity"]]
        slug = "gltf-" + code.lower().replace("_", "-")
        found.append(FindingData(severity, slug, message[:1000], remedy, issue["pointer"][:300]))
    return sorted(found, key=lambda finding: list(Severity).index(finding.severity))


def from_measures(data: dict) -> list[FindingData]:
    """Findings of our own about the measures of the gltf step."""
    found = []

    def add(severity: Severity, code: str, message: str, remedy: str = "") -> None:
        found.append(FindingData(severity, code, message, remedy))

    if data["triangles"] > MANY_TRIANGLES:
        add(
            Severity.WARNING,
            "many-triangles",
            f"The model has {data['triangles']:,} triangles, too many for games and for phones.",
            "Offer a version with less detail too, or bake the detail into a normal map.",
        )
    if data["draw_calls"] > MANY_DRAW_CALLS:
        add(
            Severity.WARNING,
            "many-draw-calls",
            f"The model is drawn in {data['draw_calls']:,} pieces, which is slow on most devices.",
            "Join objects that share a material, and share materials where you can.",
        )
    if data["max_texture_size"] > LARGE_TEXTURE:
        add(
            Severity.WARNING,
            "large-texture",
            f"The largest texture is {data['max_texture_size']:,} pixels wide; many devices cannot load it.",
            f"Scale textures to at most {LARGE_TEXTURE:,} pixels.",
        )
    if data["texture_memory"] > LARGE_TEXTURE_MEMORY:
        add(
            Severity.WARNING,
            "much-texture-memory",
            f"The textures take {data['texture_memory'] // MIB:,} MiB of graphics memory.",
            "Use smaller textures for small parts, pack masks into one texture, or compress as KTX2.",
        )
    if data["textures_not_power_of_two"]:
        add(
            Severity.INFO,
            "texture-not-power-of-two",
            f"{_count(data['textures_not_power_of_two'], 'texture has a side', 'textures have sides')} that "
            "is not a power of two (such as 1024), which some engines scale on import.",
            "Scale them to 512, 1024, 2048 or 4096 pixels.",
        )
    if data["primitives_without_normals"]:
        add(
            Severity.WARNING,
            "missing-normals",
            "Some surfaces have no normals, so they are shaded flat.",
            "Tick “Normals” in the export dialog, unless the flat look is meant.",
        )
    if data["primitives_without_uvs"]:
        textured = data["textures"] > 0
        add(
            Severity.WARNING if textured else Severity.INFO,
            "missing-uvs",
            "Some surfaces have no UV map, so textures cannot be put on them.",
            "Unwrap the surfaces before you export."
            if textured
            else "Unwrap them if buyers should be able to texture them.",
        )
    if data["materials"] == 0:
        add(
            Severity.INFO,
            "no-materials",
            "The model has no materials; it is shown in grey.",
            "Assign at least one material before you export, unless grey is meant.",
        )
    return found


def from_geometry(data: dict, gltf: dict) -> list[FindingData]:
    """Findings about size, closedness and texture layout; ``gltf`` is that step's data."""
    found = []
    longest = max(data["bounds"]["size"])
    if longest > LONGEST_USUAL_METRES or longest < SHORTEST_USUAL_METRES:
        found.append(
            FindingData(
                Severity.WARNING,
                "unusual-size",
                f"The model is {longest:,.4g} m long, as glTF counts in metres.",
                "Check the scene's unit and apply the scale before you export.",
            )
        )
    if data["inside_out"]:
        found.append(
            FindingData(
                Severity.WARNING,
                "inside-out",
                "The faces look inwards, so viewers show the inside of the model instead of its outside.",
                "Flip or recalculate the normals so that they point outwards, and export again.",
            )
        )
    if data["degenerate_triangles"]:
        found.append(
            FindingData(
                Severity.INFO,
                "flat-triangles",
                f"{_count(data['degenerate_triangles'], 'triangle has', 'triangles have')} no area.",
                "Merge by distance or dissolve degenerate faces before you export.",
            )
        )
    if data["triangles"] and not data["watertight"]:
        found.append(
            FindingData(
                Severity.INFO,
                "not-watertight",
                "The surface has open edges, so it cannot be 3D-printed as it is.",
                "Fill the holes if the model is meant for printing.",
            )
        )
    overlap = data["uv_overlap"]
    if gltf.get("textures") and overlap is not None and overlap > MUCH_OVERLAP and not data["uv_tiled"]:
        found.append(
            FindingData(
                Severity.INFO,
                "overlapping-uvs",
                f"About {overlap:.0%} of the UV map lies over other parts of it.",
                "Fine for mirrored or palette textures; unwrap anew if buyers should paint or bake on it.",
            )
        )
    return found


def _count(number: int, singular: str, plural: str) -> str:
    return f"{number:,} {singular if number == 1 else plural}"
