"""Size, closedness and texture layout, and what is said about them."""

from pathlib import Path

import numpy as np
import pytest

from marketplace.processing import findings
from marketplace.processing.formats import Source
from marketplace.processing.geometry import measure
from marketplace.processing.steps import run_step
from marketplace.processing.types import Reduction, Rejected, Severity, Step
from marketplace.tests.glb_builder import CUBE_CORNERS, CUBE_FACES, GlbBuilder, cube, grid


@pytest.fixture
def geometry(tmp_path):
    """Measures a builder's file, and returns the data and the codes of the findings."""

    def run(builder: GlbBuilder, gltf: dict | None = None) -> tuple[dict, set[str]]:
        source = builder.save(tmp_path / "poster.glb")
        data = measure({"source": str(source)})["data"]
        return data, {finding.code for finding in findings.from_geometry(data, gltf or {})}

    return run


def run_geometry(builder: GlbBuilder, folder: Path):
    source = builder.save(folder / "poster.glb")
    reduction = Reduction(paid=False)
    return run_step(
        Step.GEOMETRY, source=Source(source), workdir=folder / "work", reduction=reduction, previous={}
    )


def test_a_scene_without_geometry_is_refused(tmp_path):
    builder = GlbBuilder()
    builder.node()

    with pytest.raises(Rejected) as caught:
        run_geometry(builder, tmp_path)

    assert caught.value.code == "nothing_to_show"


def test_a_closed_cube_has_its_volume_area_and_place(tmp_path):
    result = run_geometry(cube(translation=[1, 0, 0], scale=[2, 2, 2]), tmp_path)

    assert result.data["bounds"] == {"min": [1, 0, 0], "max": [3, 2, 2], "size": [2, 2, 2]}
    assert result.data["watertight"] is True
    assert result.data["volume"] == pytest.approx(8)
    assert result.data["surface_area"] == pytest.approx(24)
    assert result.data["bodies"] == 1
    assert result.findings == []
    assert result.files == {}


def test_seams_of_shading_do_not_count_as_holes(geometry):
    builder = GlbBuilder()
    builder.node(mesh=builder.mesh(CUBE_CORNERS[CUBE_FACES].reshape(-1, 3)))

    assert geometry(builder)[0]["watertight"] is True


def test_a_missing_face_is_a_hole(geometry):
    builder = GlbBuilder()
    builder.node(mesh=builder.mesh(CUBE_CORNERS, CUBE_FACES[:-1]))

    data, codes = geometry(builder)

    assert (data["watertight"], data["volume"]) == (False, None)
    assert "not-watertight" in codes


def test_a_closed_surface_whose_faces_look_inwards_is_told_so(geometry):
    builder = GlbBuilder()
    builder.node(mesh=builder.mesh(CUBE_CORNERS, CUBE_FACES[:, ::-1]))

    data, codes = geometry(builder)

    assert (data["inside_out"], data["volume"]) == (True, pytest.approx(1))
    assert "inside-out" in codes


def test_bodies_that_do_not_touch_are_counted(geometry):
    builder = cube()
    builder.node(mesh=0, translation=[5, 0, 0])

    assert geometry(builder)[0]["bodies"] == 2


def test_triangles_of_no_area_are_counted_and_do_not_open_the_surface(geometry):
    builder = GlbBuilder()
    faces = np.concatenate([CUBE_FACES, np.array([[0, 0, 1]], dtype="u2")])
    builder.node(mesh=builder.mesh(CUBE_CORNERS, faces))

    data, codes = geometry(builder)

    assert (data["degenerate_triangles"], data["watertight"]) == (1, True)
    assert "flat-triangles" in codes


def test_the_share_of_the_texture_that_is_used_and_used_twice_is_measured(geometry):
    positions, indices, uv = grid(6)
    single, double = GlbBuilder(), GlbBuilder()
    single.node(mesh=single.mesh(positions, indices, material=single.material(), TEXCOORD_0=uv * 0.5))
    mesh = double.mesh(positions, indices, material=double.material(), TEXCOORD_0=uv * 0.5)
    double.node(mesh=mesh)
    double.node(mesh=mesh, translation=[3, 0, 0])

    once, _codes = geometry(single)
    twice, codes = geometry(double, {"textures": 1})

    assert once["uv_coverage"] == pytest.approx(0.25, abs=0.01)
    assert once["uv_overlap"] == pytest.approx(0, abs=0.02)
    assert twice["uv_coverage"] == pytest.approx(0.25, abs=0.01)
    assert twice["uv_overlap"] == pytest.approx(0.5, abs=0.02)
    assert once["uv_tiled"] is False
    assert "overlapping-uvs" not in codes


def test_texture_coordinates_outside_of_the_picture_are_tiled(geometry):
    positions, indices, uv = grid(6)
    builder = GlbBuilder()
    builder.node(mesh=builder.mesh(positions, indices, material=builder.material(), TEXCOORD_0=uv * 5))

    assert geometry(builder)[0]["uv_tiled"] is True


@pytest.mark.parametrize("scale", [1e-6, 1e6])
def test_a_model_of_an_odd_size_is_told_so(geometry, scale):
    assert "unusual-size" in geometry(cube(scale=[scale] * 3))[1]


def test_points_and_lines_alone_have_a_size(geometry):
    builder = GlbBuilder()
    builder.node(mesh=builder.mesh(CUBE_CORNERS, mode=0))

    data, _codes = geometry(builder)

    assert data["bounds"]["size"] == [1, 1, 1]
    assert data["triangles"] == 0
    assert data["watertight"] is False


def issue(code: str, severity: int = 0, **changes) -> dict:
    return {
        "code": code,
        "severity": severity,
        "message": "Technical.",
        "pointer": "/meshes/0",
        "count": 1,
        **changes,
    }


def test_validator_codes_become_plain_words_with_a_remedy_and_the_worst_first():
    found = findings.from_validator(
        [
            issue("UNUSED_OBJECT", 2),
            issue("ACCESSOR_WEIGHTS_NON_NORMALIZED", 0, count=1200),
            issue("UNSUPPORTED_EXTENSION", 2),
            issue("SOME_CODE_OF_TOMORROW", 1),
        ]
    )

    assert [finding.severity for finding in found] == [Severity.ERROR, Severity.WARNING, Severity.INFO]
    assert found[0].code == "gltf-accessor-weights-non-normalized"
    assert found[0].message.endswith("(1,200 places)")
    assert found[0].remedy == "Normalise all vertex groups before you export."
    assert found[1].message == "The file breaks the glTF standard: Technical."
    assert found[2].pointer == "/meshes/0"


def test_a_ktx2_texture_is_not_held_against_a_file():
    found = findings.from_validator(
        [
            issue("UNSUPPORTED_EXTENSION", 2, message="… 'KHR_texture_basisu'."),
            issue("IMAGE_UNRECOGNIZED_FORMAT", 1),
        ]
    )

    assert found == []


def test_heavy_models_are_told_what_makes_them_heavy():
    measures = {
        "triangles": 2_000_000,
        "draw_calls": 500,
        "max_texture_size": 8192,
        "texture_memory": 2**30,
        "textures": 3,
        "textures_not_power_of_two": 1,
        "primitives_without_normals": 1,
        "primitives_without_uvs": 1,
        "materials": 0,
    }

    found = {finding.code: finding for finding in findings.from_measures(measures)}

    assert set(found) == {
        *("many-triangles", "many-draw-calls", "large-texture", "much-texture-memory"),
        *("texture-not-power-of-two", "missing-normals", "missing-uvs", "no-materials"),
    }
    assert "1,024 MiB" in found["much-texture-memory"].message
    assert found["missing-uvs"].severity is Severity.WARNING
    assert all(finding.remedy for finding in found.values())
