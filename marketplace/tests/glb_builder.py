"""Builds small GLB files of any shape for the processing tests, a piece at a time."""

import io
import json
import struct
from pathlib import Path

import numpy as np
from PIL import Image

from marketplace.tests.glb import pack_glb

COMPONENT_TYPES = {"f4": 5126, "u4": 5125, "u2": 5123, "u1": 5121}
KINDS = {1: "SCALAR", 2: "VEC2", 3: "VEC3", 4: "VEC4", 16: "MAT4"}
CUBE_CORNERS = np.array([[x, y, z] for x in (0, 1) for y in (0, 1) for z in (0, 1)], dtype="f4")
CUBE_FACES = np.array(
    [
        *([0, 1, 3], [0, 3, 2], [4, 6, 7], [4, 7, 5], [0, 4, 5], [0, 5, 1]),
        *([2, 3, 7], [2, 7, 6], [0, 2, 6], [0, 6, 4], [1, 5, 7], [1, 7, 3]),
    ],
    dtype="u2",
)


class GlbBuilder:
    """A glTF document that grows by `mesh`, `texture` and so on; `document` may be changed at will before `save`."""

    def __init__(self) -> None:
        self.binary = bytearray()
        self.document: dict = {
            "asset": {"version": "2.0", "generator": "Secret Modeller 3", "copyright": "Secret Person"},
            "scene": 0,
            "scenes": [{"nodes": []}],
            "nodes": [],
            "meshes": [],
            "accessors": [],
            "bufferViews": [],
        }

    def view(self, data: bytes) -> int:
        """Appends bytes and returns the index of their buffer view."""
        self.binary += b"\0" * (-len(self.binary) % 4)
        views = self.document["bufferViews"]
        views.append({"buffer": 0, "byteOffset": len(self.binary), "byteLength": len(data)})
        self.binary += data
        return len(views) - 1

    def accessor(self, array: np.ndarray, *, bounds: bool = False) -> int:
        """Stores an array (one row an element) and returns its accessor's index."""
        rows = array.reshape(len(array), -1)
        entry = {
            "bufferView": self.view(np.ascontiguousarray(array).tobytes()),
            "componentType": COMPONENT_TYPES[array.dtype.str[1:]],
            "count": len(rows),
            "type": KINDS[rows.shape[1]],
        }
        if bounds:
            entry |= {
                "min": rows.min(axis=0).astype(float).tolist(),
                "max": rows.max(axis=0).astype(float).tolist(),
            }
        self.document["accessors"].append(entry)
        return len(self.document["accessors"]) - 1

    def mesh(
        self, positions, indices=None, *, mode: int = 4, material: int | None = None, **attributes
    ) -> int:
        """Adds a mesh of one primitive and returns its index; attributes are arrays by semantic."""
        primitive = {
            "attributes": {"POSITION": self.accessor(np.asarray(positions, dtype="f4"), bounds=True)}
        }
        primitive["mode"] = mode
        for semantic, array in attributes.items():
            primitive["attributes"][semantic] = self.accessor(array)
        if indices is not None:
            primitive["indices"] = self.accessor(np.asarray(indices).reshape(-1))
        if material is not None:
            primitive["material"] = material
        self.document["meshes"].append({"name": "secret mesh", "primitives": [primitive]})
        return len(self.document["meshes"]) - 1

    def node(self, *, root: bool = True, **fields) -> int:
        """Adds a node, to the scene unless told otherwise, and returns its index."""
        self.document["nodes"].append({"name": "secret node", "extras": {"path": "C:/secret"}, **fields})
        index = len(self.document["nodes"]) - 1
        if root:
            self.document["scenes"][0]["nodes"].append(index)
        return index

    def texture(self, image: Image.Image, *, kind: str = "PNG") -> int:
        """Embeds a picture and returns the index of a texture that shows it."""
        stream = io.BytesIO()
        image.save(stream, kind)
        mime = f"image/{kind.lower()}"
        images = self.document.setdefault("images", [])
        images.append(
            {"bufferView": self.view(stream.getvalue()), "mimeType": mime, "name": "secret picture"}
        )
        textures = self.document.setdefault("textures", [])
        textures.append({"source": len(images) - 1})
        return len(textures) - 1

    def material(self, **fields) -> int:
        """Adds a material and returns its index."""
        materials = self.document.setdefault("materials", [])
        materials.append({"name": "secret material", **fields})
        return len(materials) - 1

    def to_bytes(self) -> bytes:
        """The whole GLB."""
        document = {key: value for key, value in self.document.items() if value != []}
        if self.binary:
            document.setdefault("buffers", [{"byteLength": len(self.binary)}])
        return pack_glb(document, bytes(self.binary))

    def save(self, path: Path) -> Path:
        """Writes the GLB and returns its path."""
        path.write_bytes(self.to_bytes())
        return path


def grid(cells: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Positions, indices and UVs of a wavy square of ``2 * cells ** 2`` triangles."""
    steps = np.linspace(0, 1, cells + 1, dtype="f4")
    u, v = (axis.reshape(-1) for axis in np.meshgrid(steps, steps))
    positions = np.stack([u, np.sin(u * 9) * np.cos(v * 7) * 0.1, v], axis=1).astype("f4")
    first = (np.arange(cells)[:, None] * (cells + 1) + np.arange(cells)).reshape(-1, 1)
    corners = [0, cells + 1, 1, 1, cells + 1, cells + 2]
    return positions, (first + corners).astype("u4"), np.stack([u, v], axis=1).astype("f4")


def noise(width: int, height: int) -> Image.Image:
    """A picture that does not shrink to one colour."""
    pixels = np.random.default_rng(1).integers(0, 255, (height, width, 3), dtype=np.uint8)
    return Image.fromarray(pixels, "RGB")


def cube(material: dict | None = None, **node: object) -> GlbBuilder:
    """A closed cube of one metre, in a node with the given fields."""
    builder = GlbBuilder()
    index = None if material is None else builder.material(**material)
    builder.node(mesh=builder.mesh(CUBE_CORNERS, CUBE_FACES, material=index), **node)
    return builder


def read_json(path: Path) -> dict:
    """The JSON chunk of a GLB."""
    data = path.read_bytes()
    (length,) = struct.unpack_from("<I", data, 12)
    return json.loads(data[20 : 20 + length])
