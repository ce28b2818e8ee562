"""The site's report on model files, on the command line."""

import json
import sys
import tempfile
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import filesizeformat

from marketplace.assembly.plan import PlanRefused
from marketplace.inspecting import Report, reports_of, run
from marketplace.models import ModelFile
from marketplace.processing.types import MIB

READY, REFUSED, TOOL_FAILED = 0, 1, 2


class Command(BaseCommand):
    help = (
        "Takes model files through the whole pipeline and prints what the site would say of them: steps with seconds,"
        " measures, findings, refusals. Files named together are taken as dropped together. Needs no database. Exit"
        " code 0: all ready; 1: one was refused; 2: a tool failed."
    )
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="files, zips or folders")
        parser.add_argument("--json", action="store_true", help="print one JSON document instead of text")
        parser.add_argument(
            "--keep", type=Path, metavar="DIR", help="leave preview and pictures in this folder"
        )
        parser.add_argument("--paid", action="store_true", help="reduce the preview as for a paid model")

    def handle(self, *args, files, keep, paid, **options):
        self.as_json = options["json"]
        missing = [str(path) for path in files if not path.exists()]
        if missing:
            raise CommandError(f"There is no {', '.join(missing)}.")
        with tempfile.TemporaryDirectory(prefix="inspect-") as temporary:
            try:
                reports = reports_of(files, Path(temporary))
            except PlanRefused as refused:
                self._say_refusals(refused)
                sys.exit(REFUSED)
            for number, report in enumerate(reports):
                folder = (keep or Path(temporary)) / f"{number:03}-{Path(report.name).stem}"
                self._inspect(report, folder, paid=paid)
            if self.as_json:
                self._print_json([_as_dict(report, keeps=bool(keep)) for report in reports])
        code = max(_code(report) for report in reports)
        if code != READY:
            sys.exit(code)

    def _inspect(self, report: Report, folder: Path, *, paid: bool) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        source = report.source
        packed = ", packed with what it names" if source.member else ""
        self._say(f"{report.name}: {ModelFile.Format(source.format).label}{packed}")
        for step, result in run(report, folder, paid=paid):
            memory = result.peak_memory / MIB
            self._say(f"  {ModelFile.Step(step).label:<34} {result.seconds:6.1f} s {memory:6.0f} MiB")
        for label, value in report.measures:
            self._say(f"  {label:<34} {value}")
        for finding in report.findings:
            place = f" [{finding.pointer}]" if finding.pointer else ""
            self._say(f"  {finding.severity.upper()} {finding.code}: {finding.message}{place}")
            if finding.remedy:
                self._say(f"    {finding.remedy}")
        if report.error is None:
            made = sum(path.stat().st_size for path in report.files.values())
            self._say(f"  Ready in {report.seconds:.1f} s; made {filesizeformat(made)}.")
        else:
            verb = "Refused" if report.is_refused else "Failed"
            step = ModelFile.Step(report.error.step).label
            self._say(f"  {verb} at “{step}” ({report.error.code}): {report.error.message}")

    def _say_refusals(self, refused: PlanRefused) -> None:
        for problem in refused.problems:
            name = f"{problem.path}: " if problem.path else ""
            self._say(f"{name}Refused: {problem.message}")
        if self.as_json:
            self._print_json(
                [
                    {"file": problem.path, "status": "refused", "refusal": {"message": problem.message}}
                    for problem in refused.problems
                ]
            )

    def _say(self, line: str) -> None:
        if not self.as_json:
            self.stdout.write(line)

    def _print_json(self, reports: list[dict]) -> None:
        self.stdout.write(json.dumps(reports, indent=2, ensure_ascii=False))


def _code(report: Report) -> int:
    if report.error is None:
        return READY
    return REFUSED if report.is_refused else TOOL_FAILED


def _as_dict(report: Report, *, keeps: bool) -> dict:
    """A report for programs: sizes in bytes, times in seconds."""
    found = {
        "file": report.name,
        "format": report.source.format.value,
        "status": {READY: "ready", REFUSED: "refused", TOOL_FAILED: "failed"}[_code(report)],
        "seconds": round(report.seconds, 3),
        "steps": [
            {
                "step": step.value,
                "seconds": result.seconds,
                "peak_memory": result.peak_memory,
                "tools": result.tool_versions,
                "data": result.data,
            }
            for step, result in report.results.items()
        ],
        "measures": dict(report.measures),
        "findings": [
            {
                "severity": finding.severity.value,
                "code": finding.code,
                "message": finding.message,
                "remedy": finding.remedy,
                "pointer": finding.pointer,
            }
            for finding in report.findings
        ],
    }
    if report.error is not None:
        found["refusal"] = {
            "step": report.error.step.value,
            "code": report.error.code,
            "message": report.error.message,
        }
    if keeps:
        found["made"] = {role: str(path) for role, path in report.files.items()}
    return found
