"""Small real GLB files, made in memory, valid by the Khronos validator."""

import json
import struct
from pathlib import Path

_JSON, _BIN = 0x4E4F534A, 0x004E4942


def pack_glb(document: dict | bytes, binary: bytes = b"") -> bytes:
    """A GLB container around a glTF document and its buffer, both padded as the format demands."""
    text = document if isinstance(document, bytes) else json.dumps(document).encode()
    text += b" " * (-len(text) % 4)
    chunks = struct.pack("<II", len(text), _JSON) + text
    if binary:
        binary += b"\0" * (-len(binary) % 4)
        chunks += struct.pack("<II", len(binary), _BIN) + binary
    return struct.pack("<4sII", b"glTF", 2, 12 + len(chunks)) + chunks


def grid_glb(cells: int = 4, *, name: str = "secret-name-of-the-author", size: float = 1.0) -> bytes:
    """A gently curved square of `cells` x `cells` quads (two triangles each), `size` metres wide, with UVs.

    `name` is the mesh's: it must not be found in anything that the public sees.
    """
    side = cells + 1
    positions, normals, uvs, indices = [], [], [], []
    for row in range(side):
        for column in range(side):
            x, z = column / cells - 0.5, row / cells - 0.5
            positions += [x * size, (x * x + z * z) * size / 2, z * size]
            length = (x * x + z * z + 1) ** 0.5
            normals += [-x / length, 1 / length, -z / length]
            uvs += [column / cells, row / cells]
    for row in range(cells):
        for column in range(cells):
            first = row * side + column
            indices += [first, first + side, first + 1, first + 1, first + side, first + side + 1]
    blocks = [
        struct.pack(f"<{len(positions)}f", *positions),
        struct.pack(f"<{len(normals)}f", *normals),
        struct.pack(f"<{len(uvs)}f", *uvs),
        struct.pack(f"<{len(indices)}I", *indices),
    ]
    views, offset = [], 0
    for block, target in zip(blocks, (34962, 34962, 34962, 34963), strict=True):
        views.append({"buffer": 0, "byteOffset": offset, "byteLength": len(block), "target": target})
        offset += len(block)
    stored = struct.unpack(f"<{len(positions)}f", blocks[0])
    bounds = [stored[axis::3] for axis in range(3)]
    document = {
        "asset": {"version": "2.0"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0, "name": name}],
        "meshes": [
            {
                "name": name,
                "primitives": [
                    {
                        "attributes": {"POSITION": 0, "NORMAL": 1, "TEXCOORD_0": 2},
                        "indices": 3,
                        "material": 0,
                    }
                ],
            }
        ],
        "materials": [
            {
                "doubleSided": True,
                "pbrMetallicRoughness": {"baseColorFactor": [0.8, 0.3, 0.1, 1], "metallicFactor": 0},
            }
        ],
        "buffers": [{"byteLength": offset}],
        "bufferViews": views,
        "accessors": [
            {
                "bufferView": 0,
                "componentType": 5126,
                "count": side * side,
                "type": "VEC3",
                "min": [min(axis) for axis in bounds],
                "max": [max(axis) for axis in bounds],
            },
            {"bufferView": 1, "componentType": 5126, "count": side * side, "type": "VEC3"},
            {"bufferView": 2, "componentType": 5126, "count": side * side, "type": "VEC2"},
            {"bufferView": 3, "componentType": 5125, "count": len(indices), "type": "SCALAR"},
        ],
    }
    return pack_glb(document, b"".join(blocks))


def box_glb() -> bytes:
    """One small square: the least that counts as a model."""
    return grid_glb(2)


def unpack_glb(source: Path, folder: Path, *, name: str = "scene.gltf") -> Path:
    """The model of a GLB as a .gltf in `folder` with its buffer and its pictures beside it."""
    data = source.read_bytes()
    (length,) = struct.unpack_from("<I", data, 12)
    document, binary = json.loads(data[20 : 20 + length]), data[28 + length :]
    for index, image in enumerate(document.get("images", [])):
        view = document["bufferViews"][image.pop("bufferView")]
        start = view.get("byteOffset", 0)
        image["uri"] = f"picture%20{index}.{image.pop('mimeType').partition('/')[2]}"
        (folder / image["uri"].replace("%20", " ")).write_bytes(binary[start : start + view["byteLength"]])
    document["buffers"][0]["uri"] = "geometry.bin"
    (folder / "geometry.bin").write_bytes(binary)
    target = folder / name
    target.write_text(json.dumps(document))
    return target
