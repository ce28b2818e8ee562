"""Watertight models in one material, ready for a printer."""

from __future__ import annotations

import numpy as np

from config.demo.builders.games import knight_mesh
from config.demo.geometry.curves import filleted
from config.demo.geometry.fields import ball, ellipsoid, joined, limb, skinned
from config.demo.geometry.mesh import Mesh, merged
from config.demo.geometry.solids import extrude, loft
from config.demo.glb import Scene
from config.demo.materials.plain import paint


def single(name: str, mesh: Mesh, color: str, roughness: float = 0.55) -> bytes:
    """One mesh in one filament colour."""
    scene = Scene(name)
    scene.add(mesh, paint("Filament", color, roughness))
    return scene.to_glb(shade=0.6)


def twisted_planter() -> bytes:
    """A lobed wall that turns as it rises; the inside is a plain cone, so that it prints without support."""
    sides, levels, height = 216, 70, 0.13
    angle = np.linspace(0, 2 * np.pi, sides, endpoint=False)

    def ring(radius: float, y: float, lobes: float, twist: float) -> np.ndarray:
        r = radius * (1 + lobes * np.abs(np.sin((angle + twist) * 6)) ** 1.4)
        return np.column_stack([r * np.cos(angle), np.full(sides, y), -r * np.sin(angle)])

    rings = [ring(0.001, 0, 0, 0), ring(0.03, 0, 0, 0)]
    rings += [
        ring(0.042 + 0.026 * np.sin(np.pi * (0.18 + 0.55 * t)), t * height, 0.13, 1.1 * t)
        for t in np.linspace(0, 1, levels)
    ]
    top = rings[-1]
    rim = 0.042 + 0.026 * np.sin(np.pi * 0.73)
    rings += [top * (0.965, 1, 0.965) + (0, 0.0008, 0), ring(rim * 0.93, height - 0.001, 0, 0)]
    rings += [ring(0.036 + 0.022 * t, t * height, 0, 0) for t in np.linspace(0.96, 0.06, 20)]
    rings += [ring(0.02, 0.006, 0, 0), ring(0.001, 0.006, 0, 0)]
    return single("Twisted planter", loft(rings, crease=55), "#c9785a", 0.6)


def gyroid_lamp() -> bytes:
    """A gyroid sheet cut to a sphere and closed by a foot ring."""
    radius, period, wall = 0.075, 0.05, 0.0062

    def distance(p: np.ndarray) -> np.ndarray:
        q = (p - (0, 0.073, 0)) * (2 * np.pi / period)
        s, c = np.sin(q), np.cos(q)
        sheet = s[:, 0] * c[:, 1] + s[:, 1] * c[:, 2] + s[:, 2] * c[:, 0]
        shell = np.abs(np.linalg.norm(p - (0, 0.073, 0), axis=1) - radius + 0.007) - 0.007
        web = np.maximum((np.abs(sheet) * period / 9 - wall / 2) * 0.8, shell)
        foot = np.maximum(
            np.abs(np.hypot(p[:, 0], p[:, 2]) - 0.0345) - 0.004, np.abs(p[:, 1] - 0.006) - 0.006
        )
        h = np.maximum(0.004 - np.abs(web - foot), 0) / 0.004
        return np.minimum(web, foot) - h * h * 0.001

    mesh = skinned(distance, (-0.084, -0.006, -0.084), (0.084, 0.156, 0.084), 0.0023)
    return single("Gyroid lamp shade", mesh, "#e6e0d2", 0.5)


def bear() -> bytes:
    """A sitting bear, faceted."""
    blobs = [
        ellipsoid((0, 0.034, -0.004), (0.031, 0.035, 0.028)),
        ellipsoid((0, 0.079, 0.004), (0.025, 0.022, 0.022)),
        limb((0, 0.076, 0.014), (0, 0.073, 0.03), 0.013, 0.009),
        *[ball((s * 0.0185, 0.096, 0.0), 0.0085) for s in (-1, 1)],
        *[limb((s * 0.024, 0.052, 0.004), (s * 0.023, 0.012, 0.03), 0.0125, 0.0105) for s in (-1, 1)],
        *[limb((s * 0.02, 0.016, 0.0), (s * 0.032, 0.012, 0.03), 0.017, 0.0125) for s in (-1, 1)],
        ball((0, 0.014, -0.032), 0.009),
    ]
    soft = joined(blobs, 0.0055)
    mesh = skinned(
        lambda p: np.maximum(soft(p), -p[:, 1]),
        (-0.055, -0.006, -0.055),
        (0.055, 0.115, 0.055),
        0.0044,
        faceted=True,
    )
    return single("Low-poly bear", mesh, "#b98a5c", 0.6)


def dragon_egg() -> bytes:
    """An egg covered in overlapping scales, on its own foot."""
    rows, sides = 120, 252
    v = np.linspace(0, 1, rows)
    angle = np.linspace(0, 2 * np.pi, sides, endpoint=False)
    rings = []
    for t in v:
        y = 0.5 - 0.5 * np.cos(np.pi * t)
        base = 0.037 * np.sin(np.pi * t) ** 0.92 * (1.06 - 0.22 * y)
        row = t * 17
        lift = 0.0
        best = np.zeros(sides)
        for k in (np.floor(row), np.floor(row) + 1):
            count = 18
            centre = (k % 2) * np.pi / count
            across = ((angle - centre + np.pi / count) % (2 * np.pi / count) - np.pi / count) / (
                np.pi / count
            )
            down = row - k + 0.15
            scale = np.clip(
                1.15 - (np.abs(across) ** 1.8 + np.clip(down + 0.2, 0, None) ** 2 * 1.1), 0, 1
            ) * (0.62 + 0.38 * np.clip(-down + 0.6, 0, 1))
            best = np.maximum(best, scale)
        fade = np.clip(t / 0.1, 0, 1) * np.clip((1 - t) / 0.06, 0, 1)
        r = np.maximum(base * (1 + 0.1 * best * fade) + lift, 0.0003)
        rings.append(np.column_stack([r * np.cos(angle), np.full(sides, y * 0.105), -r * np.sin(angle)]))
    foot = [
        np.column_stack([r * np.cos(angle), np.full(sides, y), -r * np.sin(angle)])
        for r, y in ((0.0003, 0.0), (0.017, 0.0), (0.0185, 0.0012), (0.0185, 0.004))
    ]
    start = next(index for index, ring in enumerate(rings) if np.hypot(ring[0, 0], ring[0, 2]) > 0.0195)
    body = [ring + (0, 0.0015, 0) for ring in rings[start:]]
    return single("Dragon egg", loft(foot + body, crease=40), "#3f6b6a", 0.35)


def honeycomb() -> bytes:
    """Seven open hexagonal cells; neighbouring walls overlap, so that a slicer joins them."""
    cell, wall, bottom = 0.022, 0.0022, 0.0026
    spacing = 2 * cell * 0.8660254 - wall * 0.9
    turns = np.radians(np.arange(0, 360, 60))
    centres = [
        (0.0, 0.0),
        *((spacing * np.cos(a + np.pi / 6), spacing * np.sin(a + np.pi / 6)) for a in turns),
    ]
    heights = (0.1, 0.062, 0.085, 0.05, 0.07, 0.09, 0.055)

    def ring(radius: float, y: float) -> np.ndarray:
        corners = np.column_stack([radius * np.cos(turns), radius * np.sin(turns)])
        soft = filleted(corners, 0.0035, 5, closed=True)
        return np.column_stack([soft[:, 0], np.full(len(soft), y), -soft[:, 1]])

    cells = []
    for (x, z), height in zip(centres, heights, strict=True):
        inner = cell - wall / 0.8660254
        profile = [(cell - 0.0008, 0), (cell, 0.0008), (cell, height - 0.0008), (cell - 0.0008, height)]
        profile += [
            (inner + 0.0008, height),
            (inner, height - 0.0008),
            (inner, bottom + 0.002),
            (inner - 0.002, bottom),
        ]
        cells.append(loft([ring(radius, y) for radius, y in profile], crease=32).moved(x, 0, z))
    return single("Honeycomb organiser", merged(cells), "#d9a23b", 0.5)


def phone_stand() -> bytes:
    """One bent profile, as wide as a phone."""
    outline = filleted(
        [
            (-0.045, 0),
            (0.06, 0),
            (0.06, 0.006),
            (-0.012, 0.006),
            (0.003, 0.034),
            (0.022, 0.024),
            (0.031, 0.038),
            (0.026, 0.041),
            (0.0205, 0.0325),
            (0.0065, 0.04),
            (0.0415, 0.106),
            (0.0365, 0.109),
            (-0.022, 0.006),
            (-0.045, 0.006),
        ],
        [
            0.0025,
            0.0025,
            0.0025,
            0.008,
            0.002,
            0.003,
            0.0015,
            0.0015,
            0.004,
            0.003,
            0.002,
            0.002,
            0.006,
            0.0025,
        ],
        5,
        closed=True,
    )
    return single("Phone stand", extrude(outline, 0.07, 0.0012, 3), "#5c7d8a")


def knight() -> bytes:
    """The knight of the chess set, big enough for a desk."""
    return single("Desk knight", knight_mesh(0.09), "#2e3138", 0.4)
