"""Arms, armour and treasure."""

from __future__ import annotations

import numpy as np

from config.demo.builders.home import vessel
from config.demo.geometry.curves import filleted, spline, superellipse
from config.demo.geometry.mesh import Mesh, around, flat_shaded, shaded
from config.demo.geometry.solids import (
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
from config.demo.glb import Channel, Material, Scene, quaternion
from config.demo.materials.metal import forged, hammered
from config.demo.materials.organic import leather, planks, wood
from config.demo.materials.plain import AGED_BRASS, BRASS, GOLD, STEEL, paint

IRON = Material("Wrought iron", "#3b3d41", metallic=0.9, roughness=0.5)
RUBY = Material("Ruby", "#8e1022", roughness=0.05, clearcoat=1.0)


def blade(length: float, width: float, thick: float, fuller: float) -> Mesh:
    """A double-edged blade along +Y with a central groove."""
    rings = []
    for t in np.linspace(0, 1, 40):
        w = (
            width / 2 * (1 - 0.28 * t) * np.sqrt(np.clip((1 - t) / 0.12, 0, 1))
            if t > 0.88
            else width / 2 * (1 - 0.28 * t)
        )
        h = thick / 2 * (1 - 0.5 * t)
        groove = h * (0.45 if t < fuller else 0.45 + 0.55 * min(1, (t - fuller) / 0.08))
        w = max(w, 0.0006)
        half = [(w, 0), (w * 0.5, h), (w * 0.2, h), (0, groove), (-w * 0.2, h), (-w * 0.5, h), (-w, 0)]
        section = np.array(half + [(x, -z) for x, z in half[::-1][1:-1]])
        rings.append(np.column_stack([section[:, 0], np.full(len(section), t * length), section[:, 1]]))
    mesh = loft(rings[::-1], crease=22)
    return Mesh(mesh.vertices, mesh.faces, mesh.vertices[:, [1, 0]], crease=22)


def sword() -> bytes:
    scene = Scene("Knight's longsword")
    stand = scene.node("Sword", at=(0, 0, 0))
    mesh = blade(0.86, 0.052, 0.0075, 0.62)
    volume = np.einsum(
        "ij,ij->",
        mesh.vertices[mesh.faces[:, 0]],
        np.cross(mesh.vertices[mesh.faces[:, 1]], mesh.vertices[mesh.faces[:, 2]]),
    )
    stand.add(mesh if volume > 0 else mesh.flipped(), forged())
    guard = spline(
        [(-0.115, -0.03, 0), (-0.08, -0.006, 0), (0, 0.0, 0), (0.08, -0.006, 0), (0.115, -0.03, 0)], 40
    )
    stand.add(
        sweep(
            guard,
            superellipse(0.018, 0.016, 3, 20),
            np.interp(np.linspace(-1, 1, 40), [-1, 0, 1], [0.72, 1.15, 0.72]),
            up=(0, 0, 1),
        ),
        AGED_BRASS,
    )
    for x in (-0.118, 0.118):
        stand.add(sphere(0.0125, 24).moved(x, -0.036, 0), AGED_BRASS)
    stand.add(superellipsoid((0.022, 0.018, 0.014), segments=28), AGED_BRASS)
    stand.add(
        lathe(
            spline([(0.011, -0.19), (0.0145, -0.1), (0.0125, -0.008)], 20).tolist() + [[0, -0.008]],
            28,
            tile=0.05,
        ),
        leather("#43261a", 0.05, name="Grip leather"),
    )
    wire = [
        (0.0142 * np.cos(a), -0.185 + 0.172 * k, 0.0142 * np.sin(a))
        for k, a in zip(np.linspace(0, 1, 240), np.linspace(0, 2 * np.pi * 13, 240), strict=True)
    ]
    stand.add(pipe(wire, 0.0011, 6), BRASS)
    stand.add(
        lathe(
            filleted([(0, -0.022), (0.034, -0.022), (0.034, 0.022), (0, 0.022)], [0, 0.012, 0.012, 0], 6), 48
        )
        .turned("x", 90)
        .moved(y=-0.222)
        .scaled(1, 1, 0.62),
        AGED_BRASS,
    )
    for z in (-1, 1):
        stand.add(superellipsoid((0.016, 0.016, 0.006), segments=28).moved(0, -0.222, z * 0.0135), RUBY)
    stand.rotation = ("z", 180)
    return scene.to_glb(shade=0.5, reach=0.05)


def shield() -> bytes:
    scene = Scene("Viking round shield")
    face = scene.node("Shield", rotation=("x", -12))

    def dish(p):
        return p - np.column_stack([np.zeros(len(p)), np.zeros(len(p)), 0.32 * (p[:, 0] ** 2 + p[:, 1] ** 2)])

    boards = lathe(
        [
            (0, 0),
            *[(r, 0) for r in np.linspace(0.04, 0.42, 12)],
            *[(r, 0.014) for r in np.linspace(0.42, 0.04, 12)],
            (0, 0.014),
        ],
        96,
    ).turned("x", 90)
    flat = boards.mapped_flat("z", turn=True)
    field_red, field_cream = planks("oak", 7, 0.8, tint="#c05540"), planks("oak", 7, 0.8, tint="#f0e6d2")
    angle = (
        np.degrees(
            np.arctan2(
                flat.vertices[flat.faces].mean(axis=1)[:, 1], flat.vertices[flat.faces].mean(axis=1)[:, 0]
            )
        )
        % 360
    )
    quarter = (angle // 90).astype(int) % 2 == 0
    for mask, material in ((quarter, field_red), (~quarter, field_cream)):
        part = Mesh(flat.vertices, flat.faces[mask], flat.uv, crease=40).warped(dish)
        face.add(part, material)
    face.add(
        torus(0.421, 0.012, 96, 14).turned("x", 90).warped(dish), leather("#4a2f1d", 0.1, name="Rawhide rim")
    )
    clamp = box(0.035, 0.03, 0.034, 0.006, 3).moved(x=0.42)
    rivet = superellipsoid((0.008, 0.008, 0.006), segments=16)
    for n in range(8):
        a = n * 45 + 22.5
        face.add(clamp.turned("z", a).moved(z=0.004).warped(dish), IRON)
        face.add(rivet.moved(x=0.39, z=0.016).turned("z", a).warped(dish), STEEL)
    boss = spline(
        [(0.11, 0.012), (0.1, 0.02), (0.082, 0.028), (0.075, 0.055), (0.045, 0.083), (0.0, 0.092)], 36
    )
    face.add(
        lathe(np.vstack([[(0, 0.008), (0.112, 0.008)], boss]), 64, tile=0.12).turned("x", 90),
        hammered("#8d9096", 0.12, 60, name="Hammered steel"),
    )
    face.add(
        around(superellipsoid((0.007, 0.006, 0.007), segments=14), 8, 0.096).moved(y=0.022).turned("x", 90),
        BRASS,
    )
    for n in range(4):
        arm = extrude(
            filleted(
                [(0.1, -0.016), (0.36, -0.009), (0.385, 0), (0.36, 0.009), (0.1, 0.016)],
                0.004,
                2,
                closed=True,
            ),
            0.006,
            0.0015,
        ).moved(z=0.017)
        dense = arm.turned("z", n * 90 + 45).warped(dish)
        face.add(dense, IRON)
        for r in (0.16, 0.26, 0.345):
            face.add(rivet.moved(x=r, z=0.02).turned("z", n * 90 + 45).warped(dish), BRASS)
    face.add(box(0.5, 0.035, 0.025, 0.006).moved(z=-0.03), wood("ash", 0.3))
    return scene.to_glb(shade=0.6, reach=0.08)


def chest() -> bytes:
    scene = Scene("Treasure chest")
    boards = planks("walnut", 6, 0.45)
    w, h, d = 0.72, 0.34, 0.44
    for z in (-1, 1):
        scene.add(box(w, h, 0.03, 0.004).moved(0, h / 2 + 0.02, z * (d / 2 - 0.015)), boards)
    for x in (-1, 1):
        scene.add(box(0.03, h, d - 0.03, 0.004).moved(x * (w / 2 - 0.015), h / 2 + 0.02, 0), boards)
    scene.add(box(w - 0.02, 0.03, d - 0.02, 0.003).moved(y=0.035), boards)
    for x in (-w / 2, w / 2):
        for z in (-d / 2, d / 2):
            scene.add(box(0.06, h + 0.01, 0.06, 0.008).moved(x * 0.965, h / 2 + 0.02, z * 0.945), IRON)
            scene.add(sphere(0.03, 20).moved(x * 0.93, 0.025, z * 0.9), IRON)
    for y in (0.06, h - 0.02):
        for z in (-1, 1):
            scene.add(box(w + 0.006, 0.04, 0.012, 0.003).moved(0, y + 0.02, z * (d / 2 + 0.003)), IRON)
        for x in (-1, 1):
            scene.add(box(0.012, 0.04, d + 0.006, 0.003).moved(x * (w / 2 + 0.003), y + 0.02, 0), IRON)
    rivet = shaded(superellipsoid((0.009, 0.009, 0.005), segments=14))
    for x in np.linspace(-0.3, 0.3, 7):
        for y in (0.08, h):
            scene.add(rivet.moved(x, y, d / 2 + 0.009), BRASS)
    for x in (-1, 1):
        ring = torus(0.045, 0.008, 36, 10).turned("z", 90)
        scene.add(ring.moved(x * (w / 2 + 0.012), 0.19, 0), IRON)
        scene.add(box(0.02, 0.03, 0.05, 0.004).moved(x * (w / 2 + 0.008), 0.235, 0), IRON)
    lid = scene.node("Lid", at=(0, h + 0.025, -d / 2), rotation=("x", -62))
    arc = np.radians(np.linspace(0, 180, 17))
    radius = d / 2

    def vault(outer: float, inner: float, width: float) -> Mesh:
        outline = np.vstack(
            [
                np.column_stack([outer * np.cos(arc), 0.72 * outer * np.sin(arc)]),
                np.column_stack([inner * np.cos(arc[::-1]), 0.72 * inner * np.sin(arc[::-1])]),
            ]
        )
        return extrude(outline, width, 0.003).turned("y", 90).moved(z=radius)

    shell = vault(radius, radius - 0.028, w)
    girth = np.degrees(np.arctan2(shell.vertices[:, 1], shell.vertices[:, 2] - radius)) / 180 * np.pi * radius
    lid.add(
        Mesh(shell.vertices, shell.faces, np.column_stack([shell.vertices[:, 0], girth]), crease=30), boards
    )
    for x in (-1, 1):
        end = (
            extrude(
                np.column_stack([(radius - 0.02) * np.cos(arc), 0.72 * (radius - 0.02) * np.sin(arc)]),
                0.028,
                0.003,
            )
            .turned("y", 90)
            .moved(x * (w / 2 - 0.02), 0, radius)
        )
        lid.add(end.mapped_flat("x"), boards)
    for x in (-0.335, -0.12, 0.12, 0.335):
        lid.add(vault(radius + 0.008, radius - 0.004, 0.045).moved(x=x), IRON)
        for a in np.radians((25, 57, 90, 123, 155)):
            lid.add(
                rivet.turned("x", -90)
                .turned("x", 90 - np.degrees(a))
                .moved(x, 0.72 * (radius + 0.01) * np.sin(a), radius + (radius + 0.01) * np.cos(a)),
                BRASS,
            )
    lid.add(box(w + 0.004, 0.03, 0.012, 0.003).moved(0, 0.012, d + 0.002), IRON)
    lid.add(box(0.1, 0.12, 0.018, 0.006).moved(0, -0.02, d + 0.01), AGED_BRASS)
    scene.add(box(0.13, 0.14, 0.02, 0.008).moved(0, h - 0.055, d / 2 + 0.012), AGED_BRASS)
    scene.add(cylinder(0.013, 0.006, 0.001, 24).turned("x", 90).moved(0, h - 0.05, d / 2 + 0.02), IRON)
    scene.add(box(0.008, 0.03, 0.006, 0.001).moved(0, h - 0.068, d / 2 + 0.022), IRON)
    random = np.random.default_rng(9)
    coin = shaded(cylinder(0.022, 0.0045, 0.001, 14))
    heap = superellipsoid((w / 2 - 0.04, 0.075, d / 2 - 0.04), 0.7, 0.6, 36).moved(y=h - 0.055)
    scene.add(heap, GOLD)
    for _ in range(210):
        x, z = random.uniform(-0.31, 0.31), random.uniform(-0.17, 0.17)
        y = (
            h
            - 0.055
            + 0.075 * max(0, 1 - (abs(x) / 0.34) ** 2.4) ** 0.5 * max(0, 1 - (abs(z) / 0.19) ** 2.4) ** 0.5
        )
        scene.add(
            coin.turned("x", random.uniform(-40, 40))
            .turned("z", random.uniform(-40, 40))
            .moved(x, y - 0.002, z),
            GOLD,
        )
    gem = flat_shaded(lathe([(0, -0.03), (0.026, 0), (0.026, 0.004), (0.016, 0.014), (0, 0.014)], 8))
    for n, (x, z, color) in enumerate(
        (
            (-0.15, 0.08, "#8e1022"),
            (0.1, 0.1, "#146b46"),
            (0.02, -0.04, "#1d3f94"),
            (0.22, -0.02, "#8e1022"),
            (-0.22, -0.05, "#6a3fa0"),
        )
    ):
        scene.add(
            gem.turned("x", 25 + n * 17).turned("y", n * 60).moved(x, h + 0.022, z),
            Material(f"Gem {n + 1}", color, roughness=0.05, clearcoat=1.0),
        )
    pearl = shaded(sphere(0.0085, 14))
    strand = spline(
        [
            (-0.28, h + 0.01, 0.02),
            (-0.2, h + 0.022, 0.15),
            (-0.12, h + 0.03, 0.19),
            (-0.08, h - 0.03, 0.235),
            (-0.04, h - 0.01, 0.22),
            (0.02, h + 0.026, 0.17),
        ],
        40,
    )
    for point in strand:
        scene.add(pearl.moved(*point), paint("Pearl", "#efe8dc", 0.2, 0.8))
    times = [0, 0.6, 1.6, 2.6, 3.6, 4.2]
    scene.animate(
        "Open and close",
        Channel(lid, "rotation", times, [quaternion("x", a) for a in (-62, -62, 0, 0, -66, -62)]),
    )
    return scene.to_glb(shade=0.65, reach=0.14)


def potions() -> bytes:
    scene = Scene("Potion bottles")
    cork, twine = paint("Cork", "#b98d5c", 0.9), paint("Twine", "#c8ae7c", 0.9)
    shapes = (
        (
            -0.075,
            0.02,
            (
                (0.03, 0.0),
                (0.05, 0.012),
                (0.052, 0.05),
                (0.03, 0.085),
                (0.014, 0.105),
                (0.013, 0.14),
                (0.018, 0.147),
            ),
            "#3f8f6d",
            0.075,
            64,
        ),
        (
            0.05,
            0.03,
            ((0.024, 0.0), (0.03, 0.006), (0.03, 0.1), (0.013, 0.122), (0.0125, 0.15), (0.0165, 0.156)),
            "#b23a4a",
            0.085,
            6,
        ),
        (
            0.005,
            -0.06,
            (
                (0.03, 0.0),
                (0.042, 0.02),
                (0.045, 0.11),
                (0.02, 0.15),
                (0.013, 0.17),
                (0.0125, 0.205),
                (0.018, 0.212),
            ),
            "#5a55b8",
            0.12,
            64,
        ),
        (
            0.09,
            -0.045,
            ((0.026, 0.0), (0.038, 0.014), (0.036, 0.045), (0.012, 0.06), (0.011, 0.085), (0.015, 0.09)),
            "#d0912e",
            0.042,
            64,
        ),
    )
    for n, (x, z, profile, color, level, sides) in enumerate(shapes):
        outer = np.array(profile) if sides == 6 else spline(profile, 48)
        place = lambda m: m.turned("y", 20 * n).moved(x, 0.022, z)  # noqa: B023, E731
        scene.add(
            place(vessel(outer, 0.0022, sides, floor=0.006)),
            Material("Bottle glass", "#e4efe9", roughness=0.04, alpha=0.28),
        )
        dense = (
            spline(outer, 60)
            if sides != 6
            else np.column_stack(
                [
                    np.interp(np.linspace(0, outer[-1, 1], 60), outer[:, 1], outer[:, 0]),
                    np.linspace(0, outer[-1, 1], 60),
                ]
            )
        )
        wet = dense[(dense[:, 1] > 0.006) & (dense[:, 1] < level)] - (0.0032, 0)
        scene.add(
            place(lathe(np.vstack([[(0, wet[0, 1])], wet, [(0, wet[-1, 1])]]), sides)),
            Material(f"Potion {n + 1}", color, roughness=0.15, emissive=color, glow=0.35),
        )
        top = outer[-1, 1]
        scene.add(
            place(
                cylinder(outer[-2, 0] * 0.8, 0.03, 0.003, 28, top=outer[-1, 0] * 0.86).moved(y=top - 0.014)
            ),
            cork,
        )
        for k in range(3):
            scene.add(
                place(torus(outer[-2, 0] + 0.0012, 0.0013, 36, 8).moved(y=top - 0.012 - 0.0024 * k)), twine
            )
        radius = np.interp(level * 0.55, dense[:, 1], dense[:, 0])
        label = [
            np.array(
                [
                    ((radius + o) * np.sin(a), y, (radius + o) * np.cos(a))
                    for o, y in (
                        (0.0008, level * 0.3),
                        (0.0016, level * 0.3),
                        (0.0016, level * 0.72),
                        (0.0008, level * 0.72),
                    )
                ]
            )
            for a in np.linspace(-0.6, 0.6, 16)
        ]
        if sides == 64 and n != 0:
            tag = loft(label)
            scene.add(place(tag), paint("Parchment", "#e3d3ac", 0.85))
    scene.add(
        box(0.29, 0.022, 0.2, 0.006, 3).moved(0.006, 0.011, -0.012).mapped_flat("y"),
        planks("walnut", 4, 0.24),
    )
    book = box(0.095, 0.02, 0.07, 0.004).turned("y", 24).moved(-0.085, 0.032, -0.055)
    scene.add(book, leather("#4a2030", 0.05, name="Grimoire leather"))
    scene.add(
        box(0.092, 0.014, 0.068, 0.001).turned("y", 24).moved(-0.0838, 0.032, -0.0545).moved(x=0.0026),
        paint("Page edges", "#e6d8b4", 0.9),
    )
    return scene.to_glb(shade=0.55, reach=0.05)


def war_axe() -> bytes:
    scene = Scene("Bearded axe")
    axe = scene.node("Axe", at=(0, 0, 0), rotation=("z", -14))
    ash = wood("ash", 0.3)
    grip = spline([(0.0, 0.0, 0), (0.008, 0.12, 0), (0, 0.35, 0), (-0.006, 0.6, 0), (0.002, 0.8, 0)], 60)
    axe.add(
        sweep(
            grip,
            superellipse(0.036, 0.024, 2.3, 28),
            np.interp(np.linspace(0, 1, 60), [0, 0.04, 0.12, 0.7, 1], [1.1, 1.22, 0.9, 0.95, 0.85]),
            up=(0, 0, 1),
        ).turned_uv(),
        ash,
    )
    steel = forged(0.14, low="#74787e", high="#a5a9ae")
    outline = np.vstack(
        [
            spline([(-0.03, 0.7), (0.025, 0.705), (0.07, 0.69), (0.12, 0.61)], 16)[:-1],
            spline([(0.12, 0.61), (0.165, 0.655), (0.182, 0.73), (0.165, 0.8)], 18)[:-1],
            spline([(0.165, 0.8), (0.1, 0.772), (0.03, 0.772), (-0.03, 0.785)], 14),
        ]
    )
    _ax, _ay = outline[:, 0], outline[:, 1]
    centre = np.array((0.02, 0.735))
    rings = []
    for s in (1.0, 0.93, 0.8, 0.6, 0.3, 0.05):
        points = centre + (outline - centre) * s
        thick = (
            0.0008
            + 0.0165 * (1 - s) ** 0.5 * np.interp(points[:, 0], [0.0, 0.06, 0.18], [1.0, 0.6, 0.12])
            + 0.012 * np.interp(points[:, 0], [-0.03, 0.03, 0.06], [1, 1, 0])
        )
        rings.append((points, thick))
    stack = [np.column_stack([p, t]) for p, t in rings[::-1]] + [np.column_stack([p, -t]) for p, t in rings]
    head = loft(stack[::-1], crease=34)
    volume = np.einsum(
        "ij,ij->",
        head.vertices[head.faces[:, 0]],
        np.cross(head.vertices[head.faces[:, 1]], head.vertices[head.faces[:, 2]]),
    )
    head = head if volume > 0 else head.flipped()
    axe.add(Mesh(head.vertices, head.faces, head.vertices[:, :2], crease=34), steel)
    for y in (0.69, 0.79):
        axe.add(torus(0.021, 0.005, 40, 10).scaled(1, 1.2, 0.9).moved(0, y, 0), AGED_BRASS)
    wrap = [
        (0.0195 * np.cos(a) + np.interp(y, grip[:, 1], grip[:, 0]), y, 0.0145 * np.sin(a))
        for y, a in zip(np.linspace(0.08, 0.3, 420), np.linspace(0, 2 * np.pi * 19, 420), strict=True)
    ]
    axe.add(pipe(wrap, 0.0058, 8), leather("#5b3420", 0.04, name="Wrap leather"))
    axe.add(superellipsoid((0.024, 0.014, 0.018), segments=28).moved(y=0.005), AGED_BRASS)
    return scene.to_glb(shade=0.55, reach=0.05)
