"""The shape of a model as numbers: what changes them, and what does not."""

import hashlib

import numpy as np
import pytest

from marketplace.processing.fingerprint import measure, picture_hashes
from marketplace.processing.formats import Source
from marketplace.processing.shape import DIMENSIONS
from marketplace.processing.shape.descriptor import vector_of
from marketplace.processing.shape.handedness import handedness_of, mirrored
from marketplace.processing.shape.surface import Surface
from marketplace.processing.steps import run_step
from marketplace.processing.types import Reduction, Step
from marketplace.tests.glb_builder import CUBE_CORNERS, CUBE_FACES, GlbBuilder, cube, grid, noise

# Copies of a shape lie nearer to it than this, strangers farther away.
NEAR, FAR = 0.05, 0.2


def corners_of(cells: int = 12) -> np.ndarray:
    """A wavy sheet with a tower on one corner and a ball of nothing: no symmetry in it. (n, 3, 3)"""
    positions, indices, _uvs = grid(cells)
    sheet = positions[indices.reshape(-1, 3)]
    tower = CUBE_CORNERS[CUBE_FACES] * (0.2, 0.7, 0.1) + (0.1, 0, 0.05)
    return np.concatenate([sheet, tower]).astype(float)


def turn(seed: int) -> np.ndarray:
    """Some rotation."""
    axes, _ = np.linalg.qr(np.random.default_rng(seed).normal(size=(3, 3)))
    return axes * np.linalg.det(axes)


def distance(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.linalg.norm(vector_of(Surface.of(one)) - vector_of(Surface.of(other))))


@pytest.mark.parametrize("corners", [np.zeros((0, 3, 3)), np.zeros((4, 3, 3)), np.full((2, 3, 3), np.nan)])
def test_triangles_without_area_are_no_surface(corners):
    assert Surface.of(corners) is None


def test_another_shape_is_far():
    box = CUBE_CORNERS[CUBE_FACES].astype(float)

    assert distance(corners_of(), box) > FAR
    assert distance(box, box * (1, 1, 3)) > FAR


@pytest.mark.parametrize("seed", range(3))
def test_moving_turning_scaling_and_renumbering_change_next_to_nothing(seed):
    corners = corners_of()
    order = np.random.default_rng(seed)
    renumbered = np.stack(
        [np.roll(corner, order.integers(3), axis=0) for corner in order.permutation(corners)]
    )

    assert distance(corners, renumbered @ turn(seed).T * 40 + (900, -3, 7)) < NEAR
    assert Surface.of(renumbered * 40).scale == pytest.approx(Surface.of(corners).scale * 40)


def test_the_same_surface_in_more_triangles_is_near():
    assert distance(corners_of(10), corners_of(40)) < NEAR


def test_a_mirror_image_is_near_and_is_told_from_the_shape():
    corners = corners_of()
    image = (corners * (-1, 1, 1))[:, ::-1] @ turn(5).T
    own, other = handedness_of(Surface.of(corners)), handedness_of(Surface.of(image))

    assert distance(corners, image) < NEAR
    assert mirrored(own, other) is True
    assert mirrored(own, handedness_of(Surface.of(corners @ turn(6).T))) is False


def test_of_a_shape_that_is_its_own_mirror_image_it_cannot_be_told():
    box = handedness_of(Surface.of(CUBE_CORNERS[CUBE_FACES] * (1.0, 2.0, 3.0)))

    assert np.allclose(box, 0, atol=0.01)
    assert mirrored(box, -box) is None


def test_the_geometry_tool_brings_the_same_fingerprint_as_the_step_alone(tmp_path):
    source = Source(cube(scale=[2, 2, 2]).save(tmp_path / "poster.glb"))

    def run(step: Step):
        return run_step(
            step, source=source, workdir=tmp_path / step, reduction=Reduction(paid=False), previous={}
        )

    along, alone = run(Step.GEOMETRY).along[Step.FINGERPRINT], run(Step.FINGERPRINT)

    assert along.data == alone.data
    assert len(alone.data["vector"]) == DIMENSIONS
    # Of a cube of edge 2: the mean of x² + y² + z² over its faces is 1 + 2/3.
    assert alone.data["scale"] == pytest.approx((5 / 3) ** 0.5)
    assert along.tool_versions == alone.tool_versions


def test_points_alone_have_no_fingerprint(tmp_path):
    builder = GlbBuilder()
    builder.node(mesh=builder.mesh(CUBE_CORNERS, mode=0))

    assert measure({"source": str(builder.save(tmp_path / "points.glb"))})["data"]["vector"] is None


def test_pictures_are_known_by_their_bytes_and_plain_colours_are_not_counted(tmp_path):
    builder = cube()
    builder.texture(noise(32, 32))
    builder.texture(noise(32, 32))
    builder.texture(noise(1, 1))
    view = builder.document["bufferViews"][builder.document["images"][0]["bufferView"]]
    picture = bytes(builder.binary[view["byteOffset"] :][: view["byteLength"]])

    hashes = picture_hashes(builder.save(tmp_path / "poster.glb"))

    assert hashes == [hashlib.sha256(picture).hexdigest()]
