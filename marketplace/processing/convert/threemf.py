"""3MF: a zip of XML parts that hold meshes, colours, pictures and where each object stands.

Core specification 1.3, materials extension 1.2 (colour groups, base materials, texture groups, multi-properties) and
production extension 1.1 (objects in other parts): https://github.com/3MFConsortium
"""

from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

import numpy as np

from ..tool import FileRejected
from .companions import Companions
from .glb import GlbBuilder, linear
from .units import THREEMF_UNITS

MAX_DEPTH = 32
PRODUCTION_PATH = ":path"
RELATION_TYPE = "/3dmodel"
DEFAULT_MODEL = "3D/3dmodel.model"


@dataclass
class Part:
    """An object: a mesh (corner indices and, for each triangle, group and three choices in it) or other objects."""

    vertices: list = field(default_factory=list)
    triangles: list = field(default_factory=list)
    properties: list = field(default_factory=list)
    components: list = field(default_factory=list)
    group: str = ""
    choice: int = 0
    is_support: bool = False


@dataclass
class Model:
    """One model part of the package: its objects, groups of colours or texture places, pictures and built items."""

    unit: str = "millimeter"
    objects: dict[str, Part] = field(default_factory=dict)
    colours: dict[str, list] = field(default_factory=dict)
    places: dict[str, tuple[str, list]] = field(default_factory=dict)
    mixed: dict[str, tuple[list, list]] = field(default_factory=dict)
    pictures: dict[str, str] = field(default_factory=dict)
    items: list = field(default_factory=list)


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
        _read(relations, start)
    return (found[0] if found else DEFAULT_MODEL).lstrip("/")


def _read(path: Path, start, end=None) -> None:
    # Prefixes are taken as they are: programs use those of the extensions without declaring them.
    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        with path.open("rb") as stream:
            parser.ParseFile(stream)
    except (expat.ExpatError, ValueError, KeyError, IndexError) as error:
        raise FileRejected("unreadable_model", label="3MF", detail=str(error)[:200]) from None


def _refuse_doctype(*_declaration: object) -> None:
    raise FileRejected("unreadable_model", label="3MF", detail="it declares a document type")


def _matrix(text: str | None) -> list[float] | None:
    """Twelve numbers row by row, of points written as rows: the same order as glTF's columns."""
    if not text:
        return None
    values = [float(value) for value in text.split()]
    if len(values) != 12:
        raise ValueError("a transform without twelve numbers")
    rows = zip(*[iter(values)] * 3, strict=True)
    return [number for row, last in zip(rows, (0.0, 0.0, 0.0, 1.0), strict=True) for number in (*row, last)]


def _part_path(values: dict) -> str:
    """The part of the package in which an object lies (production extension), empty for this one."""
    named = next((value for name, value in values.items() if name.endswith(PRODUCTION_PATH)), "")
    return named.lstrip("/")


def _colour(text: str) -> tuple[float, ...]:
    digits = text.lstrip("#")
    return tuple(int(digits[place : place + 2] or "ff", 16) / 255 for place in (0, 2, 4, 6))


class _Reader:
    """Fills a Model while expat walks through its part."""

    def __init__(self) -> None:
        self.model = Model()
        self.current = Part()
        self.list: list = []

    def start(self, name: str, values: dict) -> None:
        handler = _HANDLERS.get(name.rpartition(":")[2])
        if handler:
            handler(self, values)

    def _vertex(self, values: dict) -> None:
        self.current.vertices.append((float(values["x"]), float(values["y"]), float(values["z"])))

    def _triangle(self, values: dict) -> None:
        part = self.current
        part.triangles.append((int(values["v1"]), int(values["v2"]), int(values["v3"])))
        group = values.get("pid")
        first = values.get("p1")
        if group is None and first is None:
            part.properties.append(None)
            return
        chosen = int(first) if first is not None else part.choice
        part.properties.append(
            (group or part.group, chosen, int(values.get("p2", chosen)), int(values.get("p3", chosen)))
        )

    def _object(self, values: dict) -> None:
        self.current = Part(
            group=values.get("pid", ""),
            choice=int(values.get("pindex", 0)),
            is_support=values.get("type") == "support",
        )
        self.model.objects[values["id"]] = self.current

    def _component(self, values: dict) -> None:
        path = _part_path(values)
        self.current.components.append((path, values["objectid"], _matrix(values.get("transform"))))

    def _item(self, values: dict) -> None:
        path = _part_path(values)
        self.model.items.append((path, values["objectid"], _matrix(values.get("transform"))))

    def _colours(self, values: dict) -> None:
        self.list = self.model.colours[values["id"]] = []

    def _places(self, values: dict) -> None:
        self.list = []
        self.model.places[values["id"]] = (values["texid"], self.list)

    def _mixed(self, values: dict) -> None:
        self.list = []
        self.model.mixed[values["id"]] = (values["pids"].split(), self.list)

    def _picture(self, values: dict) -> None:
        self.model.pictures[values["id"]] = values["path"]

    def _color(self, values: dict) -> None:
        self.list.append(_colour(values["color"]))

    def _base(self, values: dict) -> None:
        self.list.append(_colour(values["displaycolor"]))

    def _place(self, values: dict) -> None:
        self.list.append((float(values["u"]), float(values["v"])))

    def _multi(self, values: dict) -> None:
        self.list.append([int(index) for index in values["pindices"].split()])

    def _unit(self, values: dict) -> None:
        self.model.unit = values.get("unit", "millimeter")


_HANDLERS = {
    "model": _Reader._unit,
    "object": _Reader._object,
    "vertex": _Reader._vertex,
    "triangle": _Reader._triangle,
    "component": _Reader._component,
    "item": _Reader._item,
    "colorgroup": _Reader._colours,
    "basematerials": _Reader._colours,
    "texture2dgroup": _Reader._places,
    "texture2d": _Reader._picture,
    "multiproperties": _Reader._mixed,
    "color": _Reader._color,
    "base": _Reader._base,
    "tex2coord": _Reader._place,
    "multi": _Reader._multi,
}


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
            reader = _Reader()
            _read(path, reader.start)
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
                "baseColorTexture": {"index": self.builder.texture(picture)},
                "metallicFactor": 0,
                "roughnessFactor": 0.7,
            }
            self.materials[picture] = self.builder.add(
                "materials", {"pbrMetallicRoughness": paint, "doubleSided": True}
            )
        return self.materials[picture]
