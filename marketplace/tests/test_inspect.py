"""The report on the command line: the site's words, without the site's database."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from marketplace.tests.glb import grid_glb

OBJ = "mtllib quad.mtl\nv 0 0 0\nv 1 0 0\nv 1 1 0\nv 0 1 0\nusemtl red\nf 1 2 3 4\n"
MTL = "newmtl red\nKd 1 0 0\n"


def inspect(*arguments) -> tuple[int, str]:
    out = io.StringIO()
    try:
        call_command("inspect", *map(str, arguments), stdout=out)
    except SystemExit as ended:
        return ended.code, out.getvalue()
    return 0, out.getvalue()


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(CommandError, match=r"nothing\.glb"):
        inspect(tmp_path / "nothing.glb")


def test_what_cannot_be_a_model_is_refused_with_the_sites_sentence(tmp_path):
    notes = tmp_path / "notes.exe"
    notes.write_bytes(b"MZ")
    code, out = inspect(notes)
    assert code == 1
    assert out.startswith("notes.exe: Refused: ")


def test_a_refused_file_ends_with_one_and_its_reason(tmp_path):
    broken = tmp_path / "broken.glb"
    broken.write_bytes(b"glTF" + b"\0" * 40)
    code, out = inspect(broken)
    assert code == 1
    assert "Refused at “Checking the file”" in out
    code, out = inspect(broken, "--json")
    (report,) = json.loads(out)
    assert (code, report["status"], report["refusal"]["step"]) == (1, "refused", "preflight")
    assert report["refusal"]["message"]


@pytest.mark.full
def test_a_file_is_reported_without_a_database(tmp_path):
    """In a process of its own, whose database does not exist."""
    chair = tmp_path / "chair.glb"
    chair.write_bytes(grid_glb(8))
    environment = {
        **os.environ,
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "VAR_DIR": str(tmp_path / "var"),
    }
    ended = subprocess.run(
        [sys.executable, "manage.py", "inspect", str(chair), "--paid", "--keep", str(tmp_path / "kept")],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    for words in (
        "chair.glb: GLB",
        "Rendering the poster",
        "Triangles                          128",
        "Ready in",
    ):
        assert words in ended.stdout
    kept = {path.name for path in (tmp_path / "kept" / "000-chair").iterdir()}
    assert {"preview.glb", "poster_medium.webp", "turntable.webp"} <= kept


@pytest.mark.full
def test_files_named_together_are_packed_as_if_dropped_together(tmp_path):
    (tmp_path / "quad.obj").write_text(OBJ)
    (tmp_path / "quad.mtl").write_text(MTL)
    code, out = inspect(tmp_path / "quad.obj", tmp_path / "quad.mtl", "--json")
    (report,) = json.loads(out)
    assert (code, report["status"], report["format"]) == (0, "ready", "obj")
    assert [step["step"] for step in report["steps"]][:2] == ["preflight", "convert"]
    assert report["measures"]["Triangles"] == "2"
    assert "made" not in report
    assert not list(Path(tmp_path).glob("*.zip"))
