"""The site's report on files of this disk: sorted as a drop, run through the whole pipeline, without database."""

import time
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from django.conf import settings

from marketplace.actions.results import take_measures
from marketplace.assembly.packing import write_archive
from marketplace.assembly.pieces import Drop, Piece, PlannedFile
from marketplace.assembly.plan import plan_drop
from marketplace.assembly.roles import Role, clean_path, role_of
from marketplace.models import Inspection, Model3D, ModelFile
from marketplace.processing import archive
from marketplace.processing.formats import Source, steps_of
from marketplace.processing.rejections import sentence
from marketplace.processing.steps import run_step
from marketplace.processing.tool import FileRejected
from marketplace.processing.types import (
    DEFAULT_LIMITS,
    FindingData,
    ProcessingError,
    Reduction,
    Step,
    StepResult,
)
from marketplace.showcase import Showcase


@dataclass
class Report:
    """What became of one model file: the results by step, and the error that ended it, if any."""

    name: str
    source: Source
    results: dict[Step, StepResult] = field(default_factory=dict)
    error: ProcessingError | None = None

    @property
    def is_refused(self) -> bool:
        """Whether the file is at fault, not a tool."""
        return self.error is not None and not self.error.retryable

    @property
    def findings(self) -> list[FindingData]:
        return [finding for result in self.results.values() for finding in result.findings]

    @property
    def files(self) -> dict[str, Path]:
        """What the steps made, by role."""
        return {role: path for result in self.results.values() for role, path in result.files.items()}

    @property
    def seconds(self) -> float:
        return sum(result.seconds for result in self.results.values())

    @property
    def measures(self) -> list[tuple[str, str]]:
        """As the model's page shows them; none before they were taken."""
        if Step.GLTF not in self.results:
            return []
        model = Model3D(title=self.name)
        file = ModelFile(model=model, format=self.source.format, size=self.source.path.stat().st_size)
        inspection = Inspection(file=file)
        for step, result in self.results.items():
            take_measures(inspection, step, result.data)
        showcase = Showcase(model, viewer=None)
        showcase.file = file
        return [(spec["label"], spec["value"]) for spec in showcase.specs]


def reports_of(paths: Sequence[Path], folder: Path) -> list[Report]:
    """The model files among what lies at `paths`, taken together as one drop; nothing has run yet.

    What has to be packed or unpacked for them is put into `folder`.

    Raises:
        PlanRefused: some of them cannot be used as they are, with a sentence for each.
    """
    found = dict(_files(paths))
    names = list(found)
    drops = [_drop(name, found[name]) for name in names]
    on_disk = [found[name] for name in names]
    planned = [file for model in plan_drop(drops, for_one=False).models for file in model.files]
    return [
        Report(file.main.name, _source(file, on_disk, folder / f"{number:03}"))
        for number, file in enumerate(planned)
    ]


def run(
    report: Report,
    workdir: Path,
    *,
    paid: bool,
    skip: Container[Step] = (),
    seconds: float | None = None,
) -> Iterator[tuple[Step, StepResult]]:
    """Take a report's file through the pipeline; yields each step as it is done, and stops at the first that fails.

    Steps in `skip` are left out; `seconds` is what all together may take.
    """
    end = None if seconds is None else time.monotonic() + seconds
    data: dict[Step, dict] = {}
    for step in steps_of(report.source.format):
        if step in data or step in skip:
            continue
        limits = replace(DEFAULT_LIMITS[step], max_file_bytes=settings.MAX_UPLOAD_BYTES)
        if end is not None:
            limits = replace(limits, wall_seconds=min(limits.wall_seconds, max(1.0, end - time.monotonic())))
        try:
            result = run_step(
                step,
                source=_source_of_step(report, step),
                workdir=workdir,
                reduction=Reduction(paid=paid),
                previous=data,
                limits=limits,
            )
        except ProcessingError as error:
            report.error = error
            return
        for done, part in result.parts(step):
            report.results[done] = part
            data[done] = part.data
            yield done, part


def _source_of_step(report: Report, step: Step) -> Source:
    if step in (Step.PREFLIGHT, Step.CONVERT):
        return report.source
    if step is Step.GLTF:
        return Source(report.files.get("converted", report.source.path))
    return Source(report.files["poster_source"])


def _files(paths: Sequence[Path]) -> Iterator[tuple[str, Path]]:
    """Every file with its path within the drop: of a folder all that is in it."""
    for path in paths:
        if path.is_dir():
            for inside in sorted(path.rglob("*")):
                if inside.is_file():
                    yield clean_path(inside.relative_to(path.parent).as_posix()), inside
        else:
            yield clean_path(path.name), path


def _drop(name: str, path: Path) -> Drop:
    size = path.stat().st_size
    if role_of(name) is not Role.ARCHIVE:
        return Drop(name, size)
    try:
        members = archive.members(path)
    except FileRejected as error:
        return Drop(name, size, refusal=sentence(error.code, **error.values))
    return Drop(name, size, tuple((member.name, member.size) for member in members))


def _source(file: PlannedFile, on_disk: list[Path], folder: Path) -> Source:
    """A planned file as the site would store it."""
    if file.archive:
        return Source(on_disk[file.main.drop], file.format, file.main.member)
    local = {piece: _local(piece, on_disk, folder) for piece in [file.main, *file.companions]}
    if not file.companions:
        return Source(local[file.main], file.format)
    folder.mkdir(parents=True, exist_ok=True)
    packed = folder / f"{file.stem}.zip"
    with packed.open("wb") as target:
        member = write_archive(target, file, lambda piece: local[piece].open("rb"))
    return Source(packed, file.format, member)


def _local(piece: Piece, on_disk: list[Path], folder: Path) -> Path:
    if not piece.member:
        return on_disk[piece.drop]
    target = folder / f"zip-{piece.drop}"
    target.mkdir(parents=True, exist_ok=True)
    return archive.extract(on_disk[piece.drop], target, only={piece.member})[piece.member]
