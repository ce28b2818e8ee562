"""Running steps again: which files and steps, what is shown meanwhile, and what a running worker may still do."""

import io

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command

from marketplace.actions import processing, results, switching
from marketplace.actions.reprocessing import ToolRule
from marketplace.exceptions import LeaseLost
from marketplace.leases import Lease
from marketplace.models import Inspection, ModelFile
from marketplace.processing.types import Step
from marketplace.tests.factories import Model3DFactory, ModelFileFactory
from marketplace.tests.glb import grid_glb

pytestmark = pytest.mark.django_db(transaction=True)


def run(*arguments) -> str:
    out = io.StringIO()
    call_command("reprocess", *arguments, stdout=out)
    return out.getvalue()


def stale(file) -> list[str]:
    return Inspection.objects.get(file=file).stale_steps


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "at least one"),
        (["--step", "poster"], "at least one"),
        (["--tool", "f3d"], "goes with"),
        (["--not", "1.0", "--all"], "goes with"),
        (["--failed", "--tool", "f3d", "--not", "1"], "exclude each other"),
        (["--all", "--step", "cooking"], "invalid choice"),
        (["--format", "doc"], "invalid choice"),
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(arguments, words):
    file = Model3DFactory(with_file=True).current_file
    with pytest.raises(CommandError, match=words):
        run(*arguments)
    file.refresh_from_db()
    assert (file.state, stale(file)) == ("ready", [])


def test_a_dry_run_counts_and_changes_nothing(redis_databases):
    file = Model3DFactory(with_file=True).current_file
    out = run("--all", "--step", "poster", "--dry-run")
    assert "1 files would be processed again: GLB 1." in out
    assert "Steps: poster 1." in out
    file.refresh_from_db()
    assert (file.state, stale(file)) == ("ready", [])
    assert not redis_databases[1].keys("files*")


@pytest.mark.parametrize(
    ("step", "again"),
    [
        ("poster", ["poster"]),
        ("gltf", ["gltf", "poster", "turntable", "geometry", "fingerprint"]),
        ("convert", ["gltf", "poster", "turntable", "geometry", "fingerprint"]),
        ("preflight", ["preflight", "gltf", "poster", "turntable", "geometry", "fingerprint"]),
        ("geometry", ["geometry"]),
        ("fingerprint", ["fingerprint"]),
    ],
)
def test_a_step_takes_along_those_built_on_it(step, again):
    file = Model3DFactory(with_file=True).current_file
    run("--all", "--step", step)
    assert stale(file) == again
    assert file.finished_steps == [name for name in file.expected_steps if name not in again]


def test_only_what_is_named_runs_again():
    chair, robot = Model3DFactory(with_file=True), Model3DFactory(with_file=True)
    obj = ModelFileFactory(model=robot, format="obj", ready=True)
    run("--model", str(robot.pk), "--format", "obj", "--step", "poster")
    assert [stale(file) for file in (chair.current_file, robot.current_file, obj)] == [[], [], ["poster"]]


def test_a_withdrawn_model_is_left_alone_unless_named():
    model = Model3DFactory(with_file=True)
    model.withdraw()
    assert "0 files" in run("--all", "--step", "poster")
    assert "1 files" in run("--model", str(model.pk), "--step", "poster")


def test_results_of_an_outdated_tool_are_made_again():
    files = [Model3DFactory(with_file=True).current_file for _ in range(3)]
    for file, version in zip(files, ("4.0.0", "4.0.1", "4.10.0"), strict=True):
        Inspection.objects.filter(file=file).update(
            tool_versions={"poster": {"f3d": version}, "turntable": {"f3d": "4.10.0"}, "gltf": {"sharp": "1"}}
        )
    run("--tool", "f3d", "--older-than", "4.10.0")
    assert [stale(file) for file in files] == [["poster"], ["poster"], []]
    run("--tool", "f3d", "--not", "4.0.1", "--step", "turntable")
    assert [stale(file) for file in files] == [
        ["poster", "turntable"],
        ["poster", "turntable"],
        ["turntable"],
    ]
    run("--tool", "trimesh", "--not", "1")
    assert [len(stale(file)) for file in files] == [2, 2, 1]


def test_versions_are_compared_by_their_numbers():
    rule = ToolRule("gltf-validator", "2.0.0-dev.3.10", only_older=True)
    assert rule.is_outdated("2.0.0-dev.3.9")
    assert not rule.is_outdated("2.0.0-dev.3.10")
    assert not rule.is_outdated("2.1")


def test_failed_files_go_on_where_they_failed():
    failed, ready = ModelFileFactory(failed=True), Model3DFactory(with_file=True).current_file
    run("--failed")
    failed.refresh_from_db()
    ready.refresh_from_db()
    assert (failed.state, failed.failure_message, ready.state) == ("queued", "", "ready")


def test_a_worker_that_has_the_file_stores_nothing_any_more():
    file = Model3DFactory(with_file=True).current_file
    ModelFile.objects.update(state="queued")
    lease = Lease.take(file.pk)
    run("--all", "--step", "poster")
    with pytest.raises(LeaseLost):
        results.begin_step(lease, Step.POSTER)
    assert Lease.take(file.pk) is not None


def test_what_creators_wait_for_is_queued_before_it(redis_databases):
    Model3DFactory(with_file=True)
    new = ModelFileFactory()
    run("--all", "--step", "poster")
    broker = redis_databases[1]
    # Celery keeps a list a priority; workers look at the plain one first.
    first, last = broker.lrange("files", 0, -1), broker.lrange("files\x06\x169", 0, -1)
    assert (len(first), len(last)) == (1, 1)
    assert f"({new.pk},)" in first[0].decode()


@pytest.mark.full
def test_the_old_pictures_are_shown_until_the_new_ones_are_stored():
    file = ModelFileFactory(original=ContentFile(grid_glb(8), "model.glb"))
    processing.process(file.pk)
    file.refresh_from_db()
    old = {name: getattr(file, name).name for name in ("poster_small", "turntable", "preview")}
    run("--all", "--step", "poster")
    file.refresh_from_db()
    model = file.model
    model.refresh_from_db()
    assert file.state == "queued"
    assert model.current_file_id == file.pk
    assert {name: getattr(file, name).name for name in old} == old
    processing.process(file.pk)
    before, file = file, ModelFile.objects.get(pk=file.pk)
    assert (file.state, stale(file)) == ("ready", [])
    assert file.poster_small.name != old["poster_small"]
    assert file.poster_small.storage.exists(file.poster_small.name)
    assert not before.poster_small.storage.exists(old["poster_small"])
    assert (file.turntable.name, file.preview.name) == (old["turntable"], old["preview"])


def test_waiting_ends_with_what_became_of_the_files():
    file = Model3DFactory(with_file=True).current_file
    switching.switch_off(file_format="glb", reason="Broken.")
    out = run("--all", "--step", "poster", "--wait")
    assert "Files of a format that is off wait: GLB files are not taken at the moment. Broken." in out
    assert "1 of 1" in out
    assert "Ready: 0. Failed: 0." in out
    file.refresh_from_db()
    assert file.state == "queued"
