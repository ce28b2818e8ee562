"""From a scene to the bytes of a GLB file."""

from __future__ import annotations

import json
import struct
from typing import TYPE_CHECKING

import numpy as np

from config.demo.geometry.mesh import Mesh, merged
from config.demo.glb.parts import Channel, Material, Node, Skin, linear, quaternion
from config.demo.occlusion import occlusion

if TYPE_CHECKING:
    from config.demo.glb.scene import Scene

FLOAT, UNSIGNED_BYTE, UNSIGNED_SHORT, UNSIGNED_INT = 5126, 5121, 5123, 5125
ARRAY_BUFFER, ELEMENT_ARRAY_BUFFER = 34962, 34963
GENERATOR = "Lathe demo generator"


class Writer:
    """Collects accessors, textures and materials while it walks the scene."""

    def __init__(self, scene: Scene, shade: float, reach: float | None) -> None:
        self.scene, self.shade, self.reach = scene, shade, reach
        self.document: dict = {"asset": {"version": "2.0", "generator": GENERATOR}, "scene": 0, "scenes": []}
        self.binary = bytearray()
        self.materials: dict[Material, int] = {}
        self.images: dict[bytes, int] = {}
        self.extensions: set[str] = set()

    def _view(self, data: bytes, target: int | None = None) -> int:
        self.binary += b"\0" * (-len(self.binary) % 4)
        view = {"buffer": 0, "byteOffset": len(self.binary), "byteLength": len(data)}
        if target:
            view["target"] = target
        self.binary += data
        self.document.setdefault("bufferViews", []).append(view)
        return len(self.document["bufferViews"]) - 1

    def _accessor(
        self,
        array: np.ndarray,
        kind: int,
        shape: str,
        target: int | None = None,
        bounds=False,
        normalized=False,
    ) -> int:
        dtype = {FLOAT: "<f4", UNSIGNED_BYTE: "u1", UNSIGNED_SHORT: "<u2", UNSIGNED_INT: "<u4"}[kind]
        data = np.ascontiguousarray(array).astype(dtype)
        accessor = {
            "bufferView": self._view(data.tobytes(), target),
            "componentType": kind,
            "count": len(data),
            "type": shape,
        }
        if bounds:
            flat = data.reshape(len(data), -1)
            accessor["min"], accessor["max"] = flat.min(axis=0).tolist(), flat.max(axis=0).tolist()
        if normalized:
            accessor["normalized"] = True
        self.document.setdefault("accessors", []).append(accessor)
        return len(self.document["accessors"]) - 1

    def _texture(self, image: bytes) -> dict:
        if image not in self.images:
            self.document.setdefault(
                "samplers", [{"magFilter": 9729, "minFilter": 9987, "wrapS": 10497, "wrapT": 10497}]
            )
            images = self.document.setdefault("images", [])
            images.append({"bufferView": self._view(image), "mimeType": "image/jpeg"})
            self.document.setdefault("textures", []).append({"sampler": 0, "source": len(images) - 1})
            self.images[image] = len(images) - 1
        return {"index": self.images[image]}

    def _material(self, material: Material) -> int:
        if material in self.materials:
            return self.materials[material]
        pbr: dict = {
            "baseColorFactor": [*linear(material.color), material.alpha],
            "metallicFactor": material.metallic,
            "roughnessFactor": material.roughness,
        }
        entry: dict = {"name": material.name, "pbrMetallicRoughness": pbr}
        extensions: dict = {}
        if material.base_image:
            pbr["baseColorTexture"] = self._texture(material.base_image)
        if material.surface_image:
            pbr["metallicRoughnessTexture"] = self._texture(material.surface_image)
        if material.normal_image:
            entry["normalTexture"] = self._texture(material.normal_image)
        if material.emissive:
            entry["emissiveFactor"] = list(linear(material.emissive))
            if material.emissive_image:
                entry["emissiveTexture"] = self._texture(material.emissive_image)
            if material.glow != 1:
                extensions["KHR_materials_emissive_strength"] = {"emissiveStrength": material.glow}
        if material.clearcoat:
            extensions["KHR_materials_clearcoat"] = {
                "clearcoatFactor": material.clearcoat,
                "clearcoatRoughnessFactor": 0.08,
            }
        if material.transmission:
            extensions["KHR_materials_transmission"] = {"transmissionFactor": material.transmission}
        if material.sheen:
            extensions["KHR_materials_sheen"] = {
                "sheenColorFactor": list(linear(material.sheen)),
                "sheenRoughnessFactor": 0.6,
            }
        if extensions:
            entry["extensions"] = extensions
            self.extensions |= set(extensions)
        if material.alpha < 1:
            entry["alphaMode"] = "BLEND"
        if material.double_sided:
            entry["doubleSided"] = True
        self.document.setdefault("materials", []).append(entry)
        self.materials[material] = len(self.document["materials"]) - 1
        return self.materials[material]

    def _primitive(self, mesh: Mesh, material: Material, dark: np.ndarray | None, skin: Skin | None) -> dict:
        attributes = {
            "POSITION": self._accessor(mesh.vertices, FLOAT, "VEC3", ARRAY_BUFFER, bounds=True),
            "NORMAL": self._accessor(mesh.normals, FLOAT, "VEC3", ARRAY_BUFFER),
        }
        if material.is_textured:
            uv = np.column_stack([mesh.uv[:, 0], -mesh.uv[:, 1]]) / material.tile
            attributes["TEXCOORD_0"] = self._accessor(uv, FLOAT, "VEC2", ARRAY_BUFFER)
        colors = mesh.colors
        if dark is not None:
            colors = dark[:, None] * (np.ones(3) if colors is None else colors)
        if colors is not None:
            rgba = np.column_stack([np.clip(colors, 0, 1) * 65535, np.full(len(colors), 65535)])
            attributes["COLOR_0"] = self._accessor(
                np.round(rgba), UNSIGNED_SHORT, "VEC4", ARRAY_BUFFER, normalized=True
            )
        if skin:
            joints, weights = skin.weigh(mesh.vertices)
            attributes["JOINTS_0"] = self._accessor(joints, UNSIGNED_BYTE, "VEC4", ARRAY_BUFFER)
            attributes["WEIGHTS_0"] = self._accessor(weights, FLOAT, "VEC4", ARRAY_BUFFER)
        kind = UNSIGNED_SHORT if len(mesh.vertices) < 65535 else UNSIGNED_INT
        indices = self._accessor(mesh.faces.ravel(), kind, "SCALAR", ELEMENT_ARRAY_BUFFER)
        return {"attributes": attributes, "indices": indices, "material": self._material(material)}

    def _meshes(
        self, nodes: list[tuple[Node, np.ndarray]]
    ) -> dict[Node, list[tuple[Mesh, Material, np.ndarray | None]]]:
        """One mesh a material and node, with the occlusion of the whole scene at rest."""
        grouped = {}
        for node, _ in nodes:
            by_material: dict[Material, list[Mesh]] = {}
            for mesh, material in node.parts:
                by_material.setdefault(material, []).append(mesh)
            grouped[node] = [(merged(meshes), material) for material, meshes in by_material.items()]
        dark: dict[tuple[Node, int], np.ndarray] = {}
        if self.shade:
            pieces = []
            for node, world in nodes:
                for index, (mesh, material) in enumerate(grouped[node]):
                    opaque = material.alpha == 1 and not material.transmission and not material.emissive
                    points = mesh.vertices @ world[:3, :3].T + world[:3, 3]
                    pieces.append(((node, index), points, mesh.normals @ world[:3, :3].T, mesh.faces, opaque))
            dark = occlusion(pieces, self.shade, self.reach)
        return {
            node: [(mesh, material, dark.get((node, index))) for index, (mesh, material) in enumerate(parts)]
            for node, parts in grouped.items()
        }

    def write(self) -> bytes:
        nodes = self.scene.nodes()
        number = {node: index for index, (node, _) in enumerate(nodes)}
        entries = []
        for node, parts in self._meshes(nodes).items():
            entry: dict = {"name": node.name}
            # A skinned node is placed by its joints alone, so its own transform would be ignored.
            if any(node.at) and not node.skin:
                entry["translation"] = list(node.at)
            if node.rotation and not node.skin:
                entry["rotation"] = list(quaternion(*node.rotation))
            if parts:
                primitives = [
                    self._primitive(mesh, material, dark, node.skin) for mesh, material, dark in parts
                ]
                self.document.setdefault("meshes", []).append({"name": node.name, "primitives": primitives})
                entry["mesh"] = len(self.document["meshes"]) - 1
            if node.children:
                entry["children"] = [number[child] for child in node.children]
            entries.append(entry)
        scene_nodes = [0]
        world = dict(nodes)
        for node, _ in nodes:
            if not node.skin:
                continue
            binds = np.stack([np.linalg.inv(world[joint]) @ world[node] for joint in node.skin.joints])
            matrices = self._accessor(binds.transpose(0, 2, 1).reshape(-1, 16), FLOAT, "MAT4")
            joints = [number[joint] for joint in node.skin.joints]
            skins = self.document.setdefault("skins", [])
            skins.append({"inverseBindMatrices": matrices, "joints": joints, "skeleton": joints[0]})
            entries[number[node]]["skin"] = len(skins) - 1
            # Viewers ignore the parents of a skinned mesh; glTF wants it at the root to say so.
            for entry in entries:
                if number[node] in entry.get("children", []):
                    entry["children"].remove(number[node])
            scene_nodes.append(number[node])
        self.document["nodes"] = entries
        self.document["scenes"] = [{"name": self.scene.root.name, "nodes": scene_nodes}]
        for name, channels in self.scene.animations:
            self._animation(name, channels, number)
        if self.extensions:
            self.document["extensionsUsed"] = sorted(self.extensions)
        return self._packed()

    def _animation(self, name: str, channels: list[Channel], number: dict[Node, int]) -> None:
        entry: dict = {"name": name, "channels": [], "samplers": []}
        for channel in channels:
            values = np.asarray(channel.values, float)
            entry["samplers"].append(
                {
                    "input": self._accessor(np.asarray(channel.times, float), FLOAT, "SCALAR", bounds=True),
                    "output": self._accessor(values, FLOAT, "VEC4" if values.shape[1] == 4 else "VEC3"),
                    "interpolation": "LINEAR",
                }
            )
            target = {"node": number[channel.node], "path": channel.path}
            entry["channels"].append({"sampler": len(entry["samplers"]) - 1, "target": target})
        self.document.setdefault("animations", []).append(entry)

    def _packed(self) -> bytes:
        self.binary += b"\0" * (-len(self.binary) % 4)
        self.document["buffers"] = [{"byteLength": len(self.binary)}]
        text = json.dumps(self.document, separators=(",", ":"), ensure_ascii=True).encode()
        text += b" " * (-len(text) % 4)
        total = 12 + 8 + len(text) + 8 + len(self.binary)
        return b"".join(
            (
                struct.pack("<4sII", b"glTF", 2, total),
                struct.pack("<I4s", len(text), b"JSON"),
                text,
                struct.pack("<I4s", len(self.binary), b"BIN\0"),
                bytes(self.binary),
            )
        )
