"""How much the pipeline costs over its bare tools, run one after another on the same file: at most 1.2 times.

    python -m bench.pipeline_overhead [FILE.glb …] [--pairs 3]

Without files it takes three of SAMPLES_DIR, or a model of its own where that is not set.

The bare run starts the same programs (Node with validator and preview, the renderer twice, the geometry check) by a
plain subprocess call: no preflight, no limits, no watching, no findings, no cleaning up; at the pipeline's own
priority, so that a busy machine does not tell them apart. The two are run in pairs, in changing order, and the median
of the pairs' ratios of wall time is printed. Each pair is one line, in seconds; its second ratio is of processor time,
which tells more than the first where other work keeps the machine busy.
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

from marketplace.processing.formats import Source
from marketplace.processing.node_runtime import node_executable
from marketplace.processing.sandbox import NICE
from marketplace.processing.steps import NODE_SCRIPT, cache_dir, run_step
from marketplace.processing.types import DEFAULT_LIMITS, Reduction, Step
from marketplace.tests.glb import grid_glb

PROJECT_ROOT = Path(__file__).resolve().parent.parent
MOST = 1.2
SAMPLES = ("KayKit_chest_gold.glb", "Avocado.glTF.glb", "SheenChair.glTF.glb")


def pipeline(source: Path, folder: Path) -> None:
    """Every step as the site runs it."""
    files: dict[str, Path] = {}
    data: dict[Step, dict] = {}
    for step in Step:
        current = source if step in (Step.PREFLIGHT, Step.GLTF) else files["poster_source"]
        result = run_step(
            step, source=Source(current), workdir=folder, reduction=Reduction(paid=False), previous=data
        )
        data[step] = result.data
        files |= result.files


def bare_tools(source: Path, folder: Path) -> None:
    """The tools alone."""
    plain = folder / "poster.glb"

    def run(command: list[str], of: Step, **request: object) -> None:
        request |= {"result": str(folder / "answer.json"), "limits": asdict(DEFAULT_LIMITS[of])}
        path = folder / "request.json"
        path.write_text(json.dumps(request))
        subprocess.run(
            ["nice", "-n", str(NICE), *command, str(path)], check=True, cwd=PROJECT_ROOT, capture_output=True
        )

    run(
        [node_executable(), str(NODE_SCRIPT)],
        Step.GLTF,
        source=str(source),
        preview=str(folder / "preview.glb"),
        poster=str(plain),
        paid=False,
    )
    python = [sys.executable, "-m"]
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
    """A light, a textured and a heavier sample; without samples a built model of 28,800 triangles."""
    samples = os.environ.get("SAMPLES_DIR")
    if samples:
        return [Path(samples) / "glb" / name for name in SAMPLES]
    built = folder / "grid.glb"
    built.write_bytes(grid_glb(120))
    return [built]


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
    options = parser.parse_args()
    worst = 0.0
    with tempfile.TemporaryDirectory(prefix="lathe-bench-") as folder:
        for source in options.files or default_files(Path(folder)):
            ratio = measure(source.resolve(), options.pairs)
            print(f"{source.name}: median ratio {ratio:.3f} (at most {MOST})", flush=True)
            worst = max(worst, ratio)
    return int(worst > MOST)


if __name__ == "__main__":
    sys.exit(main())
