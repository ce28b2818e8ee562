"""What tools and our own checks say about a file, in the words of the person who made it."""

from .types import FindingData, Severity

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
_EXPORT_AGAIN = "Export the model again with a current version of your exporter."

# Validator codes that tell the creator nothing: about our validator, or about bytes that nobody sees.
_SILENT = {
    *("UNSUPPORTED_EXTENSION", "INCOMPLETE_EXTENSION_SUPPORT", "BUFFER_VIEW_TARGET_MISSING", "EXTRA_PROPERTY"),
    *("NON_OBJECT_EXTRAS", "GLB_EMPTY_BIN_CHUNK", "BUFFER_GLB_CHUNK_TOO_BIG", "NODE_MATRIX_DEFAULT", "DATA_URI_GLB"),
    *("UNUSED_MESH_WEIGHTS", "IMAGE_NPOT_DIMENSIONS", "NODE_EMPTY"),
}
# A KTX2 texture is fine here, though the validator has not learnt the format.
_KTX2_NOISE = {"VALUE_NOT_IN_LIST", "IMAGE_UNRECOGNIZED_FORMAT", "TEXTURE_INVALID_IMAGE_MIME_TYPE"}

# Validator code -> what it means, how to mend it. Codes that are not here get the words of their family below.
_WORDS: dict[str, tuple[str, str]] = {
    "ACCESSOR_VECTOR3_NON_UNIT": (
        "Some normals or tangents are not of length one, so shading may differ between viewers.",
        "Recalculate or normalise the normals before you export.",
    ),
    "ACCESSOR_INVALID_SIGN": (
        "Some tangents have an invalid direction sign, so normal maps may look wrong.",
        "Export without tangents, or recalculate them.",
    ),
    "ACCESSOR_INDEX_TRIANGLE_DEGENERATE": (
        "Some triangles use the same corner twice and so have no area.",
        "Merge by distance or dissolve degenerate faces before you export.",
    ),
    "ACCESSOR_INDEX_OOB": ("Some faces use points that do not exist.", _EXPORT_AGAIN),
    "ACCESSOR_JOINTS_INDEX_OOB": ("Some points follow bones that do not exist.", "Clean the vertex groups and export again."),
    "ACCESSOR_JOINTS_USED_ZERO_WEIGHT": (
        "Some points name bones that do not move them.",
        "Limit and clean the vertex groups; it makes the file smaller.",
    ),
    "ACCESSOR_JOINTS_INDEX_DUPLICATE": (
        "Some points name the same bone twice.",
        "Normalise the vertex groups before you export.",
    ),
    "ACCESSOR_WEIGHTS_NON_NORMALIZED": (
        "The bone weights of some points do not add up to one, so they may move too far.",
        "Normalise all vertex groups before you export.",
    ),
    "ACCESSOR_WEIGHTS_NEGATIVE": ("Some bone weights are negative.", "Normalise all vertex groups before you export."),
    "ACCESSOR_INVALID_FLOAT": ("The geometry contains undefined numbers.", "Look for broken vertices and export again."),
    "ACCESSOR_INVALID_IBM": ("The rest pose of a bone is not a valid transform.", "Apply the armature's scale and export again."),
    "ACCESSOR_ANIMATION_INPUT_NON_INCREASING": (
        "The key frames of an animation are not in order of time.",
        "Bake the animation before you export.",
    ),
    "ACCESSOR_ANIMATION_INPUT_NEGATIVE": ("An animation starts before time zero.", "Move its first key frame to frame 0."),
    "ACCESSOR_ANIMATION_SAMPLER_OUTPUT_NON_NORMALIZED_QUATERNION": (
        "Some rotations of an animation are not normalised.",
        "Bake the animation before you export.",
    ),
    "ANIMATION_CHANNEL_TARGET_NODE_SKIN": (
        "An animation moves a skinned mesh as a whole, which viewers ignore.",
        "Animate the armature instead of the mesh.",
    ),
    "ANIMATION_DUPLICATE_TARGETS": ("Two parts of one animation move the same thing.", "Bake the animation before you export."),
    "IMAGE_DATA_INVALID": ("A texture's data is damaged.", "Save the texture again as PNG or JPEG."),
    "IMAGE_UNEXPECTED_EOS": ("A texture's data is cut off.", "Save the texture again as PNG or JPEG."),
    "IMAGE_UNRECOGNIZED_FORMAT": ("A texture is of a kind that some viewers cannot show.", "Save it as PNG or JPEG."),
    "IMAGE_MIME_TYPE_INVALID": (
        "A texture says that it is of another kind than it is.",
        "Save it again in the kind that its name says.",
    ),
    "IMAGE_FEATURES_UNSUPPORTED": (
        "A texture has a colour profile or animation that viewers ignore.",
        "Save it as a plain sRGB PNG or JPEG.",
    ),
    "KHR_MATERIALS_VOLUME_NO_TRANSMISSION": (
        "A material has a volume but lets no light in, so the volume has no effect.",
        "Turn on transmission for the material, or remove the volume.",
    ),
    "KHR_MATERIALS_VOLUME_DOUBLE_SIDED": (
        "A material with a volume is double-sided, which gives wrong refraction.",
        "Turn on back-face culling for the material.",
    ),
    "MATERIAL_ALPHA_CUTOFF_INVALID_MODE": (
        "A material has an alpha threshold but does not use it.",
        "Set the alpha mode to “Mask” or remove the threshold.",
    ),
    "MESH_PRIMITIVE_GENERATED_TANGENT_SPACE": (
        "A normal map is used without tangents, so each viewer computes its own and details may differ a little.",
        "Tick “Tangents” in the export dialog if the normal map was baked with them.",
    ),
    "MESH_PRIMITIVE_NO_TANGENT_SPACE": (
        "A material needs tangents that the mesh does not have.",
        "Tick “Tangents” in the export dialog.",
    ),
    "MESH_PRIMITIVE_TANGENT_WITHOUT_NORMAL": ("A mesh has tangents but no normals.", "Tick “Normals” in the export dialog."),
    "MESH_PRIMITIVE_TOO_FEW_TEXCOORDS": (
        "A texture uses a UV set that the mesh does not have, so it cannot be shown.",
        "Add the missing UV map or let the texture use the first one.",
    ),
    "MESH_PRIMITIVE_INCOMPATIBLE_MODE": ("A mesh has left-over points that make no whole triangle.", _EXPORT_AGAIN),
    "NODE_SKINNED_MESH_NON_ROOT": (
        "A skinned mesh is inside another object, whose place viewers ignore.",
        "Move the mesh to the top of the hierarchy, beside its armature.",
    ),
    "NODE_SKINNED_MESH_LOCAL_TRANSFORMS": (
        "A skinned mesh has a place or scale of its own, which viewers ignore.",
        "Apply the transforms of the mesh before you export.",
    ),
    "NODE_SKINNED_MESH_WITHOUT_SKIN": ("A mesh has bone weights but no skeleton.", "Bind it to its armature, or remove the weights."),
    "NODE_MATRIX_NON_TRS": ("An object is sheared, which glTF cannot express.", "Apply the transforms of the object."),
    "ROTATION_NON_UNIT": ("An object's rotation is not normalised.", "Apply the rotation of the object."),
    "SKIN_NO_COMMON_ROOT": ("The bones of a skeleton do not hang together.", "Give the armature one root bone."),
    "UNUSED_OBJECT": (
        "The file carries data that nothing uses, which makes it larger.",
        "Remove unused materials, textures and UV maps before you export.",
    ),
    "UNUSED_MESH_TANGENT": (
        "A mesh carries tangents although its material has no normal map.",
        "Untick “Tangents” in the export dialog to make the file smaller.",
    ),
    "MULTIPLE_EXTENSIONS": ("A material mixes extensions that do not go together.", "Choose one of them."),
    "UNDECLARED_EXTENSION": ("The file uses an extension that it does not announce.", _EXPORT_AGAIN),
}

_FAMILIES: tuple[tuple[str, str, str], ...] = (
    ("ACCESSOR_", "Some numbers of the geometry break the glTF standard", _EXPORT_AGAIN),
    ("ANIMATION_", "An animation breaks the glTF standard", "Bake the animation and export again."),
    ("IMAGE_", "A texture breaks the glTF standard", "Save the texture again as PNG or JPEG."),
    ("TEXTURE_", "A texture breaks the glTF standard", "Save the texture again as PNG or JPEG."),
    ("KHR_MATERIALS_", "A material's settings do not fit together", "Check the material's settings."),
    ("MATERIAL_", "A material's settings do not fit together", "Check the material's settings."),
    ("MESH_", "A mesh breaks the glTF standard", _EXPORT_AGAIN),
    ("NODE_", "An object of the scene breaks the glTF standard", "Apply the object's transforms and export again."),
    ("SKIN_", "A skeleton breaks the glTF standard", "Check the armature and export again."),
    ("CAMERA_", "A camera breaks the glTF standard", "Remove cameras before you export."),
    ("", "The file breaks the glTF standard", _EXPORT_AGAIN),
)


def from_validator(issues: list[dict]) -> list[FindingData]:
    """Findings for the Khronos validator's issues, folded by code (see node/validate.mjs)."""
    uses_ktx2 = any(issue["code"] == "UNSUPPORTED_EXTENSION" and "KHR_texture_basisu" in issue["message"] for issue in issues)
    found = []
    for issue in issues:
        code = issue["code"]
        if code in _SILENT or (uses_ktx2 and code in _KTX2_NOISE):
            continue
        words = _WORDS.get(code)
        if words is None:
            _prefix, text, remedy = next(family for family in _FAMILIES if code.startswith(family[0]))
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
            "Unwrap the surfaces before you export." if textured else "Unwrap them if buyers should be able to texture them.",
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
                "That is fine for mirrored or palette textures; unwrap anew if buyers should bake light or paint on it.",
            )
        )
    return found


def _count(number: int, singular: str, plural: str) -> str:
    return f"{number:,} {singular if number == 1 else plural}"
