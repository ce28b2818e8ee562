"""A plain GLB from arrays."""

import json
import struct
from pathlib import Path

import numpy as np

JSON_CHUNK, BIN_CHUNK = 0x4E4F534A, 0x004E4942
FLOAT, UNSIGNED_INT = 5126, 5125
ARRAY_BUFFER, ELEMENT_ARRAY_BUFFER = 34962, 34963
KINDS = {1: "SCALAR", 2: "VEC2", 3: "VEC3", 4: "VEC4"}
SEMANTICS = {"normals": "NORMAL", "uvs": "TEXCOORD_0", "colours": "COLOR_0"}


def linear(encoded: np.ndarray) -> np.ndarray:
    """sRGB values from 0 to 1 as linear light, which is what glTF multiplies; a fourth column (opacity) stays."""
    result = np.array(encoded, dtype=np.float32)
    colour = result[..., :3]
    result[..., :3] = np.where(colour <= 0.04045, colour / 12.92, ((colour + 0.055) / 1.055) ** 2.4)
    return result


def pack(document: dict, binary: bytes | bytearray) -> bytes:
    """The container around a glTF document and its one buffer."""
    text = json.dumps(document, separators=(",", ":"), allow_nan=False).encode()
    text += b" " * (-len(text) % 4)
    chunks = struct.pack("<II", len(text), JSON_CHUNK) + text
    if binary:
        binary = bytes(binary) + b"\0" * (-len(binary) % 4)
        chunks += struct.pack("<II", len(binary), BIN_CHUNK) + binary
    return struct.pack("<4sII", b"glTF", 2, 12 + len(chunks)) + chunks


class GlbBuilder:
    """Collects meshes, materials and nodes, and writes them as one GLB."""

    def __init__(self) -> None:
        self.binary = bytearray()
        self.roots: list[int] = []
        self.pictures: dict[Path, int] = {}
        self.document: dict = {
            "asset": {"version": "2.0"},
            **{
                name: []
                for name in ("nodes", "meshes", "accessors", "bufferViews", "materials", "textures", "images")
            },
        }

    def add(self, kind: str, entry: dict) -> int:
        """Appends to a list of the document and returns the index."""
        self.document[kind].append(entry)
        return len(self.document[kind]) - 1

    def view(self, data: bytes, target: int | None = None) -> int:
        """Puts bytes into the buffer and returns the index of the view on them."""
        self.binary += b"\0" * (-len(self.binary) % 4)
        entry = {"buffer": 0, "byteOffset": len(self.binary), "byteLength": len(data)}
        self.binary += data
        return self.add("bufferViews", entry | ({"target": target} if target else {}))

    def accessor(self, values: np.ndarray, *, bounds: bool = False) -> int:
        """Puts an array of floats (rows of 2 to 4) into the buffer."""
        values = np.ascontiguousarray(values, dtype="<f4")
        entry = {
            "bufferView": self.view(values.tobytes(), ARRAY_BUFFER),
            "componentType": FLOAT,
            "count": len(values),
            "type": KINDS[values.shape[1]],
        }
        if bounds:
            entry |= {"min": values.min(axis=0).tolist(), "max": values.max(axis=0).tolist()}
        return self.add("accessors", entry)

    def primitive(
        self,
        positions: np.ndarray,
        *,
        faces: np.ndarray | None = None,
        material: int | None = None,
        normals: np.ndarray | None = None,
        uvs: np.ndarray | None = None,
        colours: np.ndarray | None = None,
    ) -> dict:
        """Triangles: ``faces`` index ``positions``; without them every three positions in turn are one."""
        attributes = {"POSITION": self.accessor(positions, bounds=True)}
        for name, values in {"normals": normals, "uvs": uvs, "colours": colours}.items():
            if values is not None:
                attributes[SEMANTICS[name]] = self.accessor(values)
        entry: dict = {"attributes": attributes, "mode": 4}
        if faces is not None:
            indices = np.ascontiguousarray(faces, dtype="<u4").reshape(-1)
            view = self.view(indices.tobytes(), ELEMENT_ARRAY_BUFFER)
            accessor = {
                "bufferView": view,
                "componentType": UNSIGNED_INT,
                "count": len(indices),
                "type": "SCALAR",
            }
            entry["indices"] = self.add("accessors", accessor)
        if material is not None:
            entry["material"] = material
        return entry

    def texture(self, picture: Path) -> int:
        """A texture of a PNG, JPEG or WebP file; the same file is stored once."""
        if picture not in self.pictures:
            data = picture.read_bytes()
            image = self.add("images", {"bufferView": self.view(data), "mimeType": mime_type(data)})
            self.pictures[picture] = self.add("textures", {"source": image})
        return self.pictures[picture]

    def node(self, *, root: bool = True, **entry: object) -> int:
        """A node; of a ``matrix`` the sixteen numbers column by column."""
        index = self.add("nodes", entry)
        if root:
            self.roots.append(index)
        return index

    def save(self, path: Path) -> None:
        """Writes the GLB to ``path``."""
        document = {name: value for name, value in self.document.items() if value}
        document |= {"scene": 0, "scenes": [{"nodes": self.roots}] if self.roots else [{}]}
        if self.binary:
            document["buffers"] = [{"byteLength": len(self.binary)}]
        if any(image["mimeType"] == "image/webp" for image in self.document["images"]):
            _mark_webp(document)
        path.write_bytes(pack(document, self.binary))


def mime_type(data: bytes) -> str | None:
    """The media type of a picture that glTF may hold, by its first bytes; None for any other."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data.startswith(b"\xabKTX 20\xbb"):
        return "image/ktx2"
    return None


def _mark_webp(document: dict) -> None:
    """WebP pictures are an extension of glTF, to be named by the textures that use them."""
    for texture in document["textures"]:
        if document["images"][texture["source"]]["mimeType"] == "image/webp":
            texture["extensions"] = {"EXT_texture_webp": {"source": texture.pop("source")}}
    document["extensionsUsed"] = document["extensionsRequired"] = ["EXT_texture_webp"]
