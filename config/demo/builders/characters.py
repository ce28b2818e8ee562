"""Animals and figures."""

from __future__ import annotations

import numpy as np

from config.demo.geometry.curves import rounded_rectangle, spline
from config.demo.geometry.fields import Blob, ball, colored, ellipsoid, joined, limb, skinned
from config.demo.geometry.mesh import Mesh, rotation_matrix
from config.demo.geometry.solids import (
    bar,
    cylinder,
    extrude,
    pipe,
    sphere,
    superellipsoid,
    torus,
)
from config.demo.glb import Channel, Material, Scene, Skin, linear, quaternion, swing
from config.demo.materials.organic import fabric
from config.demo.materials.plain import BLACK_RUBBER, STEEL, paint

EYE = paint("Eye", "#0e0d0d", 0.08, 1.0)


def sculpture(
    blobs: list[Blob], softness: float, step: float, edge: float = 0.006, faceted: bool = False
) -> Mesh:
    """Skin a list of soft parts, coloured by the nearest one, in a box found from a coarse first look."""
    distance = joined(blobs, softness)
    probe = np.stack(np.meshgrid(*[np.linspace(-2.5, 2.5, 40)] * 3, indexing="ij"), -1).reshape(-1, 3) * (
        step * 26
    )
    near = probe[distance(probe) < step * 7]
    margin = step * 7
    low, high = near.min(axis=0) - margin, near.max(axis=0) + margin
    return skinned(distance, low, high, step, lambda p: colored(p, blobs, edge), faceted)


def pair(make) -> list[Blob]:
    """The same part on the left and on the right."""
    return [make(1), make(-1)]


def fox() -> bytes:
    scene = Scene("Low-poly fox")
    rust, cream, dark = linear("#c8612c"), linear("#f0e4d0"), linear("#33241f")
    blobs = [
        ellipsoid((0, 0.36, -0.02), (0.1, 0.115, 0.22), rust),
        ellipsoid((0, 0.36, 0.17), (0.085, 0.105, 0.1), rust),
        ellipsoid((0, 0.325, 0.23), (0.06, 0.085, 0.06), cream),
        limb((0, 0.4, 0.2), (0, 0.52, 0.28), 0.07, 0.06, rust),
        ellipsoid((0, 0.555, 0.31), (0.085, 0.07, 0.085), rust),
        limb((0, 0.535, 0.36), (0, 0.515, 0.46), 0.042, 0.016, rust),
        limb((0, 0.515, 0.36), (0, 0.505, 0.45), 0.034, 0.014, cream),
        ball((0, 0.522, 0.472), 0.015, dark),
        limb((0, 0.38, -0.22), (0, 0.3, -0.4), 0.04, 0.075, rust),
        limb((0, 0.3, -0.4), (0, 0.42, -0.58), 0.078, 0.05, rust),
        limb((0, 0.44, -0.6), (0, 0.5, -0.66), 0.045, 0.008, cream),
        *pair(lambda s: ellipsoid((s * 0.062, 0.53, 0.335), (0.04, 0.034, 0.045), cream)),
        *pair(lambda s: limb((s * 0.05, 0.6, 0.29), (s * 0.072, 0.7, 0.28), 0.034, 0.006, rust)),
        *pair(lambda s: limb((s * 0.07, 0.685, 0.281), (s * 0.0735, 0.712, 0.279), 0.011, 0.004, dark)),
        *pair(lambda s: limb((s * 0.055, 0.32, 0.17), (s * 0.055, 0.16, 0.18), 0.042, 0.026, rust)),
        *pair(lambda s: limb((s * 0.055, 0.16, 0.18), (s * 0.055, 0.024, 0.18), 0.024, 0.021, dark)),
        *pair(lambda s: limb((s * 0.055, 0.02, 0.18), (s * 0.055, 0.018, 0.21), 0.021, 0.018, dark)),
        *pair(lambda s: limb((s * 0.06, 0.34, -0.14), (s * 0.065, 0.2, -0.17), 0.07, 0.034, rust)),
        *pair(lambda s: limb((s * 0.065, 0.2, -0.17), (s * 0.06, 0.13, -0.22), 0.032, 0.024, rust)),
        *pair(lambda s: limb((s * 0.06, 0.13, -0.22), (s * 0.06, 0.022, -0.2), 0.023, 0.02, dark)),
        *pair(lambda s: limb((s * 0.06, 0.02, -0.2), (s * 0.06, 0.018, -0.17), 0.021, 0.018, dark)),
    ]
    mesh = sculpture(blobs, 0.035, 0.021, 0.004, faceted=True)
    # Each facet takes one flat colour, as if cut from paper.
    corners = mesh.vertices[mesh.faces]
    tint = np.repeat(colored(corners.mean(axis=1), blobs, 0.002), 3, axis=0)
    flat = Mesh(
        corners.reshape(-1, 3),
        np.arange(corners.size // 3).reshape(-1, 3),
        np.zeros((corners.size // 3, 2)),
        None,
        tint,
        0.5,
    )
    scene.add(flat, Material("Folded paper", roughness=0.75))
    for side in (-1, 1):
        scene.add(sphere(0.0125, 14).moved(side * 0.047, 0.566, 0.372), EYE)
    return scene.to_glb(shade=0.45, reach=0.2)


def whale() -> bytes:
    scene = Scene("Swimming whale")
    back, belly = linear("#34506a"), linear("#d9dfe0")
    blobs = [
        ellipsoid((0, 0.06, 0.9), (0.55, 0.47, 1.25), back),
        limb((0, 0.08, 0.3), (0, 0.14, -1.9), 0.44, 0.09, back),
        ellipsoid((0, -0.1, 1.0), (0.47, 0.4, 1.05), belly),
        ellipsoid((0, -0.12, 0.1), (0.34, 0.3, 0.9), belly),
        ellipsoid((0, 0.42, -0.75), (0.035, 0.16, 0.18), back, rotation_matrix("x", -30)),
        *pair(
            lambda s: ellipsoid(
                (s * 0.78, -0.22, 0.75),
                (0.5, 0.05, 0.17),
                back,
                rotation_matrix("z", -s * 24) @ rotation_matrix("y", s * 24),
            )
        ),
        *pair(
            lambda s: ellipsoid(
                (s * 0.4, 0.15, -2.2), (0.46, 0.045, 0.17), back, rotation_matrix("y", s * 32)
            )
        ),
        ellipsoid((0, 0.14, -2.0), (0.12, 0.06, 0.25), back),
    ]
    body = sculpture(blobs, 0.16, 0.042, 0.02)
    # Throat grooves are colour only: fine lines along the pale underside.
    v = body.vertices
    groove = 0.5 + 0.5 * np.cos(v[:, 0] * 75)
    under = np.clip((-0.12 - v[:, 1]) / 0.1, 0, 1) * np.clip((v[:, 2] - 0.2) / 0.4, 0, 1)
    tint = body.colors * (1 - 0.45 * under * groove**4)[:, None]
    skin_mesh = Mesh(v, body.faces, body.uv, body.normals, tint, 180)
    joints, parent, places = [], scene.root, (0.9, 0.1, -0.6, -1.2, -1.8)
    last = 0.0
    for index, z in enumerate(places):
        parent = parent.child(f"Spine {index + 1}", at=(0, 0.08 if index == 0 else 0, z - last))
        joints.append(parent)
        last = z
    holder = scene.node("Whale")
    holder.add(skin_mesh, Material("Wet skin", roughness=0.32, clearcoat=0.4))
    for side in (-1, 1):
        holder.add(sphere(0.034, 18).moved(side * 0.462, -0.02, 1.5), EYE)

    def weigh(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Blend between the two joints before and behind, along the spine."""
        at = np.interp(-points[:, 2], [-z for z in places], range(len(places)))
        low = np.clip(np.floor(at), 0, len(places) - 2).astype(int)
        t = at - low
        zeros = np.zeros(len(points))
        weights = np.column_stack([1 - t, t, zeros, zeros])
        # A weightless slot must name joint 0.
        numbers = np.where(weights > 0, np.column_stack([low, low + 1, zeros, zeros]), 0)
        return numbers.astype(int), weights

    holder.skin = Skin(joints, weigh)
    channels = [
        swing(joint, "x", 4.0, (1.5, 5, 9, 12, 15)[index], phase=-0.12 * index, steps=20)
        for index, joint in enumerate(joints)
    ]
    times = np.linspace(0, 4, 17)
    base = joints[0].at
    channels.append(
        Channel(
            joints[0],
            "translation",
            times,
            [(base[0], base[1] + 0.06 * np.sin(2 * np.pi * (t / 4 + 0.1)), base[2]) for t in times],
        )
    )
    scene.animate("Swimming", *channels)
    return scene.to_glb(shade=0.35, reach=0.8)


def robot() -> bytes:
    scene = Scene("Robot Pip")
    shell, accent, dark = (
        paint("Pebble shell", "#dcd8cd", 0.32, 0.6),
        paint("Apricot shell", "#df8544", 0.32, 0.6),
        paint("Graphite joint", "#2c2f34", 0.5),
    )
    glow = Material("Cyan display", "#bff4f2", emissive="#5fe0dc", glow=1.6)
    body = scene.node("Body", at=(0, 0.3, 0))
    body.add(superellipsoid((0.13, 0.15, 0.11), 0.6, 0.75, 56).moved(y=0.05), shell)
    body.add(superellipsoid((0.1315, 0.012, 0.1115), 0.6, 0.75, 64).moved(y=0.03), accent)
    body.add(superellipsoid((0.062, 0.045, 0.012), 0.5, 0.5, 32).moved(y=0.09, z=0.104), dark)
    for n, color in enumerate(("#5fe0dc", "#f2b45a", "#e26a4f")):
        body.add(
            cylinder(0.008, 0.005, 0.002, 24).turned("x", 90).moved(-0.028 + n * 0.028, 0.09, 0.114),
            Material(f"Lamp {n + 1}", color, emissive=color),
        )
    body.add(cylinder(0.04, 0.04, 0.006, 36).moved(y=0.185), dark)
    head = body.child("Head", at=(0, 0.235, 0))
    head.add(superellipsoid((0.145, 0.105, 0.115), 0.5, 0.6, 64).moved(y=0.085), shell)
    head.add(
        superellipsoid((0.118, 0.07, 0.02), 0.45, 0.45, 48).moved(y=0.085, z=0.102),
        Material("Visor", "#14181d", roughness=0.06, clearcoat=1.0),
    )
    for side in (-1, 1):
        head.add(superellipsoid((0.02, 0.03, 0.006), 0.9, 0.9, 28).moved(side * 0.045, 0.092, 0.12), glow)
        head.add(
            cylinder(0.04, 0.022, 0.006, 40).turned("z", -side * 90).moved(side * 0.138, 0.085, 0), accent
        )
        head.add(cylinder(0.022, 0.01, 0.003, 32).turned("z", -side * 90).moved(side * 0.158, 0.085, 0), dark)
    smile = [(0.022 * np.sin(a), 0.062 - 0.012 * np.cos(a), 0.1215) for a in np.linspace(-1.1, 1.1, 14)]
    head.add(pipe(smile, 0.0028, 8, rounded=True), glow)
    head.add(bar((0, 0.185, 0), (0, 0.25, 0), 0.004), STEEL)
    head.add(sphere(0.016, 24).moved(y=0.258), Material("Antenna lamp", "#f6a25a", emissive="#e5782c"))
    arms = {}
    for side, name in ((1, "left"), (-1, "right")):
        shoulder = body.child(f"Arm {name}", at=(side * 0.142, 0.12, 0), rotation=("z", side * 18))
        shoulder.add(sphere(0.036, 32), accent)
        shoulder.add(bar((0, 0, 0), (side * 0.012, -0.1, 0), 0.019), dark)
        for n in range(5):
            shoulder.add(torus(0.019, 0.005, 28, 8).moved(side * 0.002 * n, -0.035 - 0.013 * n, 0), dark)
        elbow = shoulder.child(f"Forearm {name}", at=(side * 0.012, -0.1, 0), rotation=("z", side * 12))
        elbow.add(superellipsoid((0.036, 0.058, 0.036), 0.7, 1, 32).moved(y=-0.045), shell)
        elbow.add(torus(0.034, 0.005, 32, 8).moved(y=-0.07), accent)
        for _k, angle in enumerate((0, 120, 240)):
            finger = [(0.022, -0.09, 0), (0.032, -0.118, 0), (0.015, -0.142, 0)]
            elbow.add(pipe(spline(finger, 10), 0.009, 12, rounded=True).turned("y", angle + 30), dark)
        arms[name] = (shoulder, elbow)
    for side in (-1, 1):
        body.add(bar((side * 0.06, -0.08, 0), (side * 0.066, -0.2, 0), 0.028), dark)
        for n in range(5):
            body.add(
                torus(0.028, 0.006, 32, 8).moved(side * (0.061 + 0.001 * n), -0.115 - 0.016 * n, 0), dark
            )
        body.add(
            superellipsoid((0.062, 0.05, 0.085), 0.55, 0.8, 40).moved(side * 0.068, -0.25, 0.018), accent
        )
        body.add(
            superellipsoid((0.066, 0.014, 0.09), 0.3, 0.8, 40).moved(side * 0.068, -0.286, 0.018),
            BLACK_RUBBER,
        )
    times = [0, 0.5, 0.8, 1.1, 1.4, 1.7, 2.0, 2.6, 3.2]
    lift = [quaternion("z", a) for a in (18, 140, 150, 132, 150, 132, 150, 60, 18)]
    wave = [quaternion("z", a) for a in (12, 25, 48, 5, 48, 5, 48, 20, 12)]
    scene.animate(
        "Wave",
        Channel(arms["left"][0], "rotation", times, lift),
        Channel(arms["left"][1], "rotation", times, wave),
        Channel(head, "rotation", [0, 0.6, 2.4, 3.2], [quaternion("z", a) for a in (0, -9, -9, 0)]),
    )
    return scene.to_glb(shade=0.6, reach=0.12)


def penguin() -> bytes:
    scene = Scene("Penguin with a scarf")
    coat, white, beak = linear("#2b3444"), linear("#f1eee6"), linear("#e0963a")
    blobs = [
        ellipsoid((0, 0.27, 0), (0.17, 0.22, 0.16), coat),
        ellipsoid((0, 0.24, 0.045), (0.14, 0.18, 0.135), white),
        ellipsoid((0, 0.53, 0.0), (0.125, 0.12, 0.12), coat),
        *pair(lambda s: ellipsoid((s * 0.045, 0.52, 0.055), (0.06, 0.075, 0.072), white)),
        limb((0, 0.515, 0.11), (0, 0.5, 0.175), 0.028, 0.008, beak),
        *pair(
            lambda s: ellipsoid((s * 0.185, 0.27, 0), (0.03, 0.14, 0.06), coat, rotation_matrix("z", s * 22))
        ),
        *pair(lambda s: ellipsoid((s * 0.075, 0.022, 0.07), (0.055, 0.024, 0.085), beak)),
        limb((0, 0.12, -0.12), (0, 0.07, -0.2), 0.05, 0.015, coat),
        limb((0, 0.64, -0.01), (0.015, 0.69, 0.0), 0.012, 0.004, coat),
    ]
    scene.add(sculpture(blobs, 0.035, 0.0105, 0.003), Material("Felted body", roughness=0.82))
    for side in (-1, 1):
        scene.add(sphere(0.017, 20).moved(side * 0.05, 0.555, 0.113), EYE)
        scene.add(sphere(0.005, 10).moved(side * 0.05 + 0.006, 0.562, 0.127), paint("Glint", "#ffffff", 0.2))
    wool = fabric("#b8442f", "#c9583c", tile=0.06, threads=10, name="Red wool")
    scene.add(torus(0.118, 0.033, 64, 20).scaled(1, 0.85, 0.98).moved(y=0.43, z=0.005), wool)
    tail = extrude(rounded_rectangle(0.075, 0.2, 0.015, 4), 0.026, 0.012, 3)
    scene.add(tail.turned("x", -7).turned("z", -10).moved(0.085, 0.33, 0.155), wool)
    for n in range(6):
        scene.add(
            bar((0.053 + n * 0.0115, 0.236, 0.16), (0.05 + n * 0.0125, 0.205, 0.163), 0.004, sides=8), wool
        )
    return scene.to_glb(shade=0.5, reach=0.15)


def octopus() -> bytes:
    scene = Scene("Curious octopus")
    coral, pale = linear("#c25a4a"), linear("#e9b59b")
    blobs = [
        ellipsoid((0, 0.42, -0.03), (0.2, 0.23, 0.21), coral),
        ellipsoid((0, 0.24, 0), (0.15, 0.1, 0.15), coral),
    ]
    for n in range(8):
        a = 2 * np.pi * (n + 0.5) / 8
        curl = 0.55 * np.sin(n * 2.4)
        path = spline(
            [
                (0.09, 0.2),
                (0.2, 0.09),
                (0.33, 0.04),
                (0.46, 0.035),
                (0.56, 0.07 + 0.04 * (n % 2)),
                (0.6, 0.14 + 0.06 * (n % 2)),
                (0.55, 0.18 + 0.06 * (n % 2)),
            ],
            11,
        )
        radii = np.linspace(0.062, 0.011, 11)
        twist = a + curl * np.linspace(0, 1, 11) ** 1.7
        points = np.column_stack([path[:, 0] * np.cos(twist), path[:, 1], path[:, 0] * np.sin(twist)])
        points[:, 1] = np.maximum(points[:, 1], radii)
        blobs += [
            limb(p, q, r, s, coral) for p, q, r, s in zip(points, points[1:], radii, radii[1:], strict=False)
        ]
    for side in (-1, 1):
        blobs.append(ball((side * 0.1, 0.3, 0.135), 0.052, coral))
    mesh = sculpture(blobs, 0.045, 0.0165, 0.01)
    low = np.clip((0.06 - mesh.vertices[:, 1]) / 0.05, 0, 1)[:, None]
    spots = np.clip(
        np.sin(mesh.vertices @ (31, 17, 0))
        * np.sin(mesh.vertices @ (0, 23, 29))
        * np.sin(mesh.vertices @ (19, 0, 27))
        * 3
        - 0.8,
        0,
        1,
    )[:, None]
    tint = mesh.colors * (1 - low) + np.array(pale) * low
    tint = tint * (1 - 0.35 * spots * (mesh.vertices[:, 1:2] > 0.1))
    scene.add(
        Mesh(mesh.vertices, mesh.faces, mesh.uv, mesh.normals, tint, 180),
        Material("Smooth skin", roughness=0.38, clearcoat=0.3),
    )
    for side in (-1, 1):
        scene.add(
            sphere(0.042, 28).moved(side * 0.108, 0.312, 0.152), paint("Eye white", "#f3ead9", 0.15, 1.0)
        )
        scene.add(superellipsoid((0.026, 0.011, 0.02), segments=24).moved(side * 0.116, 0.314, 0.182), EYE)
    return scene.to_glb(shade=0.55, reach=0.2)
