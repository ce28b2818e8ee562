"""The table of expectations for hostile and broken files: refused with a sentence, or ready with findings.

Every file runs through the real tools with at most 60 seconds and 1 GiB of memory a step; one that passes a limit, or
makes a tool crash, fails its test.
"""

from dataclasses import asdict, replace
from pathlib import Path

import pytest

from marketplace.processing.formats import Source, format_of_name, steps_of
from marketplace.processing.preflight.__main__ import inspect
from marketplace.processing.rejections import SENTENCES
from marketplace.processing.steps import run_step
from marketplace.processing.tool import FileRejected
from marketplace.processing.types import (
    DEFAULT_LIMITS,
    GIB,
    ProcessingError,
    Reduction,
    Rejected,
    Step,
    StepResult,
)
from marketplace.tests.hostile import Case
from marketplace.tests.hostile.scenes import cube_glb
from marketplace.tests.hostile.table import CASES, REPRESENTATIVE, SAMPLES, SLOW

SECONDS = 60
MEMORY = GIB
REFUSED = [case for case in CASES if case.code]
READY = [case for case in CASES if not case.code]


def run(source: Source, workdir: Path, *, last: Step = Step.GEOMETRY) -> dict[Step, StepResult]:
    """All steps up to ``last``, as the site runs them; raises what the first step raises that comes to no result."""
    results: dict[Step, StepResult] = {}
    shown = source
    for step in steps_of(source.format):
        limits = replace(DEFAULT_LIMITS[step], wall_seconds=SECONDS, memory_bytes=MEMORY)
        previous = {done: result.data for done, result in results.items()}
        results[step] = run_step(
            step,
            source=shown,
            workdir=workdir,
            reduction=Reduction(paid=False),
            previous=previous,
            limits=limits,
        )
        files = results[step].files
        if made := files.get("converted") or files.get("poster_source"):
            shown = Source(made)
        if step is last:
            break
    return results


def assert_nothing_is_left(workdir: Path, results: dict[Step, StepResult] | None = None) -> None:
    kept = {path for result in (results or {}).values() for path in result.files.values()}
    assert {path for path in workdir.rglob("*") if path.is_file()} == kept
    assert not [path for path in workdir.rglob("*") if path.is_dir()]


def assert_the_next_file_works(folder: Path) -> None:
    source = folder / "good.glb"
    source.write_bytes(cube_glb())
    assert run(Source(source), folder / "next", last=Step.PREFLIGHT)[Step.PREFLIGHT].data["format"] == "glb"


def assert_refused(source: Source, workdir: Path, code: str, words: str) -> None:
    with pytest.raises(ProcessingError) as caught:
        run(source, workdir)

    assert isinstance(caught.value, Rejected), f"{caught.value.code}: {caught.value.detail}"
    assert caught.value.code == code
    assert words in caught.value.message
    assert caught.value.peak_memory < MEMORY
    assert_nothing_is_left(workdir)


def assert_ready(
    source: Source, workdir: Path, codes: tuple[str, ...], *, last: Step = Step.GEOMETRY
) -> None:
    results = run(source, workdir, last=last)

    found = {finding.code for result in results.values() for finding in result.findings}
    assert set(codes) <= found
    assert max(result.peak_memory for result in results.values()) < MEMORY
    assert_nothing_is_left(workdir, results)


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, marks=pytest.mark.full if case.name in SLOW else (), id=case.name)
        for case in REFUSED
    ],
)
def test_the_table_is_kept_before_any_tool_runs(case: Case, tmp_path, monkeypatch):
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    source = case.write(tmp_path)

    with pytest.raises(FileRejected) as caught:
        inspect(
            {
                "source": str(source.path),
                "format": source.format.value,
                "member": source.member,
                "limits": asdict(DEFAULT_LIMITS[Step.PREFLIGHT]),
            }
        )

    assert caught.value.code == case.code
    assert case.code in SENTENCES
    assert not list(work.iterdir())


@pytest.mark.parametrize(
    "case", [case for case in REFUSED if case.name in REPRESENTATIVE], ids=lambda case: case.name
)
def test_a_hostile_file_is_refused_with_its_sentence(case: Case, tmp_path):
    assert_refused(case.write(tmp_path), tmp_path / "work", case.code, case.words)


@pytest.mark.full
@pytest.mark.parametrize(
    "case", [case for case in REFUSED if case.name not in REPRESENTATIVE], ids=lambda case: case.name
)
def test_every_hostile_file_is_refused_with_its_sentence_and_the_next_one_works(case: Case, tmp_path):
    assert_refused(case.write(tmp_path), tmp_path / "work", case.code, case.words)
    assert_the_next_file_works(tmp_path)


@pytest.mark.parametrize(
    "case", [case for case in READY if case.name in REPRESENTATIVE], ids=lambda case: case.name
)
def test_a_file_that_only_points_outside_becomes_ready_with_a_finding(case: Case, tmp_path):
    assert_ready(case.write(tmp_path), tmp_path / "work", case.findings, last=Step.GLTF)


@pytest.mark.full
@pytest.mark.parametrize(
    "case", [case for case in READY if case.name not in REPRESENTATIVE], ids=lambda case: case.name
)
def test_every_file_that_only_points_outside_becomes_ready_with_a_finding(case: Case, tmp_path):
    assert_ready(case.write(tmp_path), tmp_path / "work", case.findings)


def test_the_table_holds_every_hostile_and_broken_sample(samples_dir):
    listed = {name for name, _code, _words in SAMPLES}

    assert listed == {
        str(path.relative_to(samples_dir))
        for folder in ("hostile", "broken")
        for path in (samples_dir / folder).iterdir()
    }


@pytest.mark.full
@pytest.mark.parametrize(("name", "code", "words"), SAMPLES, ids=[name for name, _code, _words in SAMPLES])
def test_hostile_and_broken_samples_are_refused_or_become_ready(name, code, words, samples_dir, tmp_path):
    source = Source(samples_dir / name, format_of_name(name))

    if code:
        assert_refused(source, tmp_path / "work", code, words)
    else:
        assert_ready(source, tmp_path / "work", ())
