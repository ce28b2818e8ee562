"""The mesh every generator works on: triangles with texture coordinates in metres, shaded by a crease angle."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

DEFAULT_CREASE = 38.0


def rotation_matrix(axis: str | tuple[float, float, float], degrees: float) -> np.ndarray:
    """3x3 rotation of `degrees` about `axis` ("x", "y", "z" or a vector), right-handed."""
    named = {"x": (1, 0, 0), "y": (0, 1, 0), "z": (0, 0, 1)}
    direction = np.asarray(named[axis] if isinstance(axis, str) else axis, float)
    direction = direction / np.linalg.norm(direction)
    angle = np.radians(degrees)
    cross = np.cross(np.eye(3), direction)
    return (
        np.eye(3) * np.cos(angle)
        + np.sin(angle) * cross
        + (1 - np.cos(angle)) * np.outer(direction, direction)
    )


@dataclass(frozen=True)
class Mesh:
    """Triangles in metres, Y up. `uv` is in metres too: the material says how large its texture is.

    `normals` is None until shaded. `colors` is a linear RGB tint that multiplies the material. Corners sharper
    than `crease` degrees get a hard edge.
    """

    vertices: np.ndarray
    faces: np.ndarray
    uv: np.ndarray
    normals: np.ndarray | None = None
    colors: np.ndarray | None = None
    crease: float = DEFAULT_CREASE

    def moved(self, x: float = 0, y: float = 0, z: float = 0) -> Mesh:
        return replace(self, vertices=self.vertices + (x, y, z))

    def transformed(self, matrix: np.ndarray) -> Mesh:
        """Apply a 3x3 matrix; a mirroring one turns the faces so that they keep looking outwards."""
        faces = self.faces[:, ::-1] if np.linalg.det(matrix) < 0 else self.faces
        normals = self.normals
        if normals is not None:
            normals = normals @ np.linalg.inv(matrix)
            normals = normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
        return replace(self, vertices=self.vertices @ matrix.T, faces=faces, normals=normals)

    def turned(self, axis: str | tuple[float, float, float], degrees: float) -> Mesh:
        return self.transformed(rotation_matrix(axis, degrees))

    def scaled(self, x: float, y: float | None = None, z: float | None = None) -> Mesh:
        return self.transformed(np.diag([x, x if y is None else y, x if z is None else z]).astype(float))

    def mirrored(self, axis: str = "x") -> Mesh:
        return self.transformed(np.diag([-1.0 if name == axis else 1.0 for name in "xyz"]))

    def warped(self, bend: Callable[[np.ndarray], np.ndarray]) -> Mesh:
        """Move every vertex by a function of the (n, 3) positions; shading is computed anew."""
        return replace(self, vertices=bend(self.vertices.copy()), normals=None)

    def tinted(self, color: tuple[float, float, float] | np.ndarray) -> Mesh:
        """Multiply the material by a linear RGB tint, one for all vertices or one each."""
        tint = np.broadcast_to(np.asarray(color, float), self.vertices.shape)
        return replace(self, colors=tint if self.colors is None else self.colors * tint)

    def flipped(self) -> Mesh:
        normals = None if self.normals is None else -self.normals
        return replace(self, faces=self.faces[:, ::-1], normals=normals)

    def with_crease(self, degrees: float) -> Mesh:
        return replace(self, crease=degrees, normals=None)

    def mapped_flat(self, axis: str = "y", turn: bool = False) -> Mesh:
        """Texture coordinates projected along an axis, in metres."""
        pair = {"x": (2, 1), "y": (0, 2), "z": (0, 1)}[axis]
        return replace(self, uv=self.vertices[:, list(pair[::-1] if turn else pair)])

    def turned_uv(self) -> Mesh:
        """Swap U and V: turns the grain of a texture by a quarter."""
        return replace(self, uv=self.uv[:, ::-1])

    @property
    def bounds(self) -> np.ndarray:
        return np.array([self.vertices.min(axis=0), self.vertices.max(axis=0)])


def welded_ids(vertices: np.ndarray) -> np.ndarray:
    """One number for each distinct position (to a micrometre)."""
    keys = np.round(vertices * 1e6).astype(np.int64)
    return np.unique(keys, axis=0, return_inverse=True)[1].ravel()


def shaded(mesh: Mesh) -> Mesh:
    """The mesh with vertex normals: smooth within the crease angle, weighted by area so that flats stay flat."""
    if mesh.normals is not None:
        return mesh
    corners = mesh.vertices[mesh.faces]
    area_normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    lengths = np.linalg.norm(area_normals, axis=1)
    kept = lengths > 1e-13
    faces, area_normals = mesh.faces[kept], area_normals[kept]
    units = area_normals / lengths[kept][:, None]
    welded = welded_ids(mesh.vertices)[faces].ravel()
    owner = np.repeat(np.arange(len(faces)), 3)
    count = len(welded)
    if mesh.crease >= 180:
        sums = np.zeros((welded.max() + 1, 3))
        np.add.at(sums, welded, area_normals[owner])
        normals = sums[welded]
    else:
        incidence = sparse.csr_matrix((np.ones(count), (np.arange(count), welded)))
        pairs = (incidence @ incidence.T).tocoo()
        close = np.einsum("ij,ij->i", units[owner[pairs.row]], units[owner[pairs.col]])
        near = close >= np.cos(np.radians(mesh.crease))
        rows, cols = pairs.row[near], pairs.col[near]
        weights = sparse.csr_matrix((np.ones(len(rows)), (rows, cols)), shape=(count, count))
        normals = weights @ area_normals[owner]
    normals = normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
    flat = faces.ravel()
    packed = np.round((normals + 1) * 511).astype(np.int64)
    keys = (flat.astype(np.int64) << 30) | (packed[:, 0] << 20) | (packed[:, 1] << 10) | packed[:, 2]
    first, inverse = np.unique(keys, return_index=True, return_inverse=True)[1:]
    source = flat[first]
    colors = None if mesh.colors is None else mesh.colors[source]
    return Mesh(
        mesh.vertices[source], inverse.reshape(-1, 3), mesh.uv[source], normals[first], colors, mesh.crease
    )


def merged(meshes: Iterable[Mesh]) -> Mesh:
    """All meshes as one, each shaded by its own crease angle first."""
    parts = [shaded(mesh) for mesh in meshes]
    offsets = np.cumsum([0] + [len(part.vertices) for part in parts[:-1]])
    colors = None
    if any(part.colors is not None for part in parts):
        colors = np.vstack([np.ones_like(p.vertices) if p.colors is None else p.colors for p in parts])
    return Mesh(
        np.vstack([part.vertices for part in parts]),
        np.vstack([part.faces + offset for part, offset in zip(parts, offsets, strict=True)]),
        np.vstack([part.uv for part in parts]),
        np.vstack([part.normals for part in parts]),
        colors,
    )


def flat_shaded(mesh: Mesh) -> Mesh:
    """Every triangle with its own normal, for the faceted look."""
    return mesh.with_crease(0.5)


def around(mesh: Mesh, count: int, radius: float = 0.0, start: float = 0.0) -> Mesh:
    """`count` copies about the Y axis, moved out by `radius` along +X first."""
    base = shaded(mesh.moved(x=radius))
    return merged(base.turned("y", start + 360.0 * index / count) for index in range(count))
