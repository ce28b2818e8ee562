"""Seating, tables and storage."""

from __future__ import annotations

import numpy as np

from config.demo.geometry.curves import filleted, rounded_rectangle, spline, superellipse
from config.demo.geometry.mesh import around
from config.demo.geometry.solids import (
    bar,
    box,
    cylinder,
    extrude,
    lathe,
    loft,
    pipe,
    superellipsoid,
    sweep,
    torus,
)
from config.demo.glb import Scene, swing
from config.demo.materials.mineral import marble
from config.demo.materials.organic import boucle, fabric, leather, wood
from config.demo.materials.plain import BLACK_METAL, BRASS, CHROME, paint


def cushion(width: float, height: float, depth: float, puff: float = 0.4):
    """An upholstered block: rounded edges and a swelling middle."""
    soft = box(width, height, depth, min(height, depth) * puff, 5)

    def swell(points: np.ndarray) -> np.ndarray:
        x, z = points[:, 0] / (width / 2), points[:, 2] / (depth / 2)
        points[:, 1] *= 1 + 0.14 * np.clip(1 - x**4, 0, 1) * np.clip(1 - z**4, 0, 1)
        return points

    return soft.warped(swell).with_crease(75)


def lounge_chair() -> bytes:
    scene = Scene("Lounge chair")
    shell, hide = wood("walnut", 0.5), leather("#5a3320", name="Cognac leather")

    def curved(width: float, length: float, thick: float, sag: float, tip: float):
        """A moulded panel along Z, curved across and rolled at its far end."""
        rows = []
        for t in np.linspace(-1, 1, 26):
            taper = 1 - 0.1 * t * t - 0.08 * max(t, 0) ** 2
            outline = rounded_rectangle(
                width * taper * (1 - max(0, abs(t) - 0.93) * 2.6), thick, thick * 0.45, 3
            )
            outline = np.insert(outline, 0, outline[-1], 0)
            dense = np.vstack(
                [np.linspace(a, b, 5)[:-1] for a, b in zip(outline, np.roll(outline, -1, 0), strict=True)]
            )
            bend = sag * (dense[:, 0] / (width / 2)) ** 2
            roll = tip * max(0, abs(t) - 0.2) ** 2
            rows.append(
                np.column_stack([dense[:, 0], dense[:, 1] + bend + roll, np.full(len(dense), t * length / 2)])
            )
        return loft(rows[::-1]).mapped_flat("y", turn=True).with_crease(40)

    seat, back, head = (
        curved(0.6, 0.58, 0.016, 0.055, 0.05),
        curved(0.62, 0.42, 0.016, 0.06, 0.03),
        curved(0.58, 0.27, 0.016, 0.07, 0.03),
    )
    pad_seat = cushion(0.52, 0.1, 0.52).moved(y=0.075)
    pad_back, pad_head = cushion(0.53, 0.1, 0.37).moved(y=0.08), cushion(0.5, 0.09, 0.23).moved(y=0.08)
    for mesh, material in ((seat, shell), (pad_seat, hide)):
        scene.add(mesh.turned("x", -12).moved(y=0.38, z=0.05), material)
    for mesh, material in ((back, shell), (pad_back, hide)):
        scene.add(mesh.turned("x", 64).moved(y=0.6, z=-0.31), material)
    for mesh, material in ((head, shell), (pad_head, hide)):
        scene.add(mesh.turned("x", 72).moved(y=0.93, z=-0.45), material)
    for side in (-1, 1):
        scene.add(box(0.075, 0.05, 0.3, 0.022, 4).moved(x=side * 0.345, y=0.6, z=0.0), hide)
        arm = spline(
            [(side * 0.3, 0.4, 0.0), (side * 0.36, 0.43, 0), (side * 0.37, 0.5, 0), (side * 0.345, 0.58, 0)],
            14,
        )
        scene.add(sweep(arm, rounded_rectangle(0.16, 0.014, 0.006, 2), up=(0, 0, 1)), shell)
        scene.add(
            sweep(
                spline(
                    [(side * 0.14, 0.52, -0.28), (side * 0.14, 0.74, -0.4), (side * 0.14, 0.95, -0.49)], 12
                ),
                rounded_rectangle(0.035, 0.01, 0.004, 2),
                up=(1, 0, 0),
            ).moved(z=-0.035),
            BLACK_METAL,
        )
    buttons = [(x, y) for x in (-0.13, 0.13) for y in (0.0,)]
    for x, _ in buttons:
        scene.add(
            superellipsoid((0.016, 0.006, 0.016), segments=16)
            .moved(x=x, y=0.142)
            .turned("x", -12)
            .moved(y=0.38, z=0.05),
            hide,
        )
    scene.add(cylinder(0.03, 0.2, 0.004).moved(y=0.16, z=0.0), CHROME)
    scene.add(cylinder(0.11, 0.02, 0.008).moved(y=0.34, z=0.03), BLACK_METAL)
    spoke = sweep(
        spline([(0.0, 0.16, 0), (0.14, 0.13, 0), (0.33, 0.03, 0)], 16),
        rounded_rectangle(0.034, 0.045, 0.012, 3),
        np.linspace(1.15, 0.7, 16),
        up=(0, 1, 0),
    )
    scene.add(around(spoke, 5, start=90), BLACK_METAL)
    scene.add(around(cylinder(0.018, 0.022, 0.005), 5, 0.325, start=90), CHROME)
    return scene.to_glb(reach=0.25)


def spindle_chair() -> bytes:
    scene = Scene("Spindle-back chair")
    oak = wood("oak", 0.4)
    outline = superellipse(0.46, 0.44, 2.9, 64)
    outline[:, 0] *= 1 + 0.1 * outline[:, 1] / 0.22
    seat = extrude(outline, 0.042, 0.012, 3).turned("x", 90).moved(y=0.44)

    def saddle(points: np.ndarray) -> np.ndarray:
        top = points[:, 1] > 0.44
        points[:, 1] -= top * 0.012 * np.clip(1 - (np.hypot(points[:, 0], points[:, 2]) / 0.2) ** 2, 0, 1)
        return points

    scene.add(seat.warped(saddle).mapped_flat("y"), oak)
    leg_profile = spline(
        [(0.011, 0), (0.015, 0.08), (0.02, 0.2), (0.016, 0.24), (0.019, 0.26), (0.017, 0.32), (0.012, 0.44)],
        26,
    )
    for x in (-1, 1):
        for z in (-1, 1):
            leg = lathe([(0, 0), *leg_profile, (0, 0.44)], 20, tile=0.1).turned_uv()
            scene.add(leg.turned("z", x * 7).turned("x", -z * 8).moved(x * 0.215, 0, z * 0.21), oak)
    for x in (-1, 1):
        scene.add(bar((x * 0.198, 0.16, -0.19), (x * 0.198, 0.16, 0.19), 0.009), oak)
    scene.add(bar((-0.198, 0.16, 0), (0.198, 0.16, 0), 0.009), oak)
    bow = spline(
        [
            (-0.2, 0.455, -0.16),
            (-0.225, 0.68, -0.22),
            (-0.17, 0.87, -0.27),
            (0, 0.93, -0.285),
            (0.17, 0.87, -0.27),
            (0.225, 0.68, -0.22),
            (0.2, 0.455, -0.16),
        ],
        56,
    )
    scene.add(pipe(bow, 0.0125, 14, rounded=True), oak)
    for x in np.linspace(-0.135, 0.135, 7):
        reach = 1 - (x / 0.26) ** 2
        top = (x * 1.18, 0.52 + 0.405 * reach**0.9, -0.2 - 0.085 * reach)
        foot = (x, 0.45, -0.175 + 0.3 * abs(x) ** 2)
        middle = tuple((np.array(top) + foot) / 2 + (0, 0, -0.012))
        path = spline([foot, middle, top], 14)
        scene.add(
            pipe(path, np.interp(np.linspace(0, 1, 14), [0, 0.35, 1], [0.0055, 0.0085, 0.005]), 10), oak
        )
    return scene.to_glb(reach=0.2)


def sofa() -> bytes:
    scene = Scene("Three-seater sofa")
    cloth, leg = boucle("#d8cfc0", 0.14), wood("walnut", 0.3)
    width, depth = 2.16, 0.9
    scene.add(box(width - 0.12, 0.2, depth - 0.1, 0.05, 4).moved(y=0.24, z=-0.01), cloth)
    for index in range(3):
        x = (index - 1) * 0.625
        scene.add(cushion(0.615, 0.17, 0.68, 0.42).moved(x, 0.41, 0.08), cloth)
        scene.add(cushion(0.6, 0.19, 0.42, 0.48).turned("x", 74).moved(x, 0.66, -0.25), cloth)
    for side in (-1, 1):
        outline = filleted(
            [(-0.44, 0.14), (0.44, 0.14), (0.44, 0.5), (0.36, 0.6), (-0.44, 0.64)],
            [0.05, 0.09, 0.16, 0.14, 0.1],
            8,
            closed=True,
        )
        arm = extrude(outline, 0.15, 0.055, 6).turned("y", -90)
        scene.add(arm.moved(x=side * (width / 2 - 0.075)).with_crease(70), cloth)
    outline = filleted(
        [(-1.0, 0.14), (1.0, 0.14), (1.0, 0.74), (-1.0, 0.74)], [0.03, 0.03, 0.12, 0.12], 6, closed=True
    )
    scene.add(extrude(outline, 0.15, 0.055, 6).turned("x", -7).moved(z=-0.36, y=0.005).with_crease(70), cloth)
    for x, tone in ((-0.82, "#b5623f"), (0.78, "#5e6b5a")):
        pillow = cushion(0.42, 0.15, 0.42, 0.5).warped(
            lambda p: (
                p
                * np.column_stack(
                    [
                        np.ones(len(p)),
                        np.clip(1.25 - 2.6 * np.hypot(p[:, 0], p[:, 2]), 0.25, 1.2),
                        np.ones(len(p)),
                    ]
                )
            )
        )
        turn = -14 if x > 0 else 14
        scene.add(
            pillow.turned("x", 64).turned("y", turn).moved(x, 0.66, 0.02),
            fabric(tone, tile=0.1, name="Pillow linen"),
        )
    for x in (-0.92, 0.92):
        for z in (-0.34, 0.34):
            scene.add(
                cylinder(0.016, 0.15, 0.003, 20, top=0.026).turned("z", 6 * np.sign(x)).moved(x, 0, z), leg
            )
    return scene.to_glb(reach=0.35)


def pedestal_table() -> bytes:
    scene = Scene("Pedestal dining table")
    top = lathe(
        filleted([(0, 0.716), (0.57, 0.716), (0.6, 0.74), (0, 0.74)], [0, 0.004, 0.006, 0], 4), 96
    ).mapped_flat("y")
    scene.add(top, marble(tile=1.3))
    profile = spline(
        [
            (0.275, 0.012),
            (0.23, 0.022),
            (0.12, 0.05),
            (0.055, 0.13),
            (0.036, 0.3),
            (0.04, 0.5),
            (0.075, 0.62),
            (0.16, 0.69),
            (0.24, 0.716),
        ],
        48,
    )
    base = np.vstack([[(0, 0), (0.27, 0), (0.276, 0.004)], profile, [(0, 0.716)]])
    scene.add(lathe(base, 72), paint("White lacquer", "#ebe8e2", 0.3, 0.7))
    return scene.to_glb(reach=0.3)


def sideboard() -> bytes:
    scene = Scene("Reeded sideboard")
    oak = wood("oak", 0.6)
    width, height, depth, low = 1.6, 0.56, 0.45, 0.18
    for y in (low + 0.011, low + height - 0.011):
        scene.add(box(width, 0.022, depth, 0.003).moved(y=y), oak)
    for x in (-width / 2 + 0.011, width / 2 - 0.011):
        scene.add(box(0.022, height - 0.044, depth, 0.002).moved(x=x, y=low + height / 2), oak)
    scene.add(
        box(width - 0.044, height - 0.044, 0.012, 0.001).moved(y=low + height / 2, z=-depth / 2 + 0.02), oak
    )
    door = (width - 0.05) / 3
    for index in range(3):
        x = (index - 1) * door
        if index == 1:
            for row in range(3):
                tall = (height - 0.052) / 3
                y = low + 0.026 + tall * (row + 0.5)
                scene.add(box(door - 0.006, tall - 0.006, 0.02, 0.003).moved(x, y, depth / 2 - 0.012), oak)
                scene.add(
                    lathe(
                        filleted(
                            [(0, 0), (0.006, 0), (0.006, 0.012), (0.013, 0.016), (0.013, 0.024), (0, 0.024)],
                            [0, 0, 0.002, 0.003, 0.003, 0],
                            3,
                        ),
                        24,
                    )
                    .turned("x", 90)
                    .moved(x, y, depth / 2 - 0.003),
                    BRASS,
                )
            continue
        count = 22
        pitch = (door - 0.006) / count
        reed = superellipse(pitch * 0.98, 0.02, 2.2, 14)
        for slat in range(count):
            at = x - door / 2 + 0.003 + pitch * (slat + 0.5)
            scene.add(
                sweep(
                    [(at, low + 0.026, depth / 2 - 0.012), (at, low + height - 0.026, depth / 2 - 0.012)],
                    reed,
                    up=(0, 0, 1),
                ).turned_uv(),
                oak,
            )
        edge = x + (door / 2 - 0.028) * (1 if index == 0 else -1)
        scene.add(
            pipe(
                filleted(
                    [
                        (edge, low + 0.2, depth / 2 - 0.005),
                        (edge, low + 0.2, depth / 2 + 0.02),
                        (edge, low + 0.36, depth / 2 + 0.02),
                        (edge, low + 0.36, depth / 2 - 0.005),
                    ],
                    0.008,
                    4,
                ),
                0.0045,
                12,
            ),
            BRASS,
        )
    for x in (-0.68, 0.68):
        for z in (-0.16, 0.16):
            scene.add(
                cylinder(0.01, low, 0.002, 24, top=0.017).turned("z", 5 * np.sign(x)).moved(x, 0, z), BRASS
            )
        scene.add(box(0.04, 0.008, 0.4, 0.002).moved(x, low - 0.004), BRASS)
    return scene.to_glb(reach=0.2)


def bar_stool() -> bytes:
    scene = Scene("Bar stool")
    hide = leather("#27302c", name="Bottle green leather")
    scene.add(
        lathe(
            filleted(
                [(0, 0.69), (0.165, 0.69), (0.185, 0.72), (0.175, 0.76), (0, 0.772)],
                [0, 0.015, 0.02, 0.03, 0],
                6,
            ),
            64,
            tile=0.12,
        ).mapped_flat("y"),
        hide,
    )
    scene.add(torus(0.181, 0.0045, 64, 10).moved(y=0.742), BRASS)
    scene.add(cylinder(0.15, 0.012, 0.003, 48).moved(y=0.68), BLACK_METAL)
    leg = pipe(filleted([(0.1, 0.685, 0), (0.135, 0.675, 0), (0.215, 0.006, 0)], [0, 0.03, 0], 6), 0.0105, 16)
    scene.add(around(leg, 4, start=45), BLACK_METAL)
    scene.add(around(cylinder(0.014, 0.012, 0.003, 20), 4, 0.2155, start=45), BRASS)
    scene.add(torus(0.187, 0.009, 72, 14).moved(y=0.27), BRASS)
    back = [(0.18 * np.cos(a), 0.97, 0.18 * np.sin(a)) for a in np.radians(np.linspace(200, 340, 32))]
    scene.add(sweep(back, rounded_rectangle(0.03, 0.085, 0.014, 4), up=(0, 1, 0)), hide)
    for degrees in (228, 312):
        a = np.radians(degrees)
        out = np.array([np.cos(a), 0, np.sin(a)])
        path = spline(
            [
                out * 0.13 + (0, 0.688, 0),
                out * 0.205 + (0, 0.73, 0),
                out * 0.21 + (0, 0.85, 0),
                out * 0.198 + (0, 0.965, 0),
            ],
            20,
        )
        scene.add(pipe(path, 0.008, 12), BLACK_METAL)
    return scene.to_glb(reach=0.15)


def rocking_chair() -> bytes:
    scene = Scene("Bentwood rocking chair")
    chair = scene.node("Chair", at=(0, 0, 0))
    ash, cane = (
        wood("mahogany", 0.4, gloss=0.35),
        fabric("#cfa970", "#b98f55", tile=0.09, threads=14, name="Woven cane"),
    )
    radius = 0.0125
    for side in (-1, 1):
        x = side * 0.26
        runner = [(x, 0.0125 + 1.15 - np.sqrt(1.15**2 - z * z), z) for z in np.linspace(-0.5, 0.42, 30)]
        front = spline([runner[-1], (x, 0.19, 0.5), (x, 0.36, 0.42), (x, 0.42, 0.2)], 20)[1:]
        scroll = spline(
            [front[-1], (x, 0.45, 0.0), (x, 0.62, -0.08), (x, 0.66, 0.12), (x, 0.6, 0.28), (x, 0.5, 0.24)], 40
        )[1:]
        chair.add(pipe(np.vstack([runner, front, scroll]), radius, 12, rounded=True), ash)
        back = spline(
            [
                (side * 0.24, 0.42, 0.22),
                (side * 0.235, 0.42, -0.1),
                (side * 0.225, 0.5, -0.24),
                (side * 0.215, 0.8, -0.38),
                (side * 0.17, 1.05, -0.5),
                (0, 1.12, -0.545),
            ],
            60,
        )
        chair.add(pipe(back, radius, 12), ash)
        chair.add(pipe(spline([runner[2], (x, 0.25, -0.38), (side * 0.235, 0.47, -0.22)], 14), 0.01, 12), ash)
    for y, z, half in (
        (0.05, 0.3, 0.26),
        (0.06, -0.4, 0.26),
        (0.42, 0.21, 0.24),
        (0.44, -0.17, 0.23),
        (0.6, -0.285, 0.222),
    ):
        chair.add(bar((-half, y, z), (half, y, z), 0.0105), ash)
    seat = box(0.46, 0.008, 0.36, 0.003).moved(y=0.43, z=0.02).mapped_flat("y")
    chair.add(seat, cane)
    rows = spline([(0.21, 0.62, -0.292), (0.205, 0.82, -0.388), (0.165, 1.03, -0.49)], 16)
    panel = [
        np.array([(-w, y, z - 0.003), (w, y, z - 0.003), (w, y, z + 0.005), (-w, y, z + 0.005)])
        for w, y, z in rows
    ]
    chair.add(loft(panel[::-1], crease=30).mapped_flat("z"), cane)
    scene.animate("Rocking", swing(chair, "x", 3.2, 6.5, offset=0))
    return scene.to_glb(reach=0.2)


def bookshelf() -> bytes:
    scene = Scene("Bookshelf")
    walnut = wood("walnut", 0.6)
    width, height, depth, shelves = 0.9, 1.72, 0.3, 5
    for x in (-1, 1):
        for z in (-1, 1):
            scene.add(
                box(0.025, height, 0.025, 0.003).moved(
                    x * (width / 2 - 0.012), height / 2, z * (depth / 2 - 0.012)
                ),
                BLACK_METAL,
            )
        for y in (0.05, height - 0.012):
            scene.add(box(0.02, 0.02, depth - 0.04, 0.002).moved(x * (width / 2 - 0.012), y), BLACK_METAL)
    levels = np.linspace(0.12, height - 0.03, shelves)
    for y in levels:
        scene.add(box(width - 0.02, 0.024, depth - 0.01, 0.003).moved(y=y), walnut)
    random = np.random.default_rng(5)
    colors = ["#8a3b2c", "#d9cdb4", "#2f4a4f", "#c08b3e", "#3c3a44", "#75836d", "#b9a58b", "#54292a"]
    covers = [paint(f"Book cloth {n + 1}", color, 0.75) for n, color in enumerate(colors)]
    pages = paint("Paper", "#efe6d2", 0.9)
    for shelf, y in enumerate(levels[:-1]):
        base, x = y + 0.012, -width / 2 + 0.05
        end = width / 2 - (0.05 if shelf % 2 else 0.33)
        while True:
            thick, tall, deep = (
                random.uniform(0.018, 0.046),
                random.uniform(0.19, 0.285),
                random.uniform(0.15, 0.2),
            )
            if x + thick > end:
                break
            cover = covers[random.integers(len(covers))]
            scene.add(
                box(thick, tall, deep, 0.003).moved(x + thick / 2, base + tall / 2, 0.1 - deep / 2), cover
            )
            scene.add(
                box(thick - 0.006, tall + 0.0008, deep - 0.008, 0.0005).moved(
                    x + thick / 2, base + tall / 2 - 0.0006, 0.1 - deep / 2 - 0.003
                ),
                pages,
            )
            x += thick + 0.0015
    for n, (tall, deep, wide) in enumerate(((0.035, 0.2, 0.27), (0.028, 0.19, 0.25), (0.032, 0.17, 0.24))):
        scene.add(
            box(wide, tall, deep, 0.003)
            .turned("y", 8 * n)
            .moved(0.27, levels[0] + 0.012 + (0.0175, 0.049, 0.079)[n], 0),
            covers[(n * 3 + 1) % 8],
        )
    vase = spline([(0.045, 0), (0.07, 0.05), (0.075, 0.09), (0.045, 0.15), (0.025, 0.19), (0.03, 0.215)], 26)
    inner = vase[::-1] - (0.004, 0)
    scene.add(
        lathe(np.vstack([[(0, 0)], vase, inner[:-1], [(0, 0.01)]]), 40).moved(0.27, levels[2] + 0.012, 0.02),
        paint("Terracotta slip", "#c97b54", 0.6),
    )
    return scene.to_glb(reach=0.16)
