"""A surface as a vector in which likeness is nearness, and the numbers that tell a shape from its mirror image.

Five families of measures, none of which knows place, turn, size or hand:

- distances between two points of the surface (the shape distribution D2 of Osada et al., "Shape distributions", 2002)
  and from its middle, both as quantiles: then Euclidean nearness is the earth mover's distance between distributions;
- the three axes of inertia;
- what the surface looks like from its middle: the strength of its spherical harmonics by degree, in shells (Kazhdan et
  al., "Rotation invariant spherical harmonic representation of 3D shape descriptors", 2003);
- how normals lie to each other and to the line between their points, near and far (after the point pair features of
  Wahl et al., "Surflet-pair-relation histograms", 2003), without sign, as files differ in which side is out.
"""

import numpy as np

from .surface import Surface

POINTS = 16_000
PAIR_POINTS = 1_000
RADIUS_QUANTILES = (np.arange(10) + 0.5) / 10
DISTANCE_QUANTILES = (np.arange(18) + 0.5) / 18
# Distances between points come up to a few times the root mean square radius; finer than any of them differ.
DISTANCE_BINS, LONGEST = 2_048, 8.0
# Radii, in root mean square ones, at which a shell is fullest; it fades to nothing at its neighbours' middles.
SHELLS = np.array([0.35, 0.75, 1.15, 1.6])
DEGREES = 6
# Shares of the longest distances at which near ends and far begins, for how normals lie.
PAIR_EDGES = (0.1, 0.25, 0.5)
# How much a family counts: found on sample shapes, so that copies lie near each other and strangers do not.
WEIGHTS = {"radii": 1.0, "distances": 1.0, "axes": 1.0, "harmonics": 1.0, "normals": 1.0}


def vector_of(surface: Surface) -> np.ndarray:
    """As many numbers as ``DIMENSIONS`` says; the nearer two of them (Euclidean), the more alike the shapes."""
    points, normals = surface.points(POINTS)
    radii = np.linalg.norm(points, axis=1)
    near = surface.points(PAIR_POINTS)
    distances, lying = _pairs(*near)
    families = {
        "radii": np.quantile(radii, RADIUS_QUANTILES) / np.sqrt(len(RADIUS_QUANTILES)),
        "distances": distances / np.sqrt(len(DISTANCE_QUANTILES)),
        "axes": np.sqrt(np.maximum(np.linalg.eigvalsh(surface.second_moment), 0)),
        "harmonics": _harmonics(points, radii),
        "normals": np.append(lying, _facing(points, radii, normals)),
    }
    return np.concatenate([WEIGHTS[name] * numbers for name, numbers in families.items()])


def _pairs(points: np.ndarray, normals: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Quantiles of all distances; and, by distance, how parallel normals are to each other and to the line between."""
    points, normals = points.astype(np.float32), normals.astype(np.float32)
    squares = np.square(points).sum(axis=1)
    distances = np.sqrt(np.maximum(squares[:, None] + squares[None, :] - 2 * points @ points.T, 0))
    bins = np.minimum((distances * (DISTANCE_BINS / LONGEST)).astype(np.int32), DISTANCE_BINS - 1).ravel()
    counts = np.bincount(bins, minlength=DISTANCE_BINS)
    # A point's distance from itself says nothing.
    counts[0] -= len(points)
    reached = np.cumsum(counts) / counts.sum()
    edges = np.arange(1, DISTANCE_BINS + 1) * (LONGEST / DISTANCE_BINS)
    quantiles = np.interp(DISTANCE_QUANTILES, reached, edges)

    longest = edges[np.searchsorted(reached, 0.995)]
    nearness = np.searchsorted(np.asarray(PAIR_EDGES) * longest, edges)
    parallel = np.abs(normals @ normals.T)
    offset = points @ normals.T
    along = np.abs(offset - np.diagonal(offset)[None, :]) / np.maximum(distances, 1e-6)
    means = []
    for measure in (parallel, along):
        sums = np.bincount(bins, weights=measure.ravel(), minlength=DISTANCE_BINS)
        if measure is parallel:
            sums[0] -= len(points)
        grouped = np.bincount(nearness, weights=sums)
        means.append(grouped / np.maximum(np.bincount(nearness, weights=counts), 1))
    return quantiles, np.concatenate(means)


def _facing(points: np.ndarray, radii: np.ndarray, normals: np.ndarray) -> float:
    """How much the surface faces its middle: 1 for a sphere."""
    return float(np.abs(np.einsum("ni,ni->n", points, normals) / np.maximum(radii, 1e-9)).mean())


def _harmonics(points: np.ndarray, radii: np.ndarray) -> np.ndarray:
    """Strength of each degree of spherical harmonics in each shell, degree by degree; none is above 1."""
    x, y, z = (points / np.maximum(radii, 1e-9)[:, None]).T
    weights = _shells(radii)
    strengths = np.zeros((DEGREES + 1, len(SHELLS)))
    turning = np.ones(len(points), dtype=complex)
    sectoral = np.sqrt(1 / (4 * np.pi))
    for order in range(DEGREES + 1):
        if order:
            turning = turning * (x + 1j * y)
            sectoral *= np.sqrt((2 * order + 1) / (2 * order))
        before, legendre = np.zeros(len(points)), np.full(len(points), sectoral)
        for degree in range(order, DEGREES + 1):
            if degree > order:
                rise = np.sqrt((4 * degree**2 - 1) / (degree**2 - order**2))
                fall = np.sqrt(((degree - 1) ** 2 - order**2) / (4 * (degree - 1) ** 2 - 1))
                before, legendre = legendre, rise * (z * legendre - fall * before)
            found = weights @ (legendre * turning) / len(points)
            strengths[degree] += (2 if order else 1) * np.square(np.abs(found))
    degrees = np.arange(1, DEGREES + 1)[:, None]
    return np.sqrt(strengths[1:] * 4 * np.pi / (2 * degrees + 1)).ravel()


def _shells(radii: np.ndarray) -> np.ndarray:
    """How much each point belongs to each shell; a point's shares sum to 1."""
    places = np.interp(radii, SHELLS, np.arange(len(SHELLS)))
    return np.maximum(1 - np.abs(places[None, :] - np.arange(len(SHELLS))[:, None]), 0)
