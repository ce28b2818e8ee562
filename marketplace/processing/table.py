"""Runs the model files of a folder through the whole pipeline and shows what came of each in one table.

    python -m marketplace.processing.table DIR|MANIFEST.tsv [--formats fbx,obj] [--paid] [--out sheet.png] [--keep DIR]

A model whose format has companions is packed with those of its folder into a zip, as the site packs files that are
dropped together. The last lines say, for each format, how many were ready with a poster. The contact sheet holds all
posters with their names.
"""

import argparse
import csv
import re
import statistics
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Collection, Container, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image, ImageDraw

from .formats import (
    FORMATS,
    MATERIAL_EXTENSIONS,
    TEXTURE_EXTENSIONS,
    Format,
    Source,
    format_of_name,
    steps_of,
)
from .steps import run_step
from .types import MIB, FindingData, ProcessingError, Reduction, Step

SHEET_COLUMNS = 6
CELL_WIDTH, CELL_HEIGHT, LABEL_HEIGHT = 320, 240, 22
SHEET_GROUND, LABEL_COLOUR = (238, 238, 241), (40, 40, 48)
ORIGINAL_STEPS = (Step.PREFLIGHT, Step.CONVERT)


@dataclass(frozen=True)
class Row:
    """One file's way through the pipeline: seconds of wall time, largest memory of any step in bytes."""

    file: str
    format: Format
    status: str
    seconds: float
    peak_memory: int
    reason: str
    findings: list[FindingData]
    data: dict[Step, dict]
    files: dict[str, Path]
    step_seconds: dict[Step, float] = field(default_factory=dict)

    @property
    def poster(self) -> Path | None:
        """The rendered poster, where there is one."""
        return self.files.get("poster_medium")

    @property
    def triangles(self) -> int:
        """As measured; 0 where the file was refused before that."""
        return self.data.get(Step.GLTF, {}).get("triangles", 0)

    @property
    def preview_bytes(self) -> int:
        """Size of what the public gets; 0 where there is nothing."""
        return self.data.get(Step.GLTF, {}).get("preview", {}).get("size", 0)


def source_of(path: Path, folder: Path) -> Source:
    """The model at ``path`` as it would be stored: alone, or in a zip below ``folder`` with what it refers to.

    What it refers to is told by names: pictures and materials of the same folder that the model or its materials name.
    """
    file_format = format_of_name(path.name) or Format.GLB
    if not FORMATS[file_format].has_companions:
        return Source(path, file_format)
    beside = [
        other
        for other in path.parent.iterdir()
        if other.suffix.lower() in (*TEXTURE_EXTENSIONS, *MATERIAL_EXTENSIONS)
    ]
    named = _named_in(path, beside)
    for material in [other for other in named if other.suffix.lower() == ".mtl"]:
        named += [other for other in _named_in(material, beside) if other not in named]
    if not named:
        return Source(path, file_format)
    packed = folder / f"{path.name}.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for file in (path, *named):
            archive.write(file, file.name)
    return Source(packed, file_format, path.name)


def _named_in(path: Path, others: Collection[Path]) -> list[Path]:
    content = path.read_bytes()
    return [other for other in others if re.search(re.escape(other.name.encode()), content, re.IGNORECASE)]


def process(path: Path, workdir: Path, reduction: Reduction, *, until: Step = Step.FINGERPRINT) -> Row:
    """Takes one file through the steps in order, up to ``until``, and stops at the first that fails."""
    workdir.mkdir(parents=True, exist_ok=True)
    original = source_of(path, workdir)
    data: dict[Step, dict] = {}
    files: dict[str, Path] = {}
    step_seconds: dict[Step, float] = {}
    peak, findings = 0, []
    started = time.monotonic()
    status, reason = "ready", ""
    for step in steps_of(original.format):
        if step in data:
            continue
        source = _source(step, original, files)
        try:
            result = run_step(step, source=source, workdir=workdir, reduction=reduction, previous=data)
        except ProcessingError as error:
            peak = max(peak, error.peak_memory)
            status = "failed" if error.retryable else "refused"
            reason = f"{error.step} {error.code}: {error.message}"
            break
        for done, part in result.parts(step):
            data[done] = part.data
            step_seconds[done] = part.seconds
        files |= result.files
        if step is until:
            break
        peak = max(peak, result.peak_memory)
        findings += result.findings
    return Row(
        file=path.name,
        format=original.format,
        status=status,
        seconds=time.monotonic() - started,
        peak_memory=peak,
        reason=reason,
        findings=findings,
        data=data,
        files=files,
        step_seconds=step_seconds,
    )


def _source(step: Step, original: Source, files: dict[str, Path]) -> Source:
    """What a step reads, as the site chooses it."""
    if step in ORIGINAL_STEPS:
        return original
    if step is Step.GLTF:
        return Source(files["converted"]) if "converted" in files else original
    return Source(files["poster_source"])


def models_of(place: Path, formats: Collection[Format] = tuple(Format)) -> list[Path]:
    """The model files below a folder, or those that a MANIFEST.tsv names in its first column, by name."""
    if place.is_dir():
        found = [path for path in place.rglob("*") if path.is_file()]
    else:
        with place.open(newline="") as manifest:
            found = [place.parent / row["path"] for row in csv.DictReader(manifest, delimiter="\t")]
    return sorted(path for path in found if format_of_name(path.name) in formats)


def process_folder(
    place: Path,
    workdir: Path,
    reduction: Reduction,
    *,
    skip: Container[str] = (),
    formats: Collection[Format] = tuple(Format),
) -> Iterator[Row]:
    """Rows of all model files of a folder or manifest but those named in ``skip``."""
    for index, path in enumerate(models_of(place, formats)):
        if path.name not in skip:
            yield process(path, workdir / f"{index:04}", reduction)


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


def line(row: Row) -> str:
    """A file's line of the table: what came of it, and the codes of its findings."""
    codes = Counter(finding.code for finding in row.findings)
    notes = ", ".join(f"{code} ×{count}" if count > 1 else code for code, count in sorted(codes.items()))
    return (
        f"{row.file:<44.44} {row.format:<5} {row.status:<8} {row.seconds:6.1f} {row.peak_memory / MIB:5.0f} "
        f"{row.triangles:9,} {row.preview_bytes / MIB:7.2f}  {row.reason or notes}"
    )


HEADING = f"{'file':<44} {'as':<5} {'status':<8} {'s':>6} {'MiB':>5} {'triangles':>9} {'preview':>7}  findings or why"


def summary(rows: list[Row]) -> str:
    """Ready with a poster, time and preview size, for each format and for all."""
    lines = [f"{'format':<8} {'ready':>9} {'share':>7} {'median s':>9} {'largest preview':>16}"]
    for name in [*(name for name in Format if any(row.format is name for row in rows)), None]:
        chosen = [row for row in rows if name is None or row.format is name]
        ready = [row for row in chosen if row.status == "ready" and row.poster]
        median = statistics.median([row.seconds for row in ready]) if ready else 0.0
        largest = max((row.preview_bytes for row in ready), default=0) / MIB
        lines.append(
            f"{name or 'all':<8} {len(ready):>4}/{len(chosen):<4} {len(ready) / len(chosen):>7.1%} {median:>9.1f} "
            f"{largest:>12.2f} MiB"
        )
    return "\n".join(lines)


def main() -> int:
    """Command line; exit code 1 when there is no model file."""
    parser = argparse.ArgumentParser(
        prog="python -m marketplace.processing.table", description=__doc__.split("\n")[0]
    )
    parser.add_argument("place", type=Path, help="a folder, or a MANIFEST.tsv whose first column names files")
    parser.add_argument("--formats", default=",".join(Format), help="only these, with commas between them")
    parser.add_argument("--out", type=Path, help="write all posters to this picture")
    parser.add_argument("--paid", action="store_true", help="reduce previews as for a paid model")
    parser.add_argument("--keep", type=Path, help="leave all results in this folder")
    options = parser.parse_args()
    write = sys.stdout.write
    formats = [Format(name.strip()) for name in options.formats.split(",")]
    with tempfile.TemporaryDirectory(prefix="lathe-table-") as temporary:
        rows = []
        write(HEADING + "\n")
        workdir = options.keep or Path(temporary)
        for row in process_folder(options.place, workdir, Reduction(paid=options.paid), formats=formats):
            rows.append(row)
            write(line(row) + "\n")
            sys.stdout.flush()
        if not rows:
            write("no model files here\n")
            return 1
        write(f"\n{summary(rows)}\n")
        if options.out:
            contact_sheet(rows).save(options.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
