"""Where the camera stands so that the model fills the picture."""

import json
import math
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..types import Angle

FIELD_OF_VIEW_DEGREES = 26.0
FILL = 0.8
TURNTABLE_AZIMUTH_DEGREES = 35.0
TURNTABLE_ELEVATION_DEGREES = 14.0
MAX_POINTS = 200_000
IDENTITY = np.eye(4)


@dataclass(frozen=True)
class View:
    """A perspective camera: where it stands and where it looks (metres, y up), and the half angles' tangents.

    ``share_x`` and ``share_y`` say how much of the picture's width and height, about its centre, the model takes.
    """

    position: np.ndarray
    target: np.ndarray
    tan_x: float
    tan_y: float
    share_x: float
    share_y: float


def directions(azimuth: float, elevation: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Right, up and backward (towards the camera) for angles in degrees; azimuth 0 looks at the front (+z)."""
    a, e = math.radians(azimuth), math.radians(elevation)
    backward = np.array([math.cos(e) * math.sin(a), math.sin(e), math.cos(e) * math.cos(a)])
    right = np.array([math.cos(a), 0.0, -math.sin(a)])
    return right, np.cross(backward, right), backward


def poster_view(points: np.ndarray, aspect: float, angle: Angle) -> View:
    """The view from ``angle`` (by default the front right, a little above) that fits ``points`` into FILL."""
    tan_x, tan_y = _tangents(aspect)
    right, up, backward = directions(angle.azimuth, angle.elevation)
    x, y, z = points @ right, points @ up, points @ backward
    distance_x, centre_x = _fit(x, z, tan_x * FILL)
    distance_y, centre_y = _fit(y, z, tan_y * FILL)
    distance = max(distance_x, distance_y, float(z.max()) * (1 + 1e-3) + 1e-9)
    # Moving back to fit the other side leaves this side off centre: perspective weighs near points more.
    position = centre_x * right + centre_y * up + distance * backward
    return _view(points, position, (right, up, backward), tan_x, tan_y)


def turntable_views(points: np.ndarray, aspect: float, frames: int) -> list[View]:
    """``frames`` views in equal steps round the vertical axis, all from one distance and height."""
    tan_x, tan_y = _tangents(aspect)
    low, high = points.min(axis=0), points.max(axis=0)
    centre = (low + high) / 2
    local = points - centre
    angles = [TURNTABLE_AZIMUTH_DEGREES + 360.0 * frame / frames for frame in range(frames)]
    distance, lowest, highest = 0.0, math.inf, -math.inf
    for angle in angles:
        right, up, backward = directions(angle, TURNTABLE_ELEVATION_DEGREES)
        x, y, z = local @ right, local @ up, local @ backward
        wide = float((np.abs(x) + z * tan_x * FILL).max()) / (tan_x * FILL)
        tall, _centre = _fit(y, z, tan_y * FILL)
        distance = max(distance, wide, tall)
        lowest, highest = min(lowest, float(y.min())), max(highest, float(y.max()))
    views = []
    for angle in angles:
        axes = directions(angle, TURNTABLE_ELEVATION_DEGREES)
        position = centre + axes[1] * (lowest + highest) / 2 + axes[2] * distance
        views.append(_view(points, position, axes, tan_x, tan_y))
    return views


def _view(points: np.ndarray, position: np.ndarray, axes: tuple, tan_x: float, tan_y: float) -> View:
    right, up, backward = axes
    local = points - position
    depth = np.maximum(-(local @ backward), 1e-12)
    share_x = float((np.abs(local @ right) / depth).max()) / tan_x
    share_y = float((np.abs(local @ up) / depth).max()) / tan_y
    return View(position, position - backward, tan_x, tan_y, min(share_x, 1.0), min(share_y, 1.0))


def _tangents(aspect: float) -> tuple[float, float]:
    tan_y = math.tan(math.radians(FIELD_OF_VIEW_DEGREES) / 2)
    return tan_y * aspect, tan_y


def _fit(offset: np.ndarray, depth: np.ndarray, tangent: float) -> tuple[float, float]:
    """Smallest camera distance, and the camera's offset, from which every point lies within the half angle."""
    above = float((offset + depth * tangent).max())
    below = float((-offset + depth * tangent).max())
    return (above + below) / (2 * tangent), (above - below) / 2


def load_points(path: Path) -> np.ndarray:
    """World positions of the vertices of a plain GLB written by our own Node tool (at most MAX_POINTS, spread evenly).

    Raises ValueError when it has none.
    """
    data = path.read_bytes()
    (json_length,) = struct.unpack_from("<I", data, 12)
    document = json.loads(data[20 : 20 + json_length])
    binary = 20 + json_length + 8
    clouds: list[np.ndarray] = []
    scene = document["scenes"][document.get("scene", 0)]
    todo = [(node, IDENTITY) for node in scene.get("nodes", [])]
    while todo:
        index, parent = todo.pop()
        node = document["nodes"][index]
        world = parent @ _local_matrix(node)
        todo.extend((below, world) for below in node.get("children", []))
        if "mesh" in node:
            for primitive in document["meshes"][node["mesh"]]["primitives"]:
                if "POSITION" in primitive["attributes"]:
                    local = _positions(document, data, binary, primitive["attributes"]["POSITION"])
                    clouds.append(local @ world[:3, :3].T + world[:3, 3])
    if not clouds:
        raise ValueError("no vertices")
    points = np.concatenate(clouds)
    return _thin(points)


def _thin(points: np.ndarray) -> np.ndarray:
    """At most MAX_POINTS of the points, with the outermost ones always among them."""
    if len(points) <= MAX_POINTS:
        return points
    extremes = []
    for azimuth in range(0, 180, 15):
        for elevation in (-60, -30, 0, 30, 60, 90):
            along = points @ directions(azimuth, elevation)[2]
            extremes += [int(along.argmin()), int(along.argmax())]
    step = -(-len(points) // MAX_POINTS)
    return np.concatenate([points[extremes], points[::step]])


def _local_matrix(node: dict) -> np.ndarray:
    if "matrix" in node:
        return np.array(node["matrix"], dtype=float).reshape(4, 4).T
    matrix = np.eye(4)
    x, y, z, w = node.get("rotation", (0, 0, 0, 1))
    rotation = np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )
    matrix[:3, :3] = rotation * np.array(node.get("scale", (1, 1, 1)))
    matrix[:3, 3] = node.get("translation", (0, 0, 0))
    return matrix


def _positions(document: dict, data: bytes, binary: int, accessor_index: int) -> np.ndarray:
    accessor = document["accessors"][accessor_index]
    view = document["bufferViews"][accessor["bufferView"]]
    start = binary + view.get("byteOffset", 0) + accessor.get("byteOffset", 0)
    stride = view.get("byteStride", 12)
    return np.ndarray((accessor["count"], 3), "<f4", data, start, (stride, 4)).astype(float)
