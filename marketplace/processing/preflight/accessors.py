"""Buffers, views and accessors: does the described data lie within the file, and is it not far more than the file?"""

from dataclasses import dataclass
from pathlib import Path

from ..tool import FileRejected
from .container import Container, child, entries, integer, reference

COMPONENT_BYTES = {5120: 1, 5121: 1, 5122: 2, 5123: 2, 5125: 4, 5126: 4}
COMPONENTS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT2": 4, "MAT3": 9, "MAT4": 16}
INDEX_COMPONENTS = (5121, 5123, 5125)
# The same compression by its first and by its later name.
MESHOPT = ("EXT_meshopt_compression", "KHR_meshopt_compression")
DRACO = "KHR_draco_mesh_compression"
# Accessors may share bytes (interleaving, several uses); beyond this many times the file it is a bomb.
SHARING_FACTOR = 16
SHARING_FLOOR = 64 * 1024 * 1024


@dataclass(frozen=True)
class View:
    """A buffer view in bytes: ``offset`` in its file (None where it is in none), ``length`` and ``stride``.

    ``file`` is a file beside the description; without it the view lies in the container itself.
    """

    offset: int | None
    length: int
    stride: int
    file: Path | None = None


@dataclass(frozen=True)
class Buffer:
    """A buffer: its ``length`` in bytes, and whether it is the binary chunk or a ``file`` beside the description."""

    length: int
    is_chunk: bool
    file: Path | None = None


def check_accessors(container: Container, limits: dict) -> list[View]:
    """Checks that all described data lies where it says and returns the buffer views.

    Raises FileRejected for data out of bounds, and for data that would unfold to far more than the file holds.
    """
    document = container.document
    views = _views(container, _buffers(container), limits)
    decoded_elsewhere = _draco_accessors(document)
    total = 0
    virtual = 0
    for index, accessor in enumerate(entries(document, "accessors")):
        pointer = f"/accessors/{index}"
        count, element_bytes = _element(accessor, pointer)
        if count > limits["max_accessor_elements"]:
            raise FileRejected("data_too_large", pointer=pointer)
        if index not in decoded_elsewhere:
            total += count * element_bytes
        view = reference(accessor, "bufferView", pointer, length=len(views))
        if view is not None:
            _check_within(views[view], accessor, count, element_bytes, pointer)
        elif index not in decoded_elsewhere:
            virtual += count * element_bytes
        if "sparse" in accessor:
            _check_sparse(
                child(accessor, "sparse", pointer), views, count, element_bytes, f"{pointer}/sparse"
            )
        if virtual > limits["max_virtual_bytes"]:
            raise FileRejected("data_too_large", pointer=pointer)
    sources = container.binary_length + sum(view.length for view in views if view.offset is None)
    if total > max(SHARING_FLOOR, limits["max_virtual_bytes"], SHARING_FACTOR * sources):
        raise FileRejected("data_too_large", pointer="/accessors")
    return views


def _buffers(container: Container) -> list[Buffer]:
    buffers = []
    for index, buffer in enumerate(entries(container.document, "buffers")):
        pointer = f"/buffers/{index}"
        declared = integer(buffer, "byteLength", pointer, minimum=1)
        uri = buffer.get("uri")
        is_fallback = any(name in child(buffer, "extensions", pointer) for name in MESHOPT)
        file = container.files.get(uri)
        if file is not None:
            available = file.stat().st_size
        elif uri is not None:
            available = len(uri) * 3 // 4
        elif index == 0 and container.binary_length:
            available = container.binary_length
        elif is_fallback:
            available = 0
        else:
            raise FileRejected("data_out_of_bounds", pointer=pointer)
        if declared > available and not is_fallback:
            raise FileRejected("data_out_of_bounds", pointer=pointer)
        buffers.append(Buffer(declared, index == 0 and uri is None, file))
    return buffers


def _views(container: Container, buffers: list[Buffer], limits: dict) -> list[View]:
    views = []
    unpacked = 0
    for index, entry in enumerate(entries(container.document, "bufferViews")):
        pointer = f"/bufferViews/{index}"
        extensions = child(entry, "extensions", pointer)
        name = next((name for name in MESHOPT if name in extensions), MESHOPT[0])
        extension = child(extensions, name, f"{pointer}/extensions")
        if extension:
            place = f"{pointer}/extensions/{name}"
            _place(extension, buffers, place)
            stride = integer(extension, "byteStride", place, minimum=1)
            length = integer(extension, "count", place) * stride
            unpacked += length
            if (
                length > integer(entry, "byteLength", pointer, minimum=1)
                or unpacked > limits["max_file_bytes"]
            ):
                raise FileRejected("data_too_large", pointer=pointer)
            views.append(View(None, length, integer(entry, "byteStride", pointer, default=0)))
            continue
        buffer, offset, length = _place(entry, buffers, pointer)
        stride = integer(entry, "byteStride", pointer, default=0)
        if stride > 252:
            raise FileRejected("invalid_structure", pointer=f"{pointer}/byteStride")
        file = buffers[buffer].file
        place = container.binary_offset + offset if buffers[buffer].is_chunk else offset if file else None
        views.append(View(place, length, stride, file))
    return views


def _place(entry: dict, buffers: list[Buffer], pointer: str) -> tuple[int, int, int]:
    buffer = reference(entry, "buffer", pointer, length=len(buffers))
    if buffer is None:
        raise FileRejected("invalid_structure", pointer=f"{pointer}/buffer")
    offset = integer(entry, "byteOffset", pointer, default=0)
    length = integer(entry, "byteLength", pointer, minimum=1)
    if offset + length > buffers[buffer].length:
        raise FileRejected("data_out_of_bounds", pointer=pointer)
    return buffer, offset, length


def _element(accessor: dict, pointer: str) -> tuple[int, int]:
    """Number of elements, and bytes of one (matrix columns are padded to four bytes)."""
    count = integer(accessor, "count", pointer, minimum=1)
    component = accessor.get("componentType")
    kind = accessor.get("type")
    if not isinstance(component, int) or component not in COMPONENT_BYTES:
        raise FileRejected("invalid_structure", pointer=f"{pointer}/componentType")
    if not isinstance(kind, str) or kind not in COMPONENTS:
        raise FileRejected("invalid_structure", pointer=f"{pointer}/type")
    size = COMPONENT_BYTES[component]
    if kind.startswith("MAT"):
        edge = int(kind[3])
        return count, edge * (-(-edge * size // 4) * 4)
    return count, COMPONENTS[kind] * size


def _check_within(view: View, accessor: dict, count: int, element_bytes: int, pointer: str) -> None:
    offset = integer(accessor, "byteOffset", pointer, default=0)
    stride = view.stride or element_bytes
    if stride < element_bytes or offset + (count - 1) * stride + element_bytes > view.length:
        raise FileRejected("data_out_of_bounds", pointer=pointer)


def _check_sparse(sparse: dict, views: list[View], total: int, element_bytes: int, pointer: str) -> None:
    count = integer(sparse, "count", pointer, minimum=1)
    if count > total:
        raise FileRejected("data_out_of_bounds", pointer=pointer)
    indices = child(sparse, "indices", pointer)
    component = indices.get("componentType")
    if component not in INDEX_COMPONENTS:
        raise FileRejected("invalid_structure", pointer=f"{pointer}/indices/componentType")
    parts = (
        ("indices", indices, COMPONENT_BYTES[component]),
        ("values", child(sparse, "values", pointer), element_bytes),
    )
    for name, part, size in parts:
        place = f"{pointer}/{name}"
        view = reference(part, "bufferView", place, length=len(views))
        if view is None:
            raise FileRejected("invalid_structure", pointer=f"{place}/bufferView")
        if integer(part, "byteOffset", place, default=0) + count * size > views[view].length:
            raise FileRejected("data_out_of_bounds", pointer=place)


def _draco_accessors(document: dict) -> set[int]:
    """Indices of accessors whose data comes out of a Draco stream, so that they have no view of their own."""
    indices: set[int] = set()
    for m, mesh in enumerate(entries(document, "meshes")):
        pointer = f"/meshes/{m}"
        for p, primitive in enumerate(entries(mesh, "primitives", pointer)):
            place = f"{pointer}/primitives/{p}"
            if DRACO in child(primitive, "extensions", place):
                used = [*child(primitive, "attributes", place).values(), primitive.get("indices")]
                indices.update(value for value in used if isinstance(value, int))
    return indices
