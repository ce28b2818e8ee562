"""What creators write against what was measured: sentence by sentence, and that silence is kept in doubt."""

import pytest

from marketplace.claims import Measures, Words, contradictions

# A plain cube: nothing that can be claimed of it is true, but that it is small.
PLAIN = Measures(
    format="glb",
    triangles=12,
    vertices=24,
    materials=1,
    plain_materials=1,
    unlit_materials=0,
    is_watertight=False,
)
# Everything is in it.
RICH = Measures(
    format="fbx",
    triangles=24_000,
    vertices=20_000,
    materials=2,
    textures=5,
    max_texture_size=4096,
    animations=4,
    is_rigged=True,
    uv_sets=1,
    is_watertight=True,
    plain_materials=0,
    unlit_materials=0,
)
HUGE = Measures(format="obj", triangles=3_000_000, textures=1, max_texture_size=1024, materials=1, uv_sets=1)
FLAT = Measures(
    format="glb",
    triangles=900,
    textures=2,
    max_texture_size=1024,
    materials=2,
    plain_materials=2,
    unlit_materials=0,
)

WRONG = [
    ("Fully rigged and ready for your scene.", PLAIN, {"rigged"}),
    ("The character is rigged.", PLAIN, {"rigged"}),
    ("Comes with a full control rig", PLAIN, {"rigged"}),
    ("Armature included.", PLAIN, {"rigged"}),
    ("Low poly, rigged, no textures.", PLAIN, {"rigged"}),
    ("Not only rigged, it is animated too.", PLAIN, {"rigged", "animated"}),
    ("Rigged & animated game character", PLAIN, {"rigged", "animated"}),
    ("**Rigged** with _all_ fingers", PLAIN, {"rigged"}),
    ("- Rigged\n- Animated\n- Textures included", PLAIN, {"rigged", "animated", "textured"}),
    ("Rigged: yes", PLAIN, {"rigged"}),
    ("Includes a walk cycle.", PLAIN, {"animated"}),
    ("With idle animation and a walk-cycle.", PLAIN, {"animated"}),
    ("Animations are included.", PLAIN, {"animated"}),
    ("Fully rigged with no animations.", PLAIN, {"rigged"}),
    ("It has 12 animations.", RICH, {"animation-count"}),
    ("12 looped animations: idle, walk, run …", RICH, {"animation-count"}),
    ("Textures included.", PLAIN, {"textured"}),
    ("Hand-painted textures", PLAIN, {"textured"}),
    ("A fully textured model.", PLAIN, {"textured"}),
    ("With 4K textures.", PLAIN, {"textured"}),
    ("With 4K textures.", FLAT, {"texture-size"}),
    ("All textures are 8K.", RICH, {"texture-size"}),
    ("2k PBR texture maps", FLAT, {"texture-size", "pbr"}),
    ("Textures: 2048x2048", FLAT, {"texture-size"}),
    ("4096x4096 textures", FLAT, {"texture-size"}),
    ("PBR materials", FLAT, {"pbr"}),
    ("Low poly chair", HUGE, {"low-poly"}),
    ("low-poly, good for any engine", HUGE, {"low-poly"}),
    ("High poly sculpture", PLAIN, {"high-poly"}),
    ("Game ready", HUGE, {"game-ready"}),
    ("game-ready asset", HUGE, {"game-ready"}),
    ("UV unwrapped", PLAIN, {"unwrapped"}),
    ("Clean UVs.", PLAIN, {"unwrapped"}),
    ("Print ready.", PLAIN, {"printable"}),
    ("This is 3D printable.", PLAIN, {"printable"}),
    ("The mesh is watertight.", PLAIN, {"printable"}),
    ("Manifold geometry.", PLAIN, {"printable"}),
    ("All quads, clean loops", PLAIN, {"quads"}),
    ("12,000 triangles", PLAIN, {"triangle-count"}),
    ("Only 5k tris!", RICH, {"triangle-count"}),
    ("Triangles: 1,200", RICH, {"triangle-count"}),
    ("1.2M polygons", RICH, {"polygon-count"}),
    ("under 5k polys", RICH, {"polygon-count"}),
    ("over 50,000 polygons", RICH, {"polygon-count"}),
]

SILENT = [
    # True.
    (
        "Fully rigged, animated, textured in Substance. 4K PBR textures, UV unwrapped, watertight, all quads.",
        RICH,
    ),
    ("24,000 triangles", RICH),
    ("about 24k tris", RICH),
    ("12,000 polygons", RICH),
    ("4 animations", RICH),
    ("3 animations", RICH),
    ("Low poly chair", RICH),
    ("High poly", RICH),
    ("2K textures", RICH),
    # Denied.
    ("Not rigged.", PLAIN),
    ("The model is not rigged or animated.", PLAIN),
    ("Unrigged, untextured.", PLAIN),
    ("un-rigged", PLAIN),
    ("Non-rigged character", PLAIN),
    ("No rig, animations or textures included.", PLAIN),
    ("Comes without rig, animations, or textures.", PLAIN),
    ("Neither rigged nor animated.", PLAIN),
    ("It isn't rigged, and it doesn't come with textures.", PLAIN),
    ("Rigged: No", PLAIN),
    ("Rigged - no\nAnimated - no\nTextured - no", PLAIN),
    ("| Rigged | No |\n|---|---|\n| Animated | No |", PLAIN),
    ("Rigged ❌ Animated ❌", PLAIN),
    ("Not included:\n\n- Rig\n- Textures included in the paid one\n- Animations", PLAIN),
    ("## Not included\n\n- Fully rigged character\n- walk cycle", PLAIN),
    ("0 animations", PLAIN),
    ("This mesh is non-manifold.", PLAIN),
    ("not watertight, not 3D printable", PLAIN),
    ("Not PBR", FLAT),
    ("~~Rigged~~", PLAIN),
    ("It is rigged? No.", PLAIN),
    ("without\ntextures", PLAIN),
    ("Lacks textures and animations", PLAIN),
    # Possible, planned, or elsewhere.
    ("Easy to rig and ready to be animated.", PLAIN),
    ("Perfect for rigging and animation.", PLAIN),
    ("Can be rigged and animated.", PLAIN),
    ("A rigged version is available separately.", PLAIN),
    ("Animations coming soon.", PLAIN),
    ("The model will be rigged in the next update.", PLAIN),
    ("If you need it rigged, contact me.", PLAIN),
    ("Suitable for animated films.", PLAIN),
    ("See my other rigged characters.", PLAIN),
    ("4K textures on request.", FLAT),
    ("Normals baked from high poly.", PLAIN),
    ("High poly version sold separately.", PLAIN),
    # About something else.
    ("A square-rigged ship with all its rigging.", PLAIN),
    ("Oil rig at sea", PLAIN),
    ("The armature of an electric motor.", PLAIN),
    ("Dark-skinned warrior", PLAIN),
    ("From the animated series.", PLAIN),
    ("Animated movie style.", PLAIN),
    ("Rendered in 4K.", FLAT),
    ("A 4K TV on a stand", FLAT),
    ("4k polygons", Measures(format="glb", triangles=7_900)),
    ("Lit by a 4K HDRI map", FLAT),
    ("A wall of heavily textured plaster.", PLAIN),
    ("Exhaust manifold of a V8", PLAIN),
    ("Printable label, PDF", PLAIN),
    ("Quad bike and quadcopter", PLAIN),
    ("low-poly style", HUGE),
    ("Skeleton of a dinosaur", PLAIN),
    ("UV lamp for curing resin", PLAIN),
    ("LOD0 12,000 triangles, LOD1 5,000 triangles", PLAIN),
    ("from 500 to 90,000 triangles", PLAIN),
    ("Body 8,000 triangles", RICH),
    ("up to 50k tris", RICH),
    ("less than 10k polys", RICH),
    ("more than 10k polygons", RICH),
    ("Two triangles and a circle", RICH),
    ("`rigged`", PLAIN),
    ("[see here](https://example.com/rigged-animated)", PLAIN),
    ("", PLAIN),
]


def found(words: Words, measures: Measures, *others: Measures) -> set[str]:
    return {finding.code.removeprefix("claim-") for finding in contradictions(words, measures, others)}


@pytest.mark.parametrize(("text", "measures"), SILENT)
def test_nothing_is_said_in_doubt(text, measures):
    assert found(Words(title="A thing", description=text), measures) == set()


@pytest.mark.parametrize(("text", "measures", "codes"), WRONG)
def test_words_that_the_file_contradicts_are_found(text, measures, codes):
    assert found(Words(title="A thing", description=text), measures) == codes


def test_titles_and_tags_claim_too():
    assert found(Words("Rigged robot", "", ()), PLAIN) == {"rigged"}
    tags = ("rigged", "animated", "4k", "pbr", "game-ready", "textured", "print-ready", "chair")
    assert found(Words("Robot", "", tags), FLAT) == {"rigged", "animated", "texture-size", "pbr"}
    assert found(Words("Robot", "", tags), PLAIN) == {"rigged", "animated", "textured", "printable"}
    assert found(Words("Robot", "", ("animation", "rig", "skeleton")), PLAIN) == set()


def test_the_finding_quotes_the_words_and_says_what_was_measured():
    (finding,) = contradictions(Words("Robot", "Comes with 4K PBR textures."), RICH_BUT_SMALL)
    assert finding.message == (
        "The description says “4K PBR textures”, but the largest texture is 512 pixels wide or high."
    )
    (finding,) = contradictions(Words("Robot", "", ("rigged",)), PLAIN)
    assert finding.message == "The tag “rigged” says so, but the GLB file holds no skeleton."
    assert finding.remedy


RICH_BUT_SMALL = Measures(
    format="glb",
    triangles=10,
    materials=1,
    textures=1,
    max_texture_size=512,
    plain_materials=0,
    unlit_materials=0,
)


def test_what_another_format_bears_out_is_no_contradiction():
    assert found(Words("Rigged robot"), PLAIN, RICH) == set()
    assert found(Words("Rigged robot"), PLAIN, PLAIN) == {"rigged"}


def test_what_was_not_read_of_a_file_is_not_held_against_the_words():
    words = Words("Rigged robot", "With 4K textures and a walk cycle, low poly.")
    blend = Measures(format="blend", triangles=3_000_000)
    assert found(words, blend) == {"low-poly"}
    usdz = Measures(format="usdz", textures=1, max_texture_size=4096, dropped=("skeleton", "animation"))
    assert found(words, usdz) == set()


def test_one_right_number_among_several_answers_for_all():
    text = "High detail: 24,000 triangles. Simple: 6,000 triangles."
    assert found(Words("Robot", text), RICH) == set()
    assert found(Words("Robot", text), PLAIN) == {"triangle-count"}


def test_what_an_old_measurement_does_not_know_is_not_held_against_the_words():
    old = Measures(format="glb", triangles=12, materials=1, textures=1, max_texture_size=64)
    assert found(Words("PBR robot", "watertight"), old) == set()


def test_long_descriptions_are_read_quickly():
    text = "not " * 4_000 + "rigged " * 100
    assert found(Words("Robot", text), PLAIN) == set()
