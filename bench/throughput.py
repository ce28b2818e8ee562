"""Whether queued files keep every core busy: `python -m bench.throughput [--count 100]`.

Queues GLBs of about 5 MB (of SAMPLES_DIR where that is set, else built ones), starts the files worker with the site's
own command line, one job a core, and measures from the first job until the last has been taken. Prints how busy each
core was, how much of that was the worker with its tools, and the least of the cores over `LEAST`; fails below 1.
Work of others on the machine counts as busy too: the share of the worker tells how much to believe of the rest.
"""

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

import psutil

from bench.memory import own_site

LEAST = 0.85
SIZES = (4_000_000, 6_500_000)
# Of built files: cells a side that make about 5 MB.
CELLS = 300
POLL_SECONDS = 0.5
PATIENCE_SECONDS = 7200


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=100, help="how many files (%(default)s)")
    count = parser.parse_args().count
    with own_site() as stack:
        _upload(count)
        worker = _start_worker(stack)
        try:
            return _measure(worker, count)
        finally:
            worker.terminate()
            worker.wait()


def _upload(count: int) -> None:
    """So many drafts with a queued file each."""
    from django.core.files.base import ContentFile

    from marketplace.actions import processing
    from marketplace.tests.factories import Model3DFactory, ModelFileFactory

    contents = _contents()
    model = Model3DFactory()
    for number in range(count):
        file = ModelFileFactory(
            model=model,
            version=number + 1,
            original=ContentFile(contents[number % len(contents)], "model.glb"),
        )
        processing.enqueue(file.pk)


def _contents() -> list[bytes]:
    from marketplace.tests.glb import grid_glb

    samples = os.environ.get("SAMPLES_DIR")
    found = sorted(Path(samples, "glb").glob("*.glb")) if samples else []
    chosen = [path.read_bytes() for path in found if SIZES[0] <= path.stat().st_size <= SIZES[1]]
    return chosen or [grid_glb(CELLS)]


def _start_worker(stack) -> psutil.Popen:
    from config.supervisor.children import site_children

    (child,) = (child for child in site_children("127.0.0.1", stack.port) if child.name == "files")
    with stack.log("files").open("wb") as log:
        return psutil.Popen(
            child.command,
            env={**stack.environment, **child.environment},
            stdout=log,
            stderr=subprocess.STDOUT,
            preexec_fn=lambda: os.nice(child.nice),
        )


def _measure(worker: psutil.Popen, count: int) -> int:
    from marketplace.models import ModelFile

    queued = ModelFile.objects.filter(state=ModelFile.State.QUEUED)
    _wait_until(lambda: queued.count() < count, worker)
    cores, own, started = psutil.cpu_times(percpu=True), _own_seconds(worker), time.monotonic()
    _wait_until(lambda: not queued.exists(), worker)
    seconds = time.monotonic() - started
    busy = [_busy(before, after) for before, after in zip(cores, psutil.cpu_times(percpu=True), strict=True)]
    share = (_own_seconds(worker) - own) / (seconds * len(busy))
    taken = ModelFile.objects.exclude(attempts=0)
    ready, failed = ModelFile.objects.ready().count(), ModelFile.objects.failed().count()
    each = ", ".join(f"{value:.1%}" for value in busy)
    sys.stdout.write(
        f"{ready} of {count} files ready ({failed} failed, {taken.count()} under way) in {seconds:.0f} s\n"
        f"cores busy: {each}; {share:.1%} of all of it was the worker and its tools\n"
        f"ratio to {LEAST:.0%}: {min(busy) / LEAST:.3f}\n"
    )
    return 0 if min(busy) >= LEAST and not failed else 1


def _wait_until(condition, worker: psutil.Popen) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        if worker.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError("The worker ended, or takes for ever: see its log.")
        time.sleep(POLL_SECONDS)


def _busy(before, after) -> float:
    """Share of the time in which a core did something; waiting for a disk is not doing something."""
    passed = {name: getattr(after, name) - getattr(before, name) for name in ("idle", "iowait")}
    total = sum(after[:8]) - sum(before[:8])
    return 1 - sum(passed.values()) / total


def _own_seconds(worker: psutil.Popen) -> float:
    """Processor time of the worker's processes and of all tools that have ended."""
    return sum(sum(member.cpu_times()[:4]) for member in [worker, *worker.children()] if member.is_running())


if __name__ == "__main__":
    raise SystemExit(main())
