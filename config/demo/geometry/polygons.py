"""Simple polygons in the plane: offsetting and triangulation."""

from __future__ import annotations

import numpy as np


def inset(outline: np.ndarray, amount: float) -> np.ndarray:
    """Move every edge of a counter-clockwise outline inwards by `amount` metres, mitred."""
    if amount == 0:
        return outline
    before, after = outline - np.roll(outline, 1, 0), np.roll(outline, -1, 0) - outline
    normals = []
    for edge in (before, after):
        edge = edge / np.maximum(np.linalg.norm(edge, axis=1, keepdims=True), 1e-12)
        normals.append(np.column_stack([-edge[:, 1], edge[:, 0]]))
    middle = normals[0] + normals[1]
    middle /= np.maximum(np.linalg.norm(middle, axis=1, keepdims=True), 1e-9)
    stretch = np.clip(np.einsum("ij,ij->i", middle, normals[0]), 0.35, 1)
    return outline + middle * (amount / stretch)[:, None]


def _cross(o: np.ndarray, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return (a[..., 0] - o[..., 0]) * (b[..., 1] - o[..., 1]) - (a[..., 1] - o[..., 1]) * (
        b[..., 0] - o[..., 0]
    )


def triangulated(outline: np.ndarray) -> np.ndarray:
    """Triangles (indices) of a simple counter-clockwise polygon, by clipping the roundest ears first."""
    points = np.asarray(outline, float)
    left = list(range(len(points)))
    triangles: list[tuple[int, int, int]] = []
    at = 0
    misses = 0
    while len(left) > 3 and misses <= len(left):
        count = len(left)
        a, b, c = left[at % count - 1], left[at % count], left[(at + 1) % count]
        ear = _cross(points[a], points[b], points[c]) > 1e-14
        if ear:
            others = points[[i for i in left if i not in (a, b, c)]]
            inside = (
                (_cross(points[a], points[b], others) >= 0)
                & (_cross(points[b], points[c], others) >= 0)
                & (_cross(points[c], points[a], others) >= 0)
            )
            ear = not inside.any()
        if ear:
            triangles.append((a, b, c))
            left.pop(at % count)
            misses = 0
            # Skipping one corner after each cut keeps the triangles from fanning out of a single point.
            at = at % count + 1
        else:
            misses += 1
            at += 1
    triangles.append((left[0], left[1], left[2]))
    return np.array(triangles)
