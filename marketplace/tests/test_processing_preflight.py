"""Files that would crash, hang or flood a tool are refused before one sees them, with a sentence that helps."""

import io
import json
import struct
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from marketplace.processing.formats import Source
from marketplace.processing.preflight.__main__ import inspect
from marketplace.processing.preflight.pictures import picture_size
from marketplace.processing.rejections import SENTENCES
from marketplace.processing.steps import run_step
from marketplace.processing.tool import FileRejected
from marketplace.processing.types import DEFAULT_LIMITS, Limits, Reduction, Rejected, Step, ToolFailed
from marketplace.tests.glb import pack_glb
from marketplace.tests.glb_builder import GlbBuilder, cube, noise

LIMITS = asdict(DEFAULT_LIMITS[Step.PREFLIGHT])


def preflight(source: Path, workdir: Path, limits: Limits | None = None):
    return run_step(
        Step.PREFLIGHT,
        source=Source(source),
        workdir=workdir,
        reduction=Reduction(paid=False),
        previous={},
        limits=limits,
    )


def refusal(content: bytes, folder: Path, **limits) -> FileRejected:
    path = folder / "upload.glb"
    path.write_bytes(content)
    with pytest.raises(FileRejected) as caught:
        inspect({"source": str(path), "format": "glb", "member": "", "limits": {**LIMITS, **limits}})
    return caught.value


def changed_cube(**changes) -> bytes:
    builder = cube()
    builder.document.update(changes)
    return builder.to_bytes()


def cube_with_accessor(**changes) -> bytes:
    builder = cube()
    builder.document["accessors"][0].update(changes)
    return builder.to_bytes()


def chain(length: int, *, closed: bool = False) -> bytes:
    builder = cube()
    for index in range(length):
        builder.node(root=False, children=[index + 2])
    builder.document["nodes"][-1]["children"] = [1] if closed else []
    return builder.to_bytes()


def cube_with_image(head: bytes) -> bytes:
    builder = cube()
    builder.document["images"] = [{"bufferView": builder.view(head), "mimeType": "image/png"}]
    return builder.to_bytes()


def shared_view(times: int) -> bytes:
    builder = cube()
    view = builder.view(bytes(1024 * 1024))
    entry = {"bufferView": view, "componentType": 5121, "count": 1024 * 1024, "type": "SCALAR"}
    builder.document["accessors"] += [entry] * times
    return builder.to_bytes()


def png_head(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sIIBBBBB", 13, b"IHDR", width, height, 8, 6, 0, 0, 0)


WHOLE = cube().to_bytes()
BROKEN = {
    "empty": (b"", "empty_file"),
    "only a magic": (b"glTF", "not_glb"),
    "a ZIP": (b"PK\x03\x04" + bytes(40), "not_glb"),
    "text": (b'{"asset": {"version": "2.0"}}', "not_glb"),
    "glTF 1": (struct.pack("<4sII", b"glTF", 1, 12), "gltf_version_1"),
    "cut off": (WHOLE[:-40], "truncated"),
    "with a tail": (WHOLE + bytes(7), "trailing_data"),
    "only a header": (struct.pack("<4sII", b"glTF", 2, 12), "missing_json"),
    "a chunk longer than the file": (
        struct.pack("<4sIIII", b"glTF", 2, 20, 4_000_000_000, 0x4E4F534A),
        "broken_chunks",
    ),
    "half a chunk header": (struct.pack("<4sIII", b"glTF", 2, 16, 4), "broken_chunks"),
    "binary first": (struct.pack("<4sIIII", b"glTF", 2, 24, 4, 0x004E4942) + bytes(4), "missing_json"),
    "JSON that is none": (pack_glb(b"{nonsense"), "invalid_json"),
    "JSON that is not UTF-8": (pack_glb(b'{"a": "\xff\xfe"}'), "invalid_json"),
    "JSON with NaN": (pack_glb(b'{"asset": {"version": "2.0"}, "a": NaN}'), "invalid_json"),
    "a list": (pack_glb(b"[]"), "invalid_json"),
    "JSON nested without end": (pack_glb(b"[" * 200_000), "structure_too_complex"),
    "no asset": (pack_glb(b"{}"), "invalid_structure"),
    "another asset version": (changed_cube(asset={"version": "1.0"}), "gltf_version_1"),
    "a number for nodes": (changed_cube(nodes=7), "invalid_structure"),
    "a list of numbers for nodes": (changed_cube(nodes=[1, 2]), "invalid_structure"),
    "a missing scene": (changed_cube(scene=3), "invalid_structure"),
    "no scene": (changed_cube(scenes=[]), "nothing_to_show"),
    "no mesh": (changed_cube(nodes=[{}]), "nothing_to_show"),
    "a child that is not there": (changed_cube(nodes=[{"mesh": 0, "children": [9]}]), "invalid_structure"),
    "its own child": (changed_cube(nodes=[{"mesh": 0, "children": [0]}]), "node_loop"),
    "two parents": (
        changed_cube(nodes=[{"mesh": 0, "children": [2]}, {"children": [2]}, {}]),
        "node_loop",
    ),
    "a loop beside the scene": (chain(3, closed=True), "node_loop"),
    "very deep nodes": (chain(600), "nodes_too_deep"),
    "a file on the author's disk": (
        changed_cube(buffers=[{"byteLength": 99, "uri": "C:/Users/x/model.bin"}]),
        "external_files",
    ),
    "a file on the network": (changed_cube(images=[{"uri": "http://example.com/a.png"}]), "external_files"),
    "an unknown extension": (changed_cube(extensionsRequired=["XX_magic"]), "unsupported_extension"),
    "a buffer larger than its data": (changed_cube(buffers=[{"byteLength": 10**9}]), "data_out_of_bounds"),
    "an accessor past its view": (cube_with_accessor(count=9), "data_out_of_bounds"),
    "an accessor with a huge offset": (cube_with_accessor(byteOffset=10**12), "data_out_of_bounds"),
    "a negative offset": (cube_with_accessor(byteOffset=-4), "invalid_structure"),
    "a count in words": (cube_with_accessor(count="8"), "invalid_structure"),
    "an unknown component": (cube_with_accessor(componentType=5124), "invalid_structure"),
    "zeros without end": (
        changed_cube(accessors=[{"componentType": 5126, "count": 300_000_000, "type": "VEC3"}]),
        "data_too_large",
    ),
    "many large zeros": (
        changed_cube(accessors=[{"componentType": 5126, "count": 10_000_000, "type": "VEC3"}] * 40),
        "data_too_large",
    ),
    "one large view read three hundred times": (shared_view(300), "data_too_large"),
    "large matrices of zeros": (
        changed_cube(accessors=[{"componentType": 5121, "count": 50_000_000, "type": "MAT4"}]),
        "data_too_large",
    ),
    "more sparse values than elements": (
        cube_with_accessor(
            sparse={
                "count": 9,
                "indices": {"bufferView": 0, "componentType": 5123},
                "values": {"bufferView": 0},
            }
        ),
        "data_out_of_bounds",
    ),
    "sparse values past their view": (
        cube_with_accessor(
            sparse={
                "count": 8,
                "indices": {"bufferView": 0, "componentType": 5123, "byteOffset": 90},
                "values": {"bufferView": 0},
            }
        ),
        "data_out_of_bounds",
    ),
    "a picture of 20,000 pixels": (cube_with_image(png_head(20_000, 20)), "image_too_large"),
    "a picture of no kind": (cube_with_image(b"not a picture at all"), "image_unreadable"),
}


@pytest.mark.parametrize(("content", "code"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_or_hostile_file_is_refused_by_its_code(content, code, tmp_path):
    assert refusal(content, tmp_path).code == code


def test_every_refusal_has_a_sentence_that_ends_and_says_what_to_do():
    used = {code for _content, code in BROKEN.values()}

    assert used <= SENTENCES.keys()
    for sentence in SENTENCES.values():
        assert sentence.endswith(".")
        assert len(sentence.split(". ")) >= 2 or " export " in sentence.lower(), sentence


def test_limits_of_size_of_json_and_of_pixels_in_all_are_kept(tmp_path):
    builder = cube()
    builder.texture(noise(64, 64))
    builder.texture(noise(64, 64))

    assert refusal(WHOLE, tmp_path, max_file_bytes=100).code == "file_too_large"
    assert refusal(WHOLE, tmp_path, json_bytes=100).code == "json_too_large"
    assert refusal(WHOLE, tmp_path, max_nodes=0).code == "too_many_nodes"
    assert refusal(builder.to_bytes(), tmp_path, max_image_pixels=5000).code == "images_too_large"


def test_a_refusal_reaches_the_creator_as_a_sentence_and_leaves_nothing_behind(tmp_path):
    source = tmp_path / "model.glb"
    source.write_bytes(b"Kaydara FBX Binary" + bytes(100))
    workdir = tmp_path / "work"

    with pytest.raises(Rejected) as caught:
        preflight(source, workdir)

    assert caught.value.code == "not_glb"
    assert caught.value.step is Step.PREFLIGHT
    assert not caught.value.retryable
    assert caught.value.message.startswith("This is not a GLB file but an FBX file. Export the model as")
    assert list(workdir.iterdir()) == []


def test_sizes_are_told_in_the_sentence(tmp_path):
    source = tmp_path / "model.glb"
    source.write_bytes(cube_with_image(png_head(20_000, 30_000)))

    with pytest.raises(Rejected, match="20,000 × 30,000 pixels; at most 8,192"):
        preflight(source, tmp_path / "work")


def test_json_that_needs_more_memory_than_allowed_ends_with_a_sentence(tmp_path):
    source = tmp_path / "model.glb"
    source.write_bytes(pack_glb(b'{"a": [' + b"{}," * 3_000_000 + b"{}]}"))
    limits = Limits(wall_seconds=60, memory_bytes=64 * 1024 * 1024)

    with pytest.raises((Rejected, ToolFailed)) as caught:
        preflight(source, tmp_path / "work", limits)

    assert caught.value.code in {"structure_too_complex", "tool_memory"}


def test_a_good_file_passes_with_its_size_and_hash(tmp_path):
    source = cube().save(tmp_path / "model.glb")

    result = preflight(source, tmp_path / "work")

    assert result.data["format"] == "glb"
    assert result.data["size"] == source.stat().st_size
    assert len(result.data["sha256"]) == 64
    assert result.files == {}
    assert list((tmp_path / "work").iterdir()) == []


def test_unknown_extensions_that_are_not_required_pass(tmp_path):
    source = tmp_path / "model.glb"
    source.write_bytes(changed_cube(extensionsUsed=["XX_magic", "KHR_meshopt_compression"]))

    assert preflight(source, tmp_path / "work").data["format"] == "glb"


def test_pictures_and_buffers_written_into_the_json_pass(tmp_path):
    builder = GlbBuilder()
    builder.node(mesh=builder.mesh(np.eye(3, dtype="f4")))
    builder.document["images"] = [
        {
            "uri": "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
            "+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
        }
    ]
    source = builder.save(tmp_path / "model.glb")

    assert preflight(source, tmp_path / "work").data["format"] == "glb"


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("mode", ["RGB", "L", "RGBA"])
def test_the_size_of_a_picture_is_read_from_its_first_bytes(kind, mode):
    stream = io.BytesIO()
    image = Image.new("RGB" if kind == "JPEG" and mode == "RGBA" else mode, (37, 21))
    image.save(stream, kind, **({"lossless": mode == "RGBA"} if kind == "WEBP" else {}))

    assert tuple(picture_size(stream.getvalue())) == (37, 21)


def test_a_truncated_or_senseless_picture_has_no_size():
    assert picture_size(b"\x89PNG\r\n\x1a\n\0\0") is None
    assert picture_size(b"\xff\xd8\xff\xe0\xff\xff") is None
    assert picture_size(json.dumps({}).encode()) is None
