"""Closed solids: turned, swept, lofted, bevelled and extruded."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from config.demo.geometry.curves import filleted
from config.demo.geometry.mesh import DEFAULT_CREASE, Mesh
from config.demo.geometry.polygons import inset, triangulated


def _grid_faces(rows: int, columns: int) -> np.ndarray:
    """Two triangles for each cell of a rows x columns grid of vertices."""
    r, c = np.meshgrid(np.arange(rows - 1), np.arange(columns - 1), indexing="ij")
    a = (r * columns + c).ravel()
    b, d, e = a + 1, a + columns, a + columns + 1
    return np.concatenate([np.column_stack([a, d, b]), np.column_stack([b, d, e])])


def _lengths(points: np.ndarray) -> np.ndarray:
    """Distance along a polyline at each of its points."""
    return np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))])


def lathe(
    profile: Sequence[Sequence[float]],
    segments: int = 48,
    crease: float = DEFAULT_CREASE,
    tile: float | None = None,
    closed: bool = False,
) -> Mesh:
    """Turn a profile of (radius, y) about the Y axis, from the outside bottom upwards.

    A profile that starts and ends on the axis, or a `closed` one, makes a watertight solid. With `tile` the
    texture of that size in metres meets itself at the seam.
    """
    outline = np.asarray(profile, float)
    if closed:
        outline = np.vstack([outline, outline[:1]])
    angle = np.linspace(0, 2 * np.pi, segments + 1)
    cos, sin = np.cos(angle), np.sin(angle)
    cos[-1], sin[-1] = cos[0], sin[0]
    radius, height = outline[:, 0][:, None], outline[:, 1][:, None]
    vertices = np.stack(
        [radius * cos, np.broadcast_to(height, (len(outline), segments + 1)), -radius * sin], -1
    )
    girth = 2 * np.pi * outline[:, 0].max()
    if tile:
        girth = max(1, round(girth / tile)) * tile
    u = np.broadcast_to(angle / (2 * np.pi) * girth, vertices.shape[:2])
    v = np.broadcast_to(_lengths(outline)[:, None], vertices.shape[:2])
    faces = _grid_faces(len(outline), segments + 1)[:, ::-1]
    return Mesh(vertices.reshape(-1, 3), faces, np.stack([u, v], -1).reshape(-1, 2), crease=crease)


def cylinder(
    radius: float, height: float, bevel: float = 0.0, segments: int = 32, top: float | None = None
) -> Mesh:
    """Upright on y=0, with rounded edges; `top` is the radius above when it differs."""
    upper = radius if top is None else top
    outline = [(0, 0), (radius, 0), (upper, height), (0, height)]
    points = filleted(outline, [0, bevel, bevel, 0], 3) if bevel else np.array(outline, float)
    return lathe(points, segments)


def tube(outer: float, inner: float, height: float, bevel: float = 0.0, segments: int = 40) -> Mesh:
    """A watertight ring on y=0."""
    points = [(inner, 0), (outer, 0), (outer, height), (inner, height)]
    return lathe(filleted(points, bevel, 3, closed=True) if bevel else points, segments, closed=True)


def sphere(radius: float, segments: int = 32, rings: int | None = None) -> Mesh:
    """About the origin."""
    return superellipsoid((radius, radius, radius), 1, 1, segments, rings)


def superellipsoid(
    size: Sequence[float], north: float = 1.0, east: float = 1.0, segments: int = 40, rings: int | None = None
) -> Mesh:
    """Half-axes `size`; exponents below 1 move from an ellipsoid towards a rounded box."""
    rings = rings or segments // 2
    latitude = np.linspace(-np.pi / 2, np.pi / 2, rings + 1)[:, None]
    longitude = np.linspace(0, 2 * np.pi, segments + 1)[None, :]

    def power(values: np.ndarray, exponent: float) -> np.ndarray:
        values = np.where(np.abs(values) < 1e-12, 0.0, values)
        return np.sign(values) * np.abs(values) ** exponent

    ring = power(np.cos(latitude), north)
    x = size[0] * ring * power(np.cos(longitude), east)
    z = -size[2] * ring * power(np.sin(longitude), east)
    y = np.broadcast_to(size[1] * power(np.sin(latitude), north), x.shape)
    u = np.broadcast_to(longitude * max(size[0], size[2]), x.shape)
    v = np.broadcast_to(latitude * size[1], x.shape)
    vertices = np.stack([x, y, z], -1)
    vertices[:, -1] = vertices[:, 0]
    vertices[0], vertices[-1] = (0, -size[1], 0), (0, size[1], 0)
    faces = _grid_faces(rings + 1, segments + 1)[:, ::-1]
    return Mesh(vertices.reshape(-1, 3), faces, np.stack([u, v], -1).reshape(-1, 2), crease=60)


def torus(radius: float, thickness: float, segments: int = 48, sides: int = 16) -> Mesh:
    """A ring about the Y axis; `thickness` is the radius of its section."""
    angle = np.linspace(-np.pi, np.pi, sides, endpoint=False)
    profile = np.column_stack([radius + thickness * np.cos(angle), thickness * np.sin(angle)])
    return lathe(profile, segments, crease=80, closed=True)


def box(width: float, height: float, depth: float, bevel: float = 0.004, steps: int = 2) -> Mesh:
    """Rounded box about the origin, watertight; the texture runs in metres on each side, U along the long edge."""
    half = np.array([width, height, depth]) / 2
    radius = min(bevel, half.min() * 0.999)
    corner = np.tan(np.linspace(np.pi / 4, 0, steps + 1)) if radius > 0 else np.array([1.0])

    def stops(extent: float) -> np.ndarray:
        if radius <= 0:
            return np.array([-extent, extent])
        low = -(extent - radius) - radius * corner
        return np.concatenate([low, -low[::-1]])

    pieces, maps, faces, offset = [], [], [], 0
    for axis in range(3):
        first, second = (axis + 1) % 3, (axis + 2) % 3
        a, b = np.meshgrid(stops(half[first]), stops(half[second]), indexing="ij")
        for sign in (-1.0, 1.0):
            points = np.empty((*a.shape, 3))
            points[..., axis], points[..., first], points[..., second] = sign * half[axis], a, b
            inner = np.clip(points, -(half - radius), half - radius)
            out = points - inner
            length = np.linalg.norm(out, axis=-1, keepdims=True)
            points = inner + (radius * out / np.maximum(length, 1e-12) if radius > 0 else out)
            pieces.append(points.reshape(-1, 3))
            pair = (a, b) if half[first] >= half[second] else (b, a)
            maps.append(np.stack([pair[0] + axis * 0.137, pair[1] + sign * 0.071], -1).reshape(-1, 2))
            quads = _grid_faces(*a.shape)
            faces.append((quads if sign > 0 else quads[:, ::-1]) + offset)
            offset += a.size
    vertices = np.vstack(pieces)
    # The seams between the six sides differ in the last bit; rounding makes them one.
    return Mesh(np.round(vertices, 9), np.vstack(faces), np.vstack(maps), crease=40)


def _frames(path: np.ndarray, closed: bool, up: Sequence[float] | None) -> tuple[np.ndarray, np.ndarray]:
    """Side and upward directions along a path, carried on without twist (or kept near `up`)."""
    ahead = np.roll(path, -1, 0) - np.roll(path, 1, 0)
    if not closed:
        ahead[0], ahead[-1] = path[1] - path[0], path[-1] - path[-2]
    ahead /= np.linalg.norm(ahead, axis=1, keepdims=True)
    reference = np.asarray(up if up is not None else np.eye(3)[np.argmin(np.abs(ahead[0]))], float)
    sides = np.empty_like(path)
    for index, direction in enumerate(ahead):
        if up is None and index:
            reference = np.cross(ahead[index - 1], sides[index - 1])
        side = np.cross(reference, direction)
        sides[index] = side / np.linalg.norm(side)
    return sides, np.cross(ahead, sides)


def sweep(
    path: Sequence[Sequence[float]],
    section: Sequence[Sequence[float]],
    scale: float | Sequence[float] = 1.0,
    closed: bool = False,
    up: Sequence[float] | None = None,
    crease: float = DEFAULT_CREASE,
) -> Mesh:
    """Carry a closed 2D section (counter-clockwise) along a 3D path; `scale` may vary along it. Ends are capped."""
    line, outline = np.asarray(path, float), np.asarray(section, float)
    sides, ups = _frames(line, closed, up)
    size = np.broadcast_to(np.asarray(scale, float), (len(line),))[:, None, None]
    rings = line[:, None] + size * (
        outline[None, :, :1] * sides[:, None] + outline[None, :, 1:] * ups[:, None]
    )
    return loft(rings, closed=closed, crease=crease)


def pipe(
    path: Sequence[Sequence[float]],
    radius: float | Sequence[float],
    sides: int = 12,
    closed: bool = False,
    rounded: bool = False,
) -> Mesh:
    """A round bar along a path; `rounded` gives it hemispherical ends."""
    line = np.asarray(path, float)
    radii = np.broadcast_to(np.asarray(radius, float), (len(line),)).copy()
    if rounded and not closed:
        t = np.sin(np.linspace(0, np.pi / 2, 5))[:-1]
        start = (line[0] - line[1]) / np.linalg.norm(line[0] - line[1])
        end = (line[-1] - line[-2]) / np.linalg.norm(line[-1] - line[-2])
        head = line[0] + start * radii[0] * np.sqrt(1 - t[:, None] ** 2) * 0.999
        tail = line[-1] + end * radii[-1] * np.sqrt(1 - t[::-1, None] ** 2) * 0.999
        radii = np.concatenate([np.maximum(t, 0.02) * radii[0], radii, np.maximum(t[::-1], 0.02) * radii[-1]])
        line = np.vstack([head, line, tail])
    angle = np.linspace(0, 2 * np.pi, sides, endpoint=False)
    return sweep(line, np.column_stack([np.cos(angle), np.sin(angle)]), radii, closed, crease=50)


def bar(
    start: Sequence[float], end: Sequence[float], radius: float, top: float | None = None, sides: int = 14
) -> Mesh:
    """A straight round bar between two points, tapering to `top`."""
    return pipe([start, end], [radius, radius if top is None else top], sides)


def loft(
    rings: np.ndarray | Sequence[np.ndarray],
    caps: bool = True,
    closed: bool = False,
    crease: float = DEFAULT_CREASE,
) -> Mesh:
    """Skin a row of rings (each n x 3, same count). Rings run counter-clockwise seen from ahead of the row.

    `closed` joins the last ring to the first; otherwise `caps` fills both ends.
    """
    stack = np.asarray(rings, float)
    count, sides = stack.shape[:2]
    if closed:
        stack = np.concatenate([stack, stack[:1]])
        count += 1
    around = np.concatenate([stack, stack[:, :1]], axis=1)
    v = _lengths(around.mean(axis=1))
    if v[-1] < 1e-9:
        v = np.linspace(0, 1, count)
    widest = around[np.argmax([_lengths(ring)[-1] for ring in around])]
    u = np.broadcast_to(_lengths(widest), (count, sides + 1))
    uv = np.stack([u, np.broadcast_to(v[:, None], (count, sides + 1))], -1).reshape(-1, 2)
    vertices, faces = around.reshape(-1, 3), _grid_faces(count, sides + 1)[:, ::-1]
    if caps and not closed:
        for ring, turned in ((stack[0], True), (stack[-1], False)):
            base = len(vertices)
            centre = ring.mean(axis=0)
            vertices = np.vstack([vertices, ring, centre])
            away = ring - centre
            first = away[np.argmax(np.linalg.norm(away, axis=1))]
            first = first / max(np.linalg.norm(first), 1e-12)
            normal = np.cross(away, np.roll(away, -1, 0)).sum(axis=0)
            second = np.cross(normal / max(np.linalg.norm(normal), 1e-12), first)
            uv = np.vstack([uv, np.column_stack([away @ first, away @ second]), [[0, 0]]])
            index = np.arange(sides)
            fan = np.column_stack([base + index, base + (index + 1) % sides, np.full(sides, base + sides)])
            faces = np.vstack([faces, fan[:, ::-1] if turned else fan])
    return Mesh(vertices, faces, uv, crease=crease)


def extrude(outline: Sequence[Sequence[float]], depth: float, bevel: float = 0.0, steps: int = 2) -> Mesh:
    """A plate from a simple counter-clockwise (x, y) outline, from z=-depth/2 to +depth/2, with rounded edges."""
    ring = np.asarray(outline, float)
    levels = [(0.0, depth / 2)]
    if bevel > 0:
        turn = np.linspace(0, np.pi / 2, steps + 1)
        levels = [(bevel * (1 - np.sin(a)), depth / 2 - bevel * (1 - np.cos(a))) for a in turn[::-1]]
    front = [(inset(ring, amount), z) for amount, z in levels][::-1]
    layers = [(points, -z) for points, z in front] + [(points, z) for points, z in front[::-1]]
    rings = np.stack([np.column_stack([points, np.full(len(points), z)]) for points, z in layers])
    side = loft(rings, caps=False)
    v = np.repeat([z for _, z in layers], len(ring) + 1)
    cap = triangulated(front[0][0])
    base, count = len(side.vertices), len(ring)
    vertices = np.vstack([side.vertices, rings[0], rings[-1]])
    faces = np.vstack([side.faces, cap[:, ::-1] + base, cap + base + count])
    uv = np.vstack([np.column_stack([side.uv[:, 0], v]), rings[0][:, :2], rings[-1][:, :2]])
    return Mesh(vertices, faces, uv)


def extrude_ring(
    outer: Sequence[Sequence[float]], inner: Sequence[Sequence[float]], depth: float, bevel: float = 0.0
) -> Mesh:
    """A plate with a hole: both outlines counter-clockwise, with the same number of points."""
    out, hole = np.asarray(outer, float), np.asarray(inner, float)
    z = depth / 2
    loops = [(out, -z + bevel), (out, z - bevel), (inset(out, bevel), z), (inset(hole, -bevel), z)]
    loops += [(hole, z - bevel), (hole, -z + bevel), (inset(hole, -bevel), -z), (inset(out, bevel), -z)]
    if bevel <= 0:
        loops = [loops[0], loops[1], loops[4], loops[5]]
    rings = np.stack([np.column_stack([points, np.full(len(points), height)]) for points, height in loops])
    return loft(rings, closed=True, crease=30).mapped_flat("z")
