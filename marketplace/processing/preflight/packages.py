"""3MF and USDZ: zip archives of fixed contents."""

import posixpath
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar
from zipfile import ZIP_STORED, ZipFile

from .. import archive
from ..archive.frame import LOCAL_HEADER
from ..tool import FileRejected
from .companions import check_picture_files
from .graph import unfolded_sizes
from .upload import Upload
from .xml_reader import read_xml

RELATIONS = "_rels/.rels"
MODEL_SUFFIX = ".model"
ROOT_MODEL_TYPE = "/3dmodel"
USD_STARTS = {
    ".usda": (b"#usda",),
    ".usdc": (b"PXR-USDC",),
    ".usd": (b"#usda", b"PXR-USDC"),
}
USDZ_CONTENTS = {*USD_STARTS, ".png", ".jpg", ".jpeg", ".exr", ".avif", ".m4a", ".mp3", ".wav"}
USDZ_ALIGNMENT = 64
T = TypeVar("T")
# Codes of archive.py that speak of the size, not of damage.
SIZE_CODES = {"archive_too_large", "archive_bomb"}


def check_threemf(upload: Upload) -> None:
    """Raises FileRejected for a broken or bomb-like package, bad XML, and objects that unfold without end."""
    with TemporaryDirectory(dir=Path.cwd(), prefix="package-") as folder:
        parts = _unpacked(upload, Path(folder))
        root = _root_model(upload, parts)
        content = _Content(upload)
        for name, path in parts.items():
            if name.lower().endswith(MODEL_SUFFIX):
                content.read(name, path)
        content.check(root)
        check_picture_files(parts, upload.limits)


def check_usdz(upload: Upload) -> None:
    """Raises FileRejected for a package that no phone would open: packed, misaligned, or without a scene in front."""
    heads = _packed(upload, lambda: archive.verify(upload.path, upload.limits))
    first = next(iter(heads))
    suffix = posixpath.splitext(first.lower())[1]
    if suffix not in USD_STARTS or not heads[first].startswith(USD_STARTS[suffix]):
        raise upload.damaged("its first part is not a USD scene")
    for name in heads:
        if posixpath.splitext(name.lower())[1] not in USDZ_CONTENTS:
            raise FileRejected("usdz_contents", name=name[:120])
    with upload.path.open("rb") as stream, ZipFile(stream) as package:
        for info in package.infolist():
            stream.seek(info.header_offset)
            *_rest, name_bytes, extra_bytes = LOCAL_HEADER.unpack(stream.read(LOCAL_HEADER.size))
            start = info.header_offset + LOCAL_HEADER.size + name_bytes + extra_bytes
            if info.compress_type != ZIP_STORED or (start % USDZ_ALIGNMENT and not info.is_dir()):
                raise FileRejected("usdz_packing")
    with TemporaryDirectory(dir=Path.cwd(), prefix="package-") as folder:
        check_picture_files(_unpacked(upload, Path(folder)), upload.limits)


def _unpacked(upload: Upload, folder: Path) -> dict[str, Path]:
    return _packed(upload, lambda: archive.extract(upload.path, folder, upload.limits))


def _packed(upload: Upload, work: Callable[[], T]) -> T:
    """The result of ``work``; what it finds wrong with the archive is said about the format, not about a zip."""
    try:
        return work()
    except FileRejected as refused:
        if refused.code in SIZE_CODES:
            raise FileRejected(
                "unpacks_too_large", format=upload.label, size=refused.values["size"]
            ) from None
        if refused.code == "archive_cut_off":
            raise upload.cut_off() from None
        if refused.code == "archive_too_many_files":
            raise FileRejected("too_many_parts", format=upload.label, **refused.values) from None
        name = refused.values.get("name", "")
        about = {
            "archive_encrypted": "it is locked with a password",
            "archive_program": f"“{name}” in it is a program",
            "archive_nested": f"“{name}” in it is an archive",
            "archive_path": f"“{name}” in it would lie outside of it",
            "archive_special_file": f"“{name}” in it is a link",
        }
        raise upload.damaged(about.get(refused.code, "its parts cannot be unpacked")) from None


def _root_model(upload: Upload, parts: dict[str, Path]) -> str:
    """Name of the model that the package's relations start with."""
    by_name = {name.lower(): name for name in parts}
    relations = by_name.get(RELATIONS)
    targets: list[str] = []

    def opened(name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship" and attributes.get("Type", "").lower().endswith(ROOT_MODEL_TYPE):
            targets.append(attributes.get("Target", ""))

    if relations:
        with parts[relations].open("rb") as stream:
            read_xml(
                stream, label=upload.label, limits=upload.limits, opened=opened, closed=lambda _name: None
            )
    for target in targets:
        found = by_name.get(posixpath.normpath(target.lstrip("/")).lower())
        if found:
            return found
    raise upload.damaged("it names no model")


class _Content:
    """The objects of all model parts: what they contain, and how many triangles they have."""

    def __init__(self, upload: Upload) -> None:
        self.upload = upload
        self.children: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
        self.triangles: dict[tuple[str, str], int] = defaultdict(int)
        self.items: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self.part = ""
        self.object: tuple[str, str] | None = None

    def read(self, name: str, path: Path) -> None:
        self.part = name.lower()
        with path.open("rb") as stream:
            read_xml(
                stream,
                label=self.upload.label,
                limits=self.upload.limits,
                opened=self._opened,
                closed=self._closed,
            )

    def _opened(self, name: str, attributes: dict[str, str]) -> None:
        if name == "triangle":
            if self.object:
                self.triangles[self.object] += 1
        elif name == "object":
            self.object = (self.part, attributes.get("id", ""))
            self.children[self.object] = []
        elif name in ("component", "item"):
            path = next((value for key, value in attributes.items() if key.rpartition(":")[2] == "path"), "")
            target = (path.lstrip("/").lower() or self.part, attributes.get("objectid", ""))
            if name == "component" and self.object:
                self.children[self.object].append(target)
            elif name == "item":
                self.items[self.part].append(target)

    def _closed(self, name: str) -> None:
        if name == "object":
            self.object = None

    def check(self, root: str) -> None:
        limits = self.upload.limits
        sizes = unfolded_sizes(self.children, self.triangles, max_depth=limits["max_node_depth"])
        placed = dict.fromkeys(self.children, 1)
        counts = unfolded_sizes(self.children, placed, max_depth=limits["max_node_depth"])
        shown = self.items[root.lower()]
        total = sum(sizes.get(target, 0) for target in shown)
        if total == 0:
            raise FileRejected("nothing_to_show")
        if total > limits["max_triangles"]:
            raise FileRejected("too_many_triangles", detail=str(total))
        instances = sum(counts.get(target, 0) for target in shown)
        if instances > limits["max_instances"]:
            raise FileRejected("too_many_instances", detail=str(instances))
