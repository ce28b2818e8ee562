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
    values = _sampled(distance, axes, step)
    inside = values < 0
    shape = np.array(inside.shape) - 1
    corners = np.stack(np.meshgrid([0, 1], [0, 1], [0, 1], indexing="ij"), -1).reshape(-1, 3)
    count = sum(
        inside[tuple(slice(o, o + n) for o, n in zip(c, shape, strict=True))].astype(int) for c in corners
    )
    cells = np.argwhere((count > 0) & (count < 8))
    number = np.full(tuple(shape), -1)
    number[tuple(cells.T)] = np.arange(len(cells))
    sums, hits = np.zeros((len(cells), 3)), np.zeros(len(cells))
    for a in range(8):
        for b in range(a + 1, 8):
            if np.abs(corners[a] - corners[b]).sum() != 1:
                continue
            va, vb = values[tuple((cells + corners[a]).T)], values[tuple((cells + corners[b]).T)]
            crossed = (va < 0) != (vb < 0)
            t = np.where(crossed, va / np.where(crossed, va - vb, 1), 0)
            sums += crossed[:, None] * (corners[a] + t[:, None] * (corners[b] - corners[a]))
            hits += crossed
    vertices = np.array([axis[0] for axis in axes]) + (cells + sums / hits[:, None]) * step
    faces = []
    for axis in range(3):
        ahead = np.eye(3, dtype=int)[axis]
        first, second = np.eye(3, dtype=int)[(axis + 1) % 3], np.eye(3, dtype=int)[(axis + 2) % 3]
        edges = np.argwhere(np.diff(inside, axis=axis))
        edges = edges[(edges[:, (axis + 1) % 3] > 0) & (edges[:, (axis + 2) % 3] > 0)]
        edges = edges[
            (edges[:, (axis + 1) % 3] < shape[(axis + 1) % 3])
            & (edges[:, (axis + 2) % 3] < shape[(axis + 2) % 3])
        ]
        around = [number[tuple((edges - o).T)] for o in (first * 0, first, first + second, second)]
        quads = np.column_stack(around)
        out = inside[tuple(edges.T)] & ~inside[tuple((edges + ahead).T)]
        quads[~out] = quads[~out][:, ::-1]
        faces += [quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]]
    triangles = np.vstack(faces)
    if not faceted:
        for _ in range(2):
            slope = gradient(distance, vertices, step * 0.3)
            vertices = vertices - slope * np.clip(distance(vertices), -step * 0.4, step * 0.4)[:, None] * 0.7
    normals = None if faceted else gradient(distance, vertices, step * 0.5)
    tint = None if colors is None else colors(vertices)
    return Mesh(vertices, triangles, vertices[:, [0, 1]].copy(), normals, tint, 0.5 if faceted else 180)
