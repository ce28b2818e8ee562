"""Buildings and parts of buildings."""

from __future__ import annotations

import numpy as np

from config.demo.builders.nature import crumpled
from config.demo.geometry.curves import filleted, spline, superellipse
from config.demo.geometry.mesh import Mesh, around, shaded
from config.demo.geometry.solids import (
    bar,
    box,
    cylinder,
    extrude,
    lathe,
    loft,
    pipe,
    sphere,
    superellipsoid,
    sweep,
    torus,
    tube,
)
from config.demo.glb import Material, Scene, spin
from config.demo.materials.mineral import bricks, marble, rough_clay, rubble, shingles, tiles
from config.demo.materials.organic import fabric, planks, wood
from config.demo.materials.plain import BLACK_METAL, BRASS, COPPER, DARK_GLASS, paint

LIT_WINDOW = Material("Lit window", "#ffe2a8", roughness=0.2, emissive="#ffb85c", glow=1.2)
GRASS = paint("Grass", "#7f9256", 0.95)


def island(
    radius: float, height: float, seed: int, stone: Material, grass: Material = GRASS
) -> list[tuple[Mesh, Material]]:
    """A rocky knoll with turf on top; the top is at y=0."""
    rock = lathe(
        [
            (0, -height),
            (radius * 0.92, -height),
            (radius * 1.06, -height * 0.6),
            (radius, -height * 0.1),
            (radius * 0.9, -0.02),
            (0, -0.02),
        ],
        26,
    )
    turf = lathe(
        [
            (0, -height * 0.12),
            (radius * 1.0, -height * 0.14),
            (radius * 0.96, -0.03),
            (radius * 0.6, 0.0),
            (0, 0.0),
        ],
        26,
    )
    return [(crumpled(rock, radius * 0.035, seed), stone), (crumpled(turf, radius * 0.008, seed + 1), grass)]


def lighthouse() -> bytes:
    scene = Scene("Lighthouse")
    white, red = rough_clay("#ece6da", 1.6, name="Limewash"), rough_clay("#b03a2c", 1.6, name="Red limewash")
    for mesh, material in island(5.2, 2.4, 3, rubble(tile=3.0, count=40)):
        scene.add(mesh, material)
    base, top, height = 2.2, 1.35, 12.0
    radius = lambda y: base + (top - base) * (y / height) ** 0.8  # noqa: E731
    for n in range(6):
        levels = np.linspace(n * 2, n * 2 + 2, 9)
        profile = np.vstack([[(0, levels[0])], [(radius(y), y) for y in levels], [(0, levels[-1])]])
        scene.add(lathe(profile, 72, tile=1.6), red if n % 2 else white)
    scene.add(
        lathe(
            filleted([(0, 0), (2.5, 0), (2.5, 0.5), (2.25, 0.7), (0, 0.7)], [0, 0.03, 0.08, 0.05, 0], 3),
            72,
            tile=1.0,
        ),
        bricks("#8a8378", "#6c665d", 8, 1.0, name="Granite blocks"),
    )
    gallery = filleted(
        [(0, 11.7), (1.36, 11.7), (1.95, 12.05), (1.95, 12.2), (0, 12.2)], [0, 0.1, 0.1, 0.03, 0], 4
    )
    scene.add(lathe(gallery, 72), paint("Gallery", "#ddd6c8", 0.8))
    for y in (12.6, 12.95, 13.2):
        scene.add(torus(1.85, 0.03, 72, 8).moved(y=y), BLACK_METAL)
    scene.add(around(bar((0, 12.2, 0), (0, 13.2, 0), 0.03, sides=8), 24, 1.85), BLACK_METAL)
    scene.add(lathe([(0, 12.2), (1.05, 12.2), (1.05, 12.75), (0, 12.75)], 12, 20), red)
    scene.add(around(bar((0, 12.7, 0), (0, 14.3, 0), 0.035, sides=8), 12, 1.0), BLACK_METAL)
    glass = lathe([(0.98, 12.75), (0.98, 14.25), (0.96, 14.25), (0.96, 12.75)], 12, 20, closed=True)
    scene.add(glass, Material("Lantern glass", "#dfe9e6", roughness=0.04, alpha=0.2))
    scene.add(
        lathe(
            spline([(1.25, 14.2), (1.2, 14.32), (0.75, 14.85), (0.22, 15.15), (0.12, 15.3)], 30).tolist()
            + [[0, 15.3]],
            48,
        ),
        COPPER,
    )
    scene.add(sphere(0.16, 24).moved(y=15.42), BRASS)
    scene.add(bar((0, 15.5, 0), (0, 16.2, 0), 0.025, sides=8), BLACK_METAL)
    lamp = scene.node("Lamp", at=(0, 13.45, 0))
    lamp.add(
        lathe(spline([(0, -0.5), (0.32, -0.32), (0.4, 0), (0.32, 0.32), (0, 0.5)], 24), 36),
        Material("Beacon", "#fff3cf", emissive="#ffd77a", glow=4.0),
    )
    for a in range(0, 360, 90):
        lamp.add(torus(0.3, 0.05, 36, 10).turned("z", 90).moved(x=0.42).turned("y", a), BRASS)
    for turn, y in ((55, 3.0), (-30, 6.0), (40, 9.0)):
        r = radius(y) - 0.03
        frame = extrude(
            filleted(
                [(-0.3, -0.5), (0.3, -0.5), (0.3, 0.5), (-0.3, 0.5)], [0.02, 0.02, 0.29, 0.29], 6, closed=True
            ),
            0.22,
            0.03,
        )
        pane = extrude(
            filleted(
                [(-0.2, -0.4), (0.2, -0.4), (0.2, 0.4), (-0.2, 0.4)], [0.02, 0.02, 0.19, 0.19], 6, closed=True
            ),
            0.26,
            0.01,
        )
        for mesh, material in ((frame, paint("Stone trim", "#cfc6b4", 0.8)), (pane, LIT_WINDOW)):
            scene.add(mesh.moved(0, y, r).turned("y", turn), material)
    door = extrude(
        filleted([(-0.5, 0.4), (0.5, 0.4), (0.5, 2.1), (-0.5, 2.1)], [0, 0, 0.49, 0.49], 8, closed=True),
        0.3,
        0.03,
    ).moved(z=2.22)
    arch = extrude(
        filleted([(-0.72, 0.4), (0.72, 0.4), (0.72, 2.35), (-0.72, 2.35)], [0, 0, 0.7, 0.7], 8, closed=True),
        0.3,
        0.05,
    ).moved(z=2.12)
    scene.add(door, planks("mahogany", 6, 1.2))
    scene.add(arch, paint("Stone trim", "#cfc6b4", 0.8))
    for n in range(3):
        scene.add(
            box(1.6, 0.18, 0.5, 0.03).moved(0, 0.38 - n * 0.17, 2.55 + n * 0.3),
            paint("Stone trim", "#cfc6b4", 0.8),
        )
    house = box(2.6, 1.9, 2.2, 0.04).moved(-2.6, 0.95, -0.9)
    scene.add(house, white)
    roof = extrude([(-1.35, 1.85), (1.35, 1.85), (0, 3.0)], 3.0, 0.03).turned("y", 90).moved(-2.6, 0, -0.9)
    scene.add(
        Mesh(
            roof.vertices,
            roof.faces,
            np.column_stack([roof.vertices[:, 0], roof.vertices[:, 1] * 1.5]),
            crease=30,
        ),
        shingles("#7a4234", 6, 1.2, name="Clay roof"),
    )
    for z in (-1.4, -0.4):
        scene.add(box(0.06, 0.7, 0.5, 0.02).moved(-3.9, 1.0, z), LIT_WINDOW)
    scene.add(box(0.5, 0.7, 0.06, 0.02).moved(-2.6, 1.0, 0.2), LIT_WINDOW)
    scene.animate("Sweeping light", spin(lamp, "y", 6))
    return scene.to_glb(shade=0.6, reach=2.0)


def windmill() -> bytes:
    scene = Scene("Windmill")
    for mesh, material in island(3.4, 0.8, 5, rubble(tile=2.4, count=50)):
        scene.add(mesh, material)
    tower = [(2.0, 0), (1.95, 0.4), (1.35, 6.0)]
    scene.add(
        lathe(np.vstack([[(0, 0)], tower, [(0, 6.0)]]), 64, tile=1.4), bricks("#a65a41", "#cbbfae", 18, 1.4)
    )
    scene.add(
        lathe(filleted([(0, 5.9), (1.5, 5.9), (1.5, 6.15), (0, 6.15)], [0, 0.05, 0.05, 0], 3), 64),
        paint("White trim", "#eee8dc", 0.7),
    )
    deck = planks("weathered", 10, 1.4)
    scene.add(
        lathe([(1.6, 2.2), (2.65, 2.2), (2.65, 2.3), (1.6, 2.3)], 24, closed=True).mapped_flat("y"), deck
    )
    scene.add(around(bar((2.5, 2.25, 0), (1.82, 1.2, 0), 0.05, sides=8), 12), wood("weathered", 0.6))
    scene.add(around(bar((0, 2.3, 0), (0, 3.1, 0), 0.035, sides=8), 16, 2.55), wood("weathered", 0.6))
    for y in (2.7, 3.08):
        scene.add(torus(2.55, 0.03, 48, 8).moved(y=y), wood("weathered", 0.6))
    cap = spline([(1.52, 6.15), (1.45, 6.6), (1.05, 7.3), (0.45, 7.75), (0.0, 7.85)], 40)
    scene.add(lathe(np.vstack([[(0, 6.15)], cap]), 56, tile=1.0), shingles("#4c4a47", 9, 1.0))
    scene.add(sphere(0.12, 20).moved(y=7.92), BRASS)
    for turn, y in ((0, 4.2), (90, 3.6), (180, 4.2), (-50, 1.2)):
        r = np.interp(y, [0.4, 6], [1.95, 1.35])
        scene.add(
            box(0.62, 0.9, 0.16, 0.03).moved(0, y, r).turned("y", turn), paint("White trim", "#eee8dc", 0.7)
        )
        for dx in (-0.13, 0.13):
            for dy in (-0.2, 0.2):
                scene.add(box(0.21, 0.34, 0.18, 0.01).moved(dx, y + dy, r).turned("y", turn), DARK_GLASS)
    scene.add(box(0.9, 1.7, 0.2, 0.03).moved(0, 0.85, 1.9), paint("Door green", "#2f5546", 0.5))
    scene.add(box(1.1, 1.85, 0.16, 0.03).moved(0, 0.92, 1.88), paint("White trim", "#eee8dc", 0.7))
    scene.add(bar((0, 6.75, 0.6), (0, 6.85, 1.95), 0.14, sides=20), wood("weathered", 0.6))
    sails = scene.node("Sails", at=(0, 6.87, 2.02), rotation=("x", -4))
    beam, cloth = wood("oak", 0.8), fabric("#efe3c8", tile=0.5, threads=20, name="Sailcloth")
    sails.add(cylinder(0.2, 0.3, 0.05, 28).turned("x", 90).moved(z=-0.1), BLACK_METAL)
    for n in range(4):
        parts = [(box(0.1, 4.3, 0.09, 0.015).moved(y=2.15), beam)]
        parts += [
            (box(0.86, 0.035, 0.035, 0.006).turned("y", 10).moved(0.36, 0.85 + k * 0.235, 0.0), beam)
            for k in range(15)
        ]
        for x in (0.42, 0.78):
            parts.append((box(0.035, 3.35, 0.035, 0.006).moved(x, 2.5, -0.02 - 0.1 * x), beam))
        sheet = [
            np.array(
                [
                    (0.06, y, 0.035),
                    (0.42, y, 0.06 + 0.06 * np.sin(k * 0.35)),
                    (0.78, y, -0.03),
                    (0.78, y, -0.045),
                    (0.42, y, 0.045 + 0.06 * np.sin(k * 0.35)),
                    (0.06, y, 0.022),
                ]
            )
            for k, y in enumerate(np.linspace(0.9, 4.15, 26))
        ]
        parts.append((loft(sheet[::-1]).mapped_flat("z"), cloth))
        for mesh, material in parts:
            sails.add(mesh.turned("z", n * 90 + 20), material)
    scene.animate("Turning", spin(sails, "z", 9, -1))
    return scene.to_glb(shade=0.6, reach=1.2)


def rotunda() -> bytes:
    scene = Scene("Garden rotunda")
    stone, floor = marble("#ece7dd", "#a9a59c", tile=1.6), tiles(tile=1.2)
    for n in range(3):
        scene.add(
            lathe(
                filleted(
                    [
                        (0, n * 0.16),
                        (3.1 - n * 0.35, n * 0.16),
                        (3.1 - n * 0.35, n * 0.16 + 0.16),
                        (0, n * 0.16 + 0.16),
                    ],
                    [0, 0.01, 0.03, 0],
                    3,
                ),
                96,
            ).mapped_flat("y"),
            stone,
        )
    scene.add(cylinder(2.1, 0.02, 0.004, 96).moved(y=0.475).mapped_flat("y"), floor)
    base, low, high = 0.48, 0.78, 3.3
    shaft = [
        (0.15 - 0.025 * t + 0.006 * np.sin(np.pi * t), low + (high - low) * t) for t in np.linspace(0, 1, 14)
    ]
    column = lathe(np.vstack([[(0, low)], shaft, [(0, high)]]), 96)

    def flute(p: np.ndarray) -> np.ndarray:
        wave = 1 - 0.07 * np.abs(np.sin(np.arctan2(p[:, 2], p[:, 0]) * 8)) ** 0.8
        return p * np.column_stack([wave, np.ones(len(p)), wave])

    foot = lathe(
        filleted(
            [
                (0, base),
                (0.25, base),
                (0.25, base + 0.1),
                (0.22, base + 0.12),
                (0.22, base + 0.2),
                (0.17, base + 0.24),
                (0.17, low + 0.02),
                (0, low + 0.02),
            ],
            [0, 0.004, 0.004, 0.03, 0.04, 0.02, 0.004, 0],
            4,
        ),
        40,
    )
    head = lathe(
        filleted(
            [
                (0, high - 0.03),
                (0.135, high - 0.03),
                (0.14, high + 0.06),
                (0.22, high + 0.16),
                (0, high + 0.16),
            ],
            [0, 0.005, 0.02, 0.02, 0],
            4,
        ),
        40,
    )
    for part in (
        column.warped(flute).with_crease(50),
        foot,
        head,
        box(0.48, 0.09, 0.48, 0.012).moved(y=high + 0.2),
        box(0.54, 0.1, 0.54, 0.01).moved(y=base + 0.05),
    ):
        scene.add(around(part, 8, 1.95, start=22.5), stone)
    y = high + 0.24
    ring = filleted(
        [
            (1.68, y),
            (2.2, y),
            (2.2, y + 0.16),
            (2.24, y + 0.17),
            (2.24, y + 0.36),
            (2.45, y + 0.5),
            (2.45, y + 0.58),
            (1.68, y + 0.58),
        ],
        0.012,
        2,
        closed=True,
    )
    scene.add(lathe(ring, 96, closed=True), stone)
    scene.add(around(box(0.1, 0.09, 0.09, 0.008), 56, 2.25).moved(y=y + 0.41), stone)
    dome = spline(
        [(2.05, y + 0.58), (1.98, y + 0.95), (1.6, y + 1.5), (0.95, y + 1.95), (0.26, y + 2.14)], 48
    )
    inner = spline(
        [(0.2, y + 2.02), (0.9, y + 1.84), (1.5, y + 1.42), (1.85, y + 0.92), (1.92, y + 0.58)], 40
    )
    scene.add(
        lathe(np.vstack([dome, inner]), 96, closed=True),
        Material("Verdigris copper", "#7fa697", roughness=0.55, metallic=0.35),
    )
    ribs = pipe(np.column_stack([dome[:, 0] + 0.01, dome[:, 1], np.zeros(48)]), 0.032, 8)
    scene.add(around(ribs, 16), Material("Verdigris copper", "#7fa697", roughness=0.55, metallic=0.35))
    scene.add(
        lathe(
            filleted(
                [
                    (0, y + 2.0),
                    (0.3, y + 2.0),
                    (0.3, y + 2.2),
                    (0.16, y + 2.3),
                    (0.1, y + 2.5),
                    (0.16, y + 2.62),
                    (0.05, y + 2.8),
                    (0, y + 3.0),
                ],
                [0, 0.02, 0.05, 0.05, 0.05, 0.06, 0.03, 0],
                5,
            ),
            40,
        ),
        BRASS,
    )
    return scene.to_glb(shade=0.7, reach=0.9)


def spiral_stairs() -> bytes:
    scene = Scene("Spiral staircase")
    oak = wood("oak", 0.6)
    steps, rise, turn = 16, 0.185, 24.0
    height = steps * rise
    scene.add(cylinder(0.075, height + 0.95, 0.01, 40), BLACK_METAL)
    scene.add(cylinder(0.2, 0.02, 0.006, 48), BLACK_METAL)
    scene.add(sphere(0.095, 28).moved(y=height + 0.97), BRASS)
    half = np.radians(turn * 0.6)
    outline = [
        (0.07, -0.05),
        *[(0.98 * np.cos(a), 0.98 * np.sin(a)) for a in np.linspace(-half, half, 14)],
        (0.07, 0.05),
    ]
    tread = shaded(
        extrude(filleted(outline, 0.012, 2, closed=True), 0.045, 0.008, 2).turned("x", -90).mapped_flat("y")
    )
    plate = shaded(
        extrude([(0.07, -0.06), (0.9, -0.012), (0.9, 0.012), (0.07, 0.02)], 0.012, 0.003).moved(y=-0.03)
    )
    post = shaded(bar((0.92, 0, 0), (0.92, 0.92, 0), 0.0085, sides=10))
    ring = shaded(tube(0.1, 0.07, 0.05, 0.006, 32))
    for n in range(steps):
        angle, y = n * turn, (n + 1) * rise
        scene.add(tread.turned("y", angle).moved(y=y - 0.0225), oak)
        scene.add(plate.turned("y", angle).moved(y=y - 0.02), BLACK_METAL)
        scene.add(ring.moved(y=y - 0.07), BLACK_METAL)
        for offset in (-turn / 3, 0, turn / 3):
            scene.add(post.turned("y", angle + offset).moved(y=y + rise * offset / turn), BLACK_METAL)
    angle = np.radians(np.linspace(-turn * 0.5, (steps - 0.5) * turn, 260))
    rail = np.column_stack(
        [0.92 * np.cos(angle), 0.92 + rise + rise * np.degrees(angle) / turn, -0.92 * np.sin(angle)]
    )
    scene.add(pipe(rail, 0.023, 16, rounded=True), oak)
    string = rail - (0, 0.8, 0)
    scene.add(pipe(string, 0.008, 8), BLACK_METAL)
    landing = (
        extrude([(0.0, -0.12), (0.98, -0.12), (0.98, 0.98), (0.0, 0.98)], 0.05, 0.008)
        .turned("x", -90)
        .mapped_flat("y")
        .turned("y", (steps - 0.4) * turn)
    )
    scene.add(landing.moved(y=height + rise - 0.025), oak)
    return scene.to_glb(shade=0.6, reach=0.35)


def cabin() -> bytes:
    scene = Scene("A-frame cabin")
    for mesh, material in island(5.0, 1.0, 9, rubble(tile=2.5, count=50)):
        scene.add(mesh.scaled(1, 1, 1.1), material)
    siding, roof_wood = planks("walnut", 14, 2.2), shingles("#47433f", 9, 1.6)
    deck = planks("oak", 12, 1.6)
    scene.add(box(6.4, 0.18, 7.6, 0.02).moved(0, 0.42, 0.5).mapped_flat("y", turn=True), deck)
    for x in (-2.8, 0, 2.8):
        for z in (-2.8, 0.4, 3.8):
            scene.add(cylinder(0.14, 0.5, 0.02, 16).moved(x, -0.05, z), BLACK_METAL)
    top, half, length = 5.4, 2.75, 5.6
    front = extrude([(-half + 0.15, 0.5), (half - 0.15, 0.5), (0, top - 0.35)], length - 0.5, 0.01).moved(
        z=-0.3
    )
    scene.add(Mesh(front.vertices, front.faces, front.vertices[:, [1, 0]], crease=30), siding)
    slope = np.hypot(half + 0.3, top - 0.3)
    for side in (-1, 1):
        slab = box(0.16, slope, length + 0.7, 0.03).turned(
            "z", side * np.degrees(np.arctan2(half + 0.3, top - 0.3))
        )
        slab = slab.moved(side * (half + 0.3) / 2 + side * 0.03, 0.3 + (top - 0.3) / 2, -0.1)
        scene.add(Mesh(slab.vertices, slab.faces, slab.vertices[:, [2, 1]], crease=40), roof_wood)
    scene.add(box(0.3, 0.12, length + 0.8, 0.04).moved(0, top + 0.1, -0.1), COPPER)
    z = length / 2 - 0.52
    panes = (
        (-1.28, 0.62, -0.05, 0.62, -0.05, 2.5, -0.72, 2.5),
        (0.05, 0.62, 1.28, 0.62, 0.72, 2.5, 0.05, 2.5),
        (-0.66, 2.66, -0.05, 2.66, -0.05, 4.05),
        (0.05, 2.66, 0.66, 2.66, 0.05, 4.05),
    )
    for points in panes:
        shape = np.array(points).reshape(-1, 2)
        scene.add(extrude(shape, 0.1, 0.01).moved(z=z), LIT_WINDOW)
    for start, end in (
        ((-1.5, 0.55), (0, 4.6)),
        ((1.5, 0.55), (0, 4.6)),
        ((-1.45, 0.56), (1.45, 0.56)),
        ((-0.82, 2.58), (0.82, 2.58)),
        ((0, 0.55), (0, 4.5)),
    ):
        a, b = np.array(start), np.array(end)
        beam = box(np.linalg.norm(b - a), 0.1, 0.16, 0.012).turned(
            "z", np.degrees(np.arctan2(*(b - a)[::-1]))
        )
        scene.add(beam.moved(*((a + b) / 2), z), BLACK_METAL)
    rail = wood("oak", 1.0)
    for a, b in (
        ((-3.1, 4.2), (-3.1, 1.8)),
        ((3.1, 4.2), (3.1, 1.8)),
        ((-3.1, 4.2), (-0.8, 4.2)),
        ((0.8, 4.2), (3.1, 4.2)),
    ):
        a, b = np.array(a), np.array(b)
        for y in (0.9, 1.15, 1.4):
            scene.add(bar((a[0], y, a[1]), (b[0], y, b[1]), 0.03 if y < 1.3 else 0.05, sides=10), rail)
        for t in np.linspace(0, 1, 3):
            p = a + (b - a) * t
            scene.add(box(0.1, 1.0, 0.1, 0.012).moved(p[0], 0.95, p[1]), rail)
    for n in range(3):
        scene.add(box(1.5, 0.1, 0.34, 0.015).moved(0, 0.36 - n * 0.14, 4.45 + n * 0.3), deck)
    scene.add(box(0.7, 2.6, 0.7, 0.03).moved(1.1, 4.0, -1.6), bricks("#8a6a58", tile=1.0))
    scene.add(box(0.84, 0.14, 0.84, 0.03).moved(1.1, 5.3, -1.6), paint("Chimney cap", "#55504b", 0.8))
    for x, zz, tall in ((-3.9, -3.2, 4.2), (4.0, -3.6, 5.2), (4.3, 2.6, 3.0)):
        scene.add(cylinder(0.16, tall * 0.3, 0, 8, top=0.1).moved(x, -0.1, zz), paint("Bark", "#5b4232", 0.9))
        for tier in range(5):
            t = tier / 5
            cone = lathe(
                [
                    (0, 0.3),
                    (1.05 * (1 - t * 0.8) * tall / 4.5, 0),
                    (0.45 * (1 - t * 0.8) * tall / 4.5, tall * 0.16),
                    (0, tall * 0.34),
                ],
                12,
            )
            scene.add(
                crumpled(cone, 0.06, tier + int(x * 10) + 90).moved(x, tall * (0.16 + 0.66 * t), zz),
                paint("Spruce", "#35573f", 0.9),
            )
    return scene.to_glb(shade=0.65, reach=1.6)


def stone_bridge() -> bytes:
    scene = Scene("Stone arch bridge")
    stone, water = (
        rubble("#948c7e", "#7b7366", 1.8, 70, name="Ashlar"),
        Material("River", "#3f7680", roughness=0.08, clearcoat=1.0),
    )
    t = np.linspace(-1, 1, 41)
    deck_y = 2.5 - 0.85 * t * t
    spans = next(
        np.column_stack([1.35 * np.cos(a), 0.15 + 1.75 * np.sin(a)]) for a in (np.linspace(np.pi, 0, 25),)
    )
    bottom = np.vstack([[(-5, 0)], spans + (0, -0.15), [(5, 0)]])
    top = np.column_stack([t[::-1] * 5, deck_y[::-1]])
    outline = np.vstack([bottom, top])
    body = extrude(outline, 2.6, 0.03)
    scene.add(
        Mesh(body.vertices, body.faces, body.vertices[:, :2] + body.vertices[:, 2:] * (0, 1), crease=30),
        stone,
    )
    for z in (-1.2, 1.2):
        wall = np.vstack(
            [np.column_stack([t * 5, deck_y - 0.1]), np.column_stack([t[::-1] * 5, deck_y[::-1] + 0.55])]
        )
        scene.add(
            Mesh(
                *(lambda m: (m.vertices, m.faces, m.vertices[:, :2]))(extrude(wall, 0.3, 0.03).moved(z=z)),
                crease=30,
            ),
            stone,
        )
        cap = np.column_stack([t * 5, deck_y + 0.6, np.full(41, z)])
        scene.add(
            sweep(cap, superellipse(0.46, 0.16, 5, 20), up=(0, 1, 0)),
            rough_clay("#b9b0a0", 1.0, name="Cap stone"),
        )
        for a in np.radians(np.linspace(6, 174, 17)):
            block = (
                box(0.42, 0.3, 0.2, 0.035)
                .turned("z", np.degrees(a))
                .moved(1.56 * np.cos(a), 1.98 * np.sin(a), z * 1.075)
            )
            scene.add(block, rough_clay("#b9b0a0", 1.0, name="Cap stone"))
    road = np.vstack(
        [np.column_stack([t * 5, deck_y - 0.02]), np.column_stack([t[::-1] * 5, deck_y[::-1] + 0.035])]
    )
    scene.add(
        extrude(road, 2.2, 0.0).mapped_flat("y"), rubble("#7c756a", "#575148", 1.2, 110, name="Cobbles")
    )
    for x in (-5.0, 5.0):
        for z in (-1.2, 1.2):
            scene.add(box(0.55, 2.7, 0.55, 0.04).moved(x, 1.35, z), stone)
            scene.add(sphere(0.26, 24).moved(x, 2.92, z), rough_clay("#b9b0a0", 1.0, name="Cap stone"))
    scene.add(box(5.2, 0.16, 6.4, 0.02).moved(0, 0.02, 0), water)
    for side in (-1, 1):
        bank = crumpled(superellipsoid((1.9, 0.95, 3.3), 0.6, 0.7, 30, 16), 0.09, 4 + side)
        scene.add(
            bank.moved(side * 4.2, 0.05, 0).warped(
                lambda p: np.column_stack([p[:, 0], np.maximum(p[:, 1], -0.06), p[:, 2]])
            ),
            GRASS,
        )
    for n, (x, z, s) in enumerate(
        ((1.9, 2.2, 0.3), (-1.8, 2.5, 0.38), (2.2, -2.2, 0.42), (-2.0, -2.4, 0.28), (0.5, 2.7, 0.18))
    ):
        scene.add(
            crumpled(superellipsoid((s, s * 0.7, s * 0.8), 1, 1, 10, 7), s * 0.1, n).moved(x, 0.12, z),
            paint("Boulder", "#827e76", 0.9),
        )
    return scene.to_glb(shade=0.65, reach=1.0)
