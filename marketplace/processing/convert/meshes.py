"""STL and PLY."""

import re
from pathlib import Path

import numpy as np
import trimesh

from ..formats import Format
from ..tool import FileRejected
from .companions import Companions
from .glb import GlbBuilder, linear

HEADER_BYTES = 64 * 1024
_TEXTURE_LINE = re.compile(rb"^comment\s+TextureFile\s+(.+?)\s*$", re.MULTILINE | re.IGNORECASE)


def convert_mesh(path: Path, file_format: Format, companions: Companions, target: Path) -> None:
    """Writes an STL or PLY file as a GLB in its own axes and units; raises FileRejected."""
    try:
        scene = trimesh.load_scene(path, file_type=file_format.value, process=False)
    except (ValueError, IndexError, KeyError, TypeError, AttributeError, NameError, UnicodeError) as error:
        raise FileRejected(
            "unreadable_model", label=file_format.value.upper(), detail=str(error)[:200]
        ) from None
    builder = GlbBuilder()
    texture = _texture(path, companions) if file_format is Format.PLY else None
    has_points = False
    for part in scene.geometry.values():
        faces = getattr(part, "faces", None)
        if faces is None or not len(faces):
            has_points |= len(getattr(part, "vertices", ())) > 0
            continue
        _check_indices(faces, len(part.vertices))
        builder.node(mesh=builder.add("meshes", {"primitives": [_primitive(builder, part, texture)]}))
    if not builder.roots:
        raise FileRejected("only_points" if has_points else "nothing_to_show")
    builder.save(target)


def _check_indices(faces: np.ndarray, count: int) -> None:
    if faces.min() < 0 or faces.max() >= count:
        raise FileRejected("unreadable_model", label="PLY", detail="a face names a vertex that is not there")


def _texture(path: Path, companions: Companions) -> Path | None:
    with path.open("rb") as stream:
        named = _TEXTURE_LINE.search(stream.read(HEADER_BYTES).partition(b"end_header")[0])
    return companions.picture(named.group(1).decode("utf-8", "replace")) if named else None


def _primitive(builder: GlbBuilder, part: trimesh.Trimesh, texture: Path | None) -> dict:
    visual = part.visual
    uvs = getattr(visual, "uv", None)
    material, colours = None, None
    if texture is not None and uvs is not None and len(uvs) == len(part.vertices):
        paint = {
            "baseColorTexture": {"index": builder.texture(texture)},
            "metallicFactor": 0,
            "roughnessFactor": 0.8,
        }
        material = builder.add("materials", {"pbrMetallicRoughness": paint, "doubleSided": True})
    elif getattr(visual, "kind", None) == "vertex" and len(visual.vertex_colors) == len(part.vertices):
        colours = linear(np.asarray(visual.vertex_colors)[:, :3] / 255.0)
    stored = part.__dict__.get("_cache", {})
    normals = part.vertex_normals if "vertex_normals" in getattr(stored, "cache", {}) else None
    if uvs is not None and len(uvs) == len(part.vertices):
        uvs = np.column_stack([uvs[:, 0], 1 - uvs[:, 1]])
    else:
        uvs = None
    return builder.primitive(
        part.vertices, faces=part.faces, material=material, normals=normals, uvs=uvs, colours=colours
    )
