"""Plants, trees and minerals."""

from __future__ import annotations

import numpy as np

from config.demo.builders.home import vessel
from config.demo.geometry.curves import filleted, spline, superellipse
from config.demo.geometry.mesh import Mesh, around, flat_shaded, shaded
from config.demo.geometry.solids import bar, box, lathe, loft, pipe, sphere, superellipsoid
from config.demo.glb import Material, Scene
from config.demo.materials.mineral import glaze, rough_clay, rubble, terrazzo
from config.demo.materials.organic import wood
from config.demo.materials.plain import paint


def crumpled(mesh: Mesh, amount: float, seed: int) -> Mesh:
    """Push welded positions about at random, for hand-cut facets."""
    random = np.random.default_rng(seed)

    def push(points: np.ndarray) -> np.ndarray:
        keys = np.unique(np.round(points, 5), axis=0, return_inverse=True)[1].ravel()
        return points + random.uniform(-amount, amount, (keys.max() + 1, 3))[keys]

    return flat_shaded(mesh.warped(push))


def soil(radius: float, y: float) -> tuple[Mesh, Material]:
    """A crumbly disc of earth."""
    disc = lathe(
        [
            (0, y - 0.01),
            (radius, y - 0.01),
            (radius * 0.97, y),
            *[(radius * t, y + 0.004 * np.sin(t * 40)) for t in np.linspace(0.85, 0.1, 9)],
            (0, y + 0.004),
        ],
        40,
    )
    return disc, paint("Soil", "#3a2a20", 0.95)


def tree_set() -> bytes:
    scene = Scene("Low-poly trees")
    bark = paint("Bark", "#6b4a33", 0.9)
    greens = [
        paint(f"Foliage {n + 1}", color, 0.85)
        for n, color in enumerate(("#3f6b45", "#5c8a4c", "#89a552", "#c98a3a", "#2f5a4c"))
    ]

    def trunk(height: float, radius: float, seed: int) -> Mesh:
        return crumpled(
            lathe(
                [
                    (0, 0),
                    (radius * 1.5, 0),
                    (radius, height * 0.15),
                    (radius * 0.8, height * 0.6),
                    (radius * 0.5, height),
                    (0, height),
                ],
                8,
            ),
            radius * 0.08,
            seed,
        )

    for x, z, tall, tiers, seed in ((-3.1, 0.2, 4.6, 5, 1), (3.0, -0.7, 3.5, 4, 2)):
        scene.add(trunk(1.0, 0.2, seed).moved(x, 0, z), bark)
        for tier in range(tiers):
            t = tier / tiers
            r, low = (1.3 - 1.0 * t) * tall / 4.6, 0.6 + (tall - 1.2) * t
            high = low + 1.5 * tall / 4.6
            cone = lathe([(0, low + 0.22), (r, low), (r * 0.52, low + (high - low) * 0.42), (0, high)], 13)
            scene.add(
                crumpled(cone, 0.07, seed * 9 + tier).turned("y", tier * 40).moved(x, 0, z),
                greens[4 if tier % 2 else 0],
            )
    random = np.random.default_rng(4)
    for x, z, tall, colors, seed in (
        (0.0, -0.2, 3.4, (1, 2), 5),
        (-1.35, 1.6, 2.4, (3, 3), 6),
        (1.6, 1.5, 1.9, (2, 1), 7),
    ):
        scene.add(trunk(tall * 0.62, 0.17 * tall / 3, seed).moved(x, 0, z), bark)
        for angle in (40, 190, 290):
            scene.add(
                bar((0, tall * 0.38, 0), (0.4 * tall / 3, tall * 0.62, 0), 0.07 * tall / 3, 0.03, 6)
                .turned("y", angle)
                .moved(x, 0, z),
                bark,
            )
        for n in range(8):
            a = n * 2.4
            r, y = (0.52 if n else 0) * tall / 3, tall * (0.62 + 0.2 * (n % 3) / 2) if n else tall * 0.84
            blob = crumpled(
                superellipsoid((0.62 * tall / 3, 0.52 * tall / 3, 0.62 * tall / 3), segments=11, rings=7),
                0.06,
                seed * 11 + n,
            )
            scene.add(
                blob.turned("y", random.uniform(0, 90)).moved(x + r * np.cos(a), y, z + r * np.sin(a)),
                greens[colors[n % 2]],
            )
    grey = paint("Granite", "#8a8d8f", 0.9)
    for x, z, s in ((0.9, 0.7, 0.3), (1.15, 0.95, 0.18), (-2.2, -0.9, 0.34), (-0.5, 1.2, 0.2)):
        scene.add(
            crumpled(superellipsoid((s, s * 0.7, s * 0.8), 1, 1, 9, 6), s * 0.12, int(s * 100)).moved(
                x, s * 0.5, z
            ),
            grey,
        )
    ground = lathe([(0, -0.25), (3.6, -0.25), (4.4, 0.0), (4.1, 0.05), (2, 0.08), (0, 0.09)], 28)
    scene.add(crumpled(ground, 0.05, 8).scaled(1.08, 1, 0.68), paint("Meadow", "#8c9e5e", 0.95))
    return scene.to_glb(shade=0.55, reach=0.9)


def mushrooms() -> bytes:
    scene = Scene("Fly agaric cluster")
    red, flesh = paint("Scarlet cap", "#b3271c", 0.3, 0.6), paint("Flesh", "#efe4cd", 0.75)
    gill = paint("Gills", "#d9c8a6", 0.85)
    random = np.random.default_rng(2)
    wart_shape = shaded(superellipsoid((1, 1, 1), 0.8, 0.8, 12, 6))
    for x, z, tall, width, lean, turn in (
        (0, 0, 0.15, 0.075, 4, 0),
        (0.085, 0.045, 0.1, 0.052, 14, -35),
        (-0.07, 0.055, 0.075, 0.036, 12, 215),
        (-0.045, -0.06, 0.06, 0.024, 8, 120),
    ):
        place = lambda mesh: mesh.turned("z", -lean).turned("y", turn).moved(x, 0, z)  # noqa: B023, E731
        stem = spline(
            [
                (0.0, -0.004),
                (width * 0.36, 0.0),
                (width * 0.32, tall * 0.14),
                (width * 0.2, tall * 0.4),
                (width * 0.17, tall * 0.8),
                (width * 0.2, tall),
            ],
            40,
        )
        scene.add(place(lathe(np.vstack([stem, [(0, tall)]]), 40)), flesh)
        skirt = spline(
            [(width * 0.17, tall * 0.76), (width * 0.33, tall * 0.71), (width * 0.4, tall * 0.63)], 14
        )
        ring = lathe(np.vstack([skirt, (skirt - (0.0012, 0.0015))[::-1]]), 60, closed=True).warped(
            lambda p: (
                p
                + np.column_stack(
                    [np.zeros(len(p)), 0.0016 * np.sin(9 * np.arctan2(p[:, 2], p[:, 0])), np.zeros(len(p))]
                )
            )
        )
        scene.add(place(ring.flipped()), flesh)
        dome = spline(
            [
                (width, tall * 0.96),
                (width * 1.02, tall * 0.99),
                (width * 0.86, tall + width * 0.38),
                (width * 0.5, tall + width * 0.6),
                (0, tall + width * 0.68),
            ],
            40,
        )
        scene.add(
            place(
                lathe(np.vstack([dome, [(0, tall + width * 0.66)], [(width * 0.9, tall * 0.985)]])[:-2], 72)
            ),
            red,
        )
        scene.add(
            place(lathe([(0, tall * 0.97), (width * 0.2, tall * 0.93), (width, tall * 0.962)], 72)), gill
        )
        blade = box(width * 0.78, 0.004, 0.0007, 0.0002, 1).moved(width * 0.57, tall * 0.955, 0)
        scene.add(place(around(blade, 44)), gill)
        for n in range(34):
            t = np.sqrt((n + 0.5) / 36)
            a, at = n * 2.39996, int((1 - t) * 0.92 * 39) + 1
            r, y = dome[min(39, at)]
            slope = dome[min(39, at + 1)] - dome[at - 1]
            tilt = np.degrees(np.arctan2(slope[0], slope[1]))
            s = random.uniform(0.045, 0.1) * width
            wart = (
                wart_shape.scaled(s, s * 0.55, s * random.uniform(0.7, 1.2))
                .turned("z", -(90 + tilt))
                .moved(r, y, 0)
                .turned("y", np.degrees(a))
            )
            scene.add(place(wart), flesh)
    mound = lathe(
        [(0, -0.025), (0.13, -0.025), (0.165, -0.012), (0.14, 0.001), (0.07, 0.006), (0, 0.004)], 36
    )
    scene.add(crumpled(mound, 0.004, 3).moved(x=0.005), paint("Forest floor", "#4c3d2b", 0.95))
    blades = []
    for _ in range(12):
        h = random.uniform(0.012, 0.034)
        path = spline([(0, 0, 0), (0.003, h * 0.6, 0), (random.uniform(0.004, 0.014), h, 0)], 5)
        blades.append(shaded(pipe(path, [0.0013, 0.0011, 0.0009, 0.0006, 0.0002], 5)))
    for n in range(150):
        a, r = n * 2.4, 0.15 * np.sqrt((n + 3) / 155)
        blade = blades[n % 12]
        scene.add(
            blade.turned("y", n * 77).moved(r * np.cos(a), -0.001 - 0.06 * max(0, r - 0.11), r * np.sin(a)),
            paint(f"Moss {n % 2 + 1}", ("#6f7f3a", "#8a9446")[n % 2], 0.9),
        )
    return scene.to_glb(shade=0.6, reach=0.06)


def geode() -> bytes:
    scene = Scene("Amethyst geode")
    random = np.random.default_rng(6)
    shades = [
        Material(f"Amethyst {n + 1}", color, roughness=0.08, clearcoat=1.0, transmission=t)
        for n, (color, t) in enumerate((("#6a3fa0", 0.0), ("#8f63c4", 0.0), ("#b99adf", 0.35)))
    ]

    def crystal(length: float, radius: float, seed: int) -> Mesh:
        turn = np.random.default_rng(seed).uniform(0.85, 1.15, 6)
        angle = np.radians(np.arange(6) * 60)
        rings = [
            np.column_stack(
                [s * radius * turn * np.cos(angle), np.full(6, y), -s * radius * turn * np.sin(angle)]
            )
            for s, y in ((0.75, -0.3 * length), (1, length * 0.68), (0.06, length))
        ]
        rings[2] += (radius * 0.14, 0, radius * 0.1)
        return flat_shaded(loft(rings))

    points = [shaded(crystal(1, 1, seed)) for seed in range(10)]
    bowl = superellipsoid((0.17, 0.11, 0.14), segments=36, rings=22).moved(y=0.1)
    outside = bowl.warped(
        lambda p: np.column_stack(
            [p[:, 0], np.minimum(p[:, 1], 0.135 + 0.02 * np.sin(p[:, 0] * 30)), p[:, 2]]
        )
    )
    scene.add(
        crumpled(outside, 0.0055, 7), rubble("#6f675d", "#5a534a", tile=0.5, count=90, name="Basalt rind")
    )
    band = lathe([(0, 0.1365), (0.155, 0.1365), (0.15, 0.142), (0, 0.142)], 48).scaled(0.98, 1, 0.82)
    scene.add(crumpled(band, 0.0015, 9), paint("Agate band", "#d9d3df", 0.25, 0.6))
    for n in range(120):
        a, t = n * 2.39996, np.sqrt((n + 0.5) / 120)
        x, z = 0.138 * t * np.cos(a), 0.113 * t * np.sin(a)
        length = (0.105 - 0.075 * t) * random.uniform(0.65, 1.3)
        lean = 10 + 42 * t + random.uniform(-9, 9)
        mesh = (
            points[n % 10]
            .scaled(length * 0.17 + 0.0035, length, length * 0.17 + 0.0035)
            .turned("y", random.uniform(0, 60))
            .turned("z", -lean)
            .turned("y", -np.degrees(a))
            .moved(x, 0.134, z)
        )
        scene.add(mesh, shades[0 if t > 0.7 else (1 if n % 4 else 2)])
    return scene.to_glb(shade=0.5, reach=0.05)


def leaf_mesh(length: float, width: float, droop: float, notches: int = 0, seed: int = 0) -> Mesh:
    """A blade along +X from the origin, folded at its rib; `notches` cuts it like a monstera."""
    count = 56
    t = np.linspace(0, 1, count)
    half = width / 2 * (np.sin(np.pi * np.clip(t, 0, 1) ** 0.62) ** 0.85)
    if notches:
        cut = np.clip(np.cos(t * notches * 2 * np.pi) * 3.2 - 2.0, 0, 1)
        half = half * (1 - 0.62 * cut * (t > 0.2) * (t < 0.93))
    rows = []
    for at, h in zip(t, half, strict=True):
        across = np.linspace(-1, 1, 9)
        back = 0.16 * length * (1 - np.abs(across)) * 0 + (-0.16 * width * np.abs(across)) * (
            1 if notches else 0.3
        )
        z = across * h
        y = (
            np.abs(across) * h * 0.35
            - droop * at**1.8 * length
            + 0.012 * width * np.cos(at * 40) * np.abs(across)
        )
        top = np.column_stack([at * length + back, y, z])
        rows.append(np.vstack([top, top[::-1] - (0, 0.0018 * max(length, 0.1) * 4, 0)]))
    blade = loft(rows, crease=50)
    volume = np.einsum(
        "ij,ij->",
        blade.vertices[blade.faces[:, 0]],
        np.cross(blade.vertices[blade.faces[:, 1]], blade.vertices[blade.faces[:, 2]]),
    )
    return blade if volume > 0 else blade.flipped()


def monstera() -> bytes:
    scene = Scene("Potted monstera")
    pot = filleted([(0.105, 0), (0.135, 0.2), (0.152, 0.2), (0.152, 0.235)], [0.01, 0.002, 0.004, 0.004], 4)
    scene.add(vessel(np.vstack([[(0.1, 0)], pot[1:]]), 0.011, 72, 0.3), rough_clay("#bd6d4f"))
    scene.add(
        lathe(
            filleted(
                [(0, 0), (0.15, 0), (0.165, 0.028), (0.157, 0.028), (0.145, 0.008), (0, 0.008)],
                [0, 0.004, 0.003, 0.003, 0.004, 0],
                3,
            ),
            64,
            tile=0.3,
        ).moved(y=-0.008),
        rough_clay("#bd6d4f"),
    )
    scene.add(*soil(0.138, 0.212))
    stalk = paint("Stalk", "#6d8a47", 0.6)
    greens = [
        paint(f"Leaf {n + 1}", color, 0.38, 0.25) for n, color in enumerate(("#2f6238", "#3d7540", "#538a48"))
    ]
    for n, (turn, reach, height, size) in enumerate(
        (
            (20, 0.2, 0.62, 0.34),
            (95, 0.26, 0.48, 0.32),
            (165, 0.2, 0.76, 0.3),
            (235, 0.27, 0.52, 0.36),
            (300, 0.22, 0.68, 0.3),
            (340, 0.3, 0.36, 0.26),
            (130, 0.28, 0.32, 0.24),
            (60, 0.08, 0.9, 0.24),
            (200, 0.3, 0.36, 0.24),
        )
    ):
        path = spline(
            [(0.02, 0.2, 0), (reach * 0.35, 0.2 + (height - 0.2) * 0.65, 0), (reach, height, 0)], 24
        )
        scene.add(pipe(path, np.linspace(0.0085, 0.0045, 24), 10).turned("y", turn), stalk)
        leaf = (
            leaf_mesh(size, size * 0.92, 0.32, 6)
            .turned("z", -8 - 10 * (n % 3))
            .moved(reach - 0.03, height, 0)
        )
        scene.add(leaf.turned("y", turn), greens[n % 3])
    return scene.to_glb(shade=0.6, reach=0.18)


def cactus() -> bytes:
    scene = Scene("Cactus in a terrazzo pot")
    stone = terrazzo("#e6dfd4", ("#b5654a", "#3e5a55", "#d0a35c", "#8c8f93", "#2d2f33"), tile=0.16)
    scene.add(
        vessel(
            filleted([(0.07, 0), (0.085, 0), (0.095, 0.14), (0.095, 0.145)], [0, 0.008, 0.003, 0], 4),
            0.01,
            72,
            0.16,
        ),
        stone,
    )
    scene.add(*soil(0.084, 0.128))

    def column(height: float, radius: float, ribs: int = 11) -> Mesh:
        profile = spline(
            [
                (radius * 0.72, 0),
                (radius, height * 0.25),
                (radius, height * 0.75),
                (radius * 0.72, height * 0.94),
                (0.0, height),
            ],
            40,
        )
        body = lathe(np.vstack([[(0, 0)], profile]), ribs * 8)

        def rib(p: np.ndarray) -> np.ndarray:
            wave = 1 - 0.16 * np.abs(np.sin(np.arctan2(p[:, 2], p[:, 0]) * ribs / 2)) ** 0.7
            return p * np.column_stack([wave, np.ones(len(p)), wave])

        return body.warped(rib).with_crease(70)

    skin, straw = paint("Cactus skin", "#4f7a52", 0.55), paint("Spines", "#eadfc0", 0.7)

    spines = [
        shaded(bar((-0.001, 0, 0), (0.008, 0.006 * lift, 0.004 * (lift - 0.1)), 0.0005, 0.0001, 3))
        for lift in (-0.5, 0.1, 0.7)
    ]

    def plant(height: float, radius: float, place) -> None:
        scene.add(place(column(height, radius)), skin)
        for rib in range(11):
            a = 2 * np.pi * (rib + 0.0) / 11
            for k in range(int(height / 0.018)):
                y = 0.012 + k * 0.018
                r = np.interp(y / height, [0, 0.25, 0.75, 0.94, 1], [0.72, 1, 1, 0.72, 0.1]) * radius * 1.0
                for spine in spines:
                    scene.add(place(spine.moved(r, y, 0).turned("y", np.degrees(a))), straw)

    plant(0.27, 0.045, lambda m: m.moved(y=0.12))
    for side, y, tall in ((1, 0.2, 0.13), (-1, 0.25, 0.09)):
        elbow = spline([(side * 0.035, y, 0), (side * 0.07, y + 0.002, 0), (side * 0.083, y + 0.03, 0)], 16)
        scene.add(pipe(elbow, 0.021, 20, rounded=True), skin)
        plant(tall, 0.025, lambda m: m.moved(side * 0.083, y + 0.015, 0))  # noqa: B023
    for n in range(9):
        petal = leaf_mesh(0.026, 0.014, -0.5).turned("z", 40).turned("y", n * 40).moved(y=0.388)
        scene.add(petal, paint("Blossom", "#d9577c", 0.5))
    scene.add(sphere(0.006, 16).moved(y=0.394), paint("Pollen", "#e8b84a", 0.8))
    pebble = shaded(superellipsoid((0.007, 0.005, 0.006), segments=10))
    for n in range(26):
        a, r = n * 2.4, 0.078 * np.sqrt((n + 8) / 34)
        scene.add(
            pebble.turned("y", n * 50).moved(r * np.cos(a), 0.134, r * np.sin(a)),
            paint("Pebble", "#d8d2c6", 0.8),
        )
    return scene.to_glb(shade=0.55, reach=0.06)


def bonsai() -> bytes:
    scene = Scene("Juniper bonsai")
    bark = wood("weathered", 0.16, rings=16)
    outline = superellipse(0.34, 0.23, 4.5, 72)
    rings = [
        np.column_stack([outline[:, 0] * s, np.full(72, y), -outline[:, 1] * s])
        for s, y in (
            (0.86, 0.012),
            (0.95, 0.02),
            (0.99, 0.055),
            (1.03, 0.058),
            (1.03, 0.068),
            (0.93, 0.068),
            (0.9, 0.03),
        )
    ]
    scene.add(loft(rings).mapped_flat("z"), glaze("#3f5661", "#1b2a30", 0.25, name="Indigo glaze"))
    for x in (-0.12, 0.12):
        for z in (-0.075, 0.075):
            scene.add(
                box(0.045, 0.016, 0.03, 0.005).moved(x, 0.008, z),
                glaze("#3f5661", "#1b2a30", 0.25, name="Indigo glaze"),
            )
    mound = superellipsoid((0.15, 0.022, 0.1), segments=44).moved(y=0.062)
    scene.add(crumpled(mound, 0.0018, 5), paint("Moss", "#66743a", 0.95))
    main = spline(
        [
            (0.05, 0.055, 0),
            (0.035, 0.1, 0.005),
            (-0.035, 0.16, 0.012),
            (-0.045, 0.21, 0.0),
            (0.015, 0.27, -0.01),
            (0.035, 0.33, 0.0),
            (0.005, 0.375, 0),
        ],
        60,
    )
    twist = np.interp(np.linspace(0, 1, 60), [0, 0.06, 0.35, 1], [0.042, 0.027, 0.02, 0.006])
    scene.add(pipe(main, twist, 18), bark)
    for n in range(6):
        a = np.radians(n * 60 + 15)
        root = spline(
            [
                (0.05, 0.085, 0),
                (0.05 + 0.035 * np.cos(a), 0.068, 0.035 * np.sin(a)),
                (0.05 + 0.075 * np.cos(a), 0.058, 0.07 * np.sin(a)),
            ],
            12,
        )
        scene.add(pipe(root, np.linspace(0.012, 0.003, 12), 10), bark)
    pads = []
    for at, turn, length, rise in (
        (26, 195, 0.15, 0.02),
        (32, 40, 0.13, 0.03),
        (40, 330, 0.13, 0.01),
        (45, 150, 0.11, 0.03),
        (51, 250, 0.08, 0.02),
        (53, 60, 0.08, 0.02),
        (59, 0, 0.0, 0.02),
    ):
        a = np.radians(turn)
        start, end = main[at], main[at] + (length * np.cos(a), rise, -length * np.sin(a) * 0.8)
        if length:
            scene.add(
                pipe(
                    spline([start, (start + end) / 2 + (0, -0.008, 0), end], 16),
                    np.linspace(0.009, 0.003, 16),
                    10,
                ),
                bark,
            )
        pads.append((end, 0.075 if length > 0.1 else 0.058))
    random = np.random.default_rng(12)
    greens = [
        paint(f"Needles {n + 1}", color, 0.85) for n, color in enumerate(("#3d5f3a", "#4f7443", "#65864b"))
    ]
    tufts = [shaded(crumpled(superellipsoid((1, 0.8, 1), 1, 1, 7, 5), 0.22, n)) for n in range(6)]
    for (x, y, z), size in pads:
        for n in range(46):
            a, r = n * 2.39996, size * np.sqrt((n + 0.5) / 46)
            lift = 0.032 * (1 - (r / size) ** 2) + random.uniform(-0.004, 0.004)
            s = random.uniform(0.012, 0.019)
            tuft = tufts[n % 6].scaled(s).turned("y", n * 53)
            scene.add(
                tuft.moved(x + r * np.cos(a), y + lift, z + r * np.sin(a) * 0.85),
                greens[min(2, int(lift / 0.012))] if lift > 0 else greens[0],
            )
    return scene.to_glb(shade=0.6, reach=0.07)
