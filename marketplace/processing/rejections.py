"""The sentences by which a file is refused: stable code -> what is wrong and how to mend it."""

from .types import Rejected, Step

SENTENCES: dict[str, str] = {
    "empty_file": "The file is empty. Export the model again and upload the new file.",
    "file_too_large": (
        "The file is {size}, and at most {limit} can be processed. Reduce its textures or split the model."
    ),
    "not_glb": (
        "This is not a GLB file{guess}. Export the model as “glTF Binary (.glb)” from your 3D program and upload that."
    ),
    "gltf_version_1": (
        "The file is glTF version {version}; only version 2 is supported. Export it again as glTF 2.0 Binary (.glb)."
    ),
    "truncated": (
        "The file is cut off: it says that it has {declared:,} bytes, and only {actual:,} arrived. "
        "Upload it again; if that does not help, export it again."
    ),
    "trailing_data": (
        "The file has {extra:,} bytes more than it says it has, so it is damaged. Export the model again."
    ),
    "broken_chunks": (
        "The inner parts of the file do not fit together, so it is damaged. Export the model again."
    ),
    "missing_json": (
        "The file does not start with a description of the scene, so it is damaged. Export the model again."
    ),
    "json_too_large": (
        "The description of the scene inside the file is larger than {limit}. "
        "Export without custom properties, or split the model."
    ),
    "invalid_json": "The description of the scene inside the file is not readable. Export the model again.",
    "structure_too_complex": (
        "The description of the scene inside the file is nested too deeply or is too large to be read. "
        "Export without custom properties, or split the model."
    ),
    "invalid_structure": "The file does not follow the glTF standard at {pointer}. Export the model again.",
    "external_files": (
        "The file refers to another file (“{uri}”), which is not part of the upload. "
        "Export as a single GLB file with textures embedded."
    ),
    "unsupported_extension": (
        "The file needs the glTF extension {name}, which is not supported. Export the model without it."
    ),
    "data_out_of_bounds": (
        "The file describes geometry that lies outside of its own data (at {pointer}), so it is damaged. "
        "Export the model again."
    ),
    "data_too_large": (
        "The file describes far more data than it contains (at {pointer}). Export the model again, without tricks "
        "to shrink it, or compress it with Draco."
    ),
    "node_loop": (
        "The objects of the scene contain each other in a circle. "
        "Remove the loop of parents and export again."
    ),
    "nodes_too_deep": (
        "The objects of the scene are nested more than {limit} levels deep. Flatten the hierarchy and export again."
    ),
    "too_many_nodes": (
        "The scene has more than {limit:,} objects. Join objects that belong together and export again."
    ),
    "nothing_to_show": (
        "The file has no mesh in its scene, so there is nothing to show. "
        "Check that the model is visible and selected when you export."
    ),
    "image_too_large": (
        "A texture is {width:,} × {height:,} pixels; at most {limit:,} on a side can be processed. "
        "Scale it down and export again."
    ),
    "images_too_large": (
        "The textures have {megapixels:,} megapixels together; at most {limit:,} can be processed. "
        "Scale them down and export again."
    ),
    "image_unreadable": (
        "A texture of the file cannot be read ({detail}). Save it as PNG or JPEG and export again."
    ),
    "non_finite_numbers": (
        "The geometry contains numbers that are infinite or undefined. "
        "Look for broken vertices or scales of zero in your 3D program, and export again."
    ),
    "unreadable_structure": (
        "The file breaks the glTF standard so that it cannot be read ({detail}). Export the model again."
    ),
    "preview_invalid": (
        "The file breaks the glTF standard in a way that cannot be mended here ({detail}). "
        "Mend it in your 3D program and export again."
    ),
    "too_many_triangles": (
        "The scene draws {detail} triangles; at most 10 million can be processed. Reduce its detail and export again."
    ),
    "too_many_instances": (
        "The scene draws {detail} objects; at most 50,000 can be processed. Join or remove some and export again."
    ),
    "only_points": (
        "The file holds only points or lines and no surface, so there is nothing to show. Make a mesh of the points "
        "(with MeshLab or CloudCompare, for example) and upload that."
    ),
    "unreadable_model": (
        "The {label} file could not be read: it is damaged, or of a version that the converter does not know. "
        "Open it in your 3D program and export it as GLB (glTF Binary), which keeps the most; "
        "you can offer the {label} file beside it."
    ),
    "missing_buffer": (
        "The model’s geometry lies in “{name}”, which is not part of the upload. "
        "Upload both together, in one zip or in one drop."
    ),
    "outside_parts": (
        "The scene is put together from files that are not in the package. "
        "Flatten it into one file when you export, and upload that."
    ),
    "nothing_visible": (
        "The model came out empty when it was rendered. Check that its materials are not fully transparent "
        "and that its faces point outwards."
    ),
    "program": "This is a program or a script, not a 3D model. Upload the model’s own file.",
    "wrong_format": (
        "The file is named “{extension}”, but what it holds is not {format}{kind}. "
        "Give it its right ending, or export the model again."
    ),
    "two_files_in_one": (
        "The {format} file also holds the marks of {kind}: it is two files in one. Export the model again."
    ),
    "damaged": "The {format} file is damaged: {detail}. Export the model again.",
    "cut_off": (
        "The {format} file is cut off: it ends before its content does. "
        "Upload it again; if that does not help, export it again."
    ),
    "claims_too_much": (
        "The {format} file says that it holds {declared:,} {things}, for which it has no room, so it is damaged. "
        "Export the model again."
    ),
    "not_text": "This {format} file should be text but holds binary data, so it is damaged. Export the model again.",
    "line_too_long": "The {format} file has a line of more than {limit}, so it is damaged. Export the model again.",
    "polygon_too_large": (
        "A face has more than {limit:,} corners. Cut it into smaller faces (triangulate it) and export again."
    ),
    "too_many_parts": "The {format} file has more than {limit:,} parts. Join or remove some and export again.",
    "unpacks_too_large": (
        "The {format} file is small but would unfold to at least {size}. Reduce its detail or split the model."
    ),
    "xml_entities": (
        "The {format} file defines its own document type or entities, which is not allowed. "
        "Export it again from your 3D program."
    ),
    "xml_too_deep": "The {format} file is nested more than {limit} levels deep. Export the model again.",
    "xml_too_large": "The text in the {format} file is larger than {limit}. Reduce its detail or split the model.",
    "blend_compressed": (
        "The Blender file is compressed. In Blender’s “Save As” window switch “Compress” off, save, and upload that; "
        "or export as GLB."
    ),
    "blend_too_new": (
        "The Blender file was saved in a form that cannot be read here. In Blender choose File, Export, "
        "glTF 2.0 (.glb) and upload that."
    ),
    "fbx_version": (
        "The FBX file is of version {version}, which cannot be read. Export as FBX 2020 or 2014 binary, or as GLB."
    ),
    "usdz_packing": (
        "The parts of the USDZ file are compressed or not aligned, so phones would not open it. "
        "Pack it with Reality Converter, usdzip or your 3D program’s USDZ export."
    ),
    "usdz_contents": (
        "The USDZ file holds “{name}”, which does not belong in one. "
        "Only USD scenes, pictures and sounds may be in it; export it again."
    ),
    "missing_file": (
        "The file’s geometry lies in “{name}”, which did not come with it. "
        "Pack the model and all its files into one zip, or export as GLB."
    ),
    "member_missing": "The zip archive does not hold “{name}”. Pack the files again.",
    "image_animated": (
        "A picture is animated ({detail}), and a texture shows one picture only. "
        "Save it as a plain PNG or JPEG and upload again."
    ),
    "not_an_archive": "This is not a zip archive. Pack the files again as an ordinary .zip and upload that.",
    "archive_empty": "The zip archive holds no files. Pack the model with its textures again.",
    "archive_cut_off": (
        "The zip archive is cut off: its list of contents, which comes last, is not there. "
        "Upload it again; if that does not help, pack it again."
    ),
    "archive_with_more": (
        "Behind the zip archive lies other data, so it is damaged or two files in one. Pack the files again."
    ),
    "archive_damaged": "The zip archive is damaged and cannot be opened. Pack the files again.",
    "archive_entry_damaged": "“{name}” in the zip archive is damaged. Pack the files again.",
    "archive_encrypted": "The zip archive is locked with a password. Pack the files again without one.",
    "archive_packing": (
        "“{name}” is packed by a method that is not supported. Pack the files again as an ordinary zip (“Deflate”)."
    ),
    "archive_path": (
        "“{name}” would be unpacked outside of the archive’s own folder. Pack the files again with plain folder names."
    ),
    "archive_name": "The zip archive holds a file whose name cannot be used (“{name}”). Rename it and pack again.",
    "archive_special_file": (
        "“{name}” in the zip archive is a link or a device, not a file. Pack the files themselves."
    ),
    "archive_duplicate": "The zip archive holds “{name}” twice. Pack the files again.",
    "archive_overlap": "The files in the zip archive overlap each other, so it is damaged. Pack the files again.",
    "archive_too_many_files": (
        "The zip archive holds more than {limit:,} files. Upload the model’s own file and its textures only."
    ),
    "archive_too_large": (
        "Unpacked, the zip archive has {size}; at most {limit} can be processed. "
        "Reduce the textures or split the model."
    ),
    "archive_bomb": (
        "The zip archive is small but would unfold to {size}. Pack the model and its textures only."
    ),
    "archive_nested": (
        "“{name}” is an archive inside the archive. Unpack it, and pack all files into one zip."
    ),
    "archive_program": (
        "“{name}” is a program or a script, which cannot be sold here. "
        "Pack the model, its textures and documents only."
    ),
}


# Sentences whose values ``size`` and ``limit`` are bytes.
_SAYS_BYTES = {
    "file_too_large",
    "json_too_large",
    "archive_too_large",
    "archive_bomb",
    "line_too_long",
    "unpacks_too_large",
    "xml_too_large",
}


def sentence(code: str, **values: object) -> str:
    """The sentence for ``code``, its gaps filled with ``values``; sizes are numbers of bytes, and said as megabytes."""
    if code in _SAYS_BYTES:
        for key in ("size", "limit"):
            if isinstance(values.get(key), int):
                values[key] = megabytes(values[key])
    return SENTENCES[code].format(**values)


def rejection(code: str, *, step: Step, detail: str = "", **values: object) -> Rejected:
    """The exception for ``code`` with its sentence; ``values`` fill the gaps of the sentence."""
    shown = " ".join(detail.split())[:160] or "damaged data"
    return Rejected(code, sentence(code, detail=shown, **values), step=step, detail=detail)


def megabytes(size: int) -> str:
    """A size in bytes as people say it: ``12.3 MB`` (decimal, as file managers count)."""
    return f"{size / 1_000_000:,.1f} MB"
