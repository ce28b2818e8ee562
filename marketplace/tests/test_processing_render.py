"""Posters and turntables: sizes, transparency, framing, light; with f3d and with the ray caster."""

import numpy as np
import pytest
from PIL import Image

from marketplace.processing.formats import Source
from marketplace.processing.render.framing import load_points, poster_view, turntable_views
from marketplace.processing.steps import run_step
from marketplace.processing.types import Angle, Reduction, Rejected, Step
from marketplace.tests.glb_builder import CUBE_CORNERS, GlbBuilder, cube, grid

ORANGE = {"pbrMetallicRoughness": {"baseColorFactor": [0.8, 0.25, 0.05, 1], "metallicFactor": 0}}


@pytest.fixture(params=["auto", pytest.param("raycast", marks=pytest.mark.full)])
def renderer(request, monkeypatch):
    monkeypatch.setenv("LATHE_RENDERER", request.param)
    return request.param


@pytest.fixture
def draw(tmp_path):
    """Runs one rendering step on a builder's file, which has to be plain already."""

    def run(step: Step, builder: GlbBuilder, **options):
        source = builder.save(tmp_path / "poster.glb")
        return run_step(
            step,
            source=Source(source),
            workdir=tmp_path / "work",
            reduction=Reduction(paid=False),
            previous={},
            **options,
        )

    return run


def pixels(path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image.convert("RGBA"), dtype=float)


@pytest.mark.full
def test_a_scene_of_which_nothing_can_be_seen_is_refused(monkeypatch, draw, tmp_path):
    monkeypatch.setenv("LATHE_RENDERER", "raycast")
    glass = {"alphaMode": "BLEND", "pbrMetallicRoughness": {"baseColorFactor": [1, 1, 1, 0]}}

    with pytest.raises(Rejected) as caught:
        draw(Step.POSTER, cube(glass))

    assert caught.value.code == "nothing_visible"
    assert list((tmp_path / "work").iterdir()) == []


@pytest.mark.full
def test_the_first_poster_of_a_machine_is_rendered_like_the_others(monkeypatch, draw, tmp_path):
    monkeypatch.setenv("PROCESSING_CACHE_DIR", str(tmp_path / "not" / "there"))

    assert draw(Step.POSTER, cube(ORANGE)).data["renderer"] == "f3d"


def test_posters_are_transparent_webp_of_three_sizes_framed_and_lit(renderer, draw):
    result = draw(Step.POSTER, cube(ORANGE))

    assert set(result.files) == {"poster_small", "poster_medium", "poster_large"}
    for role, size in {"small": (320, 240), "medium": (640, 480), "large": (1280, 960)}.items():
        with Image.open(result.files[f"poster_{role}"]) as image:
            assert (image.format, image.size) == ("WEBP", size)
            left, top, right, bottom = image.getchannel("A").point(lambda a: 255 * (a > 128)).getbbox()
            width, height = image.size
            assert max((right - left) / width, (bottom - top) / height) == pytest.approx(0.8, abs=0.02)
            assert (left + right) / 2 / width == pytest.approx(0.5, abs=0.02)
            assert (top + bottom) / 2 / height == pytest.approx(0.5, abs=0.02)
    picture = pixels(result.files["poster_medium"])
    solid = picture[picture[..., 3] > 250]
    red, green, blue = solid[:, :3].mean(axis=0)
    assert 90 < red < 245
    assert red > 1.4 * green > 1.4 * blue
    assert result.data["renderer"] == ("f3d" if renderer == "auto" else "raycast")


def test_the_turntable_is_one_sprite_of_twenty_four_different_frames(renderer, draw):
    builder = cube(ORANGE)
    builder.node(mesh=0, translation=[1.5, 0, 0], scale=[0.3, 2, 0.3])

    result = draw(Step.TURNTABLE, builder)

    assert {key: result.data[key] for key in ("frames", "columns", "rows", "width", "height")} == {
        "frames": 24,
        "columns": 6,
        "rows": 4,
        "width": 480,
        "height": 360,
    }
    sprite = pixels(result.files["turntable"])
    assert sprite.shape == (4 * 360, 6 * 480, 4)
    frames = [
        sprite[row * 360 : row * 360 + 360, column * 480 : column * 480 + 480]
        for row in range(4)
        for column in range(6)
    ]
    for index, frame in enumerate(frames):
        assert (frame[..., 3] > 128).mean() > 0.02
        assert frame[0, :, 3].max() == frame[-1, :, 3].max() == 0
        assert np.abs(frame - frames[index - 1]).mean() > 0.5


@pytest.mark.full
def test_a_wall_shows_its_vertex_colours(renderer, draw, tmp_path):
    builder = GlbBuilder()
    square = np.array([[-1, -1, 0], [1, -1, 0], [1, 1, 0], [-1, 1, 0]], dtype="f4")
    colours = np.tile(np.array([0.05, 0.6, 0.1], dtype="f4"), (4, 1))
    upright = np.tile(np.array([0, 0, 1], dtype="f4"), (4, 1))
    material = builder.material(
        doubleSided=True, pbrMetallicRoughness={"metallicFactor": 0, "roughnessFactor": 0.9}
    )
    mesh = builder.mesh(
        square,
        np.array([0, 1, 2, 0, 2, 3], dtype="u2"),
        material=material,
        COLOR_0=colours,
        NORMAL=upright,
    )
    builder.node(mesh=mesh)

    source = builder.save(tmp_path / "model.glb")
    options = {"reduction": Reduction(paid=False), "previous": {}}
    plain = run_step(Step.GLTF, source=Source(source), workdir=tmp_path, **options).files["poster_source"]

    result = run_step(Step.POSTER, source=Source(plain), workdir=tmp_path, **options)

    picture = pixels(result.files["poster_small"])
    red, green, blue = picture[picture[..., 3] > 250][:, :3].mean(axis=0)

    assert green > 1.5 * red
    assert green > 1.5 * blue


@pytest.mark.parametrize("scale", [1e-4, 1, 1e4])
def test_every_point_lies_within_eighty_percent_of_the_poster_whatever_the_scale(scale):
    points = grid(8)[0].astype(float) * scale * [1, 3, 0.2] + [5 * scale, 0, 0]

    view = poster_view(points, 4 / 3, Angle())

    assert max(view.share_x, view.share_y) == pytest.approx(0.8, abs=1e-3)


def test_no_frame_of_the_turntable_passes_the_edge():
    views = turntable_views(CUBE_CORNERS.astype(float) * [4, 1, 0.1], 4 / 3, 24)

    assert len(views) == 24
    assert max(max(view.share_x, view.share_y) for view in views) <= 0.9
    assert max(max(view.share_x, view.share_y) for view in views) >= 0.7


def test_points_are_placed_by_the_nodes_above_them(tmp_path):
    builder = cube(translation=[0, 1, 0], rotation=[0, 0.7071068, 0, 0.7071068])
    builder.document["nodes"].append({"children": [0], "scale": [2, 2, 2]})
    builder.document["scenes"][0]["nodes"] = [1]

    points = load_points(builder.save(tmp_path / "m.glb"))

    assert points.min(axis=0) == pytest.approx([0, 2, -2], abs=1e-5)
    assert points.max(axis=0) == pytest.approx([2, 4, 0], abs=1e-5)


@pytest.mark.parametrize("angle", [Angle(180, -85), Angle(-180, 85), Angle(0, 0), Angle(90, 40)])
def test_the_poster_is_full_of_the_model_from_every_side(angle):
    points = grid(8)[0].astype(float) * [1, 3, 0.2]

    view = poster_view(points, 4 / 3, angle)

    assert max(view.share_x, view.share_y) == pytest.approx(0.8, abs=1e-3)


def test_the_poster_is_taken_from_the_angle_that_is_asked_for(draw):
    flat = cube(ORANGE, scale=[1, 0.05, 1])

    level = draw(Step.POSTER, flat, angle=Angle(0, 0))
    heights = pixels(level.files["poster_small"])[..., 3].max(axis=1)
    above = draw(Step.POSTER, flat, angle=Angle(0, 85))
    taller = pixels(above.files["poster_small"])[..., 3].max(axis=1)

    assert (heights > 250).sum() * 4 < (taller > 250).sum()
    assert (level.data["azimuth"], level.data["elevation"]) == (0, 0)
