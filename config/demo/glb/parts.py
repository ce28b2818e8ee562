"""What a scene is made of: materials, nodes, skins, and channels of motion."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from config.demo.geometry.mesh import Mesh, rotation_matrix


def linear(color: str) -> tuple[float, float, float]:
    """Linear RGB of an sRGB "#rrggbb"."""
    srgb = np.array([int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    value = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    return tuple(round(float(channel), 4) for channel in value)


@dataclass(frozen=True)
class Material:
    """glTF metallic-roughness material. `tile` is the size of its textures in metres; images are JPEG bytes."""

    name: str
    color: str = "#ffffff"
    metallic: float = 0.0
    roughness: float = 0.5
    alpha: float = 1.0
    emissive: str | None = None
    glow: float = 1.0
    clearcoat: float = 0.0
    transmission: float = 0.0
    sheen: str | None = None
    double_sided: bool = False
    tile: float = 1.0
    base_image: bytes | None = None
    normal_image: bytes | None = None
    surface_image: bytes | None = None
    emissive_image: bytes | None = None

    @property
    def is_textured(self) -> bool:
        return any((self.base_image, self.normal_image, self.surface_image, self.emissive_image))


def quaternion(axis: str | Sequence[float], degrees: float) -> tuple[float, float, float, float]:
    """glTF order: x, y, z, w."""
    named = {"x": (1, 0, 0), "y": (0, 1, 0), "z": (0, 0, 1)}
    direction = np.asarray(named[axis] if isinstance(axis, str) else axis, float)
    direction = direction / np.linalg.norm(direction) * np.sin(np.radians(degrees) / 2)
    return (*(float(value) for value in direction), float(np.cos(np.radians(degrees) / 2)))


@dataclass(eq=False)
class Node:
    """A named place in the scene with parts (mesh, material); rotation is an (axis, degrees) pair."""

    name: str
    parts: list[tuple[Mesh, Material]] = field(default_factory=list)
    at: tuple[float, float, float] = (0.0, 0.0, 0.0)
    rotation: tuple[str | Sequence[float], float] | None = None
    children: list[Node] = field(default_factory=list)
    skin: Skin | None = None

    def add(self, mesh: Mesh, material: Material) -> None:
        self.parts.append((mesh, material))

    def child(self, name: str, at: Sequence[float] = (0, 0, 0), rotation=None) -> Node:
        node = Node(name, at=tuple(float(v) for v in at), rotation=rotation)
        self.children.append(node)
        return node

    @property
    def matrix(self) -> np.ndarray:
        result = np.eye(4)
        if self.rotation:
            result[:3, :3] = rotation_matrix(*self.rotation)
        result[:3, 3] = self.at
        return result


@dataclass(eq=False)
class Skin:
    """Joints (nodes of the scene) that bend the node's parts; `weigh` gives (n, 4) joint numbers and weights."""

    joints: list[Node]
    weigh: object


@dataclass(frozen=True)
class Channel:
    """Keyframes of one node property: "rotation" takes quaternions, "translation" and "scale" vectors."""

    node: Node
    path: str
    times: Sequence[float]
    values: Sequence[Sequence[float]]


def spin(node: Node, axis: str, seconds: float, turns: float = 1.0, steps: int = 8) -> Channel:
    """A full steady turn (or several) that loops without a jump."""
    count = max(2, round(abs(turns) * steps) + 1)
    times = np.linspace(0, seconds, count)
    return Channel(node, "rotation", times, [quaternion(axis, 360 * turns * t / seconds) for t in times])


def swing(
    node: Node,
    axis: str,
    seconds: float,
    degrees: float,
    offset: float = 0.0,
    phase: float = 0.0,
    steps: int = 16,
) -> Channel:
    """A pendulum's rotation to both sides of `offset` degrees, looping."""
    times = np.linspace(0, seconds, steps + 1)
    angles = offset + degrees * np.sin(2 * np.pi * (times / seconds + phase))
    return Channel(node, "rotation", times, [quaternion(axis, angle) for angle in angles])
