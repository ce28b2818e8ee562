"""Which dropped files become which files of which model; names only, no bytes."""

import pytest

from marketplace.assembly import Drop, PlanRefused, plan_drop
from marketplace.assembly.packing import names_in_archive
from marketplace.assembly.roles import clean_path

MANY = tuple(f"part{number}.stl" for number in range(8))


def drops(*paths):
    """Loose files by path; a zip as `(path, members)`."""
    return [
        Drop(path, 10) if isinstance(path, str) else Drop(path[0], 10, tuple((name, 5) for name in path[1]))
        for path in paths
    ]


def shown(plan):
    """A plan in short: per model its title's origin, its files with companions, documents and pictures."""
    return [
        (
            model.stem,
            {
                str(file.format): (
                    f"{file.archive}:{file.main.member}" if file.archive else file.main.path,
                    [piece.path for piece in file.companions],
                )
                for file in model.files
            },
            [piece.path for piece in model.documents],
            [piece.path for piece in model.pictures],
        )
        for model in plan.models
    ]


@pytest.mark.parametrize(
    ("paths", "for_one", "about", "said"),
    [
        ([], False, "", "no 3D file"),
        ([], True, "", "Choose at least one file"),
        (["notes.txt", "front.png"], False, "", "no 3D file"),
        (["chair.glb", "setup.exe"], False, "setup.exe", "Programs"),
        (["chair.glb", "index.html"], False, "index.html", "Programs, scripts and web pages"),
        (["chair.glb", "icon.svg"], True, "icon.svg", "not taken"),
        (["chair.glb", "scene.max"], False, "scene.max", "not taken. Models come as GLB, glTF"),
        (["chair.rar"], False, "chair.rar", "only .zip"),
        (["chair.glb", "chair.mtl"], False, "chair.mtl", "belongs to a file in OBJ"),
        (["chair.obj", "chair.bin"], False, "chair.bin", "belongs to a file in glTF"),
        (["chair.glb", "wood.tga"], False, "wood.tga", "No file among these can use this texture"),
        (["a.glb", "b.glb"], True, "b.glb", "one file of each format, and these are 2 in GLB: a.glb, b.glb"),
        (["x/a.glb", "y/a.glb"], False, "y/a.glb", "2 in GLB: x/a.glb, y/a.glb"),
        (["a.glb", "b.glb", "manual.pdf"], False, "manual.pdf", "may belong to any of them"),
        ([("kit.zip", MANY)], False, "kit.zip", "holds 8 files in STL: part0.stl"),
        ([("kit.zip", ["readme.xyz"])], False, "kit.zip", "no 3D file in this zip"),
        ([f"{number}.glb" for number in range(51)], False, "", "51 models; at most 50"),
    ],
)
def test_what_cannot_be_used_is_named_and_nothing_is_planned(paths, for_one, about, said):
    with pytest.raises(PlanRefused) as refused:
        plan_drop(drops(*paths), for_one=for_one)

    problems = {problem.path: problem.message for problem in refused.value.problems}
    assert said in problems[about]


def test_every_problem_of_a_drop_is_told_at_once_with_the_file_it_is_about():
    with pytest.raises(PlanRefused) as refused:
        plan_drop(drops("chair.glb", "a.exe", "chair.mtl", "b.rar"), for_one=False)

    assert [problem.drop for problem in refused.value.problems] == [1, 3, 2]


def test_a_zip_that_cannot_be_opened_is_refused_with_its_own_sentence():
    with pytest.raises(PlanRefused) as refused:
        plan_drop([Drop("bomb.zip", 10, refusal="It unfolds to 4 TB.")], for_one=False)

    assert refused.value.problems[0].message == "It unfolds to 4 TB."


@pytest.mark.parametrize(
    ("paths", "planned"),
    [
        (["chair.glb"], [("chair", {"glb": ("chair.glb", [])}, [], [])]),
        (["CHAIR.STP", ".DS_Store", "__MACOSX/chair.stp"], [("CHAIR", {"step": ("CHAIR.STP", [])}, [], [])]),
        (
            ["chair.glb", "front.png", "Manual.PDF"],
            [("chair", {"glb": ("chair.glb", [])}, ["Manual.PDF"], ["front.png"])],
        ),
        (
            ["chair/chair.obj", "chair/chair.mtl", "chair/tex/wood.png"],
            [
                (
                    "chair",
                    {"obj": ("chair/chair.obj", ["chair/chair.mtl", "chair/tex/wood.png"])},
                    [],
                    [],
                )
            ],
        ),
        # Several formats, once each, are one model whatever their names.
        (
            ["chair.obj", "seat.fbx", "chair.glb", "wood.tga"],
            [
                (
                    "chair",
                    {
                        "obj": ("chair.obj", ["wood.tga"]),
                        "fbx": ("seat.fbx", ["wood.tga"]),
                        "glb": ("chair.glb", []),
                    },
                    [],
                    [],
                )
            ],
        ),
        # One format several times: a model for each name, and what lies nearest to it.
        (
            ["chair.obj", "table.obj", "chair.mtl", "table.mtl", "chair.glb", "wood.png", "table.pdf"],
            [
                (
                    "chair",
                    {"obj": ("chair.obj", ["chair.mtl", "wood.png"]), "glb": ("chair.glb", [])},
                    [],
                    [],
                ),
                ("table", {"obj": ("table.obj", ["table.mtl", "wood.png"])}, ["table.pdf"], []),
            ],
        ),
        (
            ["p/chair/chair.fbx", "p/chair/t/a.png", "p/table/table.fbx", "p/table/t/a.png", "p/t/b.png"],
            [
                ("chair", {"fbx": ("p/chair/chair.fbx", ["p/chair/t/a.png", "p/t/b.png"])}, [], []),
                ("table", {"fbx": ("p/table/table.fbx", ["p/table/t/a.png", "p/t/b.png"])}, [], []),
            ],
        ),
        # A zip with one 3D file stays as it is; pictures beside it are pictures.
        (
            [("chair.zip", ["src/chair.obj", "src/chair.mtl", "t/wood.png", "raw.psd"]), "front.jpg"],
            [("chair", {"obj": ("chair.zip:src/chair.obj", [])}, [], ["front.jpg"])],
        ),
        ([("kit.zip", ["body.stl", "old/body.stl"])], [("body", {"stl": ("kit.zip:body.stl", [])}, [], [])]),
        ([("kit.zip", ["arm.stl", "kit.stl"])], [("kit", {"stl": ("kit.zip:kit.stl", [])}, [], [])]),
        # A zip of several formats is taken apart.
        (
            [
                (
                    "chair.zip",
                    ["c/chair.obj", "c/chair.mtl", "c/chair.stl", "c/wood.png", "c/notes.txt", "c/x.psd"],
                )
            ],
            [
                (
                    "chair",
                    {
                        "obj": ("chair/c/chair.obj", ["chair/c/chair.mtl", "chair/c/wood.png"]),
                        "stl": ("chair/c/chair.stl", []),
                    },
                    ["chair/c/notes.txt"],
                    [],
                )
            ],
        ),
        # A GLB has all in it, and no step of the pipeline would look for it in a zip.
        (
            [("chair.zip", ["c/chair.glb", "c/notes.txt"])],
            [("chair", {"glb": ("chair/c/chair.glb", [])}, ["chair/c/notes.txt"], [])],
        ),
        # Textures in a zip beside the file that wants them.
        (
            ["chair.fbx", ("textures.zip", ["wood.png"])],
            [("chair", {"fbx": ("chair.fbx", ["textures/wood.png"])}, [], [])],
        ),
    ],
)
def test_what_was_dropped_together_is_sorted_into_models(paths, planned):
    assert shown(plan_drop(drops(*paths), for_one=False)) == planned


def test_documents_and_pictures_alone_can_be_added_to_a_model_that_exists():
    plan = plan_drop(drops("manual.pdf", "front.webp"), for_one=True)

    assert shown(plan) == [("", {}, ["manual.pdf"], ["front.webp"])]


def test_what_a_zip_holds_beyond_its_models_is_named_as_left_out():
    plan = plan_drop(drops(("chair.zip", ["chair.obj", "chair.glb", "scene.psd"])), for_one=False)

    assert plan.left_out == ["chair/scene.psd"]


@pytest.mark.parametrize(
    ("path", "clean"),
    [
        ("../../etc/passwd.glb", "etc/passwd.glb"),
        ("C:\\Users\\Mira\\chair.obj", "C_/Users/Mira/chair.obj"),
        ("/abs/./chair.glb", "abs/chair.glb"),
        ("~root/a\x00b\u202etxt.glb", "root/abtxt.glb"),
        ("...", "file"),
        ("", "file"),
        ("chair. ", "chair"),
        ("a<b>:c|d?.obj", "a_b__c_d_.obj"),
        ("é" * 200 + ".glb", "é" * 58 + ".glb"),
        ("/".join("abcdefghijkl") + ".obj", "e/f/g/h/i/j/k/l.obj"),
    ],
)
def test_paths_become_harmless_on_every_system(path, clean):
    assert clean_path(path) == clean


def test_names_in_an_archive_start_below_what_all_share_and_no_two_are_alike():
    plan = plan_drop(
        drops("m/chair/src/chair.obj", "m/chair/tex/Wood.png", ("m/chair/tex.zip", ["wood.png"])),
        for_one=False,
    )

    names = names_in_archive(plan.models[0].files[0])
    assert list(names.values()) == ["src/chair.obj", "tex/Wood.png", "tex/wood-2.png"]
