"""Runs a step of the pipeline: one child process, its answer turned into a StepResult or a typed exception."""

import json
import os
import signal
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from . import conversion, findings
from .formats import FORMATS, Format, Source
from .node_runtime import node_executable
from .rejections import rejection
from .sandbox import PROJECT_ROOT, ToolRun, python_tool, run_tool, scratch_folder
from .types import (
    DEFAULT_LIMITS,
    Angle,
    FindingData,
    Limits,
    ProcessingError,
    Reduction,
    Step,
    StepResult,
    ToolFailed,
)

NODE_SCRIPT = Path(__file__).with_name("node") / "gltf.mjs"
# How programs end that follow damaged data to nowhere. Killed and terminated ones are not among them.
DAMAGE_SIGNALS = {
    -number
    for number in (
        signal.SIGSEGV,
        signal.SIGABRT,
        signal.SIGBUS,
        signal.SIGFPE,
        signal.SIGILL,
        signal.SIGTRAP,
    )
}
CONVERT_SCRIPT = NODE_SCRIPT.with_name("convert.mjs")


@dataclass(frozen=True)
class Wishes:
    """What is wanted of a step beyond what its file says."""

    reduction: Reduction
    angle: Angle


def run_step(
    step: Step,
    *,
    source: Source,
    workdir: Path,
    reduction: Reduction,
    previous: dict[Step, dict],
    angle: Angle | None = None,
    limits: Limits | None = None,
) -> StepResult:
    """Runs ``step`` on ``source`` and leaves its files in ``workdir``, which belongs to the caller.

    ``source`` is the uploaded file for PREFLIGHT and CONVERT; for GLTF it is CONVERT's ``converted``, or the upload
    where that is a GLB; for the steps after it GLTF's ``poster_source``. So the pipeline resumes at any step.
    ``angle`` says from where the poster is taken, where not from the usual side. ``previous`` maps the steps done so
    far to their data. Running a step again gives the same result.

    Raises Rejected when the file is at fault, and ToolFailed when a tool crashed or passed its ``limits``; then
    nothing is left in ``workdir``.
    """
    limits = limits or DEFAULT_LIMITS[step]
    workdir.mkdir(parents=True, exist_ok=True)
    with scratch_folder(workdir) as scratch:
        own = replace(source, path=source.path.resolve())
        wishes = Wishes(reduction, angle or Angle())
        answer, run = _RUNNERS[step](own, scratch, wishes, limits)
        files = {}
        for role, path in answer.get("files", {}).items():
            kept = workdir / Path(path).name
            Path(path).replace(kept)
            files[role] = kept
    peak = max(run.peak_memory, answer.get("peak_memory", 0))
    return StepResult(
        data=answer["data"],
        findings=_findings(step, answer, previous),
        files=files,
        seconds=round(run.seconds, 3),
        peak_memory=peak,
        tool_versions=answer.get("versions", {}),
        along={
            Step(name): StepResult(
                data=part["data"],
                seconds=part["seconds"],
                peak_memory=peak,
                tool_versions=part["versions"],
            )
            for name, part in answer.get("along", {}).items()
        },
    )


def cache_dir() -> Path:
    """Where tools keep what they derive once for all files (``PROCESSING_CACHE_DIR``, by default under ``VAR_DIR``)."""
    named = os.environ.get("PROCESSING_CACHE_DIR")
    folder = (
        Path(named) if named else PROJECT_ROOT / os.environ.get("VAR_DIR", "var") / "cache" / "processing"
    )
    # Here, because a confined tool may write into it but not make it.
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _findings(step: Step, answer: dict, previous: dict[Step, dict]) -> list[FindingData]:
    if step is Step.CONVERT:
        return conversion.findings(answer["facts"])
    if step is Step.GLTF:
        found = [*findings.from_validator(answer["issues"]), *findings.from_measures(answer["data"])]
        return conversion.fitting(found, previous[Step.CONVERT]) if Step.CONVERT in previous else found
    if step is Step.GEOMETRY:
        return findings.from_geometry(answer["data"], previous.get(Step.GLTF, {}))
    return []


def _serve(
    step: Step, request: dict, command: list[str], scratch: Path, limits: Limits, *, python: bool
) -> tuple[dict, ToolRun]:
    """Hands ``request`` to a tool process and reads its answer; raises Rejected or ToolFailed."""
    request_path, result_path = scratch / "request.json", scratch / "answer.json"
    request_path.write_text(json.dumps({**request, "result": str(result_path), "limits": asdict(limits)}))
    run = run_tool(
        [*command, str(request_path)],
        step=step,
        scratch=scratch,
        limits=limits,
        limit_address_space=python,
        readable=[Path(request["source"])],
        writable=[Path(request["cache"])] if "cache" in request else [],
    )
    answer = json.loads(result_path.read_text())
    refused = answer.get("rejected")
    if refused:
        error = _rejection(step, refused)
        error.peak_memory = max(run.peak_memory, answer["peak_memory"])
        raise error
    return answer, run


def _rejection(step: Step, refused: dict) -> ProcessingError:
    values = dict(refused)
    code = values.pop("code")
    if code == "images_too_large":
        values = {"megapixels": values["pixels"] // 1_000_000, "limit": values["limit"] // 1_000_000}
    elif code == "too_many_triangles":
        values["detail"] = f"{int(values['detail']):,}"
    return rejection(code, step=step, **values)


def _preflight(source: Source, scratch: Path, _wishes: Wishes, limits: Limits) -> tuple[dict, ToolRun]:
    command = python_tool("marketplace.processing.preflight")
    request = {"source": str(source.path), "format": source.format.value, "member": source.member}
    return _serve(Step.PREFLIGHT, request, command, scratch, limits, python=True)


def _convert(source: Source, scratch: Path, wishes: Wishes, limits: Limits) -> tuple[dict, ToolRun]:
    """Converts; a reader that damaged data brought down will not fare better a second time, so that is a refusal."""
    try:
        return _converted(source, scratch, limits)
    except ToolFailed as failure:
        if failure.exit_code not in DAMAGE_SIGNALS:
            raise
        label = FORMATS[source.format].label
        refusal = rejection("unreadable_model", step=Step.CONVERT, label=label, detail="its reader crashed")
        refusal.peak_memory = failure.peak_memory
        raise refusal from failure


def _converted(source: Source, scratch: Path, limits: Limits) -> tuple[dict, ToolRun]:
    """Python reads what it can, Node the rest; what they made is trusted no more than a stranger's GLB."""
    target = scratch / "converted.glb"
    request = {"source": str(source.path), "format": source.format.value, "member": source.member}
    command = python_tool("marketplace.processing.convert")
    begun, first = _serve(
        Step.CONVERT,
        request | {"folder": str(scratch), "target": str(target)},
        command,
        scratch,
        limits,
        python=True,
    )
    runs, done = [first], begun
    if begun["handover"]:
        left = replace(limits, wall_seconds=max(1.0, limits.wall_seconds - first.seconds))
        request = begun["handover"] | {"target": str(target)}
        command = [node_executable(), str(CONVERT_SCRIPT)]
        done, second = _serve(Step.CONVERT, request, command, scratch, left, python=False)
        runs.append(second)
    request = {"source": str(target), "format": Format.GLB.value, "member": ""}
    command = python_tool("marketplace.processing.preflight")
    _checked, last = _serve(Step.CONVERT, request, command, scratch, limits, python=True)
    runs.append(last)
    facts = conversion.Facts.merged(begun["facts"], done["facts"])
    answer = {
        "data": facts.as_data(),
        "facts": facts,
        "files": {"converted": str(target)},
        "versions": begun["versions"] | done["versions"],
        "peak_memory": max(begun["peak_memory"], done["peak_memory"]),
    }
    total = ToolRun(sum(run.seconds for run in runs), max(run.peak_memory for run in runs), "")
    return answer, total


def _gltf(source: Source, scratch: Path, wishes: Wishes, limits: Limits) -> tuple[dict, ToolRun]:
    files = {"preview": str(scratch / "preview.glb"), "poster_source": str(scratch / "poster.glb")}
    request = {
        "source": str(source.path),
        "preview": files["preview"],
        "poster": files["poster_source"],
        "paid": wishes.reduction.paid,
    }
    answer, run = _serve(
        Step.GLTF, request, [node_executable(), str(NODE_SCRIPT)], scratch, limits, python=False
    )
    answer["files"] = files
    return answer, run


def _render(step: Step) -> Callable[[Source, Path, Wishes, Limits], tuple[dict, ToolRun]]:
    def run(source: Source, scratch: Path, wishes: Wishes, limits: Limits) -> tuple[dict, ToolRun]:
        command = python_tool("marketplace.processing.render")
        request = {
            "step": step.value,
            "source": str(source.path),
            "folder": str(scratch),
            "cache": str(cache_dir()),
            "azimuth": wishes.angle.azimuth,
            "elevation": wishes.angle.elevation,
        }
        wanted = os.environ.get("LATHE_RENDERER", "auto")
        try:
            return _serve(step, {**request, "renderer": wanted}, command, scratch, limits, python=True)
        except ToolFailed as failure:
            # A graphics driver that crashes takes the process with it: the ray caster needs none.
            if wanted != "auto" or failure.code != "tool_crashed":
                raise
        return _serve(step, {**request, "renderer": "raycast"}, command, scratch, limits, python=True)

    return run


def _measure(step: Step) -> Callable[[Source, Path, Wishes, Limits], tuple[dict, ToolRun]]:
    def run(source: Source, scratch: Path, _wishes: Wishes, limits: Limits) -> tuple[dict, ToolRun]:
        command = python_tool(f"marketplace.processing.{step.value}")
        return _serve(step, {"source": str(source.path)}, command, scratch, limits, python=True)

    return run


_RUNNERS: dict[Step, Callable[[Source, Path, Wishes, Limits], tuple[dict, ToolRun]]] = {
    Step.PREFLIGHT: _preflight,
    Step.CONVERT: _convert,
    Step.GLTF: _gltf,
    Step.POSTER: _render(Step.POSTER),
    Step.TURNTABLE: _render(Step.TURNTABLE),
    Step.GEOMETRY: _measure(Step.GEOMETRY),
    Step.FINGERPRINT: _measure(Step.FINGERPRINT),
}
