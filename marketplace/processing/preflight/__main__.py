"""Tool process: preflight of one file."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from .. import archive
from ..formats import Format
from ..tool import FileRejected, serve
from .accessors import check_accessors
from .blend import check_blend
from .collada import check_collada
from .companions import check_picture_files
from .container import Container, open_container, open_description
from .fbx import check_fbx
from .identity import check_identity
from .images import check_images
from .obj import check_obj
from .packages import check_threemf, check_usdz
from .ply import check_ply
from .scene import check_scene
from .step_file import check_step
from .stl import check_stl
from .upload import Upload

CHUNK = 1024 * 1024


def inspect(request: dict) -> dict:
    """Checks the file at ``request["source"]``: returns its format, size in bytes, sha256 and what came with it.

    ``request["member"]`` names the model's own file where the source is an archive, and ``request["format"]`` what it
    is; ``companions`` of the answer are the base names of the archive's other files. Works below the current folder.
    """
    source = Path(request["source"])
    limits = request["limits"]
    file_format = Format(request["format"])
    size = source.stat().st_size
    if size == 0:
        raise FileRejected("empty_file")
    if size > limits["max_file_bytes"]:
        raise FileRejected("file_too_large", size=size, limit=limits["max_file_bytes"])
    companions: list[str] = []
    if request["member"]:
        with TemporaryDirectory(dir=Path.cwd(), prefix="upload-") as folder:
            upload = _unpacked(source, Path(folder), request["member"], file_format, limits)
            companions = sorted({Path(name).name for name in upload.companions})
            _check(upload)
    else:
        _check(Upload(source, file_format, limits))
    data = {"format": file_format.value, "size": size, "sha256": _digest(source), "companions": companions}
    return {"data": data}


def _unpacked(source: Path, folder: Path, member: str, file_format: Format, limits: dict) -> Upload:
    files = archive.extract(source, folder, limits)
    if member not in files:
        raise FileRejected("member_missing", name=member[:120])
    own = files.pop(member)
    return Upload(own, file_format, limits, companions=files)


def _check(upload: Upload) -> None:
    if upload.size == 0:
        raise FileRejected("empty_file")
    check_identity(upload)
    CHECKS[upload.format](upload)
    check_picture_files(upload.companions, upload.limits)


def _check_glb(upload: Upload) -> None:
    with upload.path.open("rb") as stream:
        _check_container(open_container(stream, upload.size, upload.limits), upload.limits)


def _check_gltf(upload: Upload) -> None:
    with upload.path.open("rb") as stream:
        _check_container(
            open_description(stream, upload.size, upload.companions, upload.limits), upload.limits
        )


def _check_container(container: Container, limits: dict) -> None:
    views = check_accessors(container, limits)
    check_scene(container.document, limits)
    check_images(container, views, limits)


def _digest(source: Path) -> str:
    digest = hashlib.sha256()
    with source.open("rb") as stream:
        while piece := stream.read(CHUNK):
            digest.update(piece)
    return digest.hexdigest()


CHECKS: dict[Format, Callable[[Upload], None]] = {
    Format.GLB: _check_glb,
    Format.GLTF: _check_gltf,
    Format.FBX: check_fbx,
    Format.OBJ: check_obj,
    Format.BLEND: check_blend,
    Format.DAE: check_collada,
    Format.USDZ: check_usdz,
    Format.THREEMF: check_threemf,
    Format.STEP: check_step,
    Format.PLY: check_ply,
    Format.STL: check_stl,
}


if __name__ == "__main__":
    serve(inspect)
