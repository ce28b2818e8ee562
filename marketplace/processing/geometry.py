"""Tool process: size, closedness and texture layout; and along with them the fingerprint, as the mesh is loaded.

Run as ``python -m marketplace.processing.geometry REQUEST.json``.
"""

import math
from pathlib import Path

import numpy as np
import trimesh
from embreex import rtcore_scene
from embreex.mesh_construction import TriangleMesh

from . import fingerprint
from .tool import FileRejected, serve

# Side of the grid on which the texture layout is measured.
UV_GRID = 512
# Beyond this many triangles the split into separate bodies takes longer than everything else.
MAX_TRIANGLES_FOR_BODIES = 2_000_000
# Vertices nearer than this share of the model's size count as one.
MERGE_TOLERANCE = 1e-6


def measure(request: dict) -> dict:
    """Measures the plain GLB at ``request["source"]``; lengths in metres, as glTF prescribes."""
    scene = trimesh.load_scene(Path(request["source"]), file_type="glb")
    parts = [mesh for mesh in scene.dump() if isinstance(mesh, trimesh.Trimesh) and len(mesh.faces)]
    if not len(scene.geometry) or scene.bounds is None:
        raise FileRejected("nothing_to_show")
    data = {"bounds": _bounds(scene.bounds), "triangles": sum(len(part.faces) for part in parts)}
    data |= _solid(parts, float(np.linalg.norm(scene.extents))) if parts else _no_solid()
    data |= _texture_layout(parts)
    along = {"fingerprint": fingerprint.of_parts(parts, Path(request["source"]))}
    return {"data": data, "files": {}, "versions": {"trimesh": trimesh.__version__}, "along": along}


def _number(value: float) -> float:
    """Rounded to seven significant digits, which is what single precision carries."""
    return float(f"{value:.7g}") if math.isfinite(value) else 0.0


def _bounds(bounds: np.ndarray) -> dict:
    low, high = bounds
    return {
        "min": [_number(value) for value in low],
        "max": [_number(value) for value in high],
        "size": [_number(value) for value in high - low],
    }


def _no_solid() -> dict:
    return {
        "watertight": False,
        "surface_area": 0.0,
        "volume": None,
        "inside_out": False,
        "bodies": 0,
        "degenerate_triangles": 0,
    }


def _solid(parts: list[trimesh.Trimesh], diagonal: float) -> dict:
    """Closedness of all parts as one surface, by position alone: seams of texture or shading do not count as holes.

    A closed surface whose faces look inwards (a negative volume) is ``inside_out``: viewers draw only its inner side.
    """
    vertices = np.concatenate([part.vertices for part in parts])
    offsets = np.cumsum([0, *(len(part.vertices) for part in parts[:-1])])
    faces = np.concatenate([part.faces + offset for part, offset in zip(parts, offsets, strict=True)])
    grid = np.round(vertices / max(diagonal * MERGE_TOLERANCE, 1e-30)).astype(np.int64)
    _unique, first, joined = np.unique(grid, axis=0, return_index=True, return_inverse=True)
    mesh = trimesh.Trimesh(vertices[first], joined.reshape(-1)[faces], process=False, validate=False)
    areas = mesh.area_faces
    flat = (
        (mesh.faces[:, 0] == mesh.faces[:, 1])
        | (mesh.faces[:, 1] == mesh.faces[:, 2])
        | (mesh.faces[:, 0] == mesh.faces[:, 2])
        | (areas <= 0)
    )
    surface_area = float(areas.sum())
    mesh.update_faces(~flat)
    watertight = bool(len(mesh.faces)) and bool(mesh.is_watertight)
    volume = float(mesh.volume) if watertight and mesh.is_winding_consistent else None
    bodies = int(mesh.body_count) if len(mesh.faces) <= MAX_TRIANGLES_FOR_BODIES else None
    return {
        "watertight": watertight,
        "surface_area": _number(surface_area),
        "volume": None if volume is None else _number(abs(volume)),
        "inside_out": volume is not None and volume < 0,
        "bodies": bodies,
        "degenerate_triangles": int(flat.sum()),
    }


def _texture_layout(parts: list[trimesh.Trimesh]) -> dict:
    """How much of the unit square the first UV set covers, and how much of it is used more than once.

    ``uv_coverage`` and ``uv_overlap`` are shares from 0 to 1, None without UVs; ``uv_tiled`` says that coordinates
    leave the unit square, so that textures repeat.
    """
    triangles = []
    for part in parts:
        uv = getattr(part.visual, "uv", None)
        if uv is not None and len(uv) == len(part.vertices):
            triangles.append(np.asarray(uv, dtype=float)[part.faces])
    if not triangles:
        return {"uv_coverage": None, "uv_overlap": None, "uv_tiled": False}
    corners = np.concatenate(triangles)
    tiled = bool((corners < -1e-3).any() or (corners > 1 + 1e-3).any())
    corners = corners - np.floor(corners.mean(axis=1, keepdims=True))
    edge_a, edge_b = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    areas = np.abs(edge_a[:, 0] * edge_b[:, 1] - edge_a[:, 1] * edge_b[:, 0]) / 2
    total = float(areas.sum())
    if total <= 0:
        return {"uv_coverage": 0.0, "uv_overlap": 0.0, "uv_tiled": tiled}
    covered = _covered_share(corners[areas > 0])
    return {
        "uv_coverage": _number(min(1.0, covered)),
        "uv_overlap": _number(max(0.0, 1 - covered / total)) if total > covered else 0.0,
        "uv_tiled": tiled,
    }


def _covered_share(corners: np.ndarray) -> float:
    """Share of a grid over the unit square whose points lie in some triangle, found by casting rays at it."""
    flat = np.zeros((*corners.shape[:2], 3), dtype=np.float32)
    flat[..., :2] = corners
    # A storey each: a ray that has hit a triangle need not look at the hundreds that may lie on the same spot.
    flat[..., 2] = np.linspace(0, 0.5, len(flat), dtype=np.float32)[:, None]
    scene = rtcore_scene.EmbreeScene()
    TriangleMesh(scene, flat)
    steps = (np.arange(UV_GRID) + 0.5) / UV_GRID
    origins = np.ones((UV_GRID * UV_GRID, 3), dtype=np.float32)
    origins[:, 0] = np.tile(steps, UV_GRID)
    origins[:, 1] = np.repeat(steps, UV_GRID)
    downwards = np.zeros_like(origins)
    downwards[:, 2] = -1
    return float((scene.run(origins, downwards) >= 0).mean())


if __name__ == "__main__":
    serve(measure)
