"""Runs steps of the pipeline again."""

import time
from collections import Counter

from django.core.management.base import BaseCommand, CommandError

from marketplace.actions.processing import requeue_stalled
from marketplace.actions.reprocessing import Selection, ToolRule, mark
from marketplace.models import FormatSwitch, ModelFile
from marketplace.processing.formats import FORMATS
from marketplace.processing.types import Step

POLL_SECONDS = 2.0
BAR_WIDTH = 40
COUNTED_AT_ONCE = 10_000


class Command(BaseCommand):
    help = (
        "Runs steps of the pipeline again, and those built on them. Pages go on showing what they have until the new"
        " result is stored. Name at least one of --model, --format, --tool, --failed, --all."
    )

    def add_arguments(self, parser):
        formats = [name.value for name in FORMATS]
        parser.add_argument(
            "--model", type=int, nargs="+", metavar="ID", help="only the files of these models"
        )
        parser.add_argument(
            "--step", choices=[step.value for step in Step], help="the first step to run again (default: all)"
        )
        parser.add_argument(
            "--format", type=str.lower, choices=formats, metavar="FORMAT", help="only files of this format"
        )
        parser.add_argument(
            "--failed", action="store_true", help="only files that failed, from the step that failed"
        )
        parser.add_argument("--tool", help="only results of this tool, with --not or --older-than")
        version = parser.add_mutually_exclusive_group()
        version.add_argument("--not", dest="other_than", metavar="VERSION", help="made by any other version")
        version.add_argument("--older-than", metavar="VERSION", help="made by an older version")
        parser.add_argument("--all", action="store_true", help="every file that is ready")
        parser.add_argument("--dry-run", action="store_true", help="count, and change nothing")
        parser.add_argument("--wait", action="store_true", help="until all is done, with a bar")

    def handle(self, *args, **options):
        selection = _selection(options)
        ids, formats, steps = [], Counter(), Counter()
        for batch in selection.batches():
            ids += [file.pk for file, _steps in batch] if options["dry_run"] else mark(batch)
            formats.update(file.get_format_display() for file, _steps in batch)
            steps.update(step for _file, wanted in batch for step in wanted)
        verb = "would be processed" if options["dry_run"] else "to be processed"
        self.stdout.write(f"{len(ids):,} files {verb} again{_listed(formats)}.")
        if steps:
            self.stdout.write(f"Steps{_listed(steps)}.")
        if options["dry_run"] or not ids:
            return
        requeue_stalled()
        for refusal in FormatSwitch.objects.refusals().values():
            self.stdout.write(f"Files of a format that is off wait: {refusal}")
        if options["wait"]:
            self._wait(ids)

    def _wait(self, ids: list[int]) -> None:
        """A bar of what is done, until nothing is left but files whose format is off."""
        total, started = len(ids), time.monotonic()
        while True:
            left = _count(ids, _going_on())
            done = total - left
            filled = BAR_WIDTH * done // total
            seconds = time.monotonic() - started
            self.stdout.write(
                f"\r[{'#' * filled}{'.' * (BAR_WIDTH - filled)}] {done:,} of {total:,}, {seconds:.0f} s",
                ending="",
            )
            self.stdout.flush()
            if not left:
                break
            time.sleep(POLL_SECONDS)
            requeue_stalled()
        files = ModelFile.objects
        self.stdout.write(
            f"\nReady: {_count(ids, files.ready()):,}. Failed: {_count(ids, files.failed()):,}."
        )


def _selection(options: dict) -> Selection:
    wanted = options["other_than"] or options["older_than"]
    if bool(options["tool"]) != bool(wanted):
        raise CommandError("--tool goes with --not or --older-than.")
    if options["tool"] and options["failed"]:
        raise CommandError("--failed and --tool exclude each other: what failed has no result of a tool.")
    if not any(options[name] for name in ("model", "format", "tool", "failed", "all")):
        raise CommandError("Name at least one of --model, --format, --tool, --failed, --all.")
    rule = ToolRule(options["tool"], wanted, only_older=bool(options["older_than"])) if wanted else None
    return Selection(
        models=tuple(options["model"] or ()),
        step=Step(options["step"]) if options["step"] else None,
        file_format=options["format"] or "",
        only_failed=options["failed"],
        tool=rule,
    )


def _going_on():
    return ModelFile.objects.unfinished().exclude(format__in=FormatSwitch.objects.off().values("format"))


def _count(ids: list[int], files) -> int:
    """How many of the ids are among `files`."""
    starts = range(0, len(ids), COUNTED_AT_ONCE)
    return sum(files.filter(pk__in=ids[start : start + COUNTED_AT_ONCE]).count() for start in starts)


def _listed(counts: Counter) -> str:
    """`: GLB 3, OBJ 1`; empty for nothing."""
    return ": " + ", ".join(f"{name} {count:,}" for name, count in counts.most_common()) if counts else ""
