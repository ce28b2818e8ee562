"""Cameras, audio gear and other devices."""

from __future__ import annotations

import numpy as np

from config.demo.geometry.curves import filleted, rounded_rectangle, spline, superellipse
from config.demo.geometry.fields import ball, brick, joined, limb, skinned
from config.demo.geometry.mesh import Mesh
from config.demo.geometry.solids import (
    bar,
    box,
    cylinder,
    extrude,
    extrude_ring,
    lathe,
    loft,
    pipe,
    sphere,
    superellipsoid,
    sweep,
    torus,
    tube,
)
from config.demo.glb import Channel, Material, Scene, quaternion, spin
from config.demo.materials.metal import brushed
from config.demo.materials.organic import fabric, leather, wood
from config.demo.materials.plain import (
    BLACK_METAL,
    BLACK_PLASTIC,
    BLACK_RUBBER,
    BRASS,
    CHROME,
    CREAM,
    DARK_GLASS,
    GUNMETAL,
    STEEL,
    paint,
)


def knurled(radius: float, height: float, teeth: int, depth: float = 0.0006) -> Mesh:
    """A knob whose rim is cut for grip, upright on y=0."""
    angle = np.linspace(0, 2 * np.pi, teeth * 4, endpoint=False)
    rim = radius - depth * (0.5 + 0.5 * np.sign(np.sin(angle * teeth)))
    rings = []
    for inset, y in ((depth * 1.5, 0), (0, depth * 1.5), (0, height - depth * 1.5), (depth * 1.5, height)):
        rings.append(
            np.column_stack(
                [(rim - inset) * np.cos(angle), np.full(len(angle), y), -(rim - inset) * np.sin(angle)]
            )
        )
    return loft(rings)


def oval_lathe(profile, closed: bool = False) -> Mesh:
    """An ear cup: turned, then stretched a little upwards."""
    return lathe(profile, 72, 45, closed=closed).scaled(1.12, 1, 0.98)


def rangefinder() -> bytes:
    scene = Scene("Rangefinder camera")
    hide, silver = (
        leather("#2b2724", 0.05, name="Vulcanite"),
        brushed("#cfcfcb", 0.12, roughness=0.3, name="Satin chrome"),
    )
    outline = rounded_rectangle(0.138, 0.033, 0.0155, 8)

    def slab(low: float, high: float, bevel: float, grow: float = 0.0) -> Mesh:
        return extrude(outline * (1 + grow), high - low, bevel, 3).turned("x", 90).moved(y=(low + high) / 2)

    scene.add(slab(0.011, 0.053, 0.0004), hide)
    scene.add(slab(0.0, 0.0115, 0.0015, 0.012), silver)
    scene.add(slab(0.0525, 0.07, 0.002, 0.012), silver)
    scene.add(box(0.075, 0.009, 0.031, 0.003, 3).moved(-0.012, 0.0725), silver)
    for x, w, h in ((-0.045, 0.014, 0.0085), (0.032, 0.01, 0.006), (-0.005, 0.012, 0.007)):
        scene.add(box(w + 0.004, h + 0.004, 0.003, 0.0012).moved(x, 0.064, 0.0165), BLACK_METAL)
        scene.add(box(w, h, 0.002, 0.0005).moved(x, 0.064, 0.0178), DARK_GLASS)
    lens = filleted(
        [
            (0, 0),
            (0.028, 0),
            (0.028, 0.006),
            (0.026, 0.007),
            (0.026, 0.02),
            (0.0245, 0.021),
            (0.0245, 0.033),
            (0.019, 0.033),
            (0.017, 0.028),
            (0, 0.028),
        ],
        0.0006,
        2,
    )
    scene.add(lathe(lens, 80).turned("x", 90).moved(0.008, 0.032, 0.015), BLACK_METAL)
    scene.add(knurled(0.0272, 0.007, 60).turned("x", 90).moved(0.008, 0.032, 0.0245), BLACK_METAL)
    scene.add(torus(0.0252, 0.0007, 72, 8).turned("x", 90).moved(0.008, 0.032, 0.0365), CHROME)
    scene.add(torus(0.0185, 0.0009, 64, 8).turned("x", 90).moved(0.008, 0.032, 0.046), STEEL)
    scene.add(superellipsoid((0.0165, 0.0165, 0.005), segments=40).moved(0.008, 0.032, 0.0425), DARK_GLASS)
    for n in range(12):
        angle = np.radians(n * 30)
        scene.add(
            box(0.0007, 0.002, 0.0005, 0.0001)
            .turned("z", -n * 30)
            .moved(0.008 + 0.0266 * np.sin(angle), 0.032 + 0.0266 * np.cos(angle), 0.0222),
            CREAM if n % 3 else paint("Red index", "#b3382a", 0.5),
        )
    for x, radius, tall in ((0.05, 0.009, 0.007), (0.029, 0.0075, 0.006), (-0.055, 0.0085, 0.008)):
        scene.add(knurled(radius, tall, 36, 0.0004).moved(x, 0.0705, 0), silver)
        scene.add(cylinder(radius * 0.72, 0.001, 0.0003, 32).moved(x, 0.0705 + tall, 0), BLACK_METAL)
    scene.add(cylinder(0.004, 0.004, 0.001, 24).moved(0.0385, 0.0705, 0.006), CHROME)
    scene.add(box(0.014, 0.003, 0.012, 0.0006).moved(-0.012, 0.0782, -0.003), CHROME)
    for x in (-0.0705, 0.0705):
        scene.add(torus(0.005, 0.0009, 24, 8).turned("x", 90).moved(x, 0.057, 0), CHROME)
    strap = spline(
        [
            (-0.0715, 0.052, 0),
            (-0.1, 0.012, 0.03),
            (-0.075, 0.0018, 0.085),
            (0.0, 0.0018, 0.1),
            (0.075, 0.0018, 0.085),
            (0.1, 0.012, 0.03),
            (0.0715, 0.052, 0),
        ],
        90,
    )
    scene.add(
        sweep(strap, rounded_rectangle(0.0022, 0.009, 0.0009, 2), up=(0, 1, 0.05)),
        leather("#7b4a2a", 0.06, name="Saddle leather"),
    )
    return scene.to_glb(shade=0.65, reach=0.03)


def headphones() -> bytes:
    scene = Scene("Headphones")
    hide, knit = (
        leather("#c8b69b", 0.08, name="Sand leather"),
        fabric("#3a3c40", tile=0.03, name="Driver cloth"),
    )
    angle = np.radians(np.linspace(-78, 78, 60))
    band = np.column_stack([0.092 * np.sin(angle), 0.115 + 0.092 * np.cos(angle) * 1.05, np.zeros(60)])
    scene.add(sweep(band, rounded_rectangle(0.024, 0.0022, 0.001, 2)[:, ::-1][::-1], up=(0, 0, 1)), STEEL)
    pad = band[8:-8]
    thick = np.interp(np.linspace(0, 1, len(pad)), [0, 0.12, 0.88, 1], [0.45, 1, 1, 0.45])
    scene.add(
        sweep(pad * (0.955, 1, 1) - (0, 0.006, 0), superellipse(0.014, 0.034, 2.6, 24), thick, up=(0, 0, 1)),
        hide,
    )
    for side in (-1, 1):
        x = side * 0.09
        scene.add(bar((x, 0.135, 0), (x * 1.005, 0.1, 0), 0.0036, sides=16), CHROME)
        yoke = [
            (x * 1.01, 0.062 + 0.047 * np.sin(a), 0.049 * np.cos(a))
            for a in np.radians(np.linspace(-8, 188, 36))
        ]
        scene.add(pipe(yoke, 0.0034, 12, rounded=True), GUNMETAL)
        scene.add(
            cylinder(0.0065, 0.008, 0.0015, 24).turned("z", 90).moved(x * 1.01 + 0.004, 0.108, 0), CHROME
        )
        cup = oval_lathe(
            filleted(
                [(0, 0), (0.034, 0), (0.04, 0.008), (0.04, 0.02), (0.03, 0.027), (0, 0.028)],
                [0, 0.004, 0.004, 0.006, 0.008, 0],
                5,
            )
        )
        lean = cup.turned("z", -side * 90).moved(side * 0.0, 0, 0)
        scene.add(lean.moved(x * 0.86, 0.062, 0), BLACK_METAL)
        scene.add(
            oval_lathe(
                filleted(
                    [(0, 0.0275), (0.026, 0.0275), (0.024, 0.0295), (0, 0.0295)], [0, 0.001, 0.001, 0], 3
                )
            )
            .turned("z", -side * 90)
            .moved(x * 0.86, 0.062, 0),
            brushed("#b88a5b", 0.06, name="Anodised bronze"),
        )
        ring = np.array(
            [
                (0.019 + 0.0125 * (1 + np.cos(a)), -0.012 + 0.011 * np.sin(a))
                for a in np.linspace(-np.pi, np.pi, 24, endpoint=False)
            ]
        )
        scene.add(oval_lathe(ring, closed=True).turned("z", -side * 90).moved(x * 0.86, 0.062, 0), hide)
        scene.add(
            oval_lathe([(0, -0.004), (0.03, -0.004), (0.03, -0.002), (0, -0.002)])
            .turned("z", -side * 90)
            .moved(x * 0.86, 0.062, 0),
            knit,
        )
    return scene.to_glb(shade=0.65, reach=0.04)


def microphone() -> bytes:
    scene = Scene("Studio microphone")
    satin = brushed("#c9c7c0", 0.1, name="Satin nickel")
    body = filleted(
        [(0, 0), (0.02, 0), (0.0235, 0.012), (0.0235, 0.085), (0.025, 0.09), (0.025, 0.1), (0, 0.1)],
        [0, 0.004, 0.006, 0.002, 0.002, 0.002, 0],
        4,
    )
    head = scene.node("Microphone", at=(0, 0.19, 0.0))
    head.add(lathe(body, 64, tile=0.1), satin)
    cage = spline([(0.0235, 0.1), (0.0262, 0.125), (0.0255, 0.155), (0.0, 0.178)], 24)
    head.add(
        lathe(
            np.vstack(
                [[(0, 0.1)], spline([(0.0225, 0.1), (0.025, 0.125), (0.0242, 0.153), (0.0, 0.174)], 30)]
            ),
            48,
        ),
        fabric("#2b2c2e", tile=0.008, threads=14, name="Inner gauze"),
    )
    for n in range(44):
        head.add(
            pipe(np.column_stack([cage[:, 0], cage[:, 1], np.zeros(24)]), 0.00042, 5).turned(
                "y", n * 360 / 44
            ),
            CHROME,
        )
    for y in np.linspace(0.104, 0.165, 15):
        head.add(torus(np.interp(y, cage[:, 1], cage[:, 0]), 0.00042, 64, 5).moved(y=y), CHROME)
    head.add(
        box(0.006, 0.07, 0.05, 0.003, 3)
        .moved(y=0.138)
        .warped(
            lambda p: (
                p
                * np.column_stack(
                    [np.ones(len(p)), np.ones(len(p)), np.clip((0.184 - p[:, 1]) / 0.03, 0.35, 1)]
                )
            )
        ),
        CHROME,
    )
    head.add(cylinder(0.0042, 0.0015, 0.0004, 24).turned("x", 90).moved(y=0.07, z=0.0228), BRASS)
    head.add(box(0.007, 0.016, 0.003, 0.001).moved(y=0.042, z=0.0232), BLACK_PLASTIC)
    for y in (0.205, 0.275):
        scene.add(torus(0.044, 0.0022, 72, 10).moved(y=y), BLACK_METAL)
        scene.add(tube(0.0275, 0.0235, 0.006, 0.001, 64).moved(y=y - 0.003), BLACK_METAL)
    for n in range(8):
        a = np.radians(n * 45 + 22.5)
        inner, outer = (
            np.array([0.0265 * np.cos(a), 0, 0.0265 * np.sin(a)]),
            np.array([0.043 * np.cos(a + 0.35), 0, 0.043 * np.sin(a + 0.35)]),
        )
        for y in (0.205, 0.275):
            scene.add(bar(inner + (0, y, 0), outer + (0, y, 0), 0.0011, sides=6), BLACK_RUBBER)
    for n in range(4):
        a = np.radians(n * 90 + 45)
        scene.add(
            bar(
                (0.044 * np.cos(a), 0.205, 0.044 * np.sin(a)),
                (0.044 * np.cos(a), 0.275, 0.044 * np.sin(a)),
                0.0022,
                sides=10,
            ),
            BLACK_METAL,
        )
    scene.add(
        pipe(
            filleted([(0, 0.012, -0.06), (0, 0.235, -0.06), (0, 0.24, -0.044)], [0, 0.012, 0], 5), 0.006, 20
        ),
        BLACK_METAL,
    )
    scene.add(knurled(0.01, 0.014, 24).turned("x", 90).moved(0, 0.235, -0.058), BLACK_METAL)
    scene.add(
        lathe(
            filleted(
                [(0, 0), (0.075, 0), (0.075, 0.008), (0.055, 0.014), (0, 0.016)],
                [0, 0.002, 0.004, 0.006, 0],
                4,
            ),
            72,
        ).moved(z=-0.03),
        BLACK_METAL,
    )
    scene.add(torus(0.0745, 0.0016, 72, 8).moved(y=0.006, z=-0.03), BRASS)
    return scene.to_glb(shade=0.6, reach=0.03)


def gamepad() -> bytes:
    scene = Scene("Gamepad")
    shell = [brick((0, 0.036, -0.006), (0.06, 0.0155, 0.028), 0.0145)]
    for side in (-1, 1):
        shell += [
            limb((side * 0.052, 0.034, -0.008), (side * 0.066, 0.022, 0.05), 0.021, 0.0165),
            ball((side * 0.05, 0.034, -0.01), 0.022),
        ]
    flat_top = joined(shell, 0.02)
    scene.add(
        skinned(
            lambda p: np.maximum(flat_top(p), (p[:, 1] - 0.0495) * 0.9),
            (-0.1, -0.005, -0.05),
            (0.1, 0.065, 0.08),
            0.0022,
        ),
        paint("Chalk plastic", "#e4e0d7", 0.42),
    )
    top = 0.0492
    for x, z in ((-0.046, -0.012), (0.022, 0.008)):
        scene.add(tube(0.0135, 0.0105, 0.003, 0.001, 48).moved(x, top - 0.002, z), BLACK_PLASTIC)
        stick = filleted(
            [
                (0, 0),
                (0.004, 0),
                (0.004, 0.006),
                (0.009, 0.008),
                (0.0092, 0.0105),
                (0.006, 0.0098),
                (0, 0.0092),
            ],
            [0, 0, 0.001, 0.001, 0.001, 0.001, 0],
            3,
        )
        scene.add(lathe(stick, 40).moved(x, top, z), BLACK_RUBBER)
        scene.add(cylinder(0.0108, 0.001, 0, 32).moved(x, top - 0.0015, z), BLACK_METAL)
    plus = filleted(
        [
            (-0.003, -0.009),
            (0.003, -0.009),
            (0.003, -0.003),
            (0.009, -0.003),
            (0.009, 0.003),
            (0.003, 0.003),
            (0.003, 0.009),
            (-0.003, 0.009),
            (-0.003, 0.003),
            (-0.009, 0.003),
            (-0.009, -0.003),
            (-0.003, -0.003),
        ],
        0.0008,
        2,
        closed=True,
    )
    scene.add(extrude(plus, 0.006, 0.0008, 2).turned("x", -90).moved(-0.022, top, 0.009), BLACK_PLASTIC)
    for n, color in enumerate(("#d9a441", "#b8473a", "#4d7a5d", "#3f6c8c")):
        a = np.radians(n * 90)
        button = lathe(filleted([(0, 0), (0.0052, 0), (0.005, 0.0035), (0, 0.004)], [0, 0, 0.0012, 0], 4), 32)
        scene.add(
            button.moved(0.047 + 0.0118 * np.cos(a), top - 0.0008, -0.012 + 0.0118 * np.sin(a)),
            paint(f"Button {n + 1}", color, 0.3, 0.6),
        )
    for x in (-0.012, 0.012):
        scene.add(
            superellipsoid((0.0042, 0.0016, 0.002), segments=20).moved(x, top + 0.0002, -0.012), BLACK_PLASTIC
        )
    scene.add(
        cylinder(0.0055, 0.0015, 0.0005, 32).moved(0, top - 0.0002, -0.022),
        Material("Home light", "#f7efe0", emissive="#ffb27a", glow=1.2),
    )
    for side in (-1, 1):
        scene.add(
            superellipsoid((0.017, 0.006, 0.007), 0.6, 0.6, 32)
            .turned("y", -side * 10)
            .moved(side * 0.045, 0.043, -0.034),
            BLACK_PLASTIC,
        )
        scene.add(
            superellipsoid((0.013, 0.008, 0.008), 0.7, 0.7, 32)
            .turned("y", -side * 10)
            .moved(side * 0.046, 0.028, -0.034),
            GUNMETAL,
        )
    return scene.to_glb(shade=0.6, reach=0.02)


def wristwatch() -> bytes:
    scene = Scene("Wristwatch")
    watch = scene.node("Watch", at=(0, 0.0, 0))
    steel, strap = (
        brushed("#c8c9ca", 0.03, name="Brushed steel"),
        leather("#4a2d1c", 0.03, name="Chestnut strap"),
    )
    case = filleted(
        [(0, -0.0045), (0.0165, -0.0045), (0.0195, -0.002), (0.0195, 0.0025), (0.0185, 0.0035), (0, 0.0035)],
        [0, 0.001, 0.0015, 0.0008, 0.0004, 0],
        4,
    )
    watch.add(lathe(case, 96, tile=0.03), steel)
    watch.add(
        lathe(
            filleted(
                [(0.0165, 0.003), (0.0185, 0.0034), (0.0172, 0.0054), (0.0162, 0.005)], 0.0003, 2, closed=True
            ),
            96,
            closed=True,
        ),
        CHROME,
    )
    dial = paint("Midnight dial", "#182638", 0.25, 0.8)
    watch.add(cylinder(0.0164, 0.0002, 0, 96).moved(y=0.0036), dial)
    lume = paint("Applied index", "#efe7d2", 0.4)
    for n in range(60):
        hour = n % 5 == 0
        mark = box(0.0009 if hour else 0.0003, 0.0005, 0.0026 if hour else 0.001, 0.0001, 1).moved(
            z=-0.0138 if hour else -0.0148, y=0.0039
        )
        watch.add(mark.turned("y", n * 6), BRASS if hour else lume)
    watch.add(cylinder(0.0042, 0.0001, 0, 48).moved(0, 0.0038, 0.0078), paint("Sub-dial", "#22344c", 0.4))
    watch.add(torus(0.0042, 0.00012, 48, 6).moved(0, 0.0039, 0.0078), BRASS)
    for side in (-1, 1):
        for end in (-1, 1):
            lug = spline(
                [
                    (side * 0.0118, 0.0005, end * 0.0145),
                    (side * 0.0118, 0.0005, end * 0.02),
                    (side * 0.0116, -0.0028, end * 0.0245),
                ],
                14,
            )
            watch.add(
                sweep(
                    lug,
                    rounded_rectangle(0.0036, 0.0034, 0.0009, 3),
                    np.linspace(1.15, 0.75, 14),
                    up=(0, 1, 0),
                ),
                steel,
            )
    watch.add(knurled(0.0031, 0.0034, 24, 0.00035).turned("z", -90).moved(0.0192, 0, 0), steel)
    for z in (-0.0075, 0.0075):
        watch.add(
            cylinder(0.0015, 0.003, 0.0005, 24)
            .turned("z", -90)
            .turned("y", np.degrees(np.arctan2(-z, 0.019)))
            .moved(0.0178, 0, z),
            steel,
        )
    for end in (-1, 1):
        path = spline(
            [
                (0, -0.002, end * 0.0225),
                (0, -0.007, end * 0.031),
                (0, -0.0225, end * 0.039),
                (0, -0.042, end * 0.03),
                (0, -0.0505, end * 0.006),
                (0, -0.051, 0),
            ],
            50,
        )
        width = np.linspace(1.0, 0.85, 50)
        rings = []
        ahead = np.gradient(path, axis=0)
        for p, d, w in zip(path, ahead, width, strict=True):
            normal = np.array([0, d[2], -d[1]]) / np.linalg.norm(d)
            section = rounded_rectangle(0.02 * w, 0.0026, 0.0011, 3)
            rings.append(p + section[:, :1] * np.array([1, 0, 0]) + section[:, 1:] * normal)
        band = loft(rings if end < 0 else rings[::-1])
        watch.add(band if signed_volume(band) > 0 else band.flipped(), strap)
    buckle = filleted(
        [(-0.0115, -0.006), (0.0115, -0.006), (0.0115, 0.006), (-0.0115, 0.006)], 0.003, 4, closed=True
    )
    hole = filleted(
        [(-0.0095, -0.004), (0.0095, -0.004), (0.0095, 0.004), (-0.0095, 0.004)], 0.0015, 4, closed=True
    )
    watch.add(extrude_ring(buckle, hole, 0.0018, 0.0004).turned("x", 90).moved(y=-0.0525, z=0.0), steel)

    def hand(length: float, width: float, height: float) -> Mesh:
        outline = [
            (-width * 0.6, 0),
            (0, -0.003),
            (width * 0.6, 0),
            (width, length * 0.6),
            (0, length),
            (-width, length * 0.6),
        ]
        return extrude(outline, 0.00025, 0.00006, 1).turned("x", -90).moved(y=height)

    dial_node = watch.child("Hands", at=(0, 0, 0))
    parts = ((hand(0.0088, 0.00075, 0.0042), -304, 1), (hand(0.0135, 0.0006, 0.0045), -49, 12))
    channels = []
    for name, (mesh, start, turns) in zip(("Hour hand", "Minute hand"), parts, strict=True):
        node = dial_node.child(name, rotation=("y", start))
        node.add(mesh, CHROME)
        times = np.linspace(0, 24, turns * 8 + 1)
        channels.append(
            Channel(node, "rotation", times, [quaternion("y", start - 360 * turns * t / 24) for t in times])
        )
    second = dial_node.child("Sweep second", at=(0, 0, 0))
    second.add(
        box(0.00022, 0.0002, 0.0185, 0.00005, 1).moved(y=0.0049, z=-0.0055),
        paint("Second hand", "#c2472f", 0.4),
    )
    second.add(cylinder(0.0007, 0.0014, 0.0002, 20).moved(y=0.0038), CHROME)
    channels.append(spin(second, "y", 24, -6))
    small = dial_node.child("Small seconds", at=(0, 0, 0.0078))
    small.add(box(0.00018, 0.0002, 0.0042, 0.00004, 1).moved(y=0.0042, z=-0.001), CHROME)
    channels.append(spin(small, "y", 24, -12))
    scene.animate("Half a day", *channels)
    watch.add(
        lathe(
            filleted(
                [(0, 0.0053), (0.0162, 0.0052), (0.0155, 0.0058), (0, 0.006)], [0, 0.0001, 0.0003, 0], 2
            ),
            72,
        ),
        Material("Sapphire crystal", "#eef4f7", roughness=0.02, alpha=0.12),
    )
    watch.rotation = ("x", 28)
    return scene.to_glb(shade=0.6, reach=0.008)


def signed_volume(mesh: Mesh) -> float:
    """Positive where the faces look outwards."""
    a, b, c = (mesh.vertices[mesh.faces[:, i]] for i in range(3))
    return float(np.einsum("ij,ij->", a, np.cross(b, c)) / 6)


def record_player() -> bytes:
    scene = Scene("Record player")
    walnut, plate = wood("walnut", 0.5), brushed("#c3c4c6", 0.2)
    scene.add(box(0.45, 0.075, 0.36, 0.008, 3).moved(y=0.06), walnut)
    scene.add(box(0.438, 0.006, 0.348, 0.002).moved(y=0.099).mapped_flat("y"), BLACK_METAL)
    for x in (-0.19, 0.19):
        for z in (-0.14, 0.14):
            scene.add(cylinder(0.018, 0.024, 0.004, 36, top=0.022).moved(x, 0, z), BLACK_RUBBER)
    platter = scene.node("Platter", at=(-0.05, 0.103, 0.0))
    platter.add(
        lathe(
            filleted(
                [(0, 0), (0.148, 0), (0.152, 0.004), (0.152, 0.016), (0, 0.016)],
                [0, 0.001, 0.002, 0.002, 0],
                3,
            ),
            96,
            tile=0.2,
        ),
        plate,
    )
    groove = [(0, 0.017)]
    for r in np.linspace(0.148, 0.058, 46):
        groove += [(r, 0.0188), (r - 0.0008, 0.0185)]
    record = np.vstack(
        [[(0, 0.0165), (0.149, 0.0165), (0.15, 0.0178)], groove[1:], [(0.052, 0.0188), (0, 0.0188)]]
    )
    platter.add(lathe(record, 96, 20), paint("Vinyl", "#141416", 0.22, 0.6))
    platter.add(cylinder(0.05, 0.0006, 0.0002, 64).moved(y=0.0188), paint("Label", "#c8623a", 0.6))
    platter.add(tube(0.043, 0.041, 0.0003, 0, 64).moved(y=0.0193), CREAM)
    platter.add(box(0.05, 0.0004, 0.006, 0.0001, 1).moved(0, 0.0195, 0.022), CREAM)
    platter.add(box(0.034, 0.0004, 0.003, 0.0001, 1).moved(0, 0.0195, 0.031), CREAM)
    platter.add(cylinder(0.0034, 0.012, 0.001, 20).moved(y=0.019), CHROME)
    pivot = np.array([0.155, 0.102, -0.105])
    scene.add(cylinder(0.032, 0.012, 0.003, 56).moved(*pivot), plate)
    scene.add(cylinder(0.014, 0.032, 0.003, 40).moved(*pivot).moved(y=0.012), BLACK_METAL)
    arm = filleted(
        [
            pivot + (0.012, 0.038, -0.06),
            pivot + (0, 0.038, 0),
            pivot + (-0.01, 0.036, 0.11),
            pivot + (-0.075, 0.027, 0.175),
        ],
        [0, 0.01, 0.09, 0],
        14,
    )
    scene.add(pipe(arm, 0.0042, 16), CHROME)
    scene.add(
        cylinder(0.014, 0.03, 0.003, 40).turned("x", 90).moved(*(pivot + (0.009, 0.038, -0.075))), GUNMETAL
    )
    shell = box(0.016, 0.006, 0.034, 0.002).turned("y", -44).moved(*(pivot + (-0.086, 0.0265, 0.187)))
    scene.add(shell, BLACK_METAL)
    scene.add(
        box(0.01, 0.009, 0.016, 0.002).turned("y", -44).moved(*(pivot + (-0.09, 0.0215, 0.19))),
        paint("Cartridge", "#b0402f", 0.4),
    )
    for z in (0.09, 0.135):
        scene.add(knurled(0.014, 0.014, 40).moved(0.185, 0.102, z), plate)
        scene.add(box(0.0016, 0.0006, 0.009, 0.0002, 1).moved(0.185, 0.1162, z - 0.006), BLACK_METAL)
    scene.animate("33 rpm", spin(platter, "y", 1.8, -1))
    return scene.to_glb(shade=0.65, reach=0.08)


def radio() -> bytes:
    scene = Scene("Portable radio")
    walnut, cloth = (
        wood("walnut", 0.4),
        fabric("#c9b48c", "#a58a5c", tile=0.04, threads=14, name="Grille cloth"),
    )
    outer, inner = rounded_rectangle(0.28, 0.17, 0.03, 8), rounded_rectangle(0.256, 0.146, 0.02, 8)
    scene.add(extrude_ring(outer, inner, 0.1, 0.006).moved(y=0.1), walnut)
    scene.add(extrude(inner * 0.999, 0.084, 0.002, 2).moved(y=0.1), CREAM)
    scene.add(
        extrude(rounded_rectangle(0.15, 0.122, 0.014, 6), 0.006, 0.002, 2).moved(-0.042, 0.1, 0.042), cloth
    )
    scene.add(
        extrude_ring(
            rounded_rectangle(0.156, 0.128, 0.017, 6), rounded_rectangle(0.148, 0.12, 0.013, 6), 0.008, 0.0012
        ).moved(-0.042, 0.1, 0.043),
        BRASS,
    )
    scene.add(cylinder(0.036, 0.004, 0.001, 64).turned("x", 90).moved(0.08, 0.118, 0.042), BLACK_METAL)
    scene.add(torus(0.036, 0.0018, 64, 10).turned("x", 90).moved(0.08, 0.118, 0.046), BRASS)
    for n in range(-12, 13):
        np.radians(n * 10)
        scene.add(
            box(0.0008, 0.005 if n % 3 == 0 else 0.003, 0.0006, 0.0001, 1)
            .moved(y=0.0305)
            .turned("z", -n * 10)
            .moved(0.08, 0.118, 0.0463),
            CREAM,
        )
    scene.add(knurled(0.0205, 0.014, 48).turned("x", 90).moved(0.08, 0.118, 0.046), BRASS)
    scene.add(box(0.0016, 0.012, 0.0008, 0.0002, 1).turned("z", -35).moved(0.087, 0.128, 0.0603), BLACK_METAL)
    for x in (0.062, 0.098):
        scene.add(knurled(0.0105, 0.011, 30).turned("x", 90).moved(x, 0.055, 0.042), BRASS)
    handle = filleted(
        [(-0.115, 0.175, 0), (-0.115, 0.222, 0), (0.115, 0.222, 0), (0.115, 0.175, 0)],
        [0, 0.025, 0.025, 0],
        8,
    )
    scene.add(
        sweep(handle, rounded_rectangle(0.02, 0.006, 0.0025, 3), up=(0, 0, 1)),
        leather("#6a3d22", 0.06, name="Handle leather"),
    )
    for x in (-0.115, 0.115):
        scene.add(cylinder(0.009, 0.008, 0.002, 28).moved(x, 0.18, 0), BRASS)
    scene.add(bar((0.1, 0.184, -0.035), (0.155, 0.42, -0.035), 0.0022, 0.0014, 12), CHROME)
    scene.add(sphere(0.0035, 16).moved(0.155, 0.42, -0.035), CHROME)
    scene.add(sphere(0.006, 20).moved(0.1, 0.185, -0.035), CHROME)
    for x in (-0.1, 0.1):
        scene.add(box(0.05, 0.018, 0.07, 0.005).moved(x, 0.009, 0), walnut)
    return scene.to_glb(shade=0.65, reach=0.06)
