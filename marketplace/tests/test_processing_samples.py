"""Real sample files through the whole pipeline (`SAMPLES_DIR`; the full runs only in `make test-all`)."""

import csv
import json
import struct
import subprocess
from pathlib import Path

import pytest

from marketplace.processing.formats import Format
from marketplace.processing.node_runtime import node_executable
from marketplace.processing.steps import NODE_SCRIPT
from marketplace.processing.table import Row, contact_sheet, models_of, process, process_folder, summary
from marketplace.processing.types import GIB, MIB, Reduction, Step
from marketplace.tests.test_processing_convert import assert_no_trace

# On one worker: each would process all samples for itself.
pytestmark = pytest.mark.xdist_group("samples")

# Flaws that viewers forgive and that can be mended: ready with findings is right for it.
MENDABLE = {"BoxBadNormals.glb"}
# Files of points or of nothing: no poster is right for them.
NOTHING_TO_SHOW = {
    *("empty.stl", "empty.ply", "points_bin.ply", "pond.0.ply", "assimp_testpoints.obj"),
    "maya_human_ik_7400_binary.fbx",
}
PREVIEW_BYTES = 1_500_000
NEEDS_NO_DECODER = {"EXT_texture_webp", "KHR_mesh_quantization", "KHR_texture_transform"}
VALIDATE = """
import { readFile } from 'node:fs/promises';
import { validate } from '%s';
const flaws = {};
for (const path of process.argv.slice(1)) {
  flaws[path] = (await validate(await readFile(path))).filter((issue) => issue.severity === 0);
}
console.log(JSON.stringify(flaws));
"""


def test_hostile_and_broken_samples_are_refused_in_little_memory(samples_dir, tmp_path):
    rows = []
    for folder in ("hostile", "broken"):
        rows += process_folder(
            samples_dir / folder,
            tmp_path / folder,
            Reduction(paid=False),
            skip=MENDABLE,
            formats=[Format.GLB],
        )

    assert rows
    for row in rows:
        assert row.status == "refused", row
        assert row.reason.endswith("."), row
        assert row.peak_memory < 400 * MIB, row


@pytest.mark.full
def test_one_sample_becomes_ready(samples_dir, tmp_path):
    row = process(samples_dir / "glb" / "Fox.glb", tmp_path, Reduction(paid=True))

    assert row.status == "ready", row
    assert row.poster.exists()


def test_the_later_name_of_meshopt_compression_is_read_too(samples_dir, tmp_path):
    row = process(
        samples_dir / "glb" / "SheenChair.khrmeshopt.glb", tmp_path, Reduction(paid=False), until=Step.GLTF
    )

    assert row.status == "ready", row.reason
    assert "KHR_meshopt_compression" in row.data[Step.GLTF]["extensions_used"]


@pytest.fixture(scope="module")
def rows(samples_dir, tmp_path_factory) -> list[Row]:
    """Every sample that is not there to be refused, through all steps."""
    with (samples_dir / "MANIFEST.tsv").open(newline="") as manifest:
        wanted = {row["path"] for row in csv.DictReader(manifest, delimiter="\t")}
    folder = tmp_path_factory.mktemp("samples")
    chosen = [
        path
        for path in models_of(samples_dir / "MANIFEST.tsv")
        if path.parent.name not in ("hostile", "broken") and str(path.relative_to(samples_dir)) in wanted
    ]
    return [process(path, folder / f"{index:03}", Reduction(paid=False)) for index, path in enumerate(chosen)]


@pytest.mark.full
def test_at_least_95_percent_of_the_samples_become_ready_with_a_poster(rows):
    shown = [row for row in rows if row.file not in NOTHING_TO_SHOW]

    failed = [row for row in shown if row.status != "ready" or row.poster is None]
    assert len(failed) <= len(shown) * 0.05, [(row.file, row.reason) for row in failed]
    assert all(row.status == "refused" for row in rows if row.file in NOTHING_TO_SHOW)
    assert all(row.reason.endswith(".") for row in rows if row.status != "ready")
    assert max(row.peak_memory for row in rows) < 3 * GIB
    assert contact_sheet(rows).size[0] > 0
    assert "all" in summary(rows)


@pytest.mark.full
def test_previews_are_valid_small_and_need_no_decoder(rows):
    ready = [row for row in rows if row.status == "ready"]

    script = VALIDATE % NODE_SCRIPT.with_name("validate.mjs").as_uri()
    answer = subprocess.run(
        [
            node_executable(),
            "--input-type=module",
            "--eval",
            script,
            *(str(row.files["preview"]) for row in ready),
        ],
        capture_output=True,
        check=True,
    )
    assert {path: flaws for path, flaws in json.loads(answer.stdout).items() if flaws} == {}
    large = [row.file for row in ready if row.preview_bytes > PREVIEW_BYTES]
    assert len(large) <= len(ready) * 0.1, large
    for row in ready:
        assert set(_document(row.files["preview"]).get("extensionsRequired", [])) <= NEEDS_NO_DECODER, (
            row.file
        )


@pytest.mark.full
def test_previews_carry_no_name_path_or_property_of_the_source(rows):
    for row in [row for row in rows if row.status == "ready"]:
        preview = _document(row.files["preview"])
        named = [
            entry["name"]
            for kind in (
                "nodes",
                "meshes",
                "materials",
                "animations",
                "skins",
                "images",
                "textures",
                "scenes",
            )
            for entry in preview.get(kind, [])
            if entry.get("name")
        ]
        assert named == [], row.file
        for mesh in preview.get("meshes", []):
            # Shapes are always written with names: empty ones here.
            if not any(mesh.get("extras", {}).get("targetNames", ["named"])):
                del mesh["extras"]["targetNames"]
            if not mesh.get("extras", {"no": "extras"}):
                del mesh["extras"]
        assert '"extras"' not in json.dumps(preview), row.file
        if "converted" in row.files:
            assert_no_trace(row.files, row.data)


@pytest.mark.full
def test_paid_previews_hold_their_reductions_in_numbers(samples_dir, rows, tmp_path):
    for index, free in enumerate(row for row in rows if row.status == "ready"):
        source = free.files.get("converted") or samples_dir / "glb" / free.file
        paid = process(source, tmp_path / f"{index:03}", Reduction(paid=True), until=Step.GLTF)
        measured, preview = paid.data[Step.GLTF], paid.data[Step.GLTF]["preview"]
        assert preview["triangles"] <= max(0.6 * measured["triangles"], 5000), free.file
        assert preview["max_texture_size"] <= min(1024, max(1, measured["max_texture_size"] / 2)), free.file
        assert preview["animations"] <= 1, free.file
        assert not preview["is_rigged"], free.file


def _document(path: Path) -> dict:
    content = path.read_bytes()
    (length,) = struct.unpack_from("<I", content, 12)
    return json.loads(content[20 : 20 + length])
