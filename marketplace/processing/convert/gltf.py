"""glTF with its files, packed into one GLB: nothing is fetched, nothing is looked for outside of the upload."""

import base64
import binascii
import json
from pathlib import Path

from ..tool import FileRejected
from .companions import Companions, base_name
from .glb import mime_type, pack
from .privacy import plain_name


def convert_gltf(path: Path, companions: Companions, target: Path) -> None:
    """Writes the scene and all that it refers to as one GLB; raises FileRejected."""
    document = _parse(path)
    binary = bytearray()
    _pack_buffers(document, companions, binary)
    _pack_images(document, companions, binary)
    _drop_paths(document)
    if binary:
        document["buffers"][0]["byteLength"] = len(binary)
    else:
        document.pop("buffers")
    target.write_bytes(pack(document, binary))


def _drop_paths(document: dict) -> None:
    """No path of anybody's disk stays: programs keep them in names and in properties of their own."""
    todo: list = [document]
    while todo:
        current = todo.pop()
        if isinstance(current, list):
            todo.extend(current)
        elif isinstance(current, dict):
            current.pop("extras", None)
            if isinstance(current.get("name"), str):
                current["name"] = plain_name(current["name"])
            todo.extend(current.values())
    asset = document.get("asset")
    if isinstance(asset, dict) and "generator" in asset:
        asset["generator"] = plain_name(asset["generator"])


def _parse(path: Path) -> dict:
    try:
        document = json.loads(path.read_bytes().decode("utf-8-sig"), parse_constant=_refuse_constant)
    except (RecursionError, MemoryError):
        raise FileRejected("structure_too_complex") from None
    except ValueError:
        raise FileRejected("invalid_json") from None
    if not isinstance(document, dict):
        raise FileRejected("invalid_json")
    return document


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _entries(document: dict, key: str) -> list[dict]:
    value = document.get(key, [])
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise FileRejected("invalid_structure", pointer=f"/{key}")
    return value


def _data(entry: dict, companions: Companions, pointer: str) -> bytes | None:
    """What the entry's address leads to: bytes written into it, or a file of the upload; None where there is none."""
    uri = entry.pop("uri", None)
    if not isinstance(uri, str):
        raise FileRejected("invalid_structure", pointer=f"{pointer}/uri")
    if uri.startswith("data:"):
        header, _comma, text = uri.partition(",")
        try:
            return base64.b64decode(text) if header.endswith(";base64") else None
        except (binascii.Error, ValueError):
            raise FileRejected("invalid_structure", pointer=f"{pointer}/uri") from None
    if pointer.startswith("/images"):
        found = companions.find(uri)
        if found and found.suffix.lower() == ".ktx2":
            return found.read_bytes()
        picture = companions.picture(uri)
        return picture.read_bytes() if picture else None
    found = companions.find(uri)
    if found is None:
        raise FileRejected("missing_buffer", name=base_name(uri))
    return found.read_bytes()


def _append(binary: bytearray, data: bytes) -> int:
    binary += b"\0" * (-len(binary) % 4)
    binary += data
    return len(binary) - len(data)


def _pack_buffers(document: dict, companions: Companions, binary: bytearray) -> None:
    places: list[tuple[int, int]] = []
    undelivered: list[dict] = []
    for index, buffer in enumerate(_entries(document, "buffers")):
        if "uri" not in buffer and "EXT_meshopt_compression" in buffer.get("extensions", {}):
            # Described for readers that know no compression, but not delivered.
            undelivered.append(buffer)
            places.append((len(undelivered), 0))
            continue
        data = _data(buffer, companions, f"/buffers/{index}") or b""
        declared = buffer.get("byteLength")
        if not isinstance(declared, int):
            raise FileRejected("invalid_structure", pointer=f"/buffers/{index}/byteLength")
        if declared > len(data):
            raise FileRejected("truncated", declared=declared, actual=len(data))
        places.append((0, _append(binary, data)))
    document["buffers"] = [{"byteLength": 0}, *undelivered]
    for index, view in enumerate(_entries(document, "bufferViews")):
        for holder in (view, *_compressions(view)):
            buffer, offset = holder.get("buffer"), holder.get("byteOffset", 0)
            if not isinstance(buffer, int) or not 0 <= buffer < len(places) or not isinstance(offset, int):
                raise FileRejected("invalid_structure", pointer=f"/bufferViews/{index}/buffer")
            holder["buffer"], start = places[buffer]
            holder["byteOffset"] = start + offset


def _compressions(view: dict) -> list[dict]:
    extensions = view.get("extensions", {})
    return [entry for entry in extensions.values() if isinstance(entry, dict) and "buffer" in entry]


def _pack_images(document: dict, companions: Companions, binary: bytearray) -> None:
    lost = set()
    for index, image in enumerate(_entries(document, "images")):
        image.pop("name", None)
        if "uri" not in image:
            continue
        data = _data(image, companions, f"/images/{index}")
        kind = mime_type(data) if data else None
        if kind is None:
            if data:
                companions.unreadable.add(f"image {index + 1}")
            lost.add(index)
            continue
        view = {"buffer": 0, "byteOffset": _append(binary, data), "byteLength": len(data)}
        document.setdefault("bufferViews", []).append(view)
        image |= {"bufferView": len(document["bufferViews"]) - 1, "mimeType": kind}
    if lost:
        _drop_images(document, lost)


def _drop_images(document: dict, lost: set[int]) -> None:
    """Takes away the images, the textures of them alone, and their places in materials; the others move up."""
    kept_images = [index for index in range(len(document["images"])) if index not in lost]
    new_image = {old: new for new, old in enumerate(kept_images)}
    document["images"] = [document["images"][index] for index in kept_images]
    gone = set()
    for index, texture in enumerate(_entries(document, "textures")):
        holders = [texture, *(e for e in texture.get("extensions", {}).values() if isinstance(e, dict))]
        for holder in holders:
            if "source" in holder and (moved := new_image.get(holder.pop("source"))) is not None:
                holder["source"] = moved
        if not any("source" in holder for holder in holders):
            gone.add(index)
    _drop_textures(document.get("materials", []), gone)
    if not document["images"]:
        # A texture of nothing: nobody refers to it any more.
        for key in ("images", "textures"):
            document.pop(key, None)


def _drop_textures(value: object, gone: set[int]) -> None:
    """Removes from materials what refers to a texture in ``gone``."""
    todo = [value]
    while todo:
        current = todo.pop()
        if isinstance(current, dict):
            for key in [key for key, below in current.items() if _is_reference(key, below, gone)]:
                del current[key]
            todo.extend(current.values())
        elif isinstance(current, list):
            todo.extend(current)


def _is_reference(key: str, value: object, gone: set[int]) -> bool:
    return key.endswith("Texture") and isinstance(value, dict) and value.get("index") in gone
