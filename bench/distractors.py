"""Shapes that a search has to tell from those it looks for: made of the demo's building blocks, each from its number.

`distractor(number)` puts one to nine turned, swept, extruded, soft and boxy parts together as makers of models do:
stacked, in rings, in rows, in mirrored pairs, one set on another; and bends the whole now and then. `cousin` bends a
given shape so far that it is another one, though still of its kind: the hardest to tell from it.
"""

from collections.abc import Callable

import numpy as np

from config.demo.geometry.curves import helix, spline, superellipse
from config.demo.geometry.fields import ball, brick, ellipsoid, joined, limb, skinned
from config.demo.geometry.mesh import rotation_matrix
from config.demo.geometry.solids import (
    box,
    cylinder,
    extrude,
    lathe,
    loft,
    pipe,
    superellipsoid,
    sweep,
    torus,
    tube,
)

# Goes up when the shapes change, so that what was measured of other ones is measured anew.
EDITION = 1
# Of a distractor; what is simpler has fewer faces than the samples that are looked for.
LEAST_TRIANGLES = 300

Corners = np.ndarray


def distractor(number: int) -> Corners:
    """Triangles (n, 3, 3) of the shape of this number; the same at every call."""
    rng = np.random.default_rng([EDITION, number])
    while True:
        corners = _bent(_assembly(rng), rng) if rng.random() < 0.4 else _assembly(rng)
        if len(corners) >= LEAST_TRIANGLES and np.isfinite(corners).all():
            return corners


def cousin(corners: Corners, seed: int) -> Corners:
    """`corners` stretched by a third or more along one axis, then bent, twisted or tapered."""
    rng = np.random.default_rng([EDITION, seed])
    low, high = corners.min(axis=(0, 1)), corners.max(axis=(0, 1))
    unit = (corners - (low + high) / 2) / max(float((high - low).max()), 1e-12)
    stretch = np.ones(3)
    stretch[rng.integers(3)] = rng.choice([rng.uniform(0.4, 0.72), rng.uniform(1.4, 2.5)])
    return _bent(unit * stretch, rng)


def _assembly(rng: np.random.Generator) -> Corners:
    count = int(rng.choice([1, 2, 3, 4, 6], p=[0.15, 0.25, 0.3, 0.2, 0.1]))
    whole = _part(rng)
    for _ in range(count - 1):
        whole = np.concatenate([whole, _placed(_part(rng), whole, rng)])
    return whole


def _part(rng: np.random.Generator) -> Corners:
    """One part of about unit size around the origin, turned as it happens."""
    mesh = PARTS[rng.choice(len(PARTS), p=SHARES)](rng)
    corners = mesh.vertices[mesh.faces]
    low, high = corners.min(axis=(0, 1)), corners.max(axis=(0, 1))
    corners = (corners - (low + high) / 2) / max(float((high - low).max()), 1e-9)
    if rng.random() < 0.5:
        corners = corners @ rotation_matrix("xyz"[rng.integers(3)], 90).T
    if rng.random() < 0.3:
        corners = corners @ rotation_matrix(tuple(rng.normal(size=3)), rng.uniform(0, 180)).T
    return corners * rng.uniform(0.5, 1.6, 3) if rng.random() < 0.5 else corners


def _placed(part: Corners, whole: Corners, rng: np.random.Generator) -> Corners:
    """`part` in one of the ways in which parts join a model."""
    part = part * rng.uniform(0.15, 1.0)
    low, high = whole.min(axis=(0, 1)), whole.max(axis=(0, 1))
    spread = rng.uniform(low, high)
    way = rng.integers(5)
    if way == 0:
        return part + [
            *(spread[:1] * 0.3),
            high[1] - part[..., 1].min() * rng.uniform(0.6, 1.0),
            spread[2] * 0.3,
        ]
    if way == 1:
        out = rng.uniform(0.3, 1.1) * (high - low).max() / 2
        moved = part + [out, spread[1], 0]
        turns = int(rng.integers(3, 9))
        return np.concatenate([moved @ rotation_matrix("y", 360 * n / turns).T for n in range(turns)])
    if way == 2:
        moved = part + [max(abs(spread[0]), 0.2 * (high - low)[0]), spread[1], spread[2]]
        return np.concatenate([moved, (moved * (-1, 1, 1))[:, ::-1]])
    if way == 3:
        step = rng.normal(size=3) * 0.4
        return np.concatenate([part + spread + step * n for n in range(int(rng.integers(2, 7)))])
    return part + spread


def _bent(corners: Corners, rng: np.random.Generator) -> Corners:
    """Twisted, tapered, curved or dented as a whole."""
    axes = rng.permutation(3)
    points = corners[..., axes].copy()
    x, y, z = np.moveaxis(points, -1, 0)
    middle, size = (y.max() + y.min()) / 2, max(float(np.ptp(y)), 1e-9)
    along = (y - middle) / size
    way = rng.integers(4)
    if way == 0:
        angle = along * rng.uniform(0.7, 3.0)
        points = np.stack(
            [x * np.cos(angle) - z * np.sin(angle), y, x * np.sin(angle) + z * np.cos(angle)], -1
        )
    elif way == 1:
        slim = 1 + along * rng.uniform(0.7, 1.6)
        points = np.stack([x * slim, y, z * slim], -1)
    elif way == 2:
        arc = rng.uniform(0.8, 2.4)
        radius = size / arc
        points = np.stack(
            [radius - (radius - x) * np.cos(along * arc), (radius - x) * np.sin(along * arc), z], -1
        )
    else:
        waves = rng.uniform(2, 5, 3) * 2 * np.pi / max(float(np.ptp(points)), 1e-9)
        lift = np.sin(points * waves + rng.uniform(0, 6, 3))
        points = points + 0.06 * np.ptp(points) * lift[..., [1, 2, 0]]
    return points[..., np.argsort(axes)]


# ------------------------------------------------------------------ the parts


def _turned(rng):
    count = int(rng.integers(4, 9))
    radii = np.concatenate([[0.0], rng.uniform(0.08, 0.5, count), [0.0]])
    heights = np.concatenate([[0.0], np.sort(rng.uniform(0, 1.4, count)), [1.45]])
    profile = np.column_stack([radii, heights])
    if rng.random() < 0.6:
        profile = np.abs(spline(profile, int(rng.integers(16, 40))))
    return lathe(profile, int(rng.integers(10, 48)))


def _ellipsoid(rng):
    return superellipsoid(rng.uniform(0.15, 0.6, 3), rng.uniform(0.2, 1.8), rng.uniform(0.2, 1.8), 36)


def _box(rng):
    sides = rng.uniform(0.05, 1.0, 3)
    return box(*sides, bevel=float(sides.min() * rng.uniform(0.02, 0.4)), steps=4)


def _ring(rng):
    return torus(0.5, rng.uniform(0.03, 0.3), int(rng.integers(16, 48)), int(rng.integers(6, 18)))


def _column(rng):
    if rng.random() < 0.5:
        return tube(0.5, rng.uniform(0.2, 0.46), rng.uniform(0.1, 1.5), 0.02)
    return cylinder(rng.uniform(0.1, 0.5), rng.uniform(0.2, 1.5), 0.02, 32, rng.uniform(0.03, 0.5))


def _swept(rng):
    path = spline(rng.normal(size=(int(rng.integers(3, 6)), 3)), 36)
    section = superellipse(rng.uniform(0.05, 0.5), rng.uniform(0.05, 0.5), rng.uniform(1.2, 5), 14)
    return sweep(path, section, np.linspace(rng.uniform(0.3, 1.5), rng.uniform(0.3, 1.5), 36))


def _coil(rng):
    path = helix(0.5, rng.uniform(0.15, 0.6), rng.uniform(1.5, 5), 70)
    return pipe(path, rng.uniform(0.02, 0.12), 8)


def _plate(rng):
    """A star, gear or leaf cut from a plate."""
    teeth, points = int(rng.integers(3, 14)), 60
    angle = np.linspace(0, 2 * np.pi, points, endpoint=False)
    wave = np.cos(teeth * angle)
    if rng.random() < 0.4:
        wave = np.sign(wave)
    radius = 0.5 * (
        1 + rng.uniform(0.08, 0.45) * wave + rng.uniform(0, 0.25) * np.cos(angle + rng.uniform(0, 6))
    )
    stretch = rng.uniform(0.4, 1.0)
    return extrude(
        np.column_stack([radius * np.cos(angle), stretch * radius * np.sin(angle)]), rng.uniform(0.03, 0.5)
    )


def _hull(rng):
    """Sections that change along the way, as of a boat or a bottle."""
    stations = spline(rng.uniform(0.1, 0.5, (5, 2)), 20)
    rings = []
    for place, (width, height) in enumerate(np.abs(stations) + 0.02):
        outline = superellipse(2 * width, 2 * height, rng.uniform(1.8, 2.6), 20)
        rings.append(np.column_stack([outline[:, 0], outline[:, 1], np.full(20, place / 12)]))
    return loft(np.array(rings))


def _soft(rng):
    """A figure of limbs, balls and bricks grown together."""
    blobs = []
    place = np.zeros(3)
    for _ in range(int(rng.integers(3, 8))):
        following = np.clip(place + rng.normal(size=3) * 0.3, -0.6, 0.6)
        kind = rng.integers(4)
        if kind == 0:
            blobs.append(ball(following, rng.uniform(0.08, 0.25)))
        elif kind == 1:
            blobs.append(ellipsoid(following, rng.uniform(0.08, 0.35, 3)))
        elif kind == 2:
            blobs.append(brick(following, rng.uniform(0.1, 0.3, 3), 0.04))
        blobs.append(limb(place, following + 1e-6, rng.uniform(0.05, 0.14), rng.uniform(0.04, 0.1)))
        place = following if rng.random() < 0.7 else np.zeros(3)
    return skinned(joined(blobs, 0.08), (-1, -1, -1), (1, 1, 1), 0.07)


_Maker = Callable[[np.random.Generator], object]
_MAKERS: dict[_Maker, float] = {
    _turned: 3, _ellipsoid: 1.5, _box: 2.5, _ring: 1, _column: 1.5, _swept: 1.5, _coil: 0.7, _plate: 2, _hull: 1,
    _soft: 1.5,
}  # fmt: skip
PARTS = list(_MAKERS)
SHARES = np.array(list(_MAKERS.values())) / sum(_MAKERS.values())
