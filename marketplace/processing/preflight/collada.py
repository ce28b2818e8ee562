"""COLLADA: XML whose counts fit its size, and whose nodes do not unfold without end."""

from collections import defaultdict

from ..tool import FileRejected
from .graph import unfolded_sizes
from .upload import Upload
from .xml_reader import read_xml

GEOMETRY = {"triangles", "polylist", "polygons", "tristrips", "trifans", "lines", "linestrips"}
# The least that one number takes in text: a digit and a blank.
NUMBER_BYTES = 2
MAX_STRIDE = 256


class _Document:
    """What is kept of the document while it streams by: which node holds which, and how many primitives they draw."""

    def __init__(self, upload: Upload) -> None:
        self.upload = upload
        self.root = ""
        self.open_nodes: list[str] = []
        self.unnamed = 0
        self.nodes = 0
        self.has_geometry = False
        self.children: dict[str, list[str]] = defaultdict(list)
        self.own: dict[str, int] = defaultdict(int)

    def opened(self, name: str, attributes: dict[str, str]) -> None:
        if not self.root:
            self.root = name
            if name != "COLLADA":
                raise self.upload.damaged(f"it starts with “{name[:40]}”")
        if name == "node":
            self._open_node(attributes)
        elif name == "instance_node" and self.open_nodes:
            self.children[self.open_nodes[-1]].append(attributes.get("url", "").removeprefix("#"))
        elif name in ("instance_geometry", "instance_controller") and self.open_nodes:
            self.own[self.open_nodes[-1]] += 1
        elif name in GEOMETRY:
            self.has_geometry = True
        if "count" in attributes:
            self._check_count(name, attributes)

    def closed(self, name: str) -> None:
        if name == "node" and self.open_nodes:
            self.open_nodes.pop()

    def _open_node(self, attributes: dict[str, str]) -> None:
        self.nodes += 1
        limit = self.upload.limits["max_nodes"]
        if self.nodes > limit:
            raise FileRejected("too_many_nodes", limit=limit)
        self.unnamed += 1
        # Two nodes of one name are not one: a blank cannot be part of an identifier.
        identifier = attributes.get("id") or f" {self.unnamed}"
        if identifier in self.children:
            identifier = f" {self.unnamed}"
        if self.open_nodes:
            self.children[self.open_nodes[-1]].append(identifier)
        self.children[identifier] = []
        self.own[identifier] += 1
        self.open_nodes.append(identifier)

    def _check_count(self, name: str, attributes: dict[str, str]) -> None:
        text = attributes["count"].strip()
        if not text.isdecimal() or len(text) > 18:
            raise self.upload.damaged(f"a count says “{text[:40]}”")
        stride = attributes.get("stride", "1").strip()
        width = int(stride) if name == "accessor" and stride.isdecimal() and len(stride) < 5 else 1
        is_stored = name.endswith("_array") or name == "accessor"
        least = NUMBER_BYTES if is_stored else 1
        if int(text) * max(1, width) * least > self.upload.size + NUMBER_BYTES or width > MAX_STRIDE:
            raise self.upload.claims(int(text), "numbers" if is_stored else "faces")


def check_collada(upload: Upload) -> None:
    """Raises FileRejected for what read_xml refuses, for counts beyond the size, and for loops and floods of nodes."""
    document = _Document(upload)
    with upload.path.open("rb") as stream:
        read_xml(
            stream,
            label=upload.label,
            limits=upload.limits,
            opened=document.opened,
            closed=document.closed,
        )
    sizes = unfolded_sizes(document.children, document.own, max_depth=upload.limits["max_node_depth"])
    total = max(sizes.values(), default=0)
    if total > upload.limits["max_nodes"]:
        raise FileRejected("too_many_nodes", limit=upload.limits["max_nodes"])
    if not document.has_geometry:
        raise FileRejected("nothing_to_show")
