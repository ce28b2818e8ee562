"""Lamps, vessels and small things for a home."""

from __future__ import annotations

import numpy as np

from config.demo.geometry.curves import filleted, rounded_rectangle, spline, superellipse
from config.demo.geometry.mesh import Mesh, around
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
from config.demo.glb import Channel, Material, Scene, Skin, quaternion, spin
from config.demo.materials.metal import brushed, hammered
from config.demo.materials.mineral import glaze, marble
from config.demo.materials.organic import fabric, wood
from config.demo.materials.plain import (
    AGED_BRASS,
    BLACK_METAL,
    BLACK_PLASTIC,
    BRASS,
    CHROME,
    CLEAR_GLASS,
    STEEL,
    WARM_LIGHT,
    WHITE_ENAMEL,
    glass,
    paint,
)


def vessel(
    outside, thickness: float, segments: int = 64, tile: float | None = None, floor: float | None = None
) -> Mesh:
    """A watertight hollow body from its outer profile of (radius, y), bottom to lip."""
    outer = np.asarray(outside, float)
    inner = outer[::-1] - (thickness, 0)
    low = outer[0, 1] + (floor or thickness)
    inner = inner[(inner[:, 1] > low) & (inner[:, 0] > 0)]
    lip = (outer[-1] + inner[0]) / 2 + (0, thickness * 0.5)
    inner = inner[1:] if len(inner) > 2 else inner
    return lathe(np.vstack([[(0, outer[0, 1])], outer, [lip], inner, [(0, low)]]), segments, 50, tile)


def fluted(mesh: Mesh, count: int, depth: float, low: float, high: float) -> Mesh:
    """Press vertical flutes into a turned body between two heights."""

    def press(points: np.ndarray) -> np.ndarray:
        angle = np.arctan2(points[:, 2], points[:, 0])
        fade = np.clip((points[:, 1] - low) / 0.02, 0, 1) * np.clip((high - points[:, 1]) / 0.02, 0, 1)
        ring = 1 - depth * fade * np.abs(np.cos(angle * count / 2)) ** 0.6
        points[:, 0] *= ring
        points[:, 2] *= ring
        return points

    return mesh.warped(press)


def vases() -> bytes:
    scene = Scene("Stoneware vases")
    tall = spline(
        [(0.05, 0), (0.075, 0.04), (0.088, 0.14), (0.078, 0.24), (0.04, 0.31), (0.03, 0.35), (0.042, 0.385)],
        60,
    )
    scene.add(
        fluted(vessel(tall, 0.005, 192, 0.25), 32, 0.05, 0.015, 0.285).with_crease(60).moved(-0.1, 0, -0.03),
        glaze("#d9d1c1", tile=0.25),
    )
    round_one = spline(
        [
            (0.045, 0),
            (0.085, 0.03),
            (0.112, 0.09),
            (0.095, 0.15),
            (0.045, 0.185),
            (0.032, 0.2),
            (0.038, 0.215),
        ],
        48,
    )
    scene.add(
        vessel(round_one, 0.005, 80, 0.25).moved(0.1, 0, -0.06),
        glaze("#5f7470", "#24302f", 0.25, name="Celadon glaze"),
    )
    bowl = spline(
        [(0.035, 0), (0.038, 0.012), (0.075, 0.035), (0.092, 0.07), (0.088, 0.1), (0.08, 0.115)], 36
    )
    scene.add(
        fluted(vessel(bowl, 0.005, 160, 0.25), 24, 0.035, 0.02, 0.11).with_crease(60).moved(0.045, 0, 0.115),
        glaze("#b0694a", "#3b2218", 0.25, name="Tenmoku glaze"),
    )
    for index, (lean, tall_stem) in enumerate(((-7, 0.36), (4, 0.44), (12, 0.33))):
        stem = spline([(0, 0.1, 0), (0.004, 0.25, 0.004), (0.02, 0.1 + tall_stem, 0.01)], 20)
        place = (-0.1, 0.0, -0.03)
        scene.add(
            pipe(stem, 0.0017, 6).turned("z", -lean).turned("y", index * 110).moved(*place).moved(y=0.05),
            paint("Dry stem", "#8f7a52", 0.85),
        )
        head = spline([(0.001, 0), (0.011, 0.02), (0.013, 0.05), (0.008, 0.085), (0.001, 0.105)], 18)
        plume = (
            lathe(head, 14)
            .moved(0.02, 0.1 + tall_stem, 0.01)
            .turned("z", -lean)
            .turned("y", index * 110)
            .moved(*place)
            .moved(y=0.05)
        )
        scene.add(plume, fabric("#cdb68c", tile=0.03, name="Dried grass"))
    return scene.to_glb()


def tea_set() -> bytes:
    scene = Scene("Tea set")
    clay = glaze("#e6dfd0", "#6b5a45", 0.25, amount=0.35)
    wooden = wood("walnut", 0.3)
    body = spline([(0.045, 0), (0.075, 0.018), (0.09, 0.06), (0.08, 0.1), (0.05, 0.122), (0.04, 0.124)], 44)
    scene.add(vessel(body, 0.004, 72, 0.25), clay)
    lid = spline([(0.0405, 0.1245), (0.044, 0.127), (0.03, 0.137), (0.01, 0.141), (0.0, 0.1415)], 20)
    scene.add(lathe(np.vstack([[(0, 0.118), (0.036, 0.118), (0.036, 0.1245)], lid]), 56, tile=0.25), clay)
    scene.add(sphere(0.0125, 24).moved(y=0.152), wooden)
    spout = spline([(0.07, 0.045, 0), (0.105, 0.06, 0), (0.12, 0.09, 0), (0.142, 0.118, 0)], 26)
    scene.add(pipe(spout, np.interp(np.linspace(0, 1, 26), [0, 0.4, 1], [0.024, 0.015, 0.0095]), 24), clay)
    handle = spline(
        [(-0.05, 0.125, 0), (-0.075, 0.19, 0), (0, 0.235, 0), (0.075, 0.19, 0), (0.05, 0.125, 0)], 48
    )
    scene.add(sweep(handle, rounded_rectangle(0.012, 0.007, 0.003, 3), up=(0, 0, 1)), wooden)
    for x in (-1, 1):
        scene.add(torus(0.006, 0.0025, 20, 10).turned("x", 90).moved(x * 0.052, 0.121, 0), BRASS)
    cup = spline([(0.022, 0), (0.024, 0.006), (0.034, 0.022), (0.037, 0.05), (0.039, 0.062)], 26)
    saucer = [(0, 0), (0.035, 0), (0.055, 0.009), (0.056, 0.011), (0.054, 0.012), (0.034, 0.005), (0, 0.004)]
    for x, z in ((0.02, 0.155), (0.165, 0.11)):
        scene.add(
            lathe(filleted(saucer, [0, 0.006, 0.001, 0.001, 0.001, 0.006, 0], 3), 56)
            .mapped_flat("y")
            .moved(x, 0, z),
            wooden,
        )
        scene.add(vessel(cup, 0.0028, 56, 0.25).moved(x, 0.0045, z), clay)
        scene.add(cylinder(0.0335, 0.002, 0, 40).moved(x, 0.052, z), paint("Tea", "#7a4a1c", 0.1, 0.8))
    return scene.to_glb()


def desk_lamp() -> bytes:
    scene = Scene("Desk lamp")
    color = paint("Petrol enamel", "#22484d", 0.32, 0.5)
    base = lathe(
        filleted(
            [(0, 0), (0.095, 0), (0.095, 0.016), (0.03, 0.026), (0.012, 0.05), (0, 0.05)],
            [0, 0.003, 0.008, 0.02, 0.004, 0],
            5,
        ),
        64,
    )
    scene.add(base, color)
    lower = scene.node("Lower arm", at=(0, 0.05, 0), rotation=("z", 24))
    upper = lower.child("Upper arm", at=(0, 0.3, 0), rotation=("z", -78))
    head = upper.child("Shade", at=(0, 0.28, 0), rotation=("z", -70))
    body = scene.node("Body")
    # The rigged body is modelled at rest, in world space; each part follows one joint.
    matrices = dict(scene.nodes())

    def put(mesh: Mesh, node, material: Material) -> None:
        world = matrices[node]
        body.add(mesh.transformed(world[:3, :3]).moved(*world[:3, 3]), material)

    for node, length in ((lower, 0.3), (upper, 0.28)):
        for z in (-0.011, 0.011):
            put(bar((0, 0, z), (0, length, z), 0.0042), node, BRASS)
        put(cylinder(0.013, 0.034, 0.003, 28).turned("x", 90).moved(z=-0.017), node, BLACK_METAL)
        put(
            pipe(
                np.column_stack(
                    [
                        0.007 * np.cos(np.linspace(0, 44, 180)),
                        np.linspace(0.035, 0.15, 180),
                        0.007 * np.sin(np.linspace(0, 44, 180)),
                    ]
                ),
                0.0011,
                6,
            ),
            node,
            STEEL,
        )
        put(box(0.012, 0.016, 0.034, 0.003).moved(y=0.158), node, BLACK_METAL)
    put(cylinder(0.013, 0.034, 0.003, 28).turned("x", 90).moved(z=-0.017), head, BLACK_METAL)
    outer = spline([(0.018, 0.0), (0.024, 0.03), (0.05, 0.06), (0.078, 0.11), (0.088, 0.15)], 36)
    shade = lathe(np.vstack([[(0, 0)], outer, outer[::-1] - (0.0025, 0.0), [(0, 0.012)]]), 64, 50).moved(
        y=-0.02
    )
    put(shade, head, color)
    put(torus(0.0875, 0.0022, 64, 10).moved(y=0.13), head, BRASS)
    put(superellipsoid((0.028, 0.034, 0.028), segments=28).moved(y=0.085), head, WARM_LIGHT)
    put(cylinder(0.013, 0.045, 0.002, 24).moved(y=0.01), head, WHITE_ENAMEL)
    joints = [lower, upper, head]
    frames = np.stack([np.linalg.inv(matrices[node]) for node in joints])

    def weigh(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Each vertex belongs to the arm whose axis it lies nearest to."""
        local = np.einsum("jab,nb->jna", frames, np.column_stack([points, np.ones(len(points))]))[..., :3]
        distance = []
        for index, (low, high) in enumerate(((0, 0.28), (0, 0.262), (-0.03, 0.2))):
            at = np.clip(local[index, :, 1], low, high)
            distance.append(
                np.hypot(np.hypot(local[index, :, 0], local[index, :, 2]), local[index, :, 1] - at)
                - (0.02 if index == 2 else 0)
            )
        joint = np.argmin(distance, axis=0)
        weights = np.zeros((len(points), 4))
        weights[:, 0] = 1
        return np.column_stack([joint, np.zeros((len(points), 3))]).astype(int), weights

    body.skin = Skin(joints, weigh)
    times = [0, 1, 2.2, 3.2, 4.4, 5.4]
    poses = {
        lower: (24, 24, 8, 8, 34, 24),
        upper: (-78, -78, -46, -46, -96, -78),
        head: (-70, -50, -84, -104, -52, -70),
    }
    channels = [
        Channel(node, "rotation", times, [quaternion("z", angle) for angle in angles])
        for node, angles in poses.items()
    ]
    scene.animate("Look around", *channels)
    return scene.to_glb(shade=0.6)


def mobile() -> bytes:
    scene = Scene("Kinetic mobile")
    colors = ["#c4472f", "#d99a35", "#2d5660", "#e7ddc9", "#23262b", "#8fa69b"]
    paints = [paint(f"Lacquer {n + 1}", color, 0.4, 0.3) for n, color in enumerate(colors)]
    random = np.random.default_rng(3)

    def leaf(size: float, index: int) -> Mesh:
        outline = spline(
            [
                (0, -0.1 * size),
                (0.5 * size, -0.3 * size),
                (size, 0),
                (0.55 * size, 0.28 * size),
                (0, 0.12 * size),
            ],
            40,
            closed=True,
        )
        return (
            extrude(outline, 0.003, 0.001, 1).turned("x", 52 + random.uniform(-14, 14)).turned("y", index * 7)
        )

    stem = scene.node("Suspension", at=(0, 1.2, 0))
    stem.add(bar((0, 0, 0), (0, 0.2, 0), 0.0012, sides=8), BLACK_METAL)
    stem.add(
        lathe(filleted([(0, 0.2), (0.045, 0.2), (0.04, 0.215), (0, 0.215)], [0, 0.003, 0.004, 0], 3), 36),
        BLACK_METAL,
    )
    parent, channels, at = stem, [], (0.0, 0.0, 0.0)
    for level in range(5):
        left, right = 0.13 + 0.02 * level, 0.3 - 0.03 * level
        turn = (20, 150, -60, 100, -20)[level]
        arm = parent.child(f"Arm {level + 1}", at=at, rotation=("y", turn))
        path = spline(
            [
                (-left, -0.015, 0),
                (-left * 0.4, 0.006, 0),
                (0, 0, 0),
                (right * 0.5, -0.004, 0),
                (right, -0.05, 0),
            ],
            40,
        )
        arm.add(pipe(path, 0.0018, 8, rounded=True), BLACK_METAL)
        arm.add(torus(0.005, 0.001, 16, 8).turned("x", 90), BLACK_METAL)
        size = 0.27 - 0.02 * level
        arm.add(leaf(size, level).moved(right - 0.01, -0.05, 0), paints[level % 6])
        if level == 4:
            arm.add(leaf(0.17, 9).mirrored("x").moved(-left + 0.01, -0.015, 0), paints[5])
        else:
            drop = 0.11
            arm.add(bar((-left, -0.015, 0), (-left, -0.015 - drop, 0), 0.0008, sides=6), BLACK_METAL)
            parent, at = arm, (-left, -0.015 - drop, 0.0)
        times = np.linspace(0, 12, 25)
        phase = random.uniform(0, 6.28)
        angles = turn + 38 * (np.sin(2 * np.pi * times / 12 + phase) - np.sin(phase))
        channels.append(Channel(arm, "rotation", times, [quaternion("y", a) for a in angles]))
    scene.animate("Drifting", *channels)
    return scene.to_glb(shade=0.4)


def wall_clock() -> bytes:
    scene = Scene("Wall clock")
    walnut = wood("walnut", 0.35)
    scene.add(tube(0.165, 0.148, 0.045, 0.006, 96).turned("x", 90).mapped_flat("z"), walnut)
    scene.add(cylinder(0.15, 0.02, 0.001, 96).turned("x", 90).mapped_flat("z"), paint("Dial", "#efe9dc", 0.7))
    for minute in range(60):
        hour = minute % 5 == 0
        mark = box(0.0045 if hour else 0.0014, 0.02 if hour else 0.008, 0.002, 0.0006).moved(
            y=0.128 - (0.006 if hour else 0), z=0.0205
        )
        scene.add(mark.turned("z", -6 * minute), BRASS if hour else BLACK_METAL)
    scene.add(tube(0.1495, 0.1465, 0.046, 0.001, 96).turned("x", 90), BRASS)

    def hand(length: float, width: float, tail: float) -> Mesh:
        outline = filleted(
            [
                (-width / 2, -tail),
                (width / 2, -tail),
                (width * 0.62, length * 0.55),
                (width * 0.18, length),
                (-width * 0.18, length),
                (-width * 0.62, length * 0.55),
            ],
            width * 0.2,
            2,
            closed=True,
        )
        return extrude(outline, 0.002, 0.0005, 1)

    hour_hand, minute_hand, second_hand = (
        scene.node(name, at=(0, 0, z))
        for name, z in (("Hour hand", 0.024), ("Minute hand", 0.028), ("Second hand", 0.032))
    )
    hour_hand.add(hand(0.078, 0.011, 0.02), BLACK_METAL)
    minute_hand.add(hand(0.118, 0.008, 0.024), BLACK_METAL)
    red = paint("Signal red", "#b8402c", 0.4)
    second_hand.add(box(0.0016, 0.165, 0.0012, 0.0003).moved(y=0.045), red)
    second_hand.add(cylinder(0.009, 0.002, 0.0004, 28).turned("x", 90).moved(y=-0.03, z=-0.001), red)
    second_hand.add(cylinder(0.006, 0.006, 0.001, 24).turned("x", 90).moved(z=-0.002), BRASS)
    for node, start, turns in ((hour_hand, -305, 1), (minute_hand, -48, 12)):
        node.rotation = ("z", start)
        times = np.linspace(0, 24, turns * 8 + 1)
        scene_values = [quaternion("z", start - 360 * turns * t / 24) for t in times]
        node_channel = Channel(node, "rotation", times, scene_values)
        scene.animations = [(name, [*channels, node_channel]) for name, channels in scene.animations] or [
            ("Half a day", [node_channel])
        ]
    times = np.linspace(0, 24, 97)
    second = Channel(second_hand, "rotation", times, [quaternion("z", -360 * 6 * t / 24) for t in times])
    scene.animations[0][1].append(second)
    return scene.to_glb(shade=0.5, reach=0.04)


def ceiling_fan() -> bytes:
    scene = Scene("Ceiling fan")
    walnut = wood("walnut", 0.7)
    scene.add(
        lathe(
            filleted(
                [(0, 0.42), (0.02, 0.42), (0.065, 0.475), (0.065, 0.49), (0, 0.49)],
                [0, 0.006, 0.01, 0.002, 0],
                4,
            ),
            48,
        ),
        BRASS,
    )
    scene.add(cylinder(0.012, 0.34, 0, 24).moved(y=0.12), BRASS)
    rotor = scene.node("Rotor")
    housing = spline(
        [(0.0, 0.0), (0.07, 0.004), (0.105, 0.03), (0.1, 0.075), (0.06, 0.115), (0.02, 0.135), (0.0, 0.136)],
        48,
    )
    rotor.add(lathe(housing, 64), BRASS)
    rotor.add(torus(0.104, 0.004, 64, 12).moved(y=0.05), BLACK_METAL)
    rings = []
    for t in np.linspace(0, 1, 26):
        x = 0.11 + 0.55 * t
        width = np.interp(t, [0, 0.06, 0.55, 0.92, 1], [0.045, 0.07, 0.125, 0.13, 0.07])
        section = superellipse(width, 0.008, 2.6, 24)
        angle = np.radians(14 - 3 * t)
        rings.append(
            np.column_stack(
                [
                    np.full(24, x),
                    section[:, 0] * np.sin(angle) + section[:, 1] * np.cos(angle) + 0.04 - 0.02 * t * t,
                    section[:, 0] * np.cos(angle) - section[:, 1] * np.sin(angle),
                ]
            )
        )
    blade = loft(rings[::-1]).mapped_flat("y").with_crease(50)
    rotor.add(around(blade, 4, start=12), walnut)
    bracket = box(0.12, 0.006, 0.035, 0.002).turned("x", 14).moved(x=0.14, y=0.05)
    rotor.add(around(bracket, 4, start=12), BRASS)
    bowl = spline([(0.0, -0.055), (0.05, -0.05), (0.085, -0.025), (0.09, 0.0), (0.0, 0.001)], 30)
    scene.add(lathe(bowl, 56), Material("Opal glass", "#fbf4e6", roughness=0.3, emissive="#f3d9ad", glow=0.8))
    scene.add(torus(0.09, 0.004, 64, 10), BRASS)
    scene.animate("Turning", spin(rotor, "y", 2.0, -1))
    return scene.to_glb(shade=0.6, reach=0.12)


def storm_lantern() -> bytes:
    scene = Scene("Storm lantern")
    red = paint("Barn red enamel", "#8e2f25", 0.36, 0.4)
    tank = filleted(
        [(0, 0), (0.07, 0), (0.078, 0.03), (0.06, 0.052), (0.032, 0.06), (0.032, 0.072), (0, 0.072)],
        [0, 0.006, 0.012, 0.014, 0.006, 0.002, 0],
        5,
    )
    scene.add(lathe(tank, 64), red)
    scene.add(torus(0.0765, 0.0025, 64, 8).moved(y=0.03), red)
    scene.add(cylinder(0.036, 0.014, 0.003, 48).moved(y=0.07), AGED_BRASS)
    scene.add(around(box(0.002, 0.01, 0.006, 0.0005), 24, 0.0365).moved(y=0.077), AGED_BRASS)
    globe = spline([(0.03, 0.084), (0.048, 0.11), (0.053, 0.14), (0.042, 0.18), (0.031, 0.2)], 40)
    scene.add(lathe(np.vstack([globe, globe[::-1] - (0.0018, 0)]), 64, closed=True), CLEAR_GLASS)
    chimney = filleted(
        [
            (0, 0.196),
            (0.04, 0.196),
            (0.04, 0.21),
            (0.026, 0.225),
            (0.026, 0.255),
            (0.04, 0.262),
            (0.022, 0.285),
            (0, 0.287),
        ],
        [0, 0.003, 0.004, 0.006, 0.003, 0.003, 0.01, 0],
        4,
    )
    scene.add(lathe(chimney, 56), red)
    scene.add(around(cylinder(0.003, 0.002, 0, 12).turned("z", 90), 16, 0.027).moved(y=0.242), BLACK_METAL)
    for side in (-1, 1):
        path = spline(
            [
                (side * 0.06, 0.045, 0),
                (side * 0.088, 0.07, 0),
                (side * 0.09, 0.15, 0),
                (side * 0.08, 0.215, 0),
                (side * 0.036, 0.232, 0),
            ],
            40,
        )
        scene.add(pipe(path, 0.0075, 16), red)
    scene.add(
        pipe(
            spline(
                [
                    (-0.084, 0.2, 0),
                    (-0.07, 0.3, 0.004),
                    (0, 0.355, 0.006),
                    (0.07, 0.3, 0.004),
                    (0.084, 0.2, 0),
                ],
                48,
            ),
            0.0018,
            8,
        ),
        STEEL,
    )
    scene.add(bar((-0.018, 0.352, 0.006), (0.018, 0.352, 0.006), 0.007, sides=20), wood("ash", 0.1))
    for y in (0.118, 0.165):
        scene.add(torus(np.interp(y, globe[:, 1], globe[:, 0]) + 0.004, 0.0013, 56, 8).moved(y=y), STEEL)
    for degrees in range(0, 360, 90):
        rib = [(r + 0.004, y, 0) for r, y in globe]
        scene.add(pipe(rib, 0.0012, 8).turned("y", degrees + 45), STEEL)
    scene.add(
        lathe(spline([(0.0, 0.088), (0.008, 0.1), (0.007, 0.115), (0.0, 0.145)], 24), 20),
        Material("Flame", "#ffd58a", emissive="#ffb347", glow=3.0),
    )
    scene.add(cylinder(0.009, 0.012, 0.001, 20).moved(y=0.082), AGED_BRASS)
    return scene.to_glb(shade=0.65)


def moka_pot() -> bytes:
    scene = Scene("Moka pot")
    aluminium = brushed(tile=0.12)
    angle = np.radians(np.arange(8) * 45 + 22.5)

    def faceted(levels) -> Mesh:
        """An octagonal body through (radius, y) levels, with softened edges."""
        rings = []
        for radius, y in levels:
            corners = np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])
            soft = filleted(corners, 0.0035, 3, closed=True)
            rings.append(np.column_stack([soft[:, 0], np.full(len(soft), y), -soft[:, 1]]))
        return loft(rings, crease=24)

    scene.add(faceted([(0.05, 0), (0.0515, 0.002), (0.0425, 0.068), (0.042, 0.072)]), aluminium)
    scene.add(cylinder(0.045, 0.012, 0.002, 64).moved(y=0.07), aluminium)
    scene.add(faceted([(0.039, 0.081), (0.0395, 0.084), (0.049, 0.15), (0.0485, 0.152)]), aluminium)
    scene.add(
        faceted([(0.05, 0.152), (0.05, 0.155), (0.03, 0.168), (0.008, 0.172), (0.002, 0.172)]), aluminium
    )
    scene.add(
        lathe(
            filleted(
                [(0, 0.17), (0.006, 0.17), (0.007, 0.18), (0.012, 0.187), (0.01, 0.2), (0, 0.202)],
                [0, 0.002, 0.003, 0.004, 0.005, 0],
                4,
            ),
            24,
        ),
        BLACK_PLASTIC,
    )
    handle = spline(
        [(-0.045, 0.142, 0), (-0.075, 0.146, 0), (-0.092, 0.128, 0), (-0.093, 0.085, 0), (-0.1, 0.06, 0)], 30
    )
    scene.add(
        sweep(
            handle,
            superellipse(0.012, 0.02, 2.8, 20),
            np.interp(np.linspace(0, 1, 30), [0, 0.4, 1], [0.85, 1.1, 0.9]),
            up=(0, 0, 1),
        ),
        BLACK_PLASTIC,
    )
    lip = [
        np.array([(0.04, y0, -w), (0.04 + reach, y1, 0), (0.04, y0, w), (0.038, y0, 0)])
        for y0, y1, w, reach in (
            (0.112, 0.114, 0.004, 0.006),
            (0.13, 0.134, 0.012, 0.02),
            (0.152, 0.153, 0.018, 0.034),
        )
    ]
    scene.add(loft(lip, crease=70), aluminium)
    scene.add(cylinder(0.005, 0.006, 0.001, 6).turned("x", 90).moved(0.0, 0.035, 0.0435), BRASS)
    scene.add(cylinder(0.0025, 0.01, 0.0005, 16).turned("x", 90).moved(0.0, 0.035, 0.0435), BRASS)
    scene.add(box(0.012, 0.008, 0.03, 0.002).moved(-0.05, 0.153, 0), BLACK_PLASTIC)
    return scene.to_glb(shade=0.5)


def carafe() -> bytes:
    scene = Scene("Carafe and tumblers")
    # Transmission instead of blending: the tray and the water show through with refraction where supported.
    blown = Material("Blown glass", "#d7e6e3", roughness=0.03, alpha=0.3, transmission=0.6)
    water = glass("Water", "#c3dcdf", 0.3)
    profile = spline(
        [
            (0.042, 0.004),
            (0.052, 0.012),
            (0.055, 0.06),
            (0.05, 0.12),
            (0.026, 0.17),
            (0.021, 0.205),
            (0.027, 0.235),
            (0.034, 0.25),
        ],
        60,
    )
    scene.add(vessel(profile, 0.0025, 72, floor=0.006).moved(-0.06, 0.014, 0), blown)
    wet = profile[(profile[:, 1] > 0.012) & (profile[:, 1] < 0.115)] - (0.0032, 0)
    scene.add(lathe(np.vstack([[(0, wet[0, 1])], wet, [(0, wet[-1, 1])]]), 56).moved(-0.06, 0.014, 0), water)
    scene.add(sphere(0.02, 32).moved(-0.06, 0.278, 0), wood("oak", 0.15))
    scene.add(cylinder(0.02, 0.018, 0.002, 32, top=0.024).moved(-0.06, 0.248, 0), wood("oak", 0.15))
    cup = np.array([(0.027, 0.002), (0.029, 0.004), (0.031, 0.03), (0.034, 0.085)])
    for x, z in ((0.065, 0.045), (0.07, -0.05)):
        scene.add(vessel(spline(cup, 24), 0.002, 56, floor=0.008).moved(x, 0.014, z), blown)
    scene.add(
        box(0.34, 0.014, 0.22, 0.006, 4).moved(y=0.007).mapped_flat("y"),
        marble("#2e3634", "#c9cfc9", tile=0.4),
    )
    return scene.to_glb(shade=0.5)


def pendant() -> bytes:
    scene = Scene("Hammered copper pendant")
    outer = spline([(0.235, 0.0), (0.23, 0.035), (0.2, 0.09), (0.14, 0.14), (0.07, 0.17), (0.035, 0.182)], 60)
    scene.add(lathe(outer, 96, tile=0.2), hammered())
    scene.add(lathe((outer - (0.0025, 0.001))[::-1], 96), paint("Cream interior", "#efe0bf", 0.5))
    rim = torus(0.234, 0.0035, 96, 12)
    scene.add(rim, BRASS)
    scene.add(
        lathe(
            filleted(
                [
                    (0, 0.176),
                    (0.04, 0.176),
                    (0.036, 0.195),
                    (0.022, 0.2),
                    (0.02, 0.245),
                    (0.008, 0.255),
                    (0, 0.255),
                ],
                [0, 0.003, 0.003, 0.003, 0.006, 0.002, 0],
                4,
            ),
            40,
        ),
        BRASS,
    )
    scene.add(
        bar((0, 0.25, 0), (0, 0.62, 0), 0.0032, sides=10), fabric("#3a3632", tile=0.02, name="Braided cord")
    )
    scene.add(
        lathe(
            filleted(
                [(0, 0.6), (0.02, 0.6), (0.055, 0.635), (0.055, 0.645), (0, 0.645)],
                [0, 0.004, 0.01, 0.002, 0],
                4,
            ),
            48,
        ),
        BRASS,
    )
    bulb = spline(
        [(0.0, 0.055), (0.03, 0.062), (0.042, 0.09), (0.03, 0.125), (0.015, 0.15), (0.0, 0.152)], 30
    )
    scene.add(lathe(bulb, 36), WARM_LIGHT)
    scene.add(cylinder(0.016, 0.03, 0.002, 28).moved(y=0.148), CHROME)
    return scene.to_glb(shade=0.6)


def candlesticks() -> bytes:
    scene = Scene("Candlesticks")
    wax = paint("Beeswax", "#e8d9b5", 0.55)
    flame = Material("Flame", "#ffe0a0", emissive="#ffb650", glow=3.0)
    shapes = (
        (
            0.0,
            0.0,
            0.26,
            (
                (0.03, 0.03),
                (0.012, 0.055),
                (0.022, 0.08),
                (0.009, 0.12),
                (0.009, 0.19),
                (0.02, 0.215),
                (0.01, 0.235),
                (0.017, 0.26),
            ),
        ),
        (
            -0.11,
            0.06,
            0.19,
            (
                (0.028, 0.025),
                (0.014, 0.04),
                (0.024, 0.075),
                (0.024, 0.1),
                (0.01, 0.13),
                (0.01, 0.165),
                (0.017, 0.19),
            ),
        ),
        (
            0.1,
            0.075,
            0.13,
            ((0.03, 0.02), (0.012, 0.04), (0.012, 0.085), (0.021, 0.1), (0.012, 0.115), (0.017, 0.13)),
        ),
    )
    for x, z, tall, profile in shapes:
        foot = filleted([(0, 0), (0.052, 0), (0.052, 0.006), (0.035, 0.016)], [0, 0.002, 0.003, 0], 4)
        body = np.vstack(
            [foot, spline(profile, 48), [(0.019, tall + 0.004), (0.019, tall + 0.008), (0, tall + 0.008)]]
        )
        scene.add(lathe(body, 56).moved(x, 0, z), BRASS)
        scene.add(cylinder(0.0105, 0.16, 0.002, 32, top=0.0095).moved(x, tall, z), wax)
        scene.add(bar((x, tall + 0.158, z), (x, tall + 0.17, z), 0.0009, sides=8), BLACK_METAL)
        scene.add(
            lathe(spline([(0, 0), (0.0055, 0.012), (0.004, 0.024), (0, 0.042)], 18), 18).moved(
                x, tall + 0.163, z
            ),
            flame,
        )
    return scene.to_glb(shade=0.5)
