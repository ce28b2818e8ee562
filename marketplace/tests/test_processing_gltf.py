"""What is measured of a file, what the public is given of it, and what the renderer gets."""

import numpy as np
import pytest
from PIL import Image

from marketplace.processing.formats import Source
from marketplace.processing.render.framing import load_points
from marketplace.processing.steps import run_step
from marketplace.processing.types import Reduction, Rejected, Severity, Step
from marketplace.tests.glb_builder import CUBE_CORNERS, CUBE_FACES, GlbBuilder, cube, grid, noise, read_json


@pytest.fixture
def gltf(tmp_path):
    """Runs the gltf step on a builder's file."""

    def run(builder: GlbBuilder, *, paid: bool = False):
        source = builder.save(tmp_path / "model.glb")
        return run_step(
            Step.GLTF,
            source=Source(source),
            workdir=tmp_path / "work",
            reduction=Reduction(paid=paid),
            previous={},
        )

    return run


def animated(builder: GlbBuilder, node: int, *, clips: int) -> None:
    times = builder.accessor(np.array([[0], [1]], dtype="f4"), bounds=True)
    for clip in range(clips):
        moves = builder.accessor(np.array([[0, 0, 0], [clip + 1, 0, 0]], dtype="f4"))
        builder.document.setdefault("animations", []).append(
            {
                "name": f"secret clip {clip}",
                "channels": [{"sampler": 0, "target": {"node": node, "path": "translation"}}],
                "samplers": [{"input": times, "output": moves}],
            }
        )


def skinned() -> GlbBuilder:
    """A cube bound to one bone that stands three metres up."""
    builder = GlbBuilder()
    joints = np.zeros((8, 4), dtype="u1")
    weights = np.tile(np.array([1, 0, 0, 0], dtype="f4"), (8, 1))
    mesh = builder.mesh(CUBE_CORNERS, CUBE_FACES, JOINTS_0=joints, WEIGHTS_0=weights)
    bone = builder.node(translation=[0, 3, 0])
    builder.node(mesh=mesh, skin=0)
    binds = builder.accessor(np.eye(4, dtype="f4").reshape(1, 16))
    builder.document["skins"] = [{"joints": [bone], "inverseBindMatrices": binds}]
    animated(builder, bone, clips=2)
    return builder


def test_a_file_that_cannot_be_read_is_refused(gltf):
    builder = cube()
    builder.document["extensionsRequired"] = ["XX_unknown"]

    with pytest.raises(Rejected) as caught:
        gltf(builder)

    assert caught.value.code == "unreadable_structure"


def test_infinite_coordinates_are_refused_and_leave_no_files(gltf, tmp_path):
    corners = CUBE_CORNERS.copy()
    corners[3, 1] = np.inf
    builder = GlbBuilder()
    builder.node(mesh=builder.mesh(corners, CUBE_FACES))
    builder.document["accessors"][0] |= {"min": [0, 0, 0], "max": [1, 1, 1]}

    with pytest.raises(Rejected) as caught:
        gltf(builder)

    assert caught.value.code == "non_finite_numbers"
    assert list((tmp_path / "work").iterdir()) == []


def test_a_damaged_picture_is_refused(gltf):
    builder = GlbBuilder()
    positions, indices, uv = grid(2)
    texture = builder.texture(noise(64, 64))
    builder.document["bufferViews"][-1]["byteLength"] = 3000
    material = builder.material(pbrMetallicRoughness={"baseColorTexture": {"index": texture}})
    builder.node(mesh=builder.mesh(positions, indices, material=material, TEXCOORD_0=uv))

    with pytest.raises(Rejected) as caught:
        gltf(builder)

    assert caught.value.code == "image_unreadable"


def test_triangles_count_every_drawing_of_lists_strips_fans_and_instances(gltf):
    builder = GlbBuilder()
    square = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [1, 1, 0]], dtype="f4")
    listed = builder.mesh(CUBE_CORNERS, CUBE_FACES)
    strip = builder.mesh(square, mode=5)
    fan = builder.mesh(square[[0, 1, 3, 2]], mode=6)
    lines = builder.mesh(square, mode=1)
    builder.node(mesh=listed)
    builder.node(mesh=listed, translation=[2, 0, 0])
    for mesh in (strip, fan, lines):
        builder.node(mesh=mesh)
    moves = builder.accessor(np.array([[0, 0, z] for z in range(5)], dtype="f4"))
    builder.node(mesh=strip, extensions={"EXT_mesh_gpu_instancing": {"attributes": {"TRANSLATION": moves}}})
    builder.document["extensionsUsed"] = ["EXT_mesh_gpu_instancing"]

    data = gltf(builder).data

    assert data["triangles"] == 12 + 12 + 2 + 2 + 0 + 5 * 2
    assert data["draw_calls"] == 6
    assert data["meshes"] == 4
    assert data["vertices"] == 8 + 8 + 4 + 4 + 4 + 5 * 4
    assert data["preview"]["triangles"] == data["triangles"]


def test_materials_textures_and_their_memory_are_measured(gltf):
    builder = GlbBuilder()
    positions, indices, uv = grid(2)
    first, second = builder.texture(noise(64, 32)), builder.texture(noise(100, 50), kind="JPEG")
    material = builder.material(
        pbrMetallicRoughness={
            "baseColorTexture": {"index": first},
            "metallicRoughnessTexture": {"index": second},
        }
    )
    colours = np.ones((len(positions), 3), dtype="f4")
    builder.node(mesh=builder.mesh(positions, indices, material=material, TEXCOORD_0=uv, COLOR_0=colours))

    result = gltf(builder)
    data = result.data

    assert (data["materials"], data["textures"], data["max_texture_size"]) == (1, 2, 100)
    assert data["texture_memory"] == pytest.approx((64 * 32 + 100 * 50) * 4 * 4 / 3, rel=0.01)
    assert (data["uv_sets"], data["has_vertex_colors"], data["is_rigged"]) == (1, True, False)
    assert data["generator"] == "Secret Modeller 3"
    assert "texture-not-power-of-two" in {finding.code for finding in result.findings}


def test_bones_and_clips_are_measured_and_kept_in_a_free_preview(gltf):
    data = gltf(skinned()).data

    assert (data["is_rigged"], data["joints"], data["animations"]) == (True, 1, 2)
    assert data["animation_names"] == ["secret clip 0", "secret clip 1"]
    assert (data["preview"]["is_rigged"], data["preview"]["animations"]) == (True, 2)


def test_a_paid_preview_has_no_skin_and_stands_where_the_bones_put_it(gltf):
    result = gltf(skinned(), paid=True)

    assert result.data["is_rigged"] is True
    assert result.data["preview"]["is_rigged"] is False
    assert result.data["preview"]["animations"] <= 1
    points = load_points(result.files["poster_source"])
    assert points.min(axis=0) == pytest.approx([0, 3, 0])
    assert points.max(axis=0) == pytest.approx([1, 4, 1])


def test_a_paid_preview_keeps_at_most_one_clip(gltf):
    builder = cube()
    animated(builder, 0, clips=3)

    assert gltf(builder, paid=True).data["preview"]["animations"] == 1


@pytest.mark.parametrize(("cells", "most"), [(40, 2 * 40**2), (60, 5000), (100, 12_000), (300, 100_000)])
def test_a_paid_preview_has_at_most_sixty_percent_of_the_triangles_but_five_thousand_stay(gltf, cells, most):
    builder = GlbBuilder()
    positions, indices, uv = grid(cells)
    builder.node(mesh=builder.mesh(positions, indices, TEXCOORD_0=uv))

    data = gltf(builder, paid=True).data

    assert data["triangles"] == 2 * cells**2
    assert data["preview"]["triangles"] <= most
    assert data["preview"]["triangles"] >= most * 0.98


def test_loose_triangles_that_cannot_be_merged_are_thinned_all_the_same(gltf):
    corners = np.random.default_rng(3).random((9000, 3, 3)).astype("f4").reshape(-1, 3)
    builder = GlbBuilder()
    builder.node(mesh=builder.mesh(corners))

    preview = gltf(builder, paid=True).data["preview"]

    assert 5000 <= preview["triangles"] <= 5400


def test_a_free_preview_has_at_most_a_hundred_thousand_triangles(gltf):
    builder = GlbBuilder()
    positions, indices, _uv = grid(240)
    mesh = builder.mesh(positions, indices)
    builder.node(mesh=mesh)
    builder.node(mesh=mesh, translation=[2, 0, 0])

    data = gltf(builder).data

    assert data["triangles"] == 4 * 240**2
    assert 98_000 <= data["preview"]["triangles"] <= 100_000


@pytest.mark.parametrize(
    ("size", "paid", "expected"),
    [
        ((1600, 400), False, (1024, 256)),
        ((1600, 400), True, (800, 200)),
        ((300, 90), True, (150, 45)),
        ((300, 90), False, (300, 90)),
        ((1, 1), True, (1, 1)),
    ],
)
def test_preview_textures_are_webp_within_their_bounds(gltf, tmp_path, size, paid, expected):
    builder = GlbBuilder()
    positions, indices, uv = grid(2)
    texture = builder.texture(noise(*size))
    material = builder.material(pbrMetallicRoughness={"baseColorTexture": {"index": texture}})
    builder.node(mesh=builder.mesh(positions, indices, material=material, TEXCOORD_0=uv))

    preview = gltf(builder, paid=paid).files["preview"]

    document = read_json(preview)
    (image,) = document["images"]
    view = document["bufferViews"][image["bufferView"]]
    data = preview.read_bytes()
    start = data.index(b"BIN\0") + 4 + view.get("byteOffset", 0)
    (tmp_path / "texture.webp").write_bytes(data[start : start + view["byteLength"]])
    with Image.open(tmp_path / "texture.webp") as texture_file:
        assert (texture_file.format, texture_file.size) == ("WEBP", expected)


@pytest.mark.parametrize("paid", [False, True])
def test_a_preview_tells_nothing_of_the_source_and_needs_no_decoder(gltf, paid):
    builder = skinned()
    builder.document["extensionsUsed"] = ["KHR_xmp_json_ld", "KHR_materials_variants"]
    builder.document["extensions"] = {
        "KHR_xmp_json_ld": {"packets": [{"@context": {}, "dc:creator": "Secret Person"}]},
        "KHR_materials_variants": {"variants": [{"name": "secret red"}]},
    }
    builder.document["asset"]["extras"] = {"note": "secret"}
    material = builder.material()
    primitive = builder.document["meshes"][0]["primitives"][0]
    primitive["extensions"] = {
        "KHR_materials_variants": {"mappings": [{"material": material, "variants": [0]}]}
    }
    builder.document["meshes"][0]["extras"] = {"targetNames": ["secret smile"]}

    result = gltf(builder, paid=paid)
    preview = result.files["preview"]

    assert result.data["variants"] == ["secret red"]
    for word in (b"secret", b"Secret", b"C:/"):
        assert word not in preview.read_bytes()
    document = read_json(preview)
    assert "copyright" not in document["asset"]
    assert set(document.get("extensionsRequired", [])) <= {"KHR_mesh_quantization", "EXT_texture_webp"}


def test_normals_that_are_not_of_unit_length_are_mended_and_reported(gltf):
    builder = GlbBuilder()
    normals = np.tile(np.array([0, 3, 0], dtype="f4"), (8, 1))
    normals[0] = 0
    builder.node(mesh=builder.mesh(CUBE_CORNERS, CUBE_FACES, NORMAL=normals))

    findings = {finding.code: finding for finding in gltf(builder).findings}

    assert findings["gltf-accessor-vector3-non-unit"].severity is Severity.ERROR
    assert findings["gltf-accessor-vector3-non-unit"].remedy


def test_the_same_file_gives_the_same_preview_again(gltf):
    first = gltf(cube()).files["preview"].read_bytes()

    assert gltf(cube()).files["preview"].read_bytes() == first


def test_morph_targets_are_frozen_in_their_weights_for_the_poster(gltf):
    builder = cube()
    lift = builder.accessor(np.tile(np.array([0, 2, 0], dtype="f4"), (8, 1)), bounds=True)
    mesh = builder.document["meshes"][0]
    mesh["primitives"][0]["targets"] = [{"POSITION": lift}]
    mesh["weights"] = [0.5]

    result = gltf(builder)

    assert result.data["morph_targets"] == 1
    assert load_points(result.files["poster_source"]).min(axis=0) == pytest.approx([0, 1, 0])
