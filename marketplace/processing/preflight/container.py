"""The GLB container and the JSON description that it shares with glTF."""

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from ..tool import FileRejected
from .companions import find

HEADER = struct.Struct("<4sII")
CHUNK_HEADER = struct.Struct("<II")
JSON_CHUNK = 0x4E4F534A
BIN_CHUNK = 0x004E4942

MAX_WEIGHT = 6_000_000
# A description with its data embedded as text is this many times as large as one alone.
EMBEDDED_FACTOR = 4

# What people upload by mistake, by the first bytes.
KNOWN_STARTS = (
    (b"PK\x03\x04", " but a ZIP archive (a USDZ, 3MF or packed download, for example)"),
    (b"Kaydara FBX", " but an FBX file"),
    (b"BLENDER", " but a Blender file"),
    (b"solid ", " but an STL file"),
    (b"ply\n", " but a PLY file"),
    (b"{", " but the text form of glTF (.gltf), whose geometry and textures lie in other files"),
    (b"<?xml", " but an XML file (COLLADA, for example)"),
    (b"\x89PNG", " but a picture"),
    (b"\xff\xd8\xff", " but a picture"),
)

# Extensions that may be required, because they are understood by every step after this one.
SUPPORTED_EXTENSIONS = {
    *("EXT_mesh_gpu_instancing", "EXT_meshopt_compression", "KHR_meshopt_compression"),
    *("EXT_texture_avif", "EXT_texture_webp"),
    *(
        "KHR_draco_mesh_compression",
        "KHR_lights_punctual",
        "KHR_materials_anisotropy",
        "KHR_materials_clearcoat",
    ),
    *("KHR_materials_diffuse_transmission", "KHR_materials_dispersion", "KHR_materials_emissive_strength"),
    *("KHR_materials_ior", "KHR_materials_iridescence", "KHR_materials_pbrSpecularGlossiness"),
    *("KHR_materials_sheen", "KHR_materials_specular", "KHR_materials_transmission", "KHR_materials_unlit"),
    *("KHR_materials_variants", "KHR_materials_volume", "KHR_mesh_quantization", "KHR_texture_basisu"),
    *("KHR_texture_transform", "KHR_xmp_json_ld"),
}


@dataclass(frozen=True)
class Container:
    """An open GLB or glTF: its description, and where its binary data lie.

    ``binary_offset`` and ``binary_length`` are of the binary chunk in bytes (length 0: none); ``files`` maps the
    addresses of buffers in the description to the files that came with it.
    """

    stream: BinaryIO
    document: dict
    binary_offset: int = 0
    binary_length: int = 0
    files: Mapping[str, Path] = field(default_factory=dict)


def open_container(stream: BinaryIO, size: int, limits: dict) -> Container:
    """Checks the container's layout and reads the description.

    Raises FileRejected for anything that is not a whole, single-file glTF 2 binary of supported extensions.
    """
    head = stream.read(16)
    if len(head) < HEADER.size or not head.startswith(b"glTF"):
        guess = next((text for start, text in KNOWN_STARTS if head.startswith(start)), "")
        raise FileRejected("not_glb", guess=guess)
    _magic, version, declared = HEADER.unpack_from(head)
    if version != 2:
        raise FileRejected("gltf_version_1", version=version)
    if declared > size:
        raise FileRejected("truncated", declared=declared, actual=size)
    if declared < size:
        raise FileRejected("trailing_data", extra=size - declared)
    chunks = _chunks(stream, size)
    if not chunks or chunks[0][0] != JSON_CHUNK:
        raise FileRejected("missing_json")
    _kind, offset, length = chunks[0]
    if length > limits["json_bytes"]:
        raise FileRejected("json_too_large", limit=limits["json_bytes"])
    stream.seek(offset)
    document = _parse(stream.read(length))
    _check_asset(document)
    binary = chunks[1][1:] if len(chunks) > 1 and chunks[1][0] == BIN_CHUNK else (0, 0)
    _check_extensions(document)
    _check_references(document)
    return Container(stream, document, *binary)


def open_description(stream: BinaryIO, size: int, companions: Mapping[str, Path], limits: dict) -> Container:
    """Reads a glTF description whose buffers are embedded or lie among ``companions`` (name -> path).

    Raises FileRejected for what is no glTF 2 of supported extensions, and for buffers that did not come with it.
    """
    if size > limits["json_bytes"] * EMBEDDED_FACTOR:
        raise FileRejected("json_too_large", limit=limits["json_bytes"] * EMBEDDED_FACTOR)
    document = _parse(stream.read().removeprefix(b"\xef\xbb\xbf"))
    _check_asset(document)
    _check_extensions(document)
    files = {}
    for key in ("buffers", "images"):
        for uri in _addresses(document, key):
            if uri.startswith("data:"):
                continue
            found = find(uri, companions)
            if found:
                files[uri] = companions[found]
            elif key == "buffers":
                raise FileRejected("missing_file", name=uri.replace("\\", "/").rpartition("/")[2][:120])
    return Container(stream, document, files=files)


def _chunks(stream: BinaryIO, size: int) -> list[tuple[int, int, int]]:
    """(type, offset, length) of the first chunks; every chunk must lie within the file."""
    chunks: list[tuple[int, int, int]] = []
    position = HEADER.size
    while position < size and len(chunks) < 16:
        stream.seek(position)
        header = stream.read(CHUNK_HEADER.size)
        if len(header) < CHUNK_HEADER.size:
            raise FileRejected("broken_chunks")
        length, kind = CHUNK_HEADER.unpack(header)
        position += CHUNK_HEADER.size
        if length > size - position:
            raise FileRejected("broken_chunks")
        chunks.append((kind, position, length))
        position += length
    return chunks


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _parse(text: bytes) -> dict:
    # Small text can be large in memory: an empty object takes two letters there and a few hundred bytes here.
    if 5 * text.count(b"{") + 2 * text.count(b"[") + text.count(b",") > MAX_WEIGHT:
        raise FileRejected("structure_too_complex")
    try:
        document = json.loads(text, parse_constant=_refuse_constant)
    except (RecursionError, MemoryError):
        raise FileRejected("structure_too_complex") from None
    except ValueError:
        raise FileRejected("invalid_json") from None
    if not isinstance(document, dict):
        raise FileRejected("invalid_json")
    return document


def _check_asset(document: dict) -> None:
    asset = document.get("asset")
    version = asset.get("version") if isinstance(asset, dict) else None
    if not isinstance(version, str):
        raise FileRejected("invalid_structure", pointer="/asset/version")
    if not version.startswith("2."):
        raise FileRejected("gltf_version_1", version=version[:10])


def _names(document: dict, key: str) -> list[str]:
    names = document.get(key, [])
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise FileRejected("invalid_structure", pointer=f"/{key}")
    return names


def _check_extensions(document: dict) -> None:
    _names(document, "extensionsUsed")
    required = _names(document, "extensionsRequired")
    for name in required:
        if name not in SUPPORTED_EXTENSIONS:
            raise FileRejected("unsupported_extension", name=name[:100])


def _addresses(document: dict, key: str) -> list[str]:
    addresses = []
    for index, entry in enumerate(entries(document, key)):
        uri = entry.get("uri")
        if uri is None:
            continue
        if not isinstance(uri, str):
            raise FileRejected("invalid_structure", pointer=f"/{key}/{index}/uri")
        addresses.append(uri)
    return addresses


def _check_references(document: dict) -> None:
    """Nothing may point outside of the file: neither to the network nor to the disk."""
    for key in ("buffers", "images"):
        for uri in _addresses(document, key):
            if not uri.startswith("data:"):
                raise FileRejected("external_files", uri=uri[:120])


def entries(document: dict, key: str, pointer: str = "") -> list[dict]:
    """The list of objects under ``key``, empty when it is not there."""
    value = document.get(key, [])
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise FileRejected("invalid_structure", pointer=f"{pointer}/{key}")
    return value


def integer(entry: dict, key: str, pointer: str, *, default: int | None = None, minimum: int = 0) -> int:
    """The whole number under ``key``, at least ``minimum``; ``default`` when it is not there."""
    value = entry.get(key, default)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or value < minimum:
        raise FileRejected("invalid_structure", pointer=f"{pointer}/{key}")
    return value


def reference(entry: dict, key: str, pointer: str, *, length: int) -> int | None:
    """The index under ``key`` into a list of ``length`` entries, or None when it is not there."""
    if key not in entry:
        return None
    index = integer(entry, key, pointer)
    if index >= length:
        raise FileRejected("invalid_structure", pointer=f"{pointer}/{key}")
    return index


def child(entry: dict, key: str, pointer: str) -> dict:
    """The object under ``key``, empty when it is not there."""
    value = entry.get(key, {})
    if not isinstance(value, dict):
        raise FileRejected("invalid_structure", pointer=f"{pointer}/{key}")
    return value
