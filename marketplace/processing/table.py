"""Runs every GLB of a folder through the whole pipeline and shows what came of it in one table.

    python -m marketplace.processing.table DIR [--out sheet.png] [--paid] [--keep FOLDER]

The last lines say how many were ready with a poster. The contact sheet holds all posters with their names.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Container, Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw

from .formats import Source
from .steps import run_step
from .types import MIB, ProcessingError, Reduction, Step

SHEET_COLUMNS = 6
CELL_WIDTH, CELL_HEIGHT, LABEL_HEIGHT = 320, 240, 22
SHEET_GROUND, LABEL_COLOUR = (238, 238, 241), (40, 40, 48)


@dataclass(frozen=True)
class Row:
    """One file's way through the pipeline: seconds of wall time, largest memory of any step in bytes."""

    file: str
    status: str
    seconds: float
    peak_memory: int
    reason: str
    poster: Path | None
    findings: int


def process(source: Path, workdir: Path, reduction: Reduction) -> Row:
    """Takes one file through all steps in order and stops at the first that fails."""
    data: dict[Step, dict] = {}
    files: dict[str, Path] = {}
    peak, findings = 0, 0
    started = time.monotonic()
    status, reason = "ready", ""
    for step in Step:
        current = source if step in (Step.PREFLIGHT, Step.GLTF) else files["poster_source"]
        try:
            result = run_step(
                step, source=Source(current), workdir=workdir, reduction=reduction, previous=data
            )
        except ProcessingError as error:
            peak = max(peak, error.peak_memory)
            status = "failed" if error.retryable else "refused"
            reason = f"{error.step} {error.code}: {error.message}"
            break
        data[step] = result.data
        files |= result.files
        peak = max(peak, result.peak_memory)
        findings += len(result.findings)
    return Row(
        file=source.name,
        status=status,
        seconds=time.monotonic() - started,
        peak_memory=peak,
        reason=reason,
        poster=files.get("poster_medium"),
        findings=findings,
    )


def process_folder(
    folder: Path, workdir: Path, reduction: Reduction, *, skip: Container[str] = ()
) -> Iterator[Row]:
    """Rows of all GLB files under ``folder`` but those named in ``skip``, by name."""
    for index, source in enumerate(sorted(folder.rglob("*.glb"))):
        if source.name not in skip:
            yield process(source, workdir / f"{index:04}", reduction)


def contact_sheet(rows: list[Row]) -> Image.Image:
    """All posters on one picture, with the file's name below each."""
    lines = -(-max(1, len(rows)) // SHEET_COLUMNS)
    sheet = Image.new("RGB", (SHEET_COLUMNS * CELL_WIDTH, lines * (CELL_HEIGHT + LABEL_HEIGHT)), SHEET_GROUND)
    draw = ImageDraw.Draw(sheet)
    for index, row in enumerate(rows):
        left = index % SHEET_COLUMNS * CELL_WIDTH
        top = index // SHEET_COLUMNS * (CELL_HEIGHT + LABEL_HEIGHT)
        if row.poster:
            with Image.open(row.poster) as poster:
                small = poster.convert("RGBA").resize((CELL_WIDTH, CELL_HEIGHT), Image.Resampling.LANCZOS)
            sheet.paste(small, (left, top), small)
        draw.text(
            (left + 8, top + CELL_HEIGHT + 4),
            row.file if row.poster else f"{row.file}: {row.status}",
            LABEL_COLOUR,
        )
    return sheet


def main() -> int:
    """Command line; exit code 1 when the folder holds no GLB."""
    parser = argparse.ArgumentParser(
        prog="python -m marketplace.processing.table", description=__doc__.split("\n")[0]
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, help="write all posters to this picture")
    parser.add_argument("--paid", action="store_true", help="reduce previews as for a paid model")
    parser.add_argument("--keep", type=Path, help="leave all results in this folder")
    options = parser.parse_args()
    write = sys.stdout.write
    with tempfile.TemporaryDirectory(prefix="lathe-table-") as temporary:
        rows = []
        write(f"{'file':<44} {'status':<8} {'s':>6} {'MiB':>6} {'notes':>5}  reason\n")
        for row in process_folder(
            options.folder, options.keep or Path(temporary), Reduction(paid=options.paid)
        ):
            rows.append(row)
            memory = row.peak_memory / MIB
            write(
                f"{row.file:<44} {row.status:<8} {row.seconds:6.1f} {memory:6.0f} {row.findings:5}  {row.reason}\n"
            )
            sys.stdout.flush()
        if not rows:
            write("no .glb files here\n")
            return 1
        ready = sum(row.status == "ready" and row.poster is not None for row in rows)
        write(f"\n{ready} of {len(rows)} ready with a poster ({ready / len(rows):.1%})\n")
        if options.out:
            contact_sheet(rows).save(options.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
