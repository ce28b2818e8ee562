"""Running steps of the pipeline again for files that are done: after a tool was mended, or better pictures were made.

What is shown stays until the new result is stored. Workers may run meanwhile: one that has a file loses its lease, and
stores nothing of what it was doing.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from marketplace.models import Inspection, ModelFile
from marketplace.processing.types import Step

BATCH = 200
# What is made from a step's result, and so with it.
_BUILT_ON = {
    Step.PREFLIGHT: list(Step),
    Step.CONVERT: [Step.CONVERT, Step.GLTF, Step.POSTER, Step.TURNTABLE, Step.GEOMETRY, Step.FINGERPRINT],
    Step.GLTF: [Step.GLTF, Step.POSTER, Step.TURNTABLE, Step.GEOMETRY, Step.FINGERPRINT],
    Step.POSTER: [Step.POSTER],
    Step.TURNTABLE: [Step.TURNTABLE],
    Step.GEOMETRY: [Step.GEOMETRY],
    Step.FINGERPRINT: [Step.FINGERPRINT],
}


@dataclass(frozen=True)
class ToolRule:
    """Which versions of a tool make a result outdated: every other than `wanted`, or those older than it."""

    tool: str
    wanted: str
    only_older: bool = False

    def is_outdated(self, version: str) -> bool:
        if self.only_older:
            return _version_key(version) < _version_key(self.wanted)
        return version != self.wanted


@dataclass(frozen=True)
class Selection:
    """Which files, and which of their steps; every rule narrows.

    Without `step` or `tool` all steps run again, or of a file that failed those that are left.
    """

    models: tuple[int, ...] = ()
    step: Step | None = None
    file_format: str = ""
    only_failed: bool = False
    tool: ToolRule | None = None

    def files(self):
        """Candidates, those that failed or those that were ready; withdrawn models only where they are named."""
        files = ModelFile.objects.order_by("pk")
        if self.only_failed:
            files = files.failed()
        else:
            files = files.processed().exclude(state=ModelFile.State.FAILED)
        if self.models:
            files = files.filter(model__in=self.models)
        else:
            files = files.filter(model__deleted_at__isnull=True)
        if self.file_format:
            files = files.filter(format=self.file_format)
        if self.tool:
            used = Q()
            for step in [self.step] if self.step else Step:
                used |= Q(**{f"inspection__tool_versions__{step}__has_key": self.tool.tool})
            files = files.filter(used)
        return files

    def steps_of(self, file: ModelFile) -> list[str]:
        """The steps to run again, with those built on them; empty where the file is up to date."""
        if self.tool:
            recorded = file.inspection.tool_versions
            wanted = [
                step
                for step in ([self.step] if self.step else Step)
                if self.tool.tool in recorded.get(step, {})
                and self.tool.is_outdated(recorded[step][self.tool.tool])
            ]
        elif self.step:
            wanted = [self.step]
        else:
            wanted = [] if self.only_failed else [Step.PREFLIGHT]
        again = {built for step in wanted for built in _BUILT_ON[step]}
        return [step for step in file.expected_steps if step in again]

    def batches(self) -> Iterator[list[tuple[ModelFile, list[str]]]]:
        """Files with their steps, `BATCH` at a time however many there are."""
        last = 0
        while True:
            batch = list(self.files().filter(pk__gt=last).select_related("inspection")[:BATCH])
            if not batch:
                return
            last = batch[-1].pk
            chosen = [(file, self.steps_of(file)) for file in batch]
            yield [(file, steps) for file, steps in chosen if steps or self.only_failed]


def mark(batch: Iterable[tuple[ModelFile, list[str]]]) -> list[int]:
    """Give the files of one batch back to the queue with these steps to do; returns their ids.

    Those deleted meanwhile are left out. They are put into the queue by `processing.requeue_stalled`, behind what
    creators wait for.
    """
    steps = {file.pk: steps for file, steps in batch}
    with transaction.atomic():
        locked = ModelFile.objects.select_for_update().filter(pk__in=steps).order_by("pk")
        ids = [file.pk for file in locked]
        inspections = list(Inspection.objects.filter(file__in=ids))
        for inspection in inspections:
            stale = {*inspection.stale_steps, *steps[inspection.file_id]}
            inspection.stale_steps = [step for step in Step if step in stale]
        Inspection.objects.bulk_update(inspections, ["stale_steps"])
        ModelFile.objects.filter(pk__in=ids).update(
            state=ModelFile.State.QUEUED,
            step="",
            attempts=0,
            failure_code="",
            failure_message="",
            # Whoever works on it now must start anew.
            lease_token=None,
            lease_expires_at=None,
        )
    return ids


def _version_key(version: str) -> list[int]:
    """Compares versions by their numbers: `2.0.0-dev.3.10` is later than `2.0.0-dev.3.9`."""
    return [int(number) for number in re.findall(r"\d+", version)]
