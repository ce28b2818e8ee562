"""Whether the formats of one model are the same model."""

from dataclasses import replace

import pytest

from marketplace.agreement import disagreements
from marketplace.claims import Measures

CHAIR = Measures(
    format="glb",
    triangles=10_000,
    materials=1,
    textures=3,
    animations=2,
    is_rigged=True,
    size=(0.5, 1.0, 0.55),
)


def found(later: Measures, first: Measures = CHAIR) -> dict[str, str]:
    return {finding.code.removeprefix("formats-"): finding.message for finding in disagreements(first, later)}


@pytest.mark.parametrize(
    "later",
    [
        replace(CHAIR, format="fbx"),
        replace(CHAIR, format="fbx", triangles=10_300),
        replace(CHAIR, format="fbx", size=(0.505, 1.01, 0.55)),
        # Another axis is up.
        replace(CHAIR, format="fbx", size=(0.5, 0.55, 1.0)),
        # What the format cannot hold.
        replace(CHAIR, format="stl", textures=0, animations=0, is_rigged=False),
        replace(CHAIR, format="obj", animations=0, is_rigged=False),
        replace(CHAIR, format="step", triangles=123, textures=0, animations=0, is_rigged=False),
        # The converter reads nothing but meshes of it.
        replace(CHAIR, format="blend", textures=0, animations=0, is_rigged=False),
        # There, but lost in the conversion.
        replace(CHAIR, format="dae", animations=0, is_rigged=False, dropped=("skeleton", "animation")),
        replace(CHAIR, format="fbx", size=None),
        replace(CHAIR, format="fbx", size=(0, 0, 0)),
    ],
)
def test_formats_that_hold_the_same_model_agree(later):
    assert found(later) == {}


def test_another_number_of_triangles_is_named_with_both_figures():
    assert found(replace(CHAIR, format="obj", triangles=2_500)) == {
        "triangles": "The OBJ has 2,500 triangles, the GLB 10,000."
    }


@pytest.mark.parametrize(
    ("scale", "words"),
    [
        (1000, "The STL is 1,000 times larger than the GLB: 500 × 1e+03 × 550 m against 0.5 × 1 × 0.55 m."),
        (0.01, "The STL is 100 times smaller than the GLB"),
        (25.4, "The STL is 25.4 times larger than the GLB"),
        (1.5, "The STL is 1.5 times larger than the GLB"),
    ],
)
def test_another_unit_is_named_by_its_factor(scale, words):
    size = tuple(side * scale for side in CHAIR.size)
    messages = found(replace(CHAIR, format="stl", size=size))
    assert messages.keys() == {"scale"}
    assert messages["scale"].startswith(words.replace("1e+03", "1,000"))


def test_another_shape_is_named_by_its_sides():
    assert found(replace(CHAIR, format="stl", size=(0.5, 2.0, 0.55))) == {
        "size": "The STL measures 0.5 × 2 × 0.55 m, the GLB 0.5 × 1 × 0.55 m."
    }


def test_missing_motion_and_textures_are_named():
    assert found(replace(CHAIR, format="fbx", animations=0, is_rigged=False, textures=0)) == {
        "animations": "The FBX has no animation, the GLB 2 animations.",
        "rig": "The GLB has a skeleton, the FBX has none.",
        "textures": "The GLB comes with textures, the FBX without.",
    }
