"""How much the pipeline costs over its bare tools, run one after another on the same file: at most 1.2 times.

    python -m bench.pipeline_overhead [FILE …] [--formats glb,fbx] [--pairs 3]

Without files it takes the largest model of each format in SAMPLES_DIR that is converted, and three GLBs of different
weight; or a model of its own where that is not set.

The bare run starts the same programs (both halves of the converter, Node with validator and preview, the renderer
twice, the geometry check) by a plain subprocess call: no preflight, no limits, no watching, no findings, no cleaning
up; at the pipeline's own priority, so that a busy machine does not tell them apart. The two are run in pairs, in
changing order, and the median of the pairs' ratios of wall time is printed. Each pair is one line, in seconds; its
second ratio is of processor time, which tells more than the first where other work keeps the machine busy.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from marketplace.processing.formats import Format, format_of_name
from marketplace.processing.node_runtime import node_executable
from marketplace.processing.sandbox import NICE
from marketplace.processing.steps import CONVERT_SCRIPT, NODE_SCRIPT, cache_dir
from marketplace.processing.table import process, source_of
from marketplace.processing.types import DEFAULT_LIMITS, Reduction, Step
from marketplace.tests.glb import grid_glb, unpack_glb

PROJECT_ROOT = Path(__file__).resolve().parent.parent
MOST = 1.2
# Samples that are refused: points without a surface.
NOT_SHOWN = ("pond.0.ply",)
SAMPLES = ("KayKit_chest_gold.glb", "Avocado.glTF.glb", "SheenChair.glTF.glb")


def pipeline(path: Path, folder: Path) -> None:
    """Every step as the site runs it."""
    row = process(path, folder, Reduction(paid=False))
    if row.status != "ready":
        raise SystemExit(f"{path.name}: {row.reason}")


def bare_tools(path: Path, folder: Path) -> None:
    """The tools alone."""
    original = source_of(path, folder)
    source, plain = original.path, folder / "poster.glb"
    python = [sys.executable, "-m"]

    def run(command: list[str], of: Step, **request: object) -> dict:
        answer = folder / "answer.json"
        request |= {"result": str(answer), "limits": asdict(DEFAULT_LIMITS[of])}
        written = folder / "request.json"
        written.write_text(json.dumps(request))
        subprocess.run(
            ["nice", "-n", str(NICE), *command, str(written)],
            check=True,
            cwd=folder,
            env=os.environ | {"PYTHONPATH": str(PROJECT_ROOT)},
            capture_output=True,
        )
        return json.loads(answer.read_text())

    if original.format is not Format.GLB:
        target = folder / "converted.glb"
        begun = run(
            [*python, "marketplace.processing.convert"],
            Step.CONVERT,
            source=str(source),
            format=original.format.value,
            member=original.member,
            folder=str(folder),
            target=str(target),
        )
        if begun["handover"]:
            run(
                [node_executable(), str(CONVERT_SCRIPT)],
                Step.CONVERT,
                target=str(target),
                **begun["handover"],
            )
        source = target
    run(
        [node_executable(), str(NODE_SCRIPT)],
        Step.GLTF,
        source=str(source),
        preview=str(folder / "preview.glb"),
        poster=str(plain),
        paid=False,
    )
    for step in (Step.POSTER, Step.TURNTABLE):
        run(
            [*python, "marketplace.processing.render"],
            step,
            step=step.value,
            source=str(plain),
            folder=str(folder),
            cache=str(cache_dir()),
            renderer="auto",
        )
    run([*python, "marketplace.processing.geometry"], Step.GEOMETRY, source=str(plain))


def seconds(work: Callable[[Path, Path], None], source: Path) -> tuple[float, float]:
    """Wall time and processor time of one run in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="lathe-bench-") as folder:
        started, used = time.perf_counter(), processor_seconds()
        work(source, Path(folder))
        return time.perf_counter() - started, processor_seconds() - used


def processor_seconds() -> float:
    """Processor time so far of this process and of its ended children."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def default_files(folder: Path) -> list[Path]:
    """Of GLB a light, a textured and a heavier sample, of each other format the largest; else a model of 28,800
    triangles made here."""
    samples = os.environ.get("SAMPLES_DIR")
    if not samples:
        built = folder / "grid.glb"
        built.write_bytes(grid_glb(120))
        return [built]
    chosen = [Path(samples) / "glb" / name for name in SAMPLES]
    for name in Format:
        found = [
            path
            for path in (Path(samples) / name.value).glob("*")
            if format_of_name(path.name) is name and path.name not in NOT_SHOWN
        ]
        if name is not Format.GLB and found:
            chosen.append(max(found, key=lambda path: path.stat().st_size))
    return [*chosen, unpack_glb(Path(samples) / "glb" / SAMPLES[1], folder)]


def measure(source: Path, pairs: int) -> float:
    """Median of the ratios of ``pairs`` pairs of runs on one file."""
    seconds(bare_tools, source)
    ratios = []
    for pair in range(pairs):
        order = (pipeline, bare_tools) if pair % 2 else (bare_tools, pipeline)
        taken = {work: seconds(work, source) for work in order}
        (wall, processor), (bare_wall, bare_processor) = taken[pipeline], taken[bare_tools]
        ratios.append(wall / bare_wall)
        print(
            f"pipeline {wall:6.2f}  bare tools {bare_wall:6.2f}  ratio {ratios[-1]:.3f}"
            f"  (processor time {processor:.2f} over {bare_processor:.2f}: {processor / bare_processor:.3f})",
            flush=True,
        )
    return statistics.median(ratios)


def main() -> int:
    """Command line; exit code 1 when a ratio is above the bound."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("files", type=Path, nargs="*")
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--formats", default=",".join(Format), help="of the default files only these")
    options = parser.parse_args()
    worst = 0.0
    formats = options.formats.split(",")
    with tempfile.TemporaryDirectory(prefix="lathe-bench-") as folder:
        chosen = [path for path in default_files(Path(folder)) if format_of_name(path.name) in formats]
        for source in options.files or chosen:
            ratio = measure(source.resolve(), options.pairs)
            print(f"{source.name}: median ratio {ratio:.3f} (at most {MOST})", flush=True)
            worst = max(worst, ratio)
    return int(worst > MOST)


if __name__ == "__main__":
    sys.exit(main())
