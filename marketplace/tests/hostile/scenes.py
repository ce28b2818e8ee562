"""Hostile GLB and glTF."""

import base64
import io
import json
import struct
from functools import cache

from PIL import Image

from marketplace.tests.glb import pack_glb
from marketplace.tests.glb_builder import cube


def cube_glb() -> bytes:
    return cube().to_bytes()


def changed_cube(**changes) -> bytes:
    builder = cube()
    builder.document.update(changes)
    return builder.to_bytes()


def deep_nodes(levels: int) -> bytes:
    nodes = [{"children": [index + 1]} for index in range(levels)] + [{"mesh": 0}]
    return changed_cube(nodes=nodes)


def node_ring() -> bytes:
    return changed_cube(nodes=[{"mesh": 0, "children": [1]}, {"children": [0]}])


def sparse_accessor(count: int) -> bytes:
    """An accessor of ``count`` elements that are all zero, but for one."""
    builder = cube()
    view = builder.view(struct.pack("<I", 0) + struct.pack("<fff", 1, 1, 1))
    builder.document["accessors"][0] = {
        "componentType": 5126,
        "count": count,
        "type": "VEC3",
        "min": [0, 0, 0],
        "max": [1, 1, 1],
        "sparse": {
            "count": 1,
            "indices": {"bufferView": view, "componentType": 5125},
            "values": {"bufferView": view, "byteOffset": 4},
        },
    }
    return builder.to_bytes()


def brackets(count: int) -> bytes:
    text = b'{"asset": {"version": "2.0"}, "extras": ' + b"[" * count + b"]" * count + b"}"
    return pack_glb(text)


def brackets_gltf(count: int) -> bytes:
    return b'{"asset": {"version": "2.0"}, "extras": ' + b"[" * count + b"]" * count + b"}"


def objects_glb(count: int) -> bytes:
    """Two letters each in the file, hundreds of bytes each in memory."""
    return pack_glb(b'{"asset": {"version": "2.0"}, "extras": [' + b"{}," * count + b"0]}")


def buffer_of(length: int) -> bytes:
    return changed_cube(buffers=[{"byteLength": length}])


def with_picture(picture: bytes) -> bytes:
    builder = cube()
    builder.document["images"] = [{"bufferView": builder.view(picture), "mimeType": "image/png"}]
    builder.document["textures"] = [{"source": 0}]
    builder.document["materials"] = [{"pbrMetallicRoughness": {"baseColorTexture": {"index": 0}}}]
    builder.document["meshes"][0]["primitives"][0]["material"] = 0
    return builder.to_bytes()


def gltf(*, buffer: str | None = None, image: str | None = None) -> bytes:
    """A cube as .gltf text whose buffer, or whose picture, is at that address."""
    whole = cube_glb()
    length = struct.unpack_from("<I", whole, 12)[0]
    document = json.loads(whole[20 : 20 + length])
    embedded = "data:application/octet-stream;base64," + base64.b64encode(whole[28 + length :]).decode()
    document["buffers"][0]["uri"] = buffer or embedded
    if image:
        document["images"] = [{"uri": image}]
        document["textures"] = [{"source": 0}]
        document["materials"] = [{"pbrMetallicRoughness": {"baseColorTexture": {"index": 0}}}]
        document["meshes"][0]["primitives"][0]["material"] = 0
    return json.dumps(document).encode()


@cache
def png_of(width: int, height: int) -> bytes:
    """A whole picture of one colour, as small as that packs."""
    picture = io.BytesIO()
    Image.new("1", (width, height)).save(picture, "PNG", optimize=True)
    return picture.getvalue()


def animated(kind: str) -> bytes:
    """Three frames of 16 x 16 pixels: ``PNG``, ``WEBP`` or ``GIF``."""
    frames = [Image.new("RGB", (16, 16), colour) for colour in ("red", "green", "blue")]
    picture = io.BytesIO()
    frames[0].save(picture, kind, save_all=True, append_images=frames[1:], duration=100)
    return picture.getvalue()
