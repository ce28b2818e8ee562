"""Triangles as a surface of unit size around its middle, and points spread evenly over it."""

from dataclasses import dataclass

import numpy as np

# The two steps of Roberts' sequence R2: any run of its points covers the unit square evenly.
R2_STEPS = (0.7548776662466927, 0.5698402909980532)


@dataclass(frozen=True)
class Surface:
    """Triangles whose area-weighted middle is the origin and whose root mean square distance from it is 1.

    ``corners`` is (n, 3, 3), nearest to the middle first; ``areas`` sums to 1; ``scale`` is the root mean square
    distance before, in the file's metres.
    """

    corners: np.ndarray
    areas: np.ndarray
    scale: float

    @classmethod
    def of(cls, corners: np.ndarray) -> "Surface | None":
        """The surface of ``corners`` (n, 3, 3); None where it has no area.

        Middle and size are exact integrals over the triangles, so that cutting them up changes neither.
        """
        corners = corners[np.isfinite(corners).all(axis=(1, 2))].astype(np.float64)
        if not len(corners):
            return None
        # Towards the origin first: far from it, squares would swallow the differences.
        corners = corners - corners.mean(axis=(0, 1))
        extent = np.abs(corners).max()
        if not extent > 0:
            return None
        corners = corners / extent
        areas = _doubled_areas(corners)
        corners, areas = corners[areas > 0], areas[areas > 0]
        total = areas.sum()
        if not total > 0:
            return None
        areas = areas / total
        corners = corners - areas @ corners.mean(axis=1)
        size = np.sqrt(np.trace(_second_moment(corners, areas)))
        corners = corners / size
        order = np.argsort(np.square(corners.mean(axis=1)).sum(axis=1), kind="stable")
        return cls(corners[order], areas[order], float(size * extent))

    @property
    def second_moment(self) -> np.ndarray:
        """Mean of x xᵀ over the surface: its trace is 1."""
        return _second_moment(self.corners, self.areas)

    def points(self, count: int) -> tuple[np.ndarray, np.ndarray]:
        """``count`` points of equal area each, and the unit normals there.

        They are taken at even steps of area along triangles ordered by their distance from the middle: so the same
        surface gives much the same points however its triangles are numbered, turned or cut up, and no chance is in it.
        """
        ends = np.cumsum(self.areas)
        steps = (np.arange(count) + 0.5) / count * ends[-1]
        chosen = np.minimum(np.searchsorted(ends, steps), len(ends) - 1)
        number = np.arange(1, count + 1)
        u, v = (np.modf(number * step)[0] for step in R2_STEPS)
        outside = u + v > 1
        u, v = np.where(outside, 1 - u, u)[:, None], np.where(outside, 1 - v, v)[:, None]
        a, b, c = np.moveaxis(self.corners[chosen], 1, 0)
        normals = np.cross(b - a, c - a)
        return a + u * (b - a) + v * (c - a), normals / np.linalg.norm(normals, axis=1, keepdims=True)


def _doubled_areas(corners: np.ndarray) -> np.ndarray:
    return np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1)


def _second_moment(corners: np.ndarray, areas: np.ndarray) -> np.ndarray:
    """Exact mean of x xᵀ over triangles: (Σ corner cornerᵀ + 9 middle middleᵀ) / 12 for each."""
    middles = corners.mean(axis=1)
    own = corners.reshape(-1, 3).T @ (np.repeat(areas, 3)[:, None] * corners.reshape(-1, 3))
    return (own + 9 * middles.T @ (areas[:, None] * middles)) / 12
