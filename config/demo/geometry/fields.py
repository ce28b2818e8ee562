"""Soft shapes: signed distance fields joined smoothly and skinned by naive surface nets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from config.demo.geometry.mesh import Mesh

Distance = Callable[[np.ndarray], np.ndarray]
Color = tuple[float, float, float]


@dataclass(frozen=True)
class Blob:
    """A distance function (negative inside, metres) with the linear RGB colour its surface takes."""

    distance: Distance
    color: Color = (1.0, 1.0, 1.0)


def ball(centre: Sequence[float], radius: float, color: Color = (1, 1, 1)) -> Blob:
    where = np.asarray(centre, float)
    return Blob(lambda p: np.linalg.norm(p - where, axis=1) - radius, color)


def ellipsoid(centre: Sequence[float], size: Sequence[float], color: Color = (1, 1, 1), turn=None) -> Blob:
    """Half-axes `size`; `turn` is a 3x3 rotation. The distance is a close first-order one."""
    where, axes = np.asarray(centre, float), np.asarray(size, float)

    def distance(p: np.ndarray) -> np.ndarray:
        q = p - where
        if turn is not None:
            q = q @ turn
        k = np.linalg.norm(q / axes, axis=1)
        return k * (k - 1) / np.maximum(np.linalg.norm(q / axes**2, axis=1), 1e-9)

    return Blob(distance, color)


def limb(
    start: Sequence[float],
    end: Sequence[float],
    radius: float,
    tip: float | None = None,
    color: Color = (1, 1, 1),
) -> Blob:
    """A round bar between two points, `radius` at the start and `tip` at the end."""
    a, b = np.asarray(start, float), np.asarray(end, float)
    last = radius if tip is None else tip

    def distance(p: np.ndarray) -> np.ndarray:
        t = np.clip((p - a) @ (b - a) / ((b - a) @ (b - a)), 0, 1)
        return np.linalg.norm(p - a - t[:, None] * (b - a), axis=1) - (radius + (last - radius) * t)

    return Blob(distance, color)


def brick(
    centre: Sequence[float], half: Sequence[float], radius: float, color: Color = (1, 1, 1), turn=None
) -> Blob:
    """A rounded box of half size `half`, edges rounded by `radius`."""
    where, size = np.asarray(centre, float), np.asarray(half, float) - radius

    def distance(p: np.ndarray) -> np.ndarray:
        q = p - where
        if turn is not None:
            q = q @ turn
        q = np.abs(q) - size
        return np.linalg.norm(np.maximum(q, 0), axis=1) + np.minimum(q.max(axis=1), 0) - radius

    return Blob(distance, color)


def turned(profile: Sequence[tuple[float, float]], color: Color = (1, 1, 1)) -> Blob:
    """The solid of (radius, y) points, ascending in y, turned about the Y axis."""
    outline = np.asarray(profile, float)

    def distance(p: np.ndarray) -> np.ndarray:
        radius = np.interp(p[:, 1], outline[:, 1], outline[:, 0])
        side = np.hypot(p[:, 0], p[:, 2]) - radius
        ends = np.maximum(outline[0, 1] - p[:, 1], p[:, 1] - outline[-1, 1])
        return np.maximum(side * 0.8, ends)

    return Blob(distance, color)


def joined(blobs: Sequence[Blob], softness: float) -> Distance:
    """Union whose seams are rounded over `softness` metres."""

    def distance(p: np.ndarray) -> np.ndarray:
        result = blobs[0].distance(p)
        for blob in blobs[1:]:
            other = blob.distance(p)
            h = np.maximum(softness - np.abs(result - other), 0) / softness
            result = np.minimum(result, other) - h * h * softness / 4
        return result

    return distance


def colored(points: np.ndarray, blobs: Sequence[Blob], edge: float) -> np.ndarray:
    """Colour of the nearest blob for each point, mixed over `edge` metres."""
    distances = np.stack([blob.distance(points) for blob in blobs])
    weights = np.exp(-(distances - distances.min(axis=0)) / edge)
    weights /= weights.sum(axis=0)
    return weights.T @ np.array([blob.color for blob in blobs], float)


def gradient(distance: Distance, points: np.ndarray, step: float) -> np.ndarray:
    """Outward direction of a field at each point, of unit length."""
    slopes = [distance(points + offset) - distance(points - offset) for offset in np.eye(3) * step]
    result = np.column_stack(slopes)
    return result / np.maximum(np.linalg.norm(result, axis=1, keepdims=True), 1e-12)


def _sampled(distance: Distance, axes: list[np.ndarray], step: float) -> np.ndarray:
    """The field on a grid, computed only in the blocks that the surface may cross."""
    block = 6
    shape = tuple(len(axis) for axis in axes)
    values = np.full(shape, step * block, np.float64)
    starts = [np.arange(0, n, block) for n in shape]
    corner = np.stack(np.meshgrid(*starts, indexing="ij"), -1).reshape(-1, 3)
    low = np.array([axis[0] for axis in axes])
    rough = distance(low + (corner + block / 2) * step)
    near = np.abs(rough) < step * block * 1.6
    for (i, j, k), value in zip(corner[~near], rough[~near], strict=True):
        values[i : i + block, j : j + block, k : k + block] = np.sign(value) * step * block
    offsets = np.stack(np.meshgrid(*[np.arange(block)] * 3, indexing="ij"), -1).reshape(-1, 3)
    index = (corner[near][:, None] + offsets[None]).reshape(-1, 3)
    index = index[(index < np.array(shape)).all(axis=1)]
    values[tuple(index.T)] = distance(low + index * step)
    return values


CORNERS = np.stack(np.meshgrid([0, 1], [0, 1], [0, 1], indexing="ij"), -1).reshape(-1, 3)


def _net(values: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Cells that the surface crosses, one vertex in each (in grid units), and the triangles between them."""
    inside = values < 0
    shape = np.array(inside.shape) - 1
    windows = [tuple(slice(o, o + n) for o, n in zip(corner, shape, strict=True)) for corner in CORNERS]
    count = sum(inside[window].astype(int) for window in windows)
    cells = np.argwhere((count > 0) & (count < 8))
    number = np.full(tuple(shape), -1)
    number[tuple(cells.T)] = np.arange(len(cells))
    sums, hits = np.zeros((len(cells), 3)), np.zeros(len(cells))
    for a in range(8):
        for b in range(a + 1, 8):
            if np.abs(CORNERS[a] - CORNERS[b]).sum() != 1:
                continue
            va, vb = values[tuple((cells + CORNERS[a]).T)], values[tuple((cells + CORNERS[b]).T)]
            crossed = (va < 0) != (vb < 0)
            t = np.where(crossed, va / np.where(crossed, va - vb, 1), 0)
            sums += crossed[:, None] * (CORNERS[a] + t[:, None] * (CORNERS[b] - CORNERS[a]))
            hits += crossed
    faces = []
    units = np.eye(3, dtype=int)
    for axis in range(3):
        i, j = (axis + 1) % 3, (axis + 2) % 3
        edges = np.argwhere(np.diff(inside, axis=axis))
        edges = edges[
            (edges[:, i] > 0) & (edges[:, j] > 0) & (edges[:, i] < shape[i]) & (edges[:, j] < shape[j])
        ]
        ring = (0 * units[i], units[i], units[i] + units[j], units[j])
        quads = np.column_stack([number[tuple((edges - offset).T)] for offset in ring])
        leaving = inside[tuple(edges.T)]
        quads[~leaving] = quads[~leaving][:, ::-1]
        faces += [quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]]
    return cells, cells + sums / hits[:, None], np.vstack(faces)


def _filled(values: np.ndarray, step: float) -> tuple[np.ndarray, np.ndarray]:
    """Vertices and triangles of a closed surface: cells where two sheets touch in an edge are filled in."""
    for _ in range(12):
        cells, vertices, triangles = _net(values)
        edges = np.sort(triangles[:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2), axis=1)
        pairs, uses = np.unique(edges, axis=0, return_counts=True)
        touching = np.unique(pairs[uses != 2])
        if not len(touching):
            break
        for corner in CORNERS:
            where = tuple((cells[touching] + corner).T)
            values[where] = np.minimum(values[where], -0.02 * step)
    return vertices, triangles


def skinned(
    distance: Distance,
    low: Sequence[float],
    high: Sequence[float],
    step: float,
    colors: Callable[[np.ndarray], np.ndarray] | None = None,
    faceted: bool = False,
) -> Mesh:
    """The zero surface of a field between two corners, as a closed mesh with cells of `step` metres."""
    axes = [np.arange(a, b + step, step) for a, b in zip(low, high, strict=True)]
    vertices, triangles = _filled(_sampled(distance, axes, step), step)
    vertices = np.array([axis[0] for axis in axes]) + vertices * step
    if not faceted:
        for _ in range(2):
            slope = gradient(distance, vertices, step * 0.3)
            vertices = vertices - slope * np.clip(distance(vertices), -step * 0.4, step * 0.4)[:, None] * 0.7
    normals = None if faceted else gradient(distance, vertices, step * 0.5)
    tint = None if colors is None else colors(vertices)
    return Mesh(vertices, triangles, vertices[:, [0, 1]].copy(), normals, tint, 0.5 if faceted else 180)
