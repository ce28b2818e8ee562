"""Tool process: the first half of the conversion of one file.

Run as ``python -m marketplace.processing.convert REQUEST.json``.
"""

import mmap
import re
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path, PurePosixPath

from .. import archive
from ..formats import FORMATS, Format
from ..tool import FileRejected, serve
from .companions import Companions, base_name
from .privacy import private_hint
from .units import Frame, frame_of, sane

# Read by assimp, in Node.
BY_ASSIMP = {Format.FBX, Format.OBJ, Format.DAE, Format.BLEND}
MATERIAL_LINES = re.compile(rb"^mtllib[ \t]+(.+)$", re.MULTILINE)
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
# Packages of their own: their parts are their companions.
PACKAGES = {Format.THREEMF, Format.USDZ}
TOOLS = {
    Format.STL: ("trimesh",),
    Format.PLY: ("trimesh", "pillow"),
    Format.STEP: ("cascadio",),
    Format.USDZ: ("usd-core", "pillow"),
}


@contextmanager
def _content(path: Path) -> Iterator[mmap.mmap | bytes]:
    with path.open("rb") as stream:
        if stream.seek(0, 2) == 0:
            raise FileRejected("empty_file")
        with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
            yield content


def _unpacked(request: dict, file_format: Format, folder: Path) -> tuple[Path, Companions]:
    """The model's own file, and those that came with it, all below ``folder``."""
    source, limits = Path(request["source"]), request["limits"]
    files, model = {}, source
    name = PurePosixPath(request["member"] or "model").name
    if request["member"]:
        files = archive.extract(source, _made(folder / "upload"), limits)
        model = files.pop(request["member"], None)
        if model is None:
            raise FileRejected("archive_damaged")
        name = request["member"]
    if file_format in PACKAGES:
        files, name = archive.extract(model, _made(folder / "package"), limits), "model"
    return model, Companions(files, name, _made(folder / "pictures"), limits)


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _texts(model: Path, companions: Companions) -> list[Path]:
    """Files in which names of other files stand."""
    return [model, *(path for path in companions.files.values() if path.suffix.lower() == ".mtl")]


def convert(request: dict) -> dict:
    """Reads the upload as far as Python does; the answer says what Node is to do with it (``handover``)."""
    file_format, folder = Format(request["format"]), Path(request["folder"])
    model, companions = _unpacked(request, file_format, folder)
    raw = folder / "raw.glb"
    with _content(model) as content:
        frame = frame_of(file_format, content)
        hint = private_hint(
            [content[: 64 * 1024 * 1024], *(p.read_bytes() for p in _texts(model, companions)[1:])]
        )
    try:
        frame, dropped = _read(request, file_format, model, companions, raw, frame)
    except (FileRejected, MemoryError):
        raise
    except Exception as error:
        # Readers are the work of others, and on damaged data raise what they like: even what cannot be printed.
        detail = " ".join("".join(traceback.format_exception_only(error)).split())[:400]
        raise FileRejected("unreadable_model", label=FORMATS[file_format].label, detail=detail) from error
    handover = _handover(file_format, model, companions, raw, frame)
    return {
        "facts": {
            "format": file_format.value,
            "units": frame.as_data(),
            "up_axis": frame.up,
            "dropped": dropped,
            "private_hint": hint,
            "missing": sorted(companions.missing),
            "unreadable": sorted(companions.unreadable),
        },
        "handover": handover,
        "versions": {name: version(name) for name in TOOLS.get(file_format, ())},
    }


def _read(
    request: dict, file_format: Format, model: Path, companions: Companions, raw: Path, frame: Frame
) -> tuple[Frame, list[str]]:
    """Reads what Python reads, into ``raw``; returns how the file stands and what of it was left out."""
    dropped: list[str] = []
    if file_format in (Format.STL, Format.PLY):
        from .meshes import convert_mesh  # a reader is loaded for its own formats only: each takes its time

        convert_mesh(model, file_format, companions, raw)
    elif file_format is Format.STEP:
        from .step_file import convert_step

        convert_step(model, raw)
    elif file_format is Format.THREEMF:
        from .threemf import convert_threemf

        frame = Frame(convert_threemf(companions, raw, request["limits"]), False, "Z")
    elif file_format is Format.USDZ:
        from .usd import convert_usd

        frame, dropped = convert_usd(companions, raw)
    elif file_format is Format.GLTF:
        from .gltf import convert_gltf

        convert_gltf(model, companions, Path(request["target"]))
    return frame, dropped


def _note_missing_materials(text: bytes, companions: Companions) -> None:
    """A line may name several materials files, and a file's name may hold spaces."""
    for named in MATERIAL_LINES.findall(text):
        line = named.decode("utf-8", "replace").strip()
        for name in [line] if companions.find(line) else re.findall(r".+?\.mtl\b|\S+", line, re.IGNORECASE):
            if not companions.find(name):
                companions.missing.add(base_name(name))


def _handover(
    file_format: Format, model: Path, companions: Companions, raw: Path, frame: Frame
) -> dict | None:
    """What Node reads and how it sets the model up: ``scale`` to metres, ``up`` the axis that points up in the file.

    None for glTF, which is done.
    """
    if file_format is Format.GLTF:
        return None
    if file_format not in BY_ASSIMP:
        # STEP comes out in metres.
        scale = 1.0 if file_format is Format.STEP else frame.metres
        return {"reader": "glb", "source": str(raw), "scale": sane(scale), "up": frame.up}
    if file_format is Format.DAE:
        model = _as_utf8(model, companions.scratch / "model.dae")
    texts = [path.read_bytes() for path in _texts(model, companions)]
    if file_format is Format.OBJ:
        _note_missing_materials(texts[0], companions)
    return {
        "reader": "assimp",
        "source": str(model),
        "label": FORMATS[file_format].label,
        "extension": FORMATS[file_format].extensions[0],
        "files": companions.table(texts),
        # Of a Blender file assimp takes every surface for smooth.
        "drop_normals": file_format is Format.BLEND,
        "scale": 1.0 if file_format is Format.DAE else frame.metres,
        "up": "Y" if file_format is Format.DAE else frame.up,
    }


def _as_utf8(model: Path, copy: Path) -> Path:
    """Assimp reads COLLADA in UTF-8 only."""
    content = model.read_bytes()
    if not content.startswith(UTF16_MARKS):
        return model
    text = content.decode("utf-16", "replace")
    copy.write_text(re.sub(r"(<\?xml[^>]*?encoding=[\"'])[^\"']+", r"\1UTF-8", text, count=1))
    return copy


if __name__ == "__main__":
    serve(convert)
