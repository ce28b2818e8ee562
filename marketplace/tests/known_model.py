"""A GLB of which every pixel's colour is known: for looking at the inspector's ways of showing a model."""

import numpy as np
from PIL import Image

from marketplace.tests.glb_builder import GlbBuilder

RED, GREEN, BLUE, YELLOW = (220, 30, 30), (30, 180, 40), (30, 60, 220), (230, 200, 30)
# What the data texture says: occlusion, roughness, metallic.
OCCLUSION, ROUGHNESS, METALLIC = 200, 64, 128
VARIANT_COLOUR = (0.0, 0.8, 0.8, 1.0)
# Middles of the quarters of the cube's front face, metres, by the colour each has.
QUARTERS = {
    RED: (-0.25, 0.75, 0.5),
    GREEN: (0.25, 0.75, 0.5),
    BLUE: (-0.25, 0.25, 0.5),
    YELLOW: (0.25, 0.25, 0.5),
}
FLAG_TIP = (1.8, 0.9, 0.0)
# Width, height and depth, metres.
SIZE = (2.5, 1.0, 1.0)
_SIDES = [(axis, sign) for axis in range(3) for sign in (1, -1)]


def known_glb() -> bytes:
    """A textured cube of one metre, two variants of it, and beside it a flag on two bones that one clip bends."""
    builder = GlbBuilder()
    builder.node(mesh=_cube(builder, _materials(builder)))
    _flag(builder)
    return builder.to_bytes()


def _materials(builder: GlbBuilder) -> int:
    quarters = Image.new("RGB", (64, 64))
    for place, colour in enumerate(QUARTERS):
        quarters.paste(colour, (place % 2 * 32, place // 2 * 32, place % 2 * 32 + 32, place // 2 * 32 + 32))
    data = {"index": builder.texture(Image.new("RGB", (64, 64), (OCCLUSION, ROUGHNESS, METALLIC)))}
    flat = {"index": builder.texture(Image.new("RGB", (64, 64), (128, 128, 255)))}
    painted = builder.material(
        pbrMetallicRoughness={
            "baseColorTexture": {"index": builder.texture(quarters)},
            "metallicRoughnessTexture": data,
        },
        normalTexture=flat,
        occlusionTexture=data,
        emissiveFactor=[0, 0, 0.1],
    )
    builder.material(
        pbrMetallicRoughness={"baseColorFactor": list(VARIANT_COLOUR)}, extensions={"KHR_materials_unlit": {}}
    )
    builder.material(
        pbrMetallicRoughness={"baseColorFactor": [1, 1, 1, 0.5], "metallicFactor": 0},
        alphaMode="BLEND",
        doubleSided=True,
    )
    return painted


def _cube(builder: GlbBuilder, painted: int) -> int:
    positions, normals, uvs, indices = [], [], [], []
    for axis, sign in _SIDES:
        normal = np.eye(3)[axis] * sign
        right = np.cross((0, 1, 0) if axis != 1 else (0, 0, -sign), normal)
        up = np.cross(normal, right)
        first = len(positions)
        for u, v in ((0, 1), (1, 1), (1, 0), (0, 0)):
            positions.append(normal / 2 + right * (u - 0.5) + up * (0.5 - v) + (0, 0.5, 0))
            normals.append(normal)
            uvs.append((u, v))
        indices += [first, first + 1, first + 2, first, first + 2, first + 3]
    mesh = builder.mesh(
        positions,
        np.array(indices, dtype="u2"),
        material=painted,
        NORMAL=np.array(normals, dtype="f4"),
        TEXCOORD_0=np.array(uvs, dtype="f4"),
    )
    mappings = [{"material": painted, "variants": [0]}, {"material": painted + 1, "variants": [1]}]
    primitive = builder.document["meshes"][mesh]["primitives"][0]
    primitive["extensions"] = {"KHR_materials_variants": {"mappings": mappings}}
    builder.document["extensions"] = {
        "KHR_materials_variants": {"variants": [{"name": "Variant 1"}, {"name": "Variant 2"}]}
    }
    builder.document["extensionsUsed"] = ["KHR_materials_variants", "KHR_materials_unlit"]
    return mesh


def _flag(builder: GlbBuilder) -> None:
    """A strip from x = 1.6 to 2, two quads high; its upper half hangs on the second bone."""
    heights = (0.0, 0.5, 1.0)
    positions = np.array([(x, y, 0.0) for y in heights for x in (1.6, 2.0)], dtype="f4")
    weights = np.array([(1, 0, 0, 0)] * 4 + [(0, 1, 0, 0)] * 2, dtype="f4")
    mesh = builder.mesh(
        positions,
        np.array([0, 1, 3, 0, 3, 2, 2, 3, 5, 2, 5, 4], dtype="u2"),
        material=2,
        NORMAL=np.array([(0, 0, 1)] * 6, dtype="f4"),
        JOINTS_0=np.array([(0, 1, 0, 0)] * 6, dtype="u1"),
        WEIGHTS_0=weights,
    )
    upper = builder.node(root=False, translation=[0, 0.5, 0])
    lower = builder.node(translation=[1.8, 0, 0], children=[upper])
    inverse = np.stack([np.eye(4, dtype="f4")] * 2)
    inverse[0, 3, :3], inverse[1, 3, :3] = (-1.8, 0, 0), (-1.8, -0.5, 0)
    builder.document["skins"] = [{"joints": [lower, upper], "inverseBindMatrices": builder.accessor(inverse)}]
    builder.node(mesh=mesh, skin=0)
    turned = np.array([(0, 0, 0, 1), (0, 0, -np.sqrt(0.5), np.sqrt(0.5))], dtype="f4")
    builder.document["animations"] = [
        {
            "samplers": [
                {
                    "input": builder.accessor(np.array([0, 2], dtype="f4"), bounds=True),
                    "output": builder.accessor(turned),
                }
            ],
            "channels": [{"sampler": 0, "target": {"node": upper, "path": "rotation"}}],
        }
    ]
