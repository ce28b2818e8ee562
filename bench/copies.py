"""The samples that are looked for by shape, and what is made of them: turned, scaled, thinned and mirrored copies."""

import subprocess
import tempfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import trimesh
from scipy.spatial import ConvexHull

from marketplace.processing.node_runtime import node_executable
from marketplace.processing.shape.surface import Surface
from marketplace.processing.table import models_of, process
from marketplace.processing.types import Reduction, Step

PROJECT = Path(__file__).resolve().parent.parent
KEPT = PROJECT / "var" / "bench"
LEAST_TRIANGLES = 500
# Shares of a shape's size by which two files of it may differ: a curve is cut up otherwise in each.
SAME_PROPORTIONS = 0.01


@dataclass(frozen=True)
class Sample:
    """A sample's file and the triangles of it (n, 3, 3)."""

    name: str
    corners: np.ndarray

    @cached_property
    def proportions(self) -> np.ndarray:
        """What one shape has in common in every format and cut: sizes of surface, hull and axes over the whole's."""
        surface = Surface.of(self.corners)
        corners = surface.corners.reshape(-1, 3)
        hull = ConvexHull(np.unique(corners, axis=0), qhull_options="QJ")
        edges = surface.corners[:, 1:] - surface.corners[:, :1]
        area = np.linalg.norm(np.cross(edges[:, 0], edges[:, 1]), axis=1).sum() / 2
        axes = np.maximum(np.linalg.eigvalsh(surface.second_moment), 0)
        return np.array([np.cbrt(hull.volume), np.sqrt(hull.area), np.sqrt(area), *np.sqrt(axes)])

    def is_same_shape_as(self, other: "Sample") -> bool:
        """Whether both files hold the same thing, told without fingerprints: some samples come in several formats."""
        return bool(np.abs(self.proportions - other.proportions).max() < SAME_PROPORTIONS)


def load_samples(folder: Path) -> list[Sample]:
    """Those with enough triangles, as the pipeline's fingerprint step reads them."""
    kept = KEPT / "samples.npz"
    if not kept.exists():
        paths = [
            path
            for path in models_of(folder / "MANIFEST.tsv")
            if path.parent.name not in ("hostile", "broken")
        ]
        with ProcessPoolExecutor() as pool:
            found = zip(paths, pool.map(_triangles_of, paths), strict=True)
            named = {
                f"{path.parent.name}/{path.name}": corners for path, corners in found if corners is not None
            }
        KEPT.mkdir(parents=True, exist_ok=True)
        np.savez(kept, **named)
    with np.load(kept) as arrays:
        return [Sample(name, arrays[name]) for name in sorted(arrays.files)]


def _triangles_of(path: Path) -> np.ndarray | None:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        row = process(path, Path(folder), Reduction(paid=False), until=Step.GLTF)
        if "poster_source" not in row.files:
            return None
        scene = trimesh.load_scene(row.files["poster_source"], file_type="glb")
        parts = [part for part in scene.dump() if isinstance(part, trimesh.Trimesh) and len(part.faces)]
    corners = np.concatenate([part.triangles for part in parts]) if parts else np.zeros((0, 3, 3))
    return corners.astype(np.float32) if len(corners) >= LEAST_TRIANGLES and Surface.of(corners) else None


def copies_of(sample: Sample, half: np.ndarray, turns: int, seed: int) -> list[tuple[str, np.ndarray]]:
    """Changed copies of a sample, each by the name of its change."""
    rng = np.random.default_rng(seed)
    corners = sample.corners.astype(np.float64)
    extent = float(np.ptp(corners, axis=(0, 1)).max())
    made = []
    for _ in range(turns):
        made.append(("turned", corners @ _turn(rng).T))
        made.append(("scaled", corners * 10 ** rng.uniform(-3, 3) + rng.normal(size=3) * extent))
        made.append(("all at once", _mirror(half) @ _turn(rng).T * 10 ** rng.uniform(-3, 3)))
    made.append(("halved", half))
    made += [("mirrored", _mirror(corners) @ turn.T) for turn in (np.eye(3), _turn(rng))]
    return [(change, _renumbered(copy, rng)) for change, copy in made]


def _turn(rng: np.random.Generator) -> np.ndarray:
    axes, _ = np.linalg.qr(rng.normal(size=(3, 3)))
    return axes * np.linalg.det(axes)


def _mirror(corners: np.ndarray) -> np.ndarray:
    return (corners * (-1, 1, 1))[:, ::-1]


def _renumbered(corners: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    return np.roll(rng.permutation(corners), int(rng.integers(3)), axis=1)


def halves_of(samples: list[Sample]) -> list[np.ndarray]:
    """Each sample with half of its triangles, its vertices joined first as a modelling program would."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        source, target = Path(folder, "whole"), Path(folder, "half")
        with source.open("wb") as file:
            for sample in samples:
                points, indices = _welded(sample.corners)
                head = np.array([len(points), len(indices), len(indices) // 2], np.uint32)
                file.write(head.tobytes() + points.tobytes() + indices.tobytes())
        subprocess.run([node_executable(), PROJECT / "bench" / "halve.mjs", source, target], check=True)
        content, at, halves = target.read_bytes(), 0, []
        for _ in samples:
            vertices, triangles, _wanted = np.frombuffer(content, np.uint32, 3, at)
            points = np.frombuffer(content, np.float32, vertices * 3, at + 12).reshape(-1, 3)
            at += 12 + int(vertices) * 12
            indices = np.frombuffer(content, np.uint32, triangles * 3, at).reshape(-1, 3)
            at += int(triangles) * 12
            halves.append(points[indices].astype(np.float64))
    return halves


def _welded(corners: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Points, each once, and the triangles between them."""
    flat = corners.reshape(-1, 3)
    step = max(float(np.ptp(flat, axis=0).max()) * 1e-6, 1e-30)
    _, first, indices = np.unique(np.round(flat / step), axis=0, return_index=True, return_inverse=True)
    triangles = indices.reshape(-1, 3).astype(np.uint32)
    distinct = (triangles != np.roll(triangles, 1, axis=1)).all(axis=1)
    return flat[first].astype(np.float32), triangles[distinct]
