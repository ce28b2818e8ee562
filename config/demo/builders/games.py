"""Toys, games and musical instruments."""

from __future__ import annotations

import numpy as np

from config.demo.geometry.curves import filleted, spline, superellipse
from config.demo.geometry.fields import ball, joined, limb, skinned, turned
from config.demo.geometry.mesh import Mesh, around, merged, shaded
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
    torus,
    tube,
)
from config.demo.glb import Channel, Scene, quaternion
from config.demo.materials.metal import brushed
from config.demo.materials.organic import wood
from config.demo.materials.plain import (
    BLACK_METAL,
    BRASS,
    CHROME,
    COPPER,
    STEEL,
    paint,
)

FOOT = ((0.36, 0.0), (0.38, 0.03), (0.36, 0.09), (0.3, 0.13), (0.31, 0.17), (0.22, 0.24))


def turned_piece(neck, head) -> np.ndarray:
    """Profile of a chess piece of unit square: the common foot, a neck and a head."""
    return np.vstack([[(0, 0)], spline(FOOT, 13), spline([FOOT[-1], *neck], 9)[1:], spline(head, 19)])


def knight_mesh(scale: float, step: float = 0.025) -> Mesh:
    """The horse's head, soft-modelled on a turned foot."""
    blobs = [
        turned([(0.36, 0.0), (0.38, 0.04), (0.35, 0.1), (0.29, 0.14), (0.3, 0.18), (0.2, 0.25), (0.19, 0.3)]),
        limb((0, 0.26, -0.04), (0, 0.58, -0.09), 0.19, 0.15),
        limb((0, 0.58, -0.09), (0, 0.86, 0.0), 0.15, 0.12),
        limb((0, 0.86, 0.02), (0, 0.72, 0.25), 0.115, 0.075),
        ball((0, 0.7, 0.26), 0.078),
        limb((0, 0.5, 0.05), (0, 0.4, 0.1), 0.12, 0.1),
        *[limb((s * 0.05, 0.94, -0.04), (s * 0.06, 1.05, -0.03), 0.035, 0.012) for s in (-1, 1)],
        *[
            limb(
                (0, 0.95 - 0.1 * k, -0.1 - 0.035 * min(k, 3)),
                (0, 0.9 - 0.1 * k, -0.19 - 0.03 * min(k, 3)),
                0.045,
                0.03,
            )
            for k in range(5)
        ],
    ]
    body = joined(blobs, 0.07)
    cuts = [ball((s * 0.088, 0.845, 0.09), 0.026) for s in (-1, 1)] + [
        ball((s * 0.055, 0.715, 0.315), 0.018) for s in (-1, 1)
    ]

    def distance(p: np.ndarray) -> np.ndarray:
        result = body(p)
        for cut in cuts:
            result = np.maximum(result, -cut.distance(p))
        return np.maximum(result, -p[:, 1])

    return skinned(distance, (-0.45, -0.06, -0.45), (0.45, 1.15, 0.45), step).scaled(scale)


def chess_set() -> bytes:
    scene = Scene("Chess set")
    light, dark = wood("ash", 0.12, gloss=0.3), wood("mahogany", 0.12, gloss=0.3)
    walnut, square = wood("walnut", 0.3), 0.05
    scene.add(box(0.446, 0.024, 0.446, 0.006, 3).moved(y=0.012), walnut)
    tile = shaded(box(square - 0.0006, 0.004, square - 0.0006, 0.0005, 1))
    for row in range(8):
        for column in range(8):
            scene.add(
                tile.moved((column - 3.5) * square, 0.0245, (row - 3.5) * square),
                (dark, light)[(row + column) % 2],
            )
    pawn = turned_piece(
        [(0.13, 0.42), (0.12, 0.52)],
        [(0.21, 0.55), (0.2, 0.58), (0.13, 0.6), (0.17, 0.68), (0.16, 0.76), (0.09, 0.82), (0, 0.835)],
    )
    bishop = turned_piece(
        [(0.14, 0.5), (0.12, 0.66)],
        [(0.22, 0.69), (0.13, 0.74), (0.17, 0.86), (0.12, 0.99), (0.045, 1.07), (0.055, 1.11), (0, 1.15)],
    )
    queen = turned_piece(
        [(0.15, 0.55), (0.13, 0.85)],
        [
            (0.24, 0.88),
            (0.15, 0.93),
            (0.18, 1.05),
            (0.25, 1.18),
            (0.17, 1.19),
            (0.06, 1.22),
            (0.055, 1.27),
            (0, 1.31),
        ],
    )
    king = turned_piece(
        [(0.15, 0.6), (0.14, 0.92)],
        [(0.25, 0.95), (0.16, 1.0), (0.2, 1.14), (0.24, 1.24), (0.16, 1.27), (0.05, 1.31), (0, 1.315)],
    )
    rook = np.vstack(
        [
            [(0, 0)],
            spline(FOOT, 13),
            spline([FOOT[-1], (0.18, 0.4), (0.17, 0.55)], 9)[1:],
            filleted(
                [(0.17, 0.55), (0.26, 0.6), (0.26, 0.78), (0.18, 0.78), (0.18, 0.7), (0, 0.7)], 0.015, 2
            ),
        ]
    )
    unit = square * 0.98
    merlon = box(0.09, 0.1, 0.13, 0.015).moved(x=0.22, y=0.8)
    cross = [box(0.045, 0.17, 0.045, 0.012).moved(y=1.39), box(0.14, 0.045, 0.045, 0.012).moved(y=1.4)]

    def piece(profile: np.ndarray, *extra: Mesh) -> Mesh:
        return merged([lathe(profile, 28, 45), *extra]).scaled(unit)

    crown = around(sphere(0.032, 10), 9, 0.22).moved(y=1.2)
    pieces = {
        "p": piece(pawn),
        "r": piece(rook, around(merlon, 6)),
        "b": piece(bishop),
        "q": piece(queen, crown),
        "k": piece(king, *cross),
        "n": knight_mesh(unit * 0.98, 0.036),
    }
    for side, material in ((1, light), (-1, dark)):
        for column, kind in enumerate("rnbqkbnr"):
            x = (column - 3.5) * square
            back = pieces[kind].turned("y", 0 if side < 0 else 180)
            scene.add(back.moved(x, 0.0265, side * 3.5 * square), material)
            forward = {(1, 4): 0.5, (-1, 4): 0.5, (1, 3): 0.5}.get((side, column), 2.5)
            scene.add(pieces["p"].moved(x, 0.0265, side * forward * square), material)
    return scene.to_glb(shade=0.6, reach=0.05)


def ukulele() -> bytes:
    scene = Scene("Ukulele")
    whole = scene.node("Ukulele", rotation=("x", -10))
    spruce, back, rosewood = (
        wood("spruce", 0.3, gloss=0.3, rings=34),
        wood("mahogany", 0.3, gloss=0.3),
        wood("ebony", 0.2),
    )
    half = [
        (0, 0),
        (0.06, 0.006),
        (0.092, 0.06),
        (0.084, 0.115),
        (0.056, 0.15),
        (0.066, 0.2),
        (0.06, 0.235),
        (0.03, 0.252),
        (0, 0.254),
    ]
    right = spline(half, 60)
    outline = np.vstack([right, (right * (-1, 1))[::-1][1:-1]])
    body = extrude(outline, 0.058, 0.003, 2)
    whole.add(Mesh(body.vertices, body.faces, body.uv, crease=40), back)
    hole = np.column_stack(
        [
            0.028 * np.cos(np.linspace(0, 2 * np.pi, 118, endpoint=False) - np.pi / 2),
            0.155 + 0.028 * np.sin(np.linspace(0, 2 * np.pi, 118, endpoint=False) - np.pi / 2),
        ]
    )
    middle = (0, 0.135)
    top = extrude_ring((outline - middle) * 0.992 + middle, hole, 0.0025, 0.0005).moved(z=0.0295)
    whole.add(Mesh(top.vertices, top.faces, top.vertices[:, [1, 0]], crease=30), spruce)
    whole.add(tube(0.034, 0.0285, 0.0006, 0.0001, 80).turned("x", 90).moved(0, 0.155, 0.031), rosewood)
    whole.add(
        tube(0.0375, 0.0358, 0.0006, 0.0001, 80).turned("x", 90).moved(0, 0.155, 0.031),
        paint("Abalone", "#cfd8cf", 0.2, 0.8),
    )
    whole.add(
        cylinder(0.0285, 0.001, 0, 48).turned("x", 90).moved(0, 0.155, 0.0284),
        paint("Sound hole", "#120d0a", 0.9),
    )
    edge = np.column_stack([(outline * 0.998), np.full(len(outline), 0.0295)])
    whole.add(pipe(edge, 0.0014, 8, closed=True), paint("Binding", "#e9dfc8", 0.4))
    neck = [
        np.column_stack(
            [
                superellipse(w, 0.02, 2.2, 24)[:, 0],
                np.full(24, y),
                np.minimum(superellipse(w, 0.02, 2.2, 24)[:, 1] * 1.2, 0.004) + 0.024,
            ]
        )
        for y, w in ((0.24, 0.05), (0.25, 0.046), (0.3, 0.042), (0.44, 0.037), (0.455, 0.038))
    ]
    neck_mesh = loft(neck[::-1], crease=50)
    whole.add(neck_mesh, back)
    board = extrude([(-0.0245, 0.19), (0.0245, 0.19), (0.0185, 0.455), (-0.0185, 0.455)], 0.005, 0.001).moved(
        z=0.0325
    )
    whole.add(Mesh(board.vertices, board.faces, board.vertices[:, [1, 0]], crease=30), rosewood)
    scale = 0.36
    nut = 0.452
    for n in range(1, 15):
        y = nut - scale * (1 - 2 ** (-n / 12))
        w = np.interp(y, [0.19, 0.455], [0.0485, 0.0365])
        whole.add(bar((-w / 2, y, 0.0352), (w / 2, y, 0.0352), 0.0008, sides=8), STEEL)
        if n in (5, 7, 10, 12):
            mid = y + 0.5 * scale * (2 ** (-(n - 1) / 12) - 2 ** (-n / 12))
            for dx in (-0.008, 0.008) if n == 12 else (0,):
                whole.add(
                    cylinder(0.0024, 0.0004, 0, 20).turned("x", 90).moved(dx, mid, 0.0349),
                    paint("Abalone", "#cfd8cf", 0.2, 0.8),
                )
    whole.add(box(0.037, 0.004, 0.006, 0.001).moved(0, nut + 0.002, 0.034), paint("Bone", "#efe6d0", 0.4))
    head = filleted(
        [
            (-0.019, 0.452),
            (0.019, 0.452),
            (0.029, 0.5),
            (0.031, 0.56),
            (0, 0.57),
            (-0.031, 0.56),
            (-0.029, 0.5),
        ],
        [0, 0, 0.02, 0.012, 0.03, 0.012, 0.02],
        4,
        closed=True,
    )
    whole.add(extrude(head, 0.012, 0.0015).moved(z=0.0265).mapped_flat("z", turn=True), back)
    whole.add(box(0.075, 0.014, 0.009, 0.003).moved(0, 0.058, 0.035), rosewood)
    whole.add(box(0.06, 0.003, 0.004, 0.001).moved(0, 0.061, 0.0405), paint("Bone", "#efe6d0", 0.4))
    for x in (-0.0165, -0.0055, 0.0055, 0.0165):
        peg = (-0.0205 if x < 0 else 0.0205, 0.495 if abs(x) > 0.01 else 0.54)
        whole.add(
            bar((x * 1.25, 0.061, 0.0425), (x * 0.82, nut + 0.002, 0.0375), 0.00045, sides=6),
            paint("Nylon", "#eee9dc", 0.3),
        )
        whole.add(
            bar((x * 0.82, nut + 0.002, 0.0375), (peg[0] * 0.85, peg[1], 0.0375), 0.00045, sides=6),
            paint("Nylon", "#eee9dc", 0.3),
        )
        whole.add(
            cylinder(0.0036, 0.012, 0.001, 24).turned("x", 90).moved(peg[0] * 0.85, peg[1], 0.03), CHROME
        )
        whole.add(bar((peg[0], peg[1], 0.026), (np.sign(x) * 0.043, peg[1], 0.026), 0.0018, sides=10), CHROME)
        whole.add(
            superellipsoid((0.005, 0.009, 0.007), 0.7, 0.8, 24).moved(np.sign(x) * 0.045, peg[1], 0.026),
            paint("Pearl button", "#ece4d2", 0.25, 0.7),
        )
    return scene.to_glb(shade=0.55, reach=0.04)


def gear(teeth: int, module: float, thick: float, bore: float, spokes: int) -> Mesh:
    """A spur gear about Z with `teeth` teeth; the pitch radius is teeth x module / 2."""
    pitch = teeth * module / 2
    root, tip = pitch - 1.15 * module, pitch + 0.95 * module
    points = []
    for n in range(teeth):
        for offset, radius in (
            (-0.36, root),
            (-0.27, pitch - 0.3 * module),
            (-0.22, pitch),
            (-0.1, tip),
            (0.1, tip),
            (0.22, pitch),
            (0.27, pitch - 0.3 * module),
            (0.36, root),
        ):
            a = 2 * np.pi * (n + offset) / teeth
            points.append((radius * np.cos(a), radius * np.sin(a)))
    outer = np.array(points)
    angle = np.arctan2(outer[:, 1], outer[:, 0])
    rim = root - 1.6 * module
    parts = [extrude_ring(outer, np.column_stack([rim * np.cos(angle), rim * np.sin(angle)]), thick, 0.0004)]
    hub = bore * 2.1
    parts.append(tube(hub, bore, thick * 1.5, 0.0006, 48).moved(y=-thick * 0.75).turned("x", 90))
    for n in range(spokes):
        spoke = box(rim - hub + 0.002, max(0.004, rim * 0.16), thick * 0.6, 0.0012).moved(x=(rim + hub) / 2)
        parts.append(spoke.turned("z", 360 * n / spokes))
    return merged(parts)


def gear_train() -> bytes:
    scene = Scene("Gear train")
    module, thick = 0.004, 0.008
    wheels = ((36, 5, BRASS), (18, 4, STEEL), (27, 5, COPPER), (12, 0, STEEL))
    directions = (0.0, -38.0, 62.0)
    centre, angle, channels = np.array([0.0, 0.0]), 0.0, []
    centres = []
    previous = None
    for index, (teeth, spokes, material) in enumerate(wheels):
        if previous is not None:
            turn = directions[index - 1]
            distance = (previous[0] + teeth) * module / 2
            direction = np.radians(turn)
            centre = centre + distance * np.array([np.cos(direction), np.sin(direction)])
            # At the contact a tooth must meet a gap: both phases are measured along the line of centres.
            contact = (turn - previous[1]) * previous[0] / 360
            angle = turn + 180 - (0.5 - contact) * 360 / teeth
        node = scene.node(f"Gear {index + 1}", at=(*centre, 0), rotation=("z", angle))
        node.add(gear(teeth, module, thick, 0.0045, spokes), material)
        if spokes == 0:
            node.add(
                tube(0.0175, 0.008, thick * 0.7, 0.0005, 40).moved(y=-thick * 0.35).turned("x", 90), material
            )
        turns = (1 if index % 2 == 0 else -1) * 36 / teeth
        times = np.linspace(0, 12, int(abs(turns) * 12 * 3) + 1)
        from_angle = angle
        channels.append(
            Channel(
                node,
                "rotation",
                times,
                [quaternion("z", from_angle + 360 * turns * 3 * t / 12) for t in times],
            )
        )
        centres.append(centre)
        previous = (teeth, angle)
    plate_low, plate_high = np.min(centres, axis=0) - 0.065, np.max(centres, axis=0) + 0.045
    size, middle = plate_high - plate_low, (plate_low + plate_high) / 2
    scene.add(
        box(size[0] + 0.06, 0.022, 0.09, 0.006, 3).moved(middle[0], plate_low[1] - 0.03, -0.005),
        wood("walnut", 0.3),
    )
    for centre in centres:
        scene.add(bar((*centre, -0.02), (*centre, 0.014), 0.0043, sides=24), CHROME)
        scene.add(superellipsoid((0.0062, 0.0062, 0.004), segments=24).moved(*centre, 0.0135), BLACK_METAL)
    post = brushed("#8b8f94", 0.12, name="Brushed post")
    foot = plate_low[1] - 0.03
    for centre in centres:
        height = centre[1] - foot
        outline = filleted(
            [(-0.013, 0), (0.013, 0), (0.0075, height + 0.011), (-0.0075, height + 0.011)],
            [0, 0, 0.007, 0.007],
            6,
            closed=True,
        )
        scene.add(extrude(outline, 0.007, 0.0015).moved(centre[0], foot, -0.0175), post)
    scene.animate("Running", *channels)
    return scene.to_glb(shade=0.6, reach=0.03)


def toy_train() -> bytes:
    scene = Scene("Wooden toy train")
    beech = wood("ash", 0.16)
    red, blue, green, yellow = (
        paint(name, color, 0.5, 0.2)
        for name, color in (
            ("Poppy stain", "#b5402f"),
            ("Harbour stain", "#2f5f7a"),
            ("Fern stain", "#5a7d4f"),
            ("Corn stain", "#d9a441"),
        )
    )

    def wheels(x_positions, z_half: float, radius: float, material) -> None:
        profile = filleted(
            [
                (0, 0),
                (radius, 0),
                (radius, 0.012),
                (radius * 0.45, 0.012),
                (radius * 0.45, 0.016),
                (0, 0.016),
            ],
            [0, 0.003, 0.003, 0.001, 0.002, 0],
            3,
        )
        for x in x_positions:
            for side in (-1, 1):
                scene.add(lathe(profile, 40).turned("x", side * 90).moved(x, radius, side * z_half), material)
                scene.add(sphere(radius * 0.2, 16).moved(x, radius, side * (z_half + 0.016)), beech)
            scene.add(bar((x, radius, -z_half), (x, radius, z_half), 0.004), beech)

    scene.add(box(0.17, 0.02, 0.06, 0.005, 3).moved(0.02, 0.03, 0), beech)
    boiler = lathe(
        filleted([(0, 0), (0.027, 0), (0.027, 0.105), (0, 0.105)], [0, 0.005, 0.005, 0], 4), 48, tile=0.16
    )
    scene.add(boiler.turned("z", 90).moved(0.02, 0.066, 0), blue)
    for x in (-0.06, -0.03):
        scene.add(torus(0.027, 0.0025, 48, 8).turned("z", 90).moved(x, 0.066, 0), yellow)
    scene.add(box(0.058, 0.075, 0.06, 0.006, 3).moved(0.058, 0.075, 0), red)
    scene.add(box(0.08, 0.012, 0.076, 0.005, 3).moved(0.058, 0.118, 0), beech)
    for z in (-1, 1):
        scene.add(box(0.028, 0.028, 0.004, 0.003).moved(0.058, 0.085, z * 0.0295), beech)
    scene.add(
        lathe(
            filleted(
                [(0, 0), (0.011, 0), (0.0095, 0.03), (0.017, 0.04), (0.017, 0.047), (0, 0.047)],
                [0, 0.001, 0.004, 0.002, 0.002, 0],
                3,
            ),
            36,
        ).moved(-0.06, 0.088, 0),
        red,
    )
    scene.add(superellipsoid((0.012, 0.015, 0.012), segments=28).moved(-0.018, 0.094, 0), yellow)
    scene.add(cylinder(0.01, 0.008, 0.002, 28).turned("z", 90).moved(-0.084, 0.066, 0), yellow)
    wheels((-0.045, 0.0, 0.06), 0.03, 0.021, yellow)
    for n, (_color, load) in enumerate(((green, "logs"), (yellow, "blocks"))):
        x = 0.2 + n * 0.16
        scene.add(box(0.12, 0.02, 0.06, 0.005, 3).moved(x, 0.03, 0), beech)
        wheels((x - 0.035, x + 0.035), 0.03, 0.018, red)
        for link in (x - 0.06,):
            scene.add(
                bar((link, 0.03, 0), (link - 0.03 + (0.005 if n == 0 else 0), 0.03, 0), 0.003), BLACK_METAL
            )
            scene.add(sphere(0.0065, 16).moved(link - 0.015, 0.03, 0), red)
        if load == "logs":
            for z, y in (
                (-0.018, 0.053),
                (0.018, 0.053),
                (0, 0.053),
                (-0.009, 0.0695),
                (0.009, 0.0695),
                (0, 0.086),
            ):
                scene.add(
                    cylinder(0.0092, 0.105, 0.002, 24).turned("z", 90).moved(x + 0.0525, y, z),
                    wood("walnut", 0.1),
                )
            for dx in (-0.045, 0.045):
                for z in (-0.03, 0.03):
                    scene.add(bar((x + dx, 0.035, z), (x + dx, 0.085, z), 0.0035), green)
        else:
            scene.add(box(0.116, 0.028, 0.004, 0.002).moved(x, 0.052, 0.028), green)
            scene.add(box(0.116, 0.028, 0.004, 0.002).moved(x, 0.052, -0.028), green)
            for dx in (-0.056, 0.056):
                scene.add(box(0.004, 0.028, 0.056, 0.0015).moved(x + dx, 0.052, 0), green)
            for k, (dx, y, dz, material) in enumerate(
                (
                    (-0.032, 0.055, 0.004, red),
                    (0.0, 0.055, -0.006, blue),
                    (0.033, 0.055, 0.005, beech),
                    (-0.015, 0.086, 0.0, beech),
                )
            ):
                scene.add(
                    box(0.029, 0.029, 0.029, 0.004, 3).turned("y", 12 * k).moved(x + dx, y, dz), material
                )
            scene.add(
                lathe(filleted([(0, 0), (0.015, 0), (0, 0.03)], [0, 0.003, 0], 3), 32).moved(
                    x + 0.025, 0.0705, 0
                ),
                red,
            )
    return scene.to_glb(shade=0.6, reach=0.05)
