"""The Khronos validator's codes in the words of the person who made the file."""

_EXPORT_AGAIN = "Export the model again with a current version of your exporter."


# Validator codes that tell the creator nothing: about our validator, or about bytes that nobody sees.
SILENT = {
    *(
        "UNSUPPORTED_EXTENSION",
        "INCOMPLETE_EXTENSION_SUPPORT",
        "BUFFER_VIEW_TARGET_MISSING",
        "EXTRA_PROPERTY",
    ),
    *(
        "NON_OBJECT_EXTRAS",
        "GLB_EMPTY_BIN_CHUNK",
        "BUFFER_GLB_CHUNK_TOO_BIG",
        "NODE_MATRIX_DEFAULT",
        "DATA_URI_GLB",
    ),
    *("UNUSED_MESH_WEIGHTS", "IMAGE_NPOT_DIMENSIONS", "NODE_EMPTY"),
}
# A KTX2 texture is fine here, though the validator has not learnt the format.
KTX2_NOISE = {"VALUE_NOT_IN_LIST", "IMAGE_UNRECOGNIZED_FORMAT", "TEXTURE_INVALID_IMAGE_MIME_TYPE"}

# Validator code -> what it means, how to mend it. Codes that are not here get the words of their family below.
WORDS: dict[str, tuple[str, str]] = {
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
    "ACCESSOR_JOINTS_INDEX_OOB": (
        "Some points follow bones that do not exist.",
        "Clean the vertex groups and export again.",
    ),
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
    "ACCESSOR_WEIGHTS_NEGATIVE": (
        "Some bone weights are negative.",
        "Normalise all vertex groups before you export.",
    ),
    "ACCESSOR_INVALID_FLOAT": (
        "The geometry contains undefined numbers.",
        "Look for broken vertices and export again.",
    ),
    "ACCESSOR_INVALID_IBM": (
        "The rest pose of a bone is not a valid transform.",
        "Apply the armature's scale and export again.",
    ),
    "ACCESSOR_ANIMATION_INPUT_NON_INCREASING": (
        "The key frames of an animation are not in order of time.",
        "Bake the animation before you export.",
    ),
    "ACCESSOR_ANIMATION_INPUT_NEGATIVE": (
        "An animation starts before time zero.",
        "Move its first key frame to frame 0.",
    ),
    "ACCESSOR_ANIMATION_SAMPLER_OUTPUT_NON_NORMALIZED_QUATERNION": (
        "Some rotations of an animation are not normalised.",
        "Bake the animation before you export.",
    ),
    "ANIMATION_CHANNEL_TARGET_NODE_SKIN": (
        "An animation moves a skinned mesh as a whole, which viewers ignore.",
        "Animate the armature instead of the mesh.",
    ),
    "ANIMATION_DUPLICATE_TARGETS": (
        "Two parts of one animation move the same thing.",
        "Bake the animation before you export.",
    ),
    "IMAGE_DATA_INVALID": ("A texture's data is damaged.", "Save the texture again as PNG or JPEG."),
    "IMAGE_UNEXPECTED_EOS": ("A texture's data is cut off.", "Save the texture again as PNG or JPEG."),
    "IMAGE_UNRECOGNIZED_FORMAT": (
        "A texture is of a kind that some viewers cannot show.",
        "Save it as PNG or JPEG.",
    ),
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
    "MESH_PRIMITIVE_TANGENT_WITHOUT_NORMAL": (
        "A mesh has tangents but no normals.",
        "Tick “Normals” in the export dialog.",
    ),
    "MESH_PRIMITIVE_TOO_FEW_TEXCOORDS": (
        "A texture uses a UV set that the mesh does not have, so it cannot be shown.",
        "Add the missing UV map or let the texture use the first one.",
    ),
    "MESH_PRIMITIVE_INCOMPATIBLE_MODE": (
        "A mesh has left-over points that make no whole triangle.",
        _EXPORT_AGAIN,
    ),
    "NODE_SKINNED_MESH_NON_ROOT": (
        "A skinned mesh is inside another object, whose place viewers ignore.",
        "Move the mesh to the top of the hierarchy, beside its armature.",
    ),
    "NODE_SKINNED_MESH_LOCAL_TRANSFORMS": (
        "A skinned mesh has a place or scale of its own, which viewers ignore.",
        "Apply the transforms of the mesh before you export.",
    ),
    "NODE_SKINNED_MESH_WITHOUT_SKIN": (
        "A mesh has bone weights but no skeleton.",
        "Bind it to its armature, or remove the weights.",
    ),
    "NODE_MATRIX_NON_TRS": (
        "An object is sheared, which glTF cannot express.",
        "Apply the transforms of the object.",
    ),
    "ROTATION_NON_UNIT": ("An object's rotation is not normalised.", "Apply the rotation of the object."),
    "SKIN_NO_COMMON_ROOT": (
        "The bones of a skeleton do not hang together.",
        "Give the armature one root bone.",
    ),
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

FAMILIES: tuple[tuple[str, str, str], ...] = (
    ("ACCESSOR_", "Some numbers of the geometry break the glTF standard", _EXPORT_AGAIN),
    ("ANIMATION_", "An animation breaks the glTF standard", "Bake the animation and export again."),
    ("IMAGE_", "A texture breaks the glTF standard", "Save the texture again as PNG or JPEG."),
    ("TEXTURE_", "A texture breaks the glTF standard", "Save the texture again as PNG or JPEG."),
    ("KHR_MATERIALS_", "A material's settings do not fit together", "Check the material's settings."),
    ("MATERIAL_", "A material's settings do not fit together", "Check the material's settings."),
    ("MESH_", "A mesh breaks the glTF standard", _EXPORT_AGAIN),
    (
        "NODE_",
        "An object of the scene breaks the glTF standard",
        "Apply the object's transforms and export again.",
    ),
    ("SKIN_", "A skeleton breaks the glTF standard", "Check the armature and export again."),
    ("CAMERA_", "A camera breaks the glTF standard", "Remove cameras before you export."),
    ("", "The file breaks the glTF standard", _EXPORT_AGAIN),
)
