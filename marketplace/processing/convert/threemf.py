"""3MF: a zip of XML parts that hold meshes, colours, pictures and where each object stands.

Core specification 1.3, materials extension 1.2 (colour groups, base materials, texture groups, multi-properties) and
production extension 1.1 (objects in other parts): https://github.com/3MFConsortium
"""

from pathlib import Path

import numpy as np

from ..tool import FileRejected
from .companions import Companions
from .glb import GlbBuilder, linear
from .threemf_parts import Model, ModelReader, Part, read_xml
from .units import THREEMF_UNITS

MAX_DEPTH = 32
RELATION_TYPE = "/3dmodel"
DEFAULT_MODEL = "3D/3dmodel.model"


def convert_threemf(companions: Companions, target: Path, limits: dict) -> float:
    """Writes the package as a GLB in its own unit, z up, and returns the unit in metres; raises FileRejected."""
    package = _Package(companions, limits)
    main = package.model(_main_model(companions))
    for path, name, matrix in main.items:
        package.place(path or package.main, name, matrix, depth=0, parent=None)
    if not package.builder.roots or not package.builder.document["meshes"]:
        raise FileRejected("nothing_to_show")
    package.builder.save(target)
    return THREEMF_UNITS.get(main.unit, 0.001)


def _main_model(companions: Companions) -> str:
    relations = companions.files.get("_rels/.rels")
    found = []

    def start(name: str, attributes: dict) -> None:
        if name.endswith("Relationship") and attributes.get("Type", "").endswith(RELATION_TYPE):
            found.append(attributes.get("Target", ""))

    if relations:
        read_xml(relations, start)
    return (found[0] if found else DEFAULT_MODEL).lstrip("/")


class _Package:
    """The parts read so far, and the GLB that is made of them."""

    def __init__(self, companions: Companions, limits: dict) -> None:
        self.companions = companions
        self.limits = limits
        self.builder = GlbBuilder()
        self.models: dict[str, Model] = {}
        self.meshes: dict[tuple[str, str], int | None] = {}
        self.materials: dict[Path, int] = {}
        self.main = ""

    def model(self, name: str) -> Model:
        """The model part of that name."""
        if name not in self.models:
            path = self.companions.files.get(name)
            if path is None:
                raise FileRejected("unreadable_model", label="3MF", detail="a part of the package is missing")
            reader = ModelReader()
            read_xml(path, reader.start)
            self.models[name] = reader.model
            self.main = self.main or name
        return self.models[name]

    def place(self, path: str, name: str, matrix: list | None, *, depth: int, parent: int | None) -> None:
        """Puts an object, and those it is made of, into the scene."""
        part = self.model(path).objects.get(name)
        if part is None or part.is_support:
            return
        if depth > MAX_DEPTH:
            raise FileRejected("nodes_too_deep", limit=MAX_DEPTH)
        if len(self.builder.document["nodes"]) > self.limits["max_instances"]:
            raise FileRejected("too_many_instances", detail=str(len(self.builder.document["nodes"])))
        node = self.builder.node(root=parent is None, **({"matrix": matrix} if matrix else {}))
        if parent is not None:
            self.builder.document["nodes"][parent].setdefault("children", []).append(node)
        if part.triangles:
            mesh = self.mesh(path, name, part)
            if mesh is not None:
                self.builder.document["nodes"][node]["mesh"] = mesh
        for below, below_name, below_matrix in part.components:
            self.place(below or path, below_name, below_matrix, depth=depth + 1, parent=node)

    def mesh(self, path: str, name: str, part: Part) -> int | None:
        """The mesh of an object, made once however often it is placed."""
        if (path, name) not in self.meshes:
            primitives = self._primitives(self.model(path), part)
            self.meshes[path, name] = (
                self.builder.add("meshes", {"primitives": primitives}) if primitives else None
            )
        return self.meshes[path, name]

    def _primitives(self, model: Model, part: Part) -> list[dict]:
        vertices = np.array(part.vertices, dtype=np.float32).reshape(-1, 3)
        triangles = np.array(part.triangles, dtype=np.int64)
        if triangles.min() < 0 or triangles.max() >= len(vertices):
            raise FileRejected(
                "unreadable_model", label="3MF", detail="a triangle names a vertex that is not there"
            )
        by_group: dict[str, list[int]] = {}
        default = (part.group, *[part.choice] * 3)
        chosen = [own or default for own in part.properties]
        for index, (group, *_choices) in enumerate(chosen):
            by_group.setdefault(group, []).append(index)
        primitives = []
        for group, indices in by_group.items():
            positions = vertices[triangles[indices]].reshape(-1, 3)
            corners = [choice for index in indices for choice in chosen[index][1:]]
            primitives.append(self._painted(model, group, positions, corners))
        return primitives

    def _painted(self, model: Model, group: str, positions: np.ndarray, corners: list[int]) -> dict:
        if group in model.mixed:
            # Layers upon layers: shown is the first that has a picture, else the first.
            groups, table = model.mixed[group]
            layer = next((place for place, name in enumerate(groups) if name in model.places), 0)
            group = groups[layer] if groups else ""
            rows = [table[corner] if corner < len(table) else [] for corner in corners]
            corners = [row[layer] if layer < len(row) else 0 for row in rows]
        if group in model.places:
            texture, places = model.places[group]
            material = self._material(model.pictures.get(texture, ""))
            uvs = np.array([places[corner] if corner < len(places) else (0, 0) for corner in corners])
            uvs = np.column_stack([uvs[:, 0], 1 - uvs[:, 1]])
            return self.builder.primitive(positions, material=material, uvs=uvs)
        colours = model.colours.get(group)
        if colours:
            values = np.array(
                [colours[corner] if corner < len(colours) else (0.5,) * 4 for corner in corners]
            )
            return self.builder.primitive(positions, colours=linear(values[:, :3]))
        return self.builder.primitive(positions)

    def _material(self, reference: str) -> int | None:
        picture = self.companions.picture(reference) if reference else None
        if picture is None:
            return None
        if picture not in self.materials:
            paint = {
                # The standard lays a see-through picture upon the colour below; we know white only.
                "baseColorTexture": {"index": self.builder.texture(self.companions.opaque(picture))},
                "metallicFactor": 0,
                "roughnessFactor": 0.7,
            }
            self.materials[picture] = self.builder.add(
                "materials", {"pbrMetallicRoughness": paint, "doubleSided": True}
            )
        return self.materials[picture]
