"""Things that drive, sail and fly."""

from __future__ import annotations

import numpy as np

from config.demo.geometry.curves import filleted, rounded_rectangle, spline, superellipse
from config.demo.geometry.fields import brick, ellipsoid, joined, skinned
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
)
from config.demo.glb import Channel, Material, Scene, quaternion, spin
from config.demo.materials.metal import brushed
from config.demo.materials.organic import fabric, leather, planks, wicker, wood
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

HEADLIGHT = Material("Headlight", "#fff6e0", roughness=0.1, emissive="#ffe9bd", glow=1.0)
TAIL_LIGHT = Material("Tail light", "#a5201b", roughness=0.15, emissive="#7a0d0a")


def wheel(radius: float, width: float, rim: Material, cap: Material) -> list[tuple[Mesh, Material]]:
    """A tyre, rim and hub cap about the X axis, outside towards +X."""
    inner = radius * 0.66
    tyre = filleted(
        [(inner, -width / 2), (radius, -width / 2), (radius, width / 2), (inner, width / 2)],
        [0.0, width * 0.32, width * 0.32, 0.0],
        6,
        closed=True,
    )
    treads = around(box(width * 0.7, radius * 0.02, radius * 0.06, 0).moved(y=radius), 1)
    tread = [treads.turned("x", 360 / 40 * n) for n in range(40)]
    disc = filleted(
        [
            (0, -width * 0.3),
            (inner, -width * 0.3),
            (inner, width * 0.42),
            (inner * 0.93, width * 0.45),
            (inner * 0.88, width * 0.3),
            (inner * 0.4, width * 0.34),
            (0, width * 0.34),
        ],
        [0, 0, 0.003, 0.003, 0.01, 0.01, 0],
        3,
    )
    hub = spline(
        [
            (inner * 0.5, width * 0.32),
            (inner * 0.42, width * 0.42),
            (inner * 0.2, width * 0.46),
            (0, width * 0.47),
        ],
        12,
    )
    parts = [
        (lathe(tyre, 56, closed=True).turned("z", -90), BLACK_RUBBER),
        (lathe(disc, 48).turned("z", -90), rim),
    ]
    parts += [(lathe(hub, 40).turned("z", -90), cap)] + [(mesh, BLACK_RUBBER) for mesh in tread]
    slots = around(
        superellipsoid((inner * 0.09, width * 0.03, inner * 0.05), segments=14), 10, inner * 0.7
    ).moved(y=width * 0.32)
    return [*parts, (slots.turned("z", -90), BLACK_METAL)]


def put_wheels(
    scene: Scene,
    radius: float,
    width: float,
    half_track: float,
    axles: tuple[float, ...],
    rim: Material,
    cap: Material,
) -> None:
    """Four wheels standing on the ground, each a node of its own so that it can be turned."""
    for side, name in ((1, "left"), (-1, "right")):
        for z in axles:
            node = scene.node(
                f"Wheel {'front' if z > 0 else 'rear'} {name}", at=(side * half_track, radius, z)
            )
            for mesh, material in wheel(radius, width, rim, cap):
                node.add(mesh if side > 0 else mesh.turned("y", 180), material)


def carved(body, cuts):
    """A field with others cut out of it."""

    def distance(p: np.ndarray) -> np.ndarray:
        result = body(p)
        for cut in cuts:
            result = np.maximum(result, -cut(p))
        return result

    return distance


def arches(radius: float, axles: tuple[float, ...], inner: float):
    """Wheel wells: cylinders along X that spare the middle of the body."""

    def well(z: float, y: float):
        return lambda p: np.maximum(np.hypot(p[:, 1] - y, p[:, 2] - z) - radius, inner - np.abs(p[:, 0]))

    return [well(z, radius * 0.86) for z in axles]


def draped(body, outline: np.ndarray, front: int) -> tuple[Mesh, np.ndarray]:
    """A pane that follows the body, and its edge: an (x, y) outline projected along Z from one end of the body."""

    def on_body(points: np.ndarray, lift: float) -> np.ndarray:
        near, far = np.zeros(len(points)), np.full(len(points), 3.0 * front)
        for _ in range(40):
            z = (near + far) / 2
            inside = body(np.column_stack([points, z])) < 0
            near, far = np.where(inside, z, near), np.where(inside, far, z)
        return np.column_stack([points, near + lift * front])

    centre = outline.mean(axis=0)
    shrink = np.concatenate([np.linspace(0.02, 1, 14), [1.01]])
    rings = [on_body(centre + (outline - centre) * s, 0.012 if s <= 1 else -0.02) for s in shrink]
    pane = loft(rings, caps=False, crease=40)
    return (pane.flipped() if front > 0 else pane), on_body(outline, 0.008)


def girdle(body, height: float) -> np.ndarray:
    """The outline of a body at a height, as a closed ring."""
    angle = np.linspace(0, 2 * np.pi, 140, endpoint=False)
    direction = np.column_stack([np.sin(angle), np.zeros(140), np.cos(angle)])
    near, far = np.zeros(140), np.full(140, 4.0)
    for _ in range(40):
        middle = (near + far) / 2
        inside = body(direction * middle[:, None] + (0, height, 0)) < 0
        near, far = np.where(inside, middle, near), np.where(inside, far, middle)
    return direction * near[:, None] + (0, height, 0)


def roadster() -> bytes:
    scene = Scene("Classic roadster")
    color = paint("British racing green", "#123a2a", 0.28, 1.0)
    hull = joined(
        [
            brick((0, 0.47, 0), (0.64, 0.19, 1.72), 0.16),
            ellipsoid((0, 0.56, 0.85), (0.52, 0.26, 0.98)),
            ellipsoid((0, 0.56, -1.05), (0.58, 0.28, 0.72)),
            *[ellipsoid((s * 0.58, 0.5, 1.12), (0.17, 0.28, 0.6)) for s in (-1, 1)],
            *[ellipsoid((s * 0.6, 0.52, -1.08), (0.17, 0.27, 0.58)) for s in (-1, 1)],
        ],
        0.16,
    )
    cockpit = lambda p: brick((0, 0.85, -0.22), (0.5, 0.36, 0.52), 0.16).distance(p)  # noqa: E731
    body = carved(hull, [*arches(0.37, (1.12, -1.1), 0.4), cockpit])
    scene.add(skinned(body, (-0.95, 0.1, -1.95), (0.95, 1.0, 2.0), 0.034), color)
    put_wheels(scene, 0.31, 0.17, 0.64, (1.12, -1.1), paint("Silver rim", "#b9bcc0", 0.3), CHROME)
    hide = leather("#7d4a28", 0.3, name="Tan hide")
    for x in (-0.25, 0.25):
        scene.add(box(0.42, 0.14, 0.46, 0.06, 4).moved(x, 0.55, -0.12).with_crease(70), hide)
        scene.add(box(0.42, 0.5, 0.13, 0.06, 4).turned("x", -14).moved(x, 0.76, -0.46).with_crease(70), hide)
    scene.add(box(0.96, 0.02, 1.0, 0.01).moved(y=0.48, z=-0.22), BLACK_METAL)
    scene.add(box(0.98, 0.17, 0.05, 0.02).moved(y=0.73, z=0.24), wood("walnut", 0.4))
    for x in (0.16, 0.3):
        scene.add(cylinder(0.05, 0.02, 0.004, 32).turned("x", -90).moved(x, 0.75, 0.216), CHROME)
    steering = torus(0.17, 0.012, 48, 12).turned("x", -66).moved(0.25, 0.8, 0.06)
    scene.add(steering, wood("mahogany", 0.3))
    for angle in (0, 120, 240):
        scene.add(
            bar((0, 0, 0), (0.165, 0, 0), 0.007)
            .turned("y", angle + 90)
            .turned("x", -66)
            .moved(0.25, 0.8, 0.06),
            CHROME,
        )
    scene.add(bar((0.25, 0.8, 0.06), (0.25, 0.7, 0.28), 0.014), BLACK_METAL)
    frame = filleted(
        [(-0.52, 0.74, 0.34), (-0.47, 1.04, 0.22), (0.47, 1.04, 0.22), (0.52, 0.74, 0.34)],
        [0, 0.09, 0.09, 0],
        8,
    )
    scene.add(pipe(frame, 0.014, 12), CHROME)
    glass = np.array(
        [np.column_stack([frame[:, 0], frame[:, 1], frame[:, 2] + dz]) for dz in (-0.004, 0.004)]
    )
    scene.add(loft(glass), Material("Windscreen", "#cfe0e2", roughness=0.03, alpha=0.22))
    for x in (-0.6, 0.6):
        scene.add(superellipsoid((0.105, 0.105, 0.09), segments=36).moved(x, 0.6, 1.6), CHROME)
        scene.add(superellipsoid((0.09, 0.09, 0.04), segments=36).moved(x, 0.6, 1.665), HEADLIGHT)
        scene.add(superellipsoid((0.04, 0.075, 0.035), segments=24).moved(x * 0.94, 0.56, -1.68), TAIL_LIGHT)
    scene.add(torus(0.2, 0.018, 48, 10).scaled(1.3, 1, 0.62).turned("x", 80).moved(0, 0.47, 1.79), CHROME)
    for n in range(-6, 7):
        h = 0.11 * np.sqrt(1 - (n / 7.2) ** 2)
        scene.add(
            bar((n * 0.036, 0.47 - h, 1.785 + 0.02), (n * 0.036, 0.47 + h, 1.765 + 0.02), 0.006, sides=8),
            CHROME,
        )
    for z, span in ((1.88, 0.66), (-1.82, 0.68)):
        sign = np.sign(z)
        path = spline(
            [
                (-span, 0.36, z - sign * 0.2),
                (-span * 0.85, 0.36, z - sign * 0.03),
                (0, 0.36, z + sign * 0.03),
                (span * 0.85, 0.36, z - sign * 0.03),
                (span, 0.36, z - sign * 0.2),
            ],
            40,
        )
        scene.add(sweep(path, superellipse(0.04, 0.085, 2.4, 18), up=(0, 1, 0)), CHROME)
    for side in (-1, 1):
        scene.add(bar((side * 0.68, 0.6, -0.38), (side * 0.7, 0.6, -0.22), 0.01), CHROME)
        scene.add(bar((side * 0.6, 0.72, 0.28), (side * 0.7, 0.8, 0.3), 0.008), CHROME)
        scene.add(superellipsoid((0.06, 0.045, 0.03), segments=20).moved(side * 0.72, 0.82, 0.3), CHROME)
        scene.add(bar((side * 0.38, 0.26, -1.6), (side * 0.38, 0.26, -1.95), 0.028), CHROME)
    return scene.to_glb(shade=0.6, reach=0.5)


def camper_van() -> bytes:
    scene = Scene("Camper van")
    lower_color, upper_color = (
        paint("Coral paint", "#cf6a4a", 0.3, 0.8),
        paint("Ivory paint", "#efe6d2", 0.3, 0.8),
    )
    whole = joined(
        [brick((0, 1.03, 0), (0.85, 0.74, 2.05), 0.36), brick((0, 0.68, 0), (0.87, 0.36, 2.1), 0.2)], 0.22
    )
    wells = arches(0.41, (1.28, -1.22), 0.5)
    shell = carved(whole, wells)

    def waist(p):
        return np.full(len(p), 0.98)

    scene.add(
        skinned(lambda p: np.maximum(shell(p), p[:, 1] - waist(p)), (-1, 0.2, -2.3), (1, 1.9, 2.3), 0.05),
        lower_color,
    )
    scene.add(
        skinned(
            lambda p: np.maximum(shell(p), waist(p) + 0.006 - p[:, 1]), (-1, 0.6, -2.3), (1, 1.9, 2.3), 0.046
        ),
        upper_color,
    )
    scene.add(box(1.66, 0.2, 3.0, 0.08).moved(y=0.42), BLACK_METAL)
    put_wheels(scene, 0.34, 0.2, 0.73, (1.28, -1.22), CREAM, CHROME)

    def window(width: float, height: float) -> tuple[Mesh, Mesh]:
        glass = extrude(rounded_rectangle(width, height, 0.09, 5), 0.03, 0.01, 2)
        return glass, sweep(
            np.column_stack([rounded_rectangle(width + 0.02, height + 0.02, 0.1, 5), np.zeros(24)]),
            superellipse(0.026, 0.026, 2, 10),
            closed=True,
            up=(0, 0, 1),
        )

    for side in (-1, 1):
        for z in (-1.25, -0.42, 0.42, 1.24):
            for mesh, material in zip(window(0.7, 0.4), (DARK_GLASS, CHROME), strict=True):
                scene.add(mesh.turned("y", 90).turned("z", side * 2).moved(side * 0.848, 1.3, z), material)
        for z in (0.84, -0.0):
            scene.add(box(0.006, 0.66, 0.008, 0.002).moved(side * 0.866, 0.66, z), BLACK_METAL)
        scene.add(bar((side * 0.89, 0.9, 0.66), (side * 0.89, 0.9, 0.78), 0.011), CHROME)
        scene.add(superellipsoid((0.14, 0.14, 0.06), segments=36).moved(side * 0.56, 0.78, 2.08), CHROME)
        scene.add(
            superellipsoid((0.115, 0.115, 0.06), segments=36).moved(side * 0.56, 0.78, 2.095), HEADLIGHT
        )
        scene.add(superellipsoid((0.05, 0.11, 0.04), segments=24).moved(side * 0.68, 0.78, -2.08), TAIL_LIGHT)
        scene.add(
            superellipsoid((0.06, 0.04, 0.03), segments=20).moved(side * 0.6, 0.99, 2.06),
            Material("Amber lens", "#d98a2b", roughness=0.2),
        )
    for x, width, front in ((0.31, 0.56, 1), (-0.31, 0.56, 1), (0.0, 1.1, -1)):
        pane, frame = draped(whole, rounded_rectangle(width, 0.4, 0.09, 6) + (x, 1.3), front)
        scene.add(pane, DARK_GLASS)
        scene.add(pipe(frame, 0.014, 10, closed=True), CHROME)
    trim = girdle(whole, 0.98)
    scene.add(sweep(trim, superellipse(0.016, 0.04, 3, 12), closed=True, up=(0, 1, 0)), CHROME)
    for z in (2.13, -2.13):
        sign = np.sign(z)
        path = spline(
            [
                (-0.88, 0.46, z - sign * 0.25),
                (-0.72, 0.46, z),
                (0, 0.46, z + sign * 0.03),
                (0.72, 0.46, z),
                (0.88, 0.46, z - sign * 0.25),
            ],
            36,
        )
        scene.add(sweep(path, superellipse(0.05, 0.13, 2.6, 18), up=(0, 1, 0)), CREAM)
    scene.add(torus(0.13, 0.014, 48, 10).turned("x", 90).moved(0, 0.83, 2.115), CHROME)
    rack = wood("oak", 0.5)
    for x in (-0.6, -0.36, -0.12, 0.12, 0.36, 0.6):
        scene.add(box(0.09, 0.025, 2.3, 0.006).moved(x, 1.84, -0.2), rack)
    for z in (-1.2, -0.2, 0.8):
        scene.add(bar((-0.68, 1.82, z), (0.68, 1.82, z), 0.014), BLACK_METAL)
        for x in (-0.66, 0.66):
            scene.add(bar((x, 1.66, z), (x, 1.86, z), 0.014), BLACK_METAL)
    scene.add(
        box(0.44, 0.2, 0.66, 0.04, 3).moved(-0.3, 1.95, 0.3), leather("#6a3d22", 0.3, name="Suitcase leather")
    )
    board = [
        np.column_stack(
            [
                w * superellipse(0.5, 0.05, 2, 20)[:, 0],
                superellipse(0.5, 0.05, 2, 20)[:, 1] * max(w, 0.3) + 1.88 + 0.1 * t**4,
                np.full(20, -0.25 + 1.1 * t),
            ]
        )
        for t, w in zip(
            np.linspace(-1, 1, 24), np.sqrt(np.clip(1 - np.linspace(-1, 1, 24) ** 4, 0.0004, 1)), strict=True
        )
    ]
    scene.add(loft(board).moved(x=0.32), paint("Surfboard", "#4f8f8b", 0.25, 0.9))
    return scene.to_glb(shade=0.6, reach=0.5)


def rocket() -> bytes:
    scene = Scene("Retro rocket")
    red, cream = paint("Signal red enamel", "#b5352a", 0.25, 0.9), paint("Ivory enamel", "#ece4d3", 0.25, 0.9)
    profile = spline([(0.34, 0.62), (0.5, 1.1), (0.56, 1.7), (0.47, 2.5), (0.27, 3.15), (0.0, 3.62)], 90)
    cut = int(np.searchsorted(profile[:, 1], 2.75))
    scene.add(lathe(np.vstack([[(0, 0.62)], profile[: cut + 1], [(0, profile[cut, 1])]]), 80), cream)
    scene.add(lathe(np.vstack([[(0, profile[cut, 1])], profile[cut:]]), 80), red)
    for y in (0.72, 1.25, 2.74):
        scene.add(torus(np.interp(y, profile[:, 1], profile[:, 0]) + 0.004, 0.016, 80, 10).moved(y=y), CHROME)
    scene.add(
        lathe(spline([(0.03, 0), (0.012, 0.1), (0.006, 0.3), (0.0, 0.42)], 16), 16).moved(y=3.58), CHROME
    )
    nozzle = filleted(
        [(0, 0.62), (0.2, 0.62), (0.17, 0.52), (0.29, 0.3), (0.26, 0.3), (0.13, 0.52), (0, 0.54)],
        [0, 0.02, 0.03, 0.01, 0.01, 0.03, 0],
        5,
    )
    scene.add(lathe(nozzle[::-1], 56), brushed("#8e8f92", 0.3, name="Heat-stained steel"))
    outline = spline(
        [
            (0.36, 0.85),
            (0.66, 0.66),
            (0.92, 0.28),
            (0.98, 0.0),
            (0.9, 0.02),
            (0.76, 0.32),
            (0.5, 0.46),
            (0.32, 0.66),
        ],
        80,
        closed=True,
    )
    fin = extrude(
        outline
        if np.cross(np.append(outline[1] - outline[0], 0), np.append(outline[20] - outline[0], 0))[2] > 0
        else outline[::-1],
        0.075,
        0.03,
        4,
    ).with_crease(60)
    scene.add(around(fin, 3, start=90), red)
    scene.add(
        around(superellipsoid((0.06, 0.03, 0.06), segments=24), 3, 0.94, start=90).moved(y=0.02), CHROME
    )
    for angle, y in ((90, 2.1), (50, 1.55), (130, 1.55)):
        radius = np.interp(y, profile[:, 1], profile[:, 0])
        for mesh, material in (
            (torus(0.13, 0.032, 48, 12), BRASS),
            (cylinder(0.13, 0.02, 0.008, 40), DARK_GLASS),
        ):
            scene.add(
                mesh.turned("x", 90)
                .turned("x", -(y - 1.7) * 15)
                .moved(0, y, radius - 0.006)
                .turned("y", angle - 90),
                material,
            )
        scene.add(
            around(sphere(0.009, 10), 10, 0.165)
            .turned("x", 90)
            .turned("x", -(y - 1.7) * 15)
            .moved(0, y, radius - 0.004)
            .turned("y", angle - 90),
            BRASS,
        )
    door = filleted([(-0.14, -0.25), (0.14, -0.25), (0.14, 0.25), (-0.14, 0.25)], 0.13, 8, closed=True)
    path = np.column_stack([door[:, 0], door[:, 1] + 1.12, np.zeros(len(door))])
    path[:, 2] = np.sqrt(np.interp(path[:, 1], profile[:, 1], profile[:, 0]) ** 2 - path[:, 0] ** 2)
    scene.add(pipe(path, 0.011, 8, closed=True).turned("y", 25), CHROME)
    return scene.to_glb(shade=0.6)


def sailboat() -> bytes:
    scene = Scene("Gaff-rigged sailboat")
    hull_wood, deck = planks("mahogany", 10, 0.9), planks("ash", 12, 0.8)
    stations = np.linspace(-1, 1, 40)
    rings = []
    for t in stations:
        beam = (
            0.62 * (1 - np.clip((t + 0.12) / 1.12, 0, 1) ** 2.2) * (1 - 0.28 * np.clip(-t, 0, 1) ** 3) + 0.004
        )
        keel = -0.46 + 0.38 * np.clip((t - 0.25) / 0.75, 0, 1) ** 2.2 + 0.16 * np.clip(-t - 0.4, 0, 1)
        sheer = 0.16 + 0.17 * t * t + (0.05 * t if t > 0 else 0)
        angle = np.linspace(np.pi, 2 * np.pi, 23)
        x = beam * np.sign(np.cos(angle)) * np.abs(np.cos(angle)) ** 0.8
        y = sheer + (sheer - keel) * np.sign(np.sin(angle)) * np.abs(np.sin(angle)) ** 0.9
        outer = np.column_stack([x, y, np.full(23, t * 1.6)])
        inner = np.column_stack(
            [x[::-1] * 0.93, np.maximum(y[::-1] - 0.004, sheer - 0.085), np.full(23, t * 1.585)]
        )
        rings.append(np.vstack([outer, inner]))
    hull = loft(rings)
    hull = (
        hull
        if (
            hull.vertices[hull.faces].mean(axis=1)[:, 0]
            * np.cross(
                hull.vertices[hull.faces[:, 1]] - hull.vertices[hull.faces[:, 0]],
                hull.vertices[hull.faces[:, 2]] - hull.vertices[hull.faces[:, 0]],
            )[:, 0]
        ).sum()
        > 0
        else hull.flipped()
    )
    scene.add(
        Mesh(
            hull.vertices,
            hull.faces,
            np.column_stack([hull.vertices[:, 2], hull.vertices[:, 1] * 1.4]),
            crease=40,
        ),
        hull_wood,
    )
    deck_rings = []
    for ring in rings[1:-1]:
        left, right, y, z = ring[0, 0] * 0.96, ring[22, 0] * 0.96, ring[0, 1] - 0.06, ring[0, 2]
        across = np.linspace(left, right, 8)
        camber = 0.025 * (1 - (across / max(abs(left), 1e-3)) ** 2)
        deck_rings.append(
            np.column_stack(
                [
                    np.concatenate([across, across[::-1]]),
                    np.concatenate([np.full(8, y - 0.02), y + camber[::-1]]),
                    np.full(16, z),
                ]
            )
        )
    scene.add(loft(deck_rings).mapped_flat("y", turn=True), deck)
    for side in (0, 22):
        rail = np.array([ring[side] + (0, 0.008, 0) for ring in rings])
        scene.add(pipe(rail, 0.018, 10, rounded=True), wood("oak", 0.4))
    scene.add(
        extrude(
            filleted([(-1.25, -0.3), (-0.9, -0.52), (0.5, -0.5), (1.1, -0.22)], [0, 0.05, 0.1, 0], 4),
            0.07,
            0.02,
        ).turned("y", -90),
        paint("Antifouling", "#5f2a22", 0.7),
    )
    scene.add(box(0.62, 0.17, 0.9, 0.05, 4).moved(0, 0.23, 0.28), CREAM)
    scene.add(box(0.66, 0.025, 0.96, 0.012, 3).moved(0, 0.325, 0.28), wood("oak", 0.5))
    for side in (-1, 1):
        for z in (0.02, 0.28, 0.54):
            for mesh, material in (
                (torus(0.045, 0.01, 32, 10), BRASS),
                (cylinder(0.045, 0.008, 0.002, 28), DARK_GLASS),
            ):
                scene.add(mesh.turned("z", -side * 90).moved(side * 0.312, 0.235, z), material)
    scene.add(box(0.56, 0.05, 0.7, 0.02).moved(0, 0.12, -0.75), BLACK_METAL)
    for side in (-1, 1):
        scene.add(box(0.16, 0.03, 0.74, 0.008).moved(side * 0.22, 0.16, -0.75), deck)
    scene.add(bar((0, 0.1, 0.82), (0, 3.05, 0.74), 0.036, 0.022, 18), wood("spruce", 0.5))
    scene.add(bar((0, 0.52, 0.78), (0, 0.56, -1.3), 0.026, 0.02, 14), wood("spruce", 0.5))
    scene.add(bar((0, 2.1, 0.8), (0, 2.95, -0.62), 0.02, 0.016, 14), wood("spruce", 0.5))
    scene.add(bar((0, 0.36, 1.35), (0, 0.56, 2.35), 0.03, 0.018, 14), wood("spruce", 0.5))

    def sail(corners, belly: float, name: str, color: str) -> None:
        a, b, c, d = (np.array(p, float) for p in corners)
        rows = []
        for u in np.linspace(0, 1, 22):
            v = np.linspace(0, 1, 22)[:, None]
            line = (1 - v) * ((1 - u) * a + u * b) + v * ((1 - u) * d + u * c)
            out = (
                belly * np.sin(np.pi * u) ** 0.8 * np.sin(np.pi * np.clip(v[:, 0] * 0.92 + 0.04, 0, 1)) ** 0.8
            )
            front = line + np.column_stack([out, np.zeros(22), np.zeros(22)])
            rows.append(np.vstack([front, front[::-1] + (0.006, 0, 0)]))
        cloth = loft(rows)
        scene.add(
            Mesh(cloth.vertices, cloth.faces, cloth.vertices[:, [2, 1]], crease=60),
            fabric(color, tile=0.35, threads=24, name=name),
        )

    sail(
        ((0, 0.6, 0.74), (0, 0.62, -1.26), (0, 2.9, -0.58), (0, 2.08, 0.74)), 0.2, "Tan sailcloth", "#b5603c"
    )
    sail(
        ((0, 0.62, 2.25), (0, 0.5, 0.98), (0, 2.66, 0.82), (0, 2.7, 0.83)), 0.15, "Cream sailcloth", "#e6dac0"
    )
    for start, end in (
        ((0, 3.0, 0.74), (0, 0.55, 2.33)),
        ((0, 3.0, 0.74), (0.55, 0.26, 0.6)),
        ((0, 3.0, 0.74), (-0.55, 0.26, 0.6)),
        ((0, 3.02, 0.74), (0, 2.93, -0.55)),
        ((0, 0.56, -1.25), (0, 0.3, -1.5)),
    ):
        scene.add(bar(start, end, 0.006, sides=6), paint("Rigging", "#c9b48a", 0.9))
    flag = [
        np.array(
            [
                (0.02 * np.sin(6 * u), 3.05, 0.72 - 0.34 * u),
                (0.02 * np.sin(6 * u), 3.2 - 0.05 * u, 0.72 - 0.34 * u),
                (0.02 * np.sin(6 * u) + 0.004, 3.2 - 0.05 * u, 0.72 - 0.34 * u),
                (0.02 * np.sin(6 * u) + 0.004, 3.05, 0.72 - 0.34 * u),
            ]
        )
        for u in np.linspace(0, 1, 14)
    ]
    scene.add(loft(flag), paint("Pennant", "#2f5560", 0.8))
    return scene.to_glb(shade=0.6, reach=0.5)


def balloon() -> bytes:
    scene = Scene("Hot-air balloon")
    craft = scene.node("Balloon")
    gores, palette = 24, ("#c8503a", "#e9dcc0", "#d99a3c", "#e9dcc0")
    envelope = spline(
        [(0.85, 3.6), (1.9, 5.0), (3.9, 7.4), (4.9, 10.0), (4.3, 12.6), (2.3, 14.4), (0.0, 14.95)], 72
    )
    turn = np.linspace(0, 2 * np.pi / gores, 9)
    for gore in range(gores):
        rows = []
        for radius, y in envelope:
            bulge = radius * (1 + 0.035 * np.sin(turn * gores / 2))
            angle = turn + 2 * np.pi * gore / gores
            rows.append(np.column_stack([bulge * np.cos(angle), np.full(9, y), -bulge * np.sin(angle)]))
        grid = np.array(rows)
        r, c = np.meshgrid(np.arange(71), np.arange(8), indexing="ij")
        a = (r * 9 + c).ravel()
        faces = np.vstack([np.column_stack([a, a + 1, a + 9]), np.column_stack([a + 1, a + 10, a + 9])])
        color = palette[gore % 4]
        panel = Mesh(grid.reshape(-1, 3), faces, np.zeros((grid.size // 3, 2)), crease=60)
        craft.add(
            panel, Material(f"Ripstop {palette.index(color) + 1}", color, roughness=0.65, double_sided=True)
        )
    for y in (6.2, 12.9):
        ring = np.interp(y, envelope[:, 1], envelope[:, 0])
        craft.add(torus(ring * 1.03, 0.03, 96, 8).moved(y=y), paint("Load tape", "#2f4a54", 0.7))
    craft.add(
        lathe([(0.82, 3.62), (0.9, 3.62), (1.0, 3.1), (0.96, 3.1)], 48, closed=True),
        paint("Skirt", "#2f4a54", 0.8),
    )
    outline = rounded_rectangle(1.5, 1.1, 0.22, 6)
    rings = [
        np.column_stack([outline[:, 0] * s, np.full(len(outline), y), -outline[:, 1] * s])
        for s, y in ((0.86, 0), (0.93, 0.25), (1, 1.0), (0.93, 1.0), (0.87, 0.25), (0.82, 0.1))
    ]
    craft.add(loft(rings, crease=40), wicker(tile=0.45))
    rim = np.column_stack([outline[:, 0] * 0.97, np.full(len(outline), 1.02), -outline[:, 1] * 0.97])
    craft.add(pipe(rim, 0.055, 14, closed=True), leather("#5b3520", 0.25, name="Rim leather"))
    for x in (-0.62, 0.62):
        for z in (-0.42, 0.42):
            craft.add(bar((x, 0.95, z), (x * 0.6, 2.15, z * 0.7), 0.022), STEEL)
            craft.add(bar((x * 0.6, 2.15, z * 0.7), (x * 1.45, 3.2, z * 1.85), 0.012, sides=8), BLACK_METAL)
            craft.add(
                superellipsoid((0.1, 0.17, 0.08), 0.5, 1, 20).moved(x * 1.22, 0.55, z * 0.6),
                fabric("#b99a63", tile=0.2, name="Sandbag"),
            )
    craft.add(
        pipe(
            [(-0.37, 2.15, -0.29), (0.37, 2.15, -0.29), (0.37, 2.15, 0.29), (-0.37, 2.15, 0.29)],
            0.025,
            10,
            closed=True,
        ),
        STEEL,
    )
    for x in (-0.15, 0.15):
        craft.add(cylinder(0.11, 0.28, 0.02, 28, top=0.13).moved(x, 2.15, 0), brushed("#a9abad", 0.3))
        craft.add(
            lathe(spline([(0, 2.42), (0.08, 2.6), (0.06, 2.85), (0, 3.2)], 18), 20).moved(x=x),
            Material("Burner flame", "#ffcf7a", emissive="#ff9d3c", glow=3.0),
        )
    times = np.linspace(0, 8, 17)
    lift = [(0.12 * np.sin(2 * np.pi * t / 8), 0.35 * np.sin(2 * np.pi * t / 8) ** 2, 0) for t in times]
    sway = [quaternion("z", 1.6 * np.sin(2 * np.pi * t / 8)) for t in times]
    scene.animate(
        "Floating", Channel(craft, "translation", times, lift), Channel(craft, "rotation", times, sway)
    )
    return scene.to_glb(shade=0.55, reach=2.0)


def biplane() -> bytes:
    scene = Scene("Barnstormer biplane")
    yellow, navy = paint("Chrome yellow dope", "#dfa32c", 0.4, 0.5), paint("Navy dope", "#22354a", 0.4, 0.5)
    rings = []
    for z, w, h, y in (
        (1.95, 0.42, 0.42, 0),
        (1.8, 0.5, 0.5, 0),
        (1.2, 0.54, 0.56, 0),
        (0.5, 0.56, 0.62, 0.02),
        (-0.4, 0.52, 0.6, 0.03),
        (-1.4, 0.36, 0.42, 0.07),
        (-2.4, 0.2, 0.24, 0.12),
        (-2.85, 0.05, 0.14, 0.14),
    ):
        outline = superellipse(w * 2 * 0.62, h * 2 * 0.62, 2.5, 40)
        rings.append(np.column_stack([outline[:, 0], outline[:, 1] + y, np.full(40, z)]))
    dense = np.stack([spline(np.array(rings)[:, k], 60) for k in range(40)], axis=1)
    scene.add(loft(dense[::-1], crease=50), navy)

    def wing(half: float, chord: float, y: float, z: float, sweep_back: float, dihedral: float) -> Mesh:
        base = spline(
            [
                (0.5, 0),
                (0.35, 0.045),
                (0.05, 0.07),
                (-0.25, 0.05),
                (-0.5, 0.0),
                (-0.25, -0.012),
                (0.1, -0.02),
                (0.4, -0.018),
            ],
            36,
            closed=True,
        )
        stations = []
        for t in np.linspace(-1, 1, 44):
            round_tip = np.sqrt(max(1 - max(0, (abs(t) - 0.86) / 0.14) ** 2, 0.003))
            stations.append(
                np.column_stack(
                    [
                        np.full(36, t * half),
                        base[:, 1] * chord * (0.3 + 0.7 * round_tip) + y + dihedral * abs(t),
                        base[:, 0] * chord * round_tip + z - sweep_back * abs(t),
                    ]
                )
            )
        skin = loft(stations, crease=50)
        return (
            skin
            if np.einsum(
                "ij,ij->",
                skin.vertices[skin.faces[:, 0]],
                np.cross(skin.vertices[skin.faces[:, 1]], skin.vertices[skin.faces[:, 2]]),
            )
            > 0
            else skin.flipped()
        )

    scene.add(wing(2.9, 0.92, 0.86, 0.95, 0.1, 0.08), yellow)
    scene.add(wing(2.6, 0.86, -0.3, 0.62, 0.08, 0.12), yellow)
    scene.add(wing(1.05, 0.6, 0.18, -2.5, 0.12, 0.0), yellow)
    rudder = spline(
        [(-2.2, 0.22), (-2.5, 0.68), (-2.85, 0.86), (-3.1, 0.6), (-3.08, 0.2), (-2.9, 0.05)], 50, closed=True
    )
    scene.add(
        extrude(
            rudder[:, :]
            if np.sum(
                np.cross(np.pad(rudder, ((0, 0), (0, 1))), np.pad(np.roll(rudder, -1, 0), ((0, 0), (0, 1))))[
                    :, 2
                ]
            )
            > 0
            else rudder[::-1],
            0.06,
            0.025,
            3,
        ).turned("y", -90),
        yellow,
    )
    strut = paint("Varnished strut", "#7a4c28", 0.4, 0.4)
    for side in (-1, 1):
        for x, z_shift in ((1.75, 0.0),):
            for dz in (0.3, -0.3):
                scene.add(bar((side * x, -0.2, 0.6 + dz), (side * (x + 0.1), 0.9, 0.9 + dz), 0.026), strut)
            for a, b in (((x, -0.2, 0.9), (0.35, 0.84, 1.1)), ((0.38, -0.25, 0.75), (x + 0.1, 0.88, 1.0))):
                scene.add(
                    bar((side * a[0], a[1], a[2] + z_shift), (side * b[0], b[1], b[2]), 0.006, sides=6), STEEL
                )
        for dz in (0.28, -0.25):
            scene.add(bar((side * 0.26, 0.25, 0.85 + dz), (side * 0.34, 0.88, 0.95 + dz), 0.022), strut)
        scene.add(bar((side * 0.28, -0.28, 1.15), (side * 0.62, -0.84, 1.2), 0.03), strut)
        scene.add(bar((side * 0.28, -0.28, 0.6), (side * 0.62, -0.84, 1.15), 0.026), strut)
        for mesh, material in wheel(0.27, 0.13, CREAM, CHROME):
            scene.add((mesh if side > 0 else mesh.turned("y", 180)).moved(side * 0.68, -0.86, 1.18), material)
    scene.add(bar((-0.66, -0.86, 1.18), (0.66, -0.86, 1.18), 0.024), STEEL)
    scene.add(bar((0, 0.0, -2.6), (0, -0.22, -2.95), 0.02), STEEL)
    scene.add(sphere(0.05, 20).moved(0, -0.24, -2.96), BLACK_RUBBER)
    for n in range(9):
        cyl = [cylinder(0.075, 0.2, 0.01, 20)] + [
            torus(0.085, 0.01, 24, 6).moved(y=y) for y in (0.05, 0.09, 0.13, 0.17)
        ]
        for mesh in cyl:
            scene.add(mesh.moved(y=0.2).turned("z", n * 40).moved(z=1.99), GUNMETAL)
    scene.add(cylinder(0.22, 0.22, 0.03, 40).turned("x", 90).moved(z=1.88), STEEL)
    scene.add(torus(0.4, 0.045, 64, 14).scaled(1, 3.0, 1).turned("x", 90).moved(z=1.98), BRASS)
    propeller = scene.node("Propeller", at=(0, 0, 2.2))
    blade = []
    for t in np.linspace(0, 1, 24):
        w = np.interp(t, [0, 0.1, 0.5, 0.9, 1], [0.06, 0.07, 0.13, 0.09, 0.02])
        section = superellipse(w, 0.05 * (1 - 0.75 * t) + 0.006, 2, 16)
        a = np.radians(62 - 42 * t)
        blade.append(
            np.column_stack(
                [
                    section[:, 0] * np.cos(a) - section[:, 1] * np.sin(a),
                    np.full(16, 0.02 + 0.93 * t),
                    section[:, 0] * np.sin(a) + section[:, 1] * np.cos(a),
                ]
            )
        )
    one = loft(blade[::-1], crease=60)
    one = (
        one
        if np.einsum(
            "ij,ij->",
            one.vertices[one.faces[:, 0]],
            np.cross(one.vertices[one.faces[:, 1]], one.vertices[one.faces[:, 2]]),
        )
        > 0
        else one.flipped()
    )
    for angle in (20, 200):
        propeller.add(one.turned("z", angle), wood("mahogany", 0.5, gloss=0.3))
    propeller.add(
        lathe(spline([(0.1, -0.06), (0.09, 0.03), (0.05, 0.12), (0.0, 0.16)], 20), 36).turned("x", 90), BRASS
    )
    for z in (0.12, -0.72):
        scene.add(superellipsoid((0.25, 0.1, 0.3), 0.8, 0.8, 32).moved(y=0.36, z=z), BLACK_PLASTIC)
        scene.add(
            torus(0.24, 0.035, 48, 10).scaled(1, 1, 1.2).moved(y=0.385, z=z),
            leather("#6b3f22", 0.2, name="Coaming"),
        )
        screen = [
            np.array(
                [
                    (0.2 * np.cos(a), 0.38, z + 0.33 + 0.1 * np.sin(a)),
                    (0.17 * np.cos(a), 0.58, z + 0.25 + 0.09 * np.sin(a)),
                    (0.168 * np.cos(a), 0.58, z + 0.245 + 0.09 * np.sin(a)),
                    (0.196 * np.cos(a), 0.38, z + 0.325 + 0.1 * np.sin(a)),
                ]
            )
            for a in np.radians(np.linspace(0, 180, 20))
        ]
        scene.add(loft(screen), Material("Windscreen", "#dbe6e6", roughness=0.05, alpha=0.25))
    scene.animate("Propeller", spin(propeller, "z", 0.8, 1))
    return scene.to_glb(shade=0.55, reach=0.6)
