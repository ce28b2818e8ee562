"""A scene: nodes and animations, to be written as one GLB."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from config.demo.geometry.mesh import Mesh
from config.demo.glb.parts import Channel, Material, Node
from config.demo.glb.writer import Writer


class Scene:
    """Collects nodes and animations and writes them as one GLB."""

    def __init__(self, name: str) -> None:
        self.root = Node(name)
        self.animations: list[tuple[str, list[Channel]]] = []

    def add(self, mesh: Mesh, material: Material) -> None:
        """Put a part straight under the root."""
        self.root.add(mesh, material)

    def node(self, name: str, at: Sequence[float] = (0, 0, 0), rotation=None) -> Node:
        return self.root.child(name, at, rotation)

    def animate(self, name: str, *channels: Channel) -> None:
        self.animations.append((name, list(channels)))

    def nodes(self) -> list[tuple[Node, np.ndarray]]:
        """Every node with its world matrix, parents first."""
        found: list[tuple[Node, np.ndarray]] = []

        def visit(node: Node, parent: np.ndarray) -> None:
            world = parent @ node.matrix
            found.append((node, world))
            for child in node.children:
                visit(child, world)

        visit(self.root, np.eye(4))
        return found

    def stand(self) -> None:
        """Move the whole model so that it stands on y=0 and is centred on the other two axes."""
        corners = []
        for node, world in self.nodes():
            for mesh, _ in node.parts:
                corners.append(mesh.vertices @ world[:3, :3].T + world[:3, 3])
        points = np.vstack(corners)
        low, high = points.min(axis=0), points.max(axis=0)
        shift = (-(low[0] + high[0]) / 2, -low[1], -(low[2] + high[2]) / 2)
        self.root.at = tuple(float(a + b) for a, b in zip(self.root.at, shift, strict=True))

    def to_glb(self, shade: float = 0.75, reach: float | None = None) -> bytes:
        """Write the scene. `shade` is the strength of the occlusion baked into vertex colours (0 for none) and
        `reach` how far, in metres, a neighbour darkens (a fifth of the model's size when None)."""
        self.stand()
        return Writer(self, shade, reach).write()
