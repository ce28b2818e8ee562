"""The tree of nodes: no loops, no abyss, and something to show."""

from ..tool import FileRejected
from .container import entries, integer, reference


def check_scene(document: dict, limits: dict) -> None:
    """Raises FileRejected for loops, for trees too deep or too large, and for a scene without a mesh."""
    nodes = entries(document, "nodes")
    if len(nodes) > limits["max_nodes"]:
        raise FileRejected("too_many_nodes", limit=limits["max_nodes"])
    children = [_children(node, index, len(nodes)) for index, node in enumerate(nodes)]
    _check_tree(children, limits)
    meshes = entries(document, "meshes")
    scenes = entries(document, "scenes")
    if not scenes or not meshes:
        raise FileRejected("nothing_to_show")
    chosen = reference(document, "scene", "", length=len(scenes)) or 0
    pointer = f"/scenes/{chosen}"
    todo = _indices(scenes[chosen].get("nodes", []), f"{pointer}/nodes", len(nodes))
    has_mesh = False
    while todo and not has_mesh:
        index = todo.pop()
        has_mesh = reference(nodes[index], "mesh", f"/nodes/{index}", length=len(meshes)) is not None
        todo.extend(children[index])
    if not has_mesh:
        raise FileRejected("nothing_to_show")


def _indices(value: object, pointer: str, length: int) -> list[int]:
    if not isinstance(value, list):
        raise FileRejected("invalid_structure", pointer=pointer)
    for position, index in enumerate(value):
        if integer({"index": index}, "index", f"{pointer}/{position}") >= length:
            raise FileRejected("invalid_structure", pointer=f"{pointer}/{position}")
    return [int(index) for index in value]


def _children(node: dict, index: int, length: int) -> list[int]:
    return _indices(node.get("children", []), f"/nodes/{index}/children", length)


def _check_tree(children: list[list[int]], limits: dict) -> None:
    """Walks down from the roots, level by level: what is never reached, or reached twice, is in a loop or shared."""
    parents = [0] * len(children)
    for index, below in enumerate(children):
        for node in below:
            parents[node] += 1
            if parents[node] > 1 or node == index:
                raise FileRejected("node_loop")
    level = [index for index, count in enumerate(parents) if count == 0]
    reached = 0
    depth = 0
    while level:
        depth += 1
        if depth > limits["max_node_depth"]:
            raise FileRejected("nodes_too_deep", limit=limits["max_node_depth"])
        reached += len(level)
        level = [node for index in level for node in children[index]]
    if reached < len(children):
        raise FileRejected("node_loop")
