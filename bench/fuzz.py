"""Takes damaged files of every format through the pipeline, for as long as it is told, and counts what comes of them.

    python -m bench fuzz [--minutes 10] [--seed 1] [--formats obj fbx …] [--keep var/fuzz]

A file of SAMPLES_DIR is changed at random (bits, numbers, cuts, parts of itself or of another put elsewhere; in a
package also within its parts) and goes through all steps up to the geometry. It may become ready or be refused. It is a
failure when anything of ours breaks: an exception that is no refusal, a tool that ends by an error of our own code, a
file, folder or process left behind. Tools that crash or pass their limits are counted and named. What failed is kept,
with the number by which it is made again, under ``--keep``.
"""

import argparse
import collections
import contextlib
import gzip
import io
import os
import random
import re
import sys
import tempfile
import time
import traceback
import zipfile
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import psutil

from marketplace.processing.formats import FORMATS, Format, Source, format_of_name, steps_of
from marketplace.processing.preflight.__main__ import inspect
from marketplace.processing.steps import run_step
from marketplace.processing.tool import FileRejected
from marketplace.processing.types import (
    DEFAULT_LIMITS,
    GIB,
    MIB,
    ProcessingError,
    Reduction,
    Rejected,
    Step,
    ToolFailed,
)

LARGEST_SAMPLE = 2 * MIB
SECONDS = 60
PACKAGES = {Format.THREEMF, Format.USDZ}
TEXTS = {Format.OBJ, Format.DAE, Format.STEP, Format.GLTF}
NUMBERS = (b"-1", b"0", b"4294967295", b"99999999999999999999", b"1e999", b"nan", b"-0.0", b"2147483648")
WORDS = (b"\0\0\0\0", b"\xff\xff\xff\xff", b"\xff\xff\xff\x7f", b"\x00\x00\x00\x80", b"\x01\x00\x00\x00")
Outcome = tuple[str, str]


def flip_bits(content: bytearray, chance: random.Random, _other: bytes) -> bytearray:
    for _number in range(chance.choice((1, 1, 4, 30))):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    return content


def cut(content: bytearray, chance: random.Random, _other: bytes) -> bytearray:
    return content[: chance.randrange(1, len(content) + 1)]


def drop(content: bytearray, chance: random.Random, _other: bytes) -> bytearray:
    start = chance.randrange(len(content))
    del content[start : start + chance.randrange(1, 400)]
    return content


def splice(content: bytearray, chance: random.Random, other: bytes) -> bytearray:
    start = chance.randrange(len(other))
    part = other[start : start + chance.randrange(1, 4000)]
    place = chance.randrange(len(content))
    content[place : place + chance.choice((0, len(part)))] = part
    return content


def overwrite(content: bytearray, chance: random.Random, _other: bytes) -> bytearray:
    for _number in range(chance.choice((1, 2, 8))):
        place = chance.randrange(len(content)) & ~3
        content[place : place + 4] = chance.choice(WORDS)
    return content


def renumber(content: bytearray, chance: random.Random, _other: bytes) -> bytearray:
    """Another number in place of one of those that are written in digits."""
    found = [match.span() for match in re.finditer(rb"-?\d+(?:\.\d+)?", bytes(content[:400_000]))]
    for start, end in sorted(chance.sample(found, min(len(found), chance.choice((1, 1, 5)))), reverse=True):
        content[start:end] = chance.choice(NUMBERS)
    return content


CHANGES: tuple[Callable[[bytearray, random.Random, bytes], bytearray], ...] = (
    *(flip_bits, cut, drop, splice, overwrite, renumber),
)


def changed(content: bytes, chance: random.Random, other: bytes, file_format: Format) -> bytes:
    """The content with one to three changes; in a package, half of the time within one of its parts."""
    if file_format in PACKAGES and chance.random() < 0.7:
        return _package_changed(content, chance)
    if content.startswith(b"\x1f\x8b") and chance.random() < 0.7:
        return gzip.compress(changed(gzip.decompress(content), chance, other, file_format), 1)
    result = bytearray(content)
    # Text is broken more tellingly by its numbers, and by whole lines, than by bits.
    weights = (1, 1, 2, 2, 1, 6) if file_format in TEXTS else (4, 1, 1, 2, 4, 2)
    for change in chance.choices(CHANGES, weights=weights, k=chance.choice((1, 1, 2, 3))):
        if result:
            result = change(result, chance, other)
    if file_format is Format.GLB and len(result) > 12 and chance.random() < 0.8:
        result[8:12] = len(result).to_bytes(4, "little")
    return bytes(result)


def _package_changed(content: bytes, chance: random.Random) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = [(info, package.read(info)) for info in package.infolist()]
    chosen = chance.randrange(len(parts))
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as package:
        for number, (info, part) in enumerate(parts):
            is_chosen = number == chosen and part
            package.writestr(info, changed(part, chance, part, Format.DAE) if is_chosen else part)
    return output.getvalue()


class Leftover(Exception):
    """A file, a folder or a process that should be gone is still there."""


def take(source: Source, folder: Path) -> Outcome:
    """How the file fares: (``ready``, ``refused`` or ``tool``, which code). Raises what breaks of ours."""
    limits = asdict(DEFAULT_LIMITS[Step.PREFLIGHT])
    request = {"source": str(source.path), "format": source.format.value, "member": "", "limits": limits}
    scratch = folder / "preflight"
    scratch.mkdir()
    try:
        with contextlib.chdir(scratch):
            inspect(request)
    except FileRejected as refused:
        _nothing_left(scratch, set())
        return "refused", refused.code
    _nothing_left(scratch, set())
    workdir = folder / "work"
    done: dict[Step, dict] = {}
    kept: set[Path] = set()
    shown = source
    outcome = ("ready", "")
    for step in steps_of(source.format):
        if step in (Step.POSTER, Step.TURNTABLE, Step.PREFLIGHT):
            continue
        bounds = replace(DEFAULT_LIMITS[step], wall_seconds=SECONDS, memory_bytes=GIB)
        try:
            result = run_step(
                step,
                source=shown,
                workdir=workdir,
                reduction=Reduction(paid=False),
                previous=dict(done),
                limits=bounds,
            )
        except Rejected as refused:
            outcome = ("refused", refused.code)
            break
        except ToolFailed as failure:
            if failure.exit_code is not None and failure.exit_code > 0:
                raise
            outcome = ("tool", f"{failure.code} in {step}")
            break
        done[step] = result.data
        kept |= set(result.files.values())
        if made := result.files.get("converted") or result.files.get("poster_source"):
            shown = Source(made)
    _nothing_left(workdir, kept)
    return outcome


def _nothing_left(folder: Path, kept: set[Path]) -> None:
    left = [path for path in folder.rglob("*") if path not in kept]
    if left:
        raise Leftover(f"files: {left[:5]}")
    children = psutil.Process().children(recursive=True)
    if children:
        raise Leftover(f"processes: {children[:5]}")


def samples(folder: Path, wanted: set[Format]) -> dict[Format, list[Path]]:
    """Small sample files that are in order, by format."""
    found = collections.defaultdict(list)
    for path in sorted(folder.glob("*/*")):
        file_format = format_of_name(path.name)
        is_good = path.parent.name not in ("hostile", "broken") and path.stat().st_size <= LARGEST_SAMPLE
        if file_format in wanted and is_good:
            found[file_format].append(path)
    return found


def make(number: int, pool: dict[Format, list[Path]]) -> tuple[str, Format, bytes]:
    """The file of that number: always the same for the same samples."""
    chance = random.Random(number)
    file_format = chance.choice(sorted(pool))
    first, second = chance.choice(pool[file_format]), chance.choice(pool[file_format])
    content = changed(first.read_bytes(), chance, second.read_bytes(), file_format)
    return f"{number}-{first.stem}{FORMATS[file_format].extensions[0]}", file_format, content


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1, help="number of the first file")
    parser.add_argument("--formats", nargs="*", default=[], choices=[str(name) for name in Format])
    parser.add_argument("--keep", type=Path, default=Path("var/fuzz"))
    options = parser.parse_args()
    folder = Path(os.environ.get("SAMPLES_DIR") or "/nonexistent")
    pool = samples(folder, {Format(name) for name in options.formats} or set(Format))
    if not pool:
        sys.stderr.write("SAMPLES_DIR does not name a folder of sample models.\n")
        return 2
    counts: dict[Format, collections.Counter] = collections.defaultdict(collections.Counter)
    failures = 0
    number = options.seed
    end = time.monotonic() + options.minutes * 60
    while time.monotonic() < end:
        name, file_format, content = make(number, pool)
        with tempfile.TemporaryDirectory(prefix="fuzz-") as place:
            path = Path(place) / name
            path.write_bytes(content)
            try:
                kind, code = take(Source(path, file_format), Path(place))
            except (ProcessingError, Exception) as broken:
                failures += 1
                kind, code = "broken", type(broken).__name__
                _report(number, name, broken, options.keep, content)
        counts[file_format][kind, code] += 1
        if kind == "tool":
            sys.stdout.write(f"{name}: {code}\n")
        sys.stdout.flush()
        number += 1
    _print(counts, failures, number - options.seed)
    return 1 if failures else 0


def _report(number: int, name: str, broken: Exception, keep: Path, content: bytes) -> None:
    keep.mkdir(parents=True, exist_ok=True)
    (keep / name).write_bytes(content)
    detail = (
        broken.detail if isinstance(broken, ProcessingError) else "".join(traceback.format_exception(broken))
    )
    sys.stdout.write(f"BROKEN {name} (number {number}, kept in {keep}): {broken}\n{detail[-1500:]}\n")


def _print(counts: dict[Format, collections.Counter], failures: int, total: int) -> None:
    sys.stdout.write(
        f"\n{'format':8}{'files':>7}{'ready':>7}{'refused':>9}{'tool':>6}{'broken':>8}  refused as\n"
    )
    for file_format, outcomes in sorted(counts.items()):
        by_kind = collections.Counter()
        for (kind, _code), count in outcomes.items():
            by_kind[kind] += count
        codes = collections.Counter(
            {code: count for (kind, code), count in outcomes.items() if kind == "refused"}
        )
        words = ", ".join(f"{code} {count}" for code, count in codes.most_common(5))
        sys.stdout.write(
            f"{file_format:8}{sum(outcomes.values()):7}{by_kind['ready']:7}{by_kind['refused']:9}"
            f"{by_kind['tool']:6}{by_kind['broken']:8}  {words}\n"
        )
    sys.stdout.write(f"\n{total} files, {failures} broke something of ours\n")


if __name__ == "__main__":
    raise SystemExit(main())
