"""The file formats that can be uploaded: their names, how they reach the internal GLB, what may ride with them."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath

from .types import Step


class Format(StrEnum):
    """A 3D file format, by the name it has in the database and in addresses."""

    GLB = "glb"
    GLTF = "gltf"
    FBX = "fbx"
    OBJ = "obj"
    BLEND = "blend"
    DAE = "dae"
    USDZ = "usdz"
    THREEMF = "3mf"
    STEP = "step"
    PLY = "ply"
    STL = "stl"


@dataclass(frozen=True)
class FormatInfo:
    """What the site knows of a format.

    ``has_companions``: its files may refer to others (textures, materials, buffers), which then come in one archive.
    ``unit_metres`` is the length of one unit in metres where the format fixes it or trade has settled on it, None
    where the file says so itself; ``is_unit_assumed`` tells the second from the first.
    """

    label: str
    extensions: tuple[str, ...]
    media_type: str
    has_companions: bool = False
    unit_metres: float | None = 1.0
    is_unit_assumed: bool = False


FORMATS: dict[Format, FormatInfo] = {
    Format.GLB: FormatInfo("GLB", (".glb",), "model/gltf-binary"),
    Format.GLTF: FormatInfo("glTF", (".gltf",), "model/gltf+json", has_companions=True),
    Format.FBX: FormatInfo(
        "FBX", (".fbx",), "application/octet-stream", has_companions=True, unit_metres=None
    ),
    Format.OBJ: FormatInfo("OBJ", (".obj",), "model/obj", has_companions=True, is_unit_assumed=True),
    Format.BLEND: FormatInfo("Blender", (".blend",), "application/x-blender", has_companions=True),
    Format.DAE: FormatInfo(
        "COLLADA", (".dae",), "model/vnd.collada+xml", has_companions=True, unit_metres=None
    ),
    Format.USDZ: FormatInfo("USDZ", (".usdz",), "model/vnd.usdz+zip", unit_metres=None),
    Format.THREEMF: FormatInfo("3MF", (".3mf",), "model/3mf", unit_metres=None),
    Format.STEP: FormatInfo("STEP", (".step", ".stp"), "model/step", unit_metres=None),
    Format.PLY: FormatInfo("PLY", (".ply",), "model/ply", has_companions=True, is_unit_assumed=True),
    Format.STL: FormatInfo("STL", (".stl",), "model/stl", unit_metres=0.001, is_unit_assumed=True),
}

# What may ride in an archive beside the model's own file, and is looked for by its base name only.
TEXTURE_EXTENSIONS = (
    ".png",
    ".jpg",
    ".jpeg",
    ".webp",
    ".tga",
    ".bmp",
    ".tif",
    ".tiff",
    ".gif",
    ".ktx2",
    ".dds",
)
MATERIAL_EXTENSIONS = (".mtl", ".bin")
ARCHIVE_EXTENSION = ".zip"

_BY_EXTENSION = {extension: name for name, info in FORMATS.items() for extension in info.extensions}


@dataclass(frozen=True)
class Source:
    """The file that a step reads.

    ``member`` is empty for a plain file; else ``path`` is a zip archive, and ``member`` the name of the model's own
    file in it, as its directory says it.
    """

    path: Path
    format: Format = Format.GLB
    member: str = ""


def format_of_name(name: str) -> Format | None:
    """The format that a file's name ends in, in any case; None for every other name."""
    return _BY_EXTENSION.get(PurePosixPath(name).suffix.lower())


def steps_of(file_format: Format) -> tuple[Step, ...]:
    """The steps that a file of this format goes through, in order."""
    return tuple(step for step in Step if step is not Step.CONVERT or file_format is not Format.GLB)
