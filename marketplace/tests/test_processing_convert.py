"""Every format becomes one upright GLB in metres, made of nothing but what was uploaded."""

import io
import itertools
import json
import os
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest
import trimesh
from PIL import Image

from marketplace.processing.formats import Source, format_of_name
from marketplace.processing.steps import run_step
from marketplace.processing.table import process
from marketplace.processing.types import Reduction, Rejected, Severity, Step, StepResult
from marketplace.tests.glb import grid_glb, unpack_glb

# What no text of ours may hold: folders of somebody's disk.
PRIVATE = ("\\", "C:", "/Users/", "/home/", "ann")
QUAD = "v 0 0 0\nv 1 0 0\nv 1 1 0\nv 0 1 0\nvt 0 0\nvt 1 0\nvt 1 1\nvt 0 1\nusemtl wood\nf 1/1 2/2 3/3 4/4\n"
TRIANGLE_STAGE = """#usda 1.0
(
    upAxis = "Z"
    metersPerUnit = 0.01
    {metadata}
)
def Mesh "Roof" {{
    int[] faceVertexCounts = [3]
    int[] faceVertexIndices = [0, 1, 2]
    point3f[] points = [(0, 0, 0), (100, 0, 0), (0, 0, 300)]
}}
"""


@pytest.fixture
def convert(tmp_path):
    """Runs the conversion of a file, or of a member of a zip of `files` (name -> content)."""

    runs = itertools.count()

    def run(name: str, content: bytes | str, *, files: dict[str, bytes | str] | None = None) -> StepResult:
        named = {name: content} | (files or {})
        work = tmp_path / f"work-{next(runs)}"
        if len(named) > 1 or "/" in name:
            path = tmp_path / "upload.zip"
            with zipfile.ZipFile(path, "w") as archive:
                for key, value in named.items():
                    archive.writestr(key, value)
            source = Source(path, format_of_name(name), name)
        else:
            path = tmp_path / name
            path.write_bytes(content.encode() if isinstance(content, str) else content)
            source = Source(path, format_of_name(name))
        return run_step(
            Step.CONVERT,
            source=source,
            workdir=work,
            reduction=Reduction(paid=False),
            previous={},
        )

    return run


def document(result: StepResult) -> dict:
    data = result.files["converted"].read_bytes()
    (length,) = struct.unpack_from("<I", data, 12)
    return json.loads(data[20 : 20 + length])


def size(result: StepResult) -> list[float]:
    return [round(float(edge), 6) for edge in trimesh.load_scene(result.files["converted"]).extents]


def codes(result: StepResult) -> list[str]:
    return [finding.code for finding in result.findings]


def picture(kind: str, colour: tuple = (200, 30, 30)) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (8, 8), colour).save(stream, kind)
    return stream.getvalue()


def package(model: str, **parts: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("3D/3dmodel.model", model)
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def stage(metadata: str = "", **files: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("scene.usda", TRIANGLE_STAGE.format(metadata=metadata))
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("damaged.fbx", b"Kaydara FBX Binary  \0\x1a\0" + b"\xff" * 200, "unreadable_model"),
        ("damaged.dae", "<COLLADA><library_geometries>", "unreadable_model"),
        ("cloud.obj", "v 0 0 0\nv 1 0 0\nv 0 1 0\np 1 2 3\n", "only_points"),
        ("empty.stl", "solid nothing\nendsolid nothing\n", "nothing_to_show"),
        (
            "cloud.ply",
            "ply\nformat ascii 1.0\nelement vertex 2\nproperty float x\nproperty float y\nproperty float z\n"
            "end_header\n0 0 0\n1 1 1\n",
            "only_points",
        ),
        ("empty.3mf", package("<model><resources/><build/></model>"), "nothing_to_show"),
        (
            "cut.step",
            "ISO-10303-21;\nHEADER;\nENDSEC;\nDATA;\n#1=CARTESIAN_POINT('',(0.,0.,",
            "unreadable_model",
        ),
        ("outside.usdz", stage("subLayers = [@/etc/hostname.usda@]"), "outside_parts"),
        ("above.usdz", stage("subLayers = [@../other.usda@]"), "outside_parts"),
        (
            "alone.gltf",
            json.dumps(
                {"asset": {"version": "2.0"}, "buffers": [{"uri": "C:\\Users\\ann\\a.bin", "byteLength": 4}]}
            ),
            "missing_buffer",
        ),
    ],
)
def test_what_shows_no_surface_is_refused_with_how_to_mend_it(convert, tmp_path, name, content, code):
    with pytest.raises(Rejected) as caught:
        convert(name, content)

    assert caught.value.code == code
    assert caught.value.message.endswith(".")
    assert not any(word in caught.value.message for word in PRIVATE)
    assert list((tmp_path / "work-0").iterdir()) == []


def test_files_outside_of_the_upload_are_never_opened(convert, tmp_path):
    secret = tmp_path / "secret.png"
    secret.write_bytes(picture("PNG"))
    places = (str(secret), f"../{secret.name}", f"{secret.parent.name}/../{secret.name}", secret.as_uri())

    materials = "".join(f"newmtl m{index}\nmap_Kd {place}\n" for index, place in enumerate(places))
    faces = "".join(f"usemtl m{index}\nf 1/1 2/2 3/3\n" for index in range(len(places)))

    result = convert("quad.obj", "mtllib quad.mtl\n" + QUAD + faces, files={"quad.mtl": materials})

    assert "images" not in document(result)
    missing = [finding.pointer for finding in result.findings if finding.code == "texture_missing"]
    assert missing == [secret.name]


@pytest.mark.parametrize(
    "reference",
    ["C:\\Users\\ann\\My Textures\\Wood.TGA", "\\\\nas\\ann\\wood.tga", "../ann/wood.tga", "maps/WOOD.tga"],
)
def test_a_texture_is_found_by_its_base_name_and_no_path_survives(convert, reference):
    materials = f"newmtl wood\nKd 0.8 0.8 0.8\nmap_Kd {reference}\n"

    result = convert(
        "model/quad.obj",
        "mtllib quad.mtl\n" + QUAD,
        files={
            "model/quad.mtl": materials,
            "model/textures/wood.tga": picture("TGA"),
            "wood.tga": picture("TGA", (0, 0, 9)),
        },
    )

    content = result.files["converted"].read_bytes()
    image = document(result)["images"][0]
    view = document(result)["bufferViews"][image["bufferView"]]
    start = content.index(b"BIN\0") + 4 + view.get("byteOffset", 0)
    with Image.open(io.BytesIO(content[start : start + view["byteLength"]])) as shown:
        assert shown.convert("RGB").getpixel((4, 4)) == (200, 30, 30)
    # The grey that is written beside every texture is not meant to darken it.
    assert "baseColorFactor" not in document(result)["materials"][0]["pbrMetallicRoughness"]
    assert "texture_missing" not in codes(result)
    served = (
        json.dumps(result.data) + json.dumps(document(result)) + "".join(f.message for f in result.findings)
    )
    assert not any(word in served for word in ("\\", "/Users/", "ann", "nas"))


def test_a_missing_texture_and_missing_materials_are_named_with_a_remedy(convert):
    result = convert(
        "quad.obj",
        "mtllib quad.mtl\nmtllib /home/ann/other.mtl\n" + QUAD,
        files={"quad.mtl": "newmtl wood\nmap_Kd wood.png\n"},
    )

    missing = {finding.code: finding for finding in result.findings}
    assert missing["material_missing"].pointer == "other.mtl"
    assert missing["texture_missing"].pointer == "wood.png"
    assert missing["texture_missing"].severity is Severity.WARNING
    assert "together with the model" in missing["texture_missing"].remedy
    assert missing["private_path"].severity is Severity.INFO
    assert "ann" not in missing["private_path"].message


def test_stl_stands_up_in_millimetres_with_edges_sharp_and_curves_smooth(convert):
    box = convert("box.stl", trimesh.creation.box((10, 20, 30)).export(file_type="stl"))
    ball = convert("ball.stl", trimesh.creation.icosphere(subdivisions=3).export(file_type="stl"))

    assert size(box) == [0.01, 0.03, 0.02]
    assert box.data["units"] == {"name": "millimetre", "metres": 0.001, "assumed": True}
    assert "unit-assumed" in codes(box)
    assert set(box.tool_versions) >= {"trimesh", "gltf-transform", "node"}
    corners = document(box)["meshes"][0]["primitives"][0]["attributes"]["POSITION"]
    assert document(box)["accessors"][corners]["count"] == 24
    sphere = trimesh.load(ball.files["converted"], force="mesh", process=False)
    assert len(sphere.vertices) == 642
    normals = np.asarray(sphere.vertex_normals)
    outward = sphere.vertices / np.linalg.norm(sphere.vertices, axis=1, keepdims=True)
    assert (normals * outward).sum(axis=1).min() > 0.99


def test_vertex_colours_of_a_ply_are_kept_as_linear_light(convert):
    mesh = trimesh.creation.box()
    mesh.visual.vertex_colors = np.tile([188, 0, 255, 255], (8, 1))

    result = convert("box.ply", mesh.export(file_type="ply"))

    primitive = document(result)["meshes"][0]["primitives"][0]
    content = result.files["converted"].read_bytes()
    accessor = document(result)["accessors"][primitive["attributes"]["COLOR_0"]]
    view = document(result)["bufferViews"][accessor["bufferView"]]
    start = content.index(b"BIN\0") + 4 + view.get("byteOffset", 0) + accessor.get("byteOffset", 0)
    assert struct.unpack_from("<3f", content, start) == pytest.approx((0.5, 0, 1), abs=0.01)
    assert "material" not in primitive
    assert size(result) == [1, 1, 1]


def test_a_3mf_keeps_its_unit_its_colours_and_where_its_parts_stand(convert):
    model = """<model unit="inch" xmlns:m="materials"><resources>
    <m:colorgroup id="9"><m:color color="#FF0000"/><m:color color="#00FF00FF"/></m:colorgroup>
    <object id="1" pid="9" pindex="0"><mesh><vertices><vertex x="0" y="0" z="0"/><vertex x="1" y="0" z="0"/>
    <vertex x="0" y="1" z="0"/><vertex x="0" y="0" z="2"/></vertices>
    <triangles><triangle v1="0" v2="1" v3="2"/><triangle v1="0" v2="1" v3="3" pid="9" p1="1"/></triangles>
    </mesh></object>
    <object id="2"><components><component objectid="1"/>
    <component objectid="1" transform="1 0 0 0 1 0 0 0 1 9 0 0"/></components></object></resources>
    <build><item objectid="2"/></build></model>"""

    result = convert("parts.3mf", package(model))

    assert result.data["units"] == {"name": "inch", "metres": 0.0254, "assumed": False}
    assert size(result) == [0.254, 0.0508, 0.0254]
    assert "COLOR_0" in document(result)["meshes"][0]["primitives"][0]["attributes"]


def test_components_of_a_3mf_that_contain_each_other_are_refused(convert):
    model = """<model><resources><object id="1"><components><component objectid="1"/>
    <component objectid="1"/></components></object></resources><build><item objectid="1"/></build></model>"""

    with pytest.raises(Rejected):
        convert("loop.3mf", package(model))


def test_a_usdz_stands_up_in_its_own_unit(convert):
    result = convert("roof.usdz", stage())

    assert result.data["units"]["name"] == "centimetre"
    assert size(result) == [1, 3, 0]


def test_gltf_is_packed_with_its_files_and_says_which_are_missing(convert, tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "a.glb").write_bytes(grid_glb(4, name="C:\\Users\\ann\\grid"))
    scene = json.loads(unpack_glb(tmp_path / "a.glb", tmp_path / "in").read_text())
    scene["images"] = [
        {"uri": "C:\\Users\\ann\\Bark.png"},
        {"uri": "textures/moss%20green.jpg", "name": "/home/ann/x"},
    ]
    scene["textures"] = [{"source": 0}, {"source": 1}]
    scene["materials"] = [
        {
            "pbrMetallicRoughness": {"baseColorTexture": {"index": 0}},
            "emissiveTexture": {"index": 1},
            "extras": {"a": "C:\\x"},
        }
    ]
    scene["meshes"][0]["primitives"][0]["material"] = 0

    result = convert(
        "m/scene.gltf",
        json.dumps(scene),
        files={
            "m/geometry.bin": (tmp_path / "in" / "geometry.bin").read_bytes(),
            "m/Bark.PNG": picture("PNG"),
        },
    )

    packed = document(result)
    assert len(packed["images"]) == 1
    assert "baseColorTexture" in packed["materials"][0]["pbrMetallicRoughness"]
    assert "emissiveTexture" not in packed["materials"][0]
    assert [finding.pointer for finding in result.findings if finding.code == "texture_missing"] == [
        "moss green.jpg"
    ]
    assert not any(word in json.dumps(packed) for word in PRIVATE)


@pytest.mark.full
@pytest.mark.parametrize(
    "path",
    [
        "fbx/KayKit_box_stacked.fbx",
        "obj/box_stacked.obj",
        "stl/multibody.stl",
        "ply/fuze_ascii.ply",
        "dae/cube_with_2UVs.DAE",
        "3mf/multiprop-metallic.3mf",
        "usdz/AnimatedCube.usdz",
        "step/base_interface_AP214.STEP",
        "blend/4Cubes4Mats_248.blend",
    ],
)
def test_a_sample_of_each_format_becomes_a_preview_without_a_trace_of_its_author(samples_dir, tmp_path, path):
    row = process(samples_dir / path, tmp_path, Reduction(paid=False), until=Step.GLTF)

    assert row.status == "ready", row.reason
    assert row.data[Step.GLTF]["triangles"] > 0
    assert not [finding for finding in row.findings if finding.code == "texture_missing"]
    assert_no_trace(row.files, row.data)


def assert_no_trace(files: dict[str, Path], data: dict[Step, dict]) -> None:
    """No folder of anybody's disk, nor of ours, is in what was made."""
    words = [b":\\", b"/Users/", b"/home/", b"\\\\Users", os.fsencode(Path.cwd())]
    for path in (files["converted"], files["preview"], files["poster_source"]):
        content = path.read_bytes()
        (length,) = struct.unpack_from("<I", content, 12)
        assert not any(word in content[20 : 20 + length] for word in words), path
    assert not any(word in json.dumps(data).encode() for word in [b"\\\\", *words])
