"""The XML parts of a 3MF package, as their objects, colours, pictures and built items."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from ..tool import FileRejected

PRODUCTION_PATH = ":path"


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


def read_xml(path: Path, start: Callable[[str, dict], None]) -> None:
    """Calls `start` with each element's name and attributes; raises FileRejected for what is no plain XML."""
    # Prefixes are taken as they are: programs use those of the extensions without declaring them.
    parser = expat.ParserCreate()
    parser.StartElementHandler = start
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


class ModelReader:
    """Fills a Model while expat walks through its part (see read_xml)."""

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
    "model": ModelReader._unit,
    "object": ModelReader._object,
    "vertex": ModelReader._vertex,
    "triangle": ModelReader._triangle,
    "component": ModelReader._component,
    "item": ModelReader._item,
    "colorgroup": ModelReader._colours,
    "basematerials": ModelReader._colours,
    "texture2dgroup": ModelReader._places,
    "texture2d": ModelReader._picture,
    "multiproperties": ModelReader._mixed,
    "color": ModelReader._color,
    "base": ModelReader._base,
    "tex2coord": ModelReader._place,
    "multi": ModelReader._multi,
}
