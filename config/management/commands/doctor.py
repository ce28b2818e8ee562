"""Looks the installation over."""

import json
from dataclasses import asdict

from django.core.management.base import BaseCommand, CommandError

from config.doctor import State, look_over
from config.doctor.round import PARTS

COLOURS = {State.GOOD: "SUCCESS", State.WARNING: "WARNING", State.BAD: "ERROR"}


class Command(BaseCommand):
    help = (
        "Looks at settings, clock, disk, tools, database, migrations, people, Redis, storage, workers, beat, mail and"
        " the malware scanner, and says of each what was seen and what to do about it. Writes one small file into each"
        " storage and deletes it; changes nothing else. Exit code 1 where something failed."
    )
    # They are among what is looked at.
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--only", nargs="+", choices=list(PARTS), metavar="PART", help=", ".join(PARTS))
        parser.add_argument("--json", action="store_true", help="one JSON object a line")

    def handle(self, *args, only, **options):
        failed = 0
        for finding in look_over(only):
            failed += finding.state is State.BAD
            if options["json"]:
                self.stdout.write(json.dumps(asdict(finding) | {"state": finding.state.value}))
                continue
            style = getattr(self.style, COLOURS[finding.state])
            self.stdout.write(f"{style(finding.state.value.ljust(8))} {finding.part}: {finding.seen}")
            if finding.remedy:
                self.stdout.write(f"         -> {finding.remedy}")
        if failed:
            raise CommandError(f"{failed} failed.")
