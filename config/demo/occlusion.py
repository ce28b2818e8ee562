"""Ambient occlusion baked into vertex colours: how much of the sky each vertex sees."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
from embreex.mesh_construction import TriangleMesh
from embreex.rtcore_scene import EmbreeScene

from config.demo.geometry.mesh import welded_ids

RAYS = 20
CHUNK = 400_000

Piece = tuple[Hashable, np.ndarray, np.ndarray, np.ndarray, bool]


def _hemisphere() -> np.ndarray:
    """Cosine-weighted directions about +Z, evenly spread (a Fibonacci spiral)."""
    index = np.arange(RAYS) + 0.5
    radius, angle = np.sqrt(index / RAYS), index * np.pi * (1 + 5**0.5)
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle), np.sqrt(1 - radius**2)])


def occlusion(pieces: Sequence[Piece], strength: float, reach: float | None) -> dict[Hashable, np.ndarray]:
    """Brightness 0..1 of each vertex of each (key, points, normals, faces, opaque) piece, in world space.

    Only opaque pieces cast and receive. Results are averaged over welded neighbours to hide the sampling.
    """
    solid = [piece for piece in pieces if piece[4]]
    if not solid:
        return {}
    offsets = np.cumsum([0] + [len(piece[1]) for piece in solid])
    points, normals = np.vstack([piece[1] for piece in solid]), np.vstack([piece[2] for piece in solid])
    faces = np.vstack([piece[3] + offset for piece, offset in zip(solid, offsets, strict=False)])
    size = np.linalg.norm(np.ptp(points, axis=0))
    far = size * 0.2 if reach is None else reach
    span = size * 3
    floor = points[:, 1].min() - size * 2e-3
    ground = np.array(
        [(-span, floor, -span), (-span, floor, span), (span, floor, span), (span, floor, -span)]
    )
    scene = EmbreeScene()
    triangles = np.concatenate([points[faces], ground[[[0, 1, 2], [0, 2, 3]]]]).astype(np.float32)
    TriangleMesh(scene, triangles)
    random = np.random.default_rng(7)
    helper = np.where(np.abs(normals[:, :1]) < 0.8, np.array([[1.0, 0, 0]]), np.array([[0, 1.0, 0]]))
    side = np.cross(normals, helper)
    side /= np.maximum(np.linalg.norm(side, axis=1, keepdims=True), 1e-9)
    up = np.cross(normals, side)
    turn = random.random(len(points)) * 2 * np.pi
    cos, sin = np.cos(turn)[:, None], np.sin(turn)[:, None]
    side, up = side * cos + up * sin, up * cos - side * sin
    seen = np.empty(len(points))
    rays = _hemisphere()
    rows = CHUNK // RAYS
    for start in range(0, len(points), rows):
        part = slice(start, start + rows)
        basis = np.stack([side[part], up[part], normals[part]], axis=1)
        directions = np.einsum("rk,nkc->nrc", rays, basis).reshape(-1, 3)
        origins = np.repeat(points[part] + normals[part] * size * 6e-4, RAYS, axis=0)
        limits = np.full(len(origins), far, np.float32)
        hit = scene.run(origins.astype(np.float32), directions.astype(np.float32), limits, query="OCCLUDED")
        seen[part] = (np.asarray(hit).reshape(-1, RAYS) == -1).mean(axis=1)
    welded = welded_ids(points)
    # Hard edges keep their own value on each side: only vertices that face the same way are averaged.
    grouped = welded * 27 + (np.round(normals * 0.8).astype(np.int64) + 1) @ np.array([9, 3, 1])
    owner = np.unique(grouped, return_inverse=True)[1].ravel()
    edges = owner[np.vstack([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])]
    count = np.bincount(owner)
    value = np.bincount(owner, seen) / count
    for _ in range(2):
        near = np.bincount(edges[:, 0], value[edges[:, 1]], len(value)) + np.bincount(
            edges[:, 1], value[edges[:, 0]], len(value)
        )
        degree = np.bincount(edges.ravel(), minlength=len(value))
        value = 0.5 * value + 0.5 * np.where(degree > 0, near / np.maximum(degree, 1), value)
    bright = 1 - strength * (1 - value[owner]) ** 1.1
    return {piece[0]: bright[a:b] for piece, a, b in zip(solid, offsets, offsets[1:], strict=False)}
