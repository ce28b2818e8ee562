"""Throws away what has been kept for its time."""

from django.core.management.base import BaseCommand

from config.retention import clear_away


class Command(BaseCommand):
    help = (
        "Deletes sessions that have ended, notifications that were read and mails that left, each after its time."
        " Beat does so every night; docs/operations.md lists what else is kept for how long."
    )

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="count, and delete nothing")

    def handle(self, *args, dry_run, **options):
        verb = "would be deleted" if dry_run else "deleted"
        for rule, count in clear_away(dry_run=dry_run):
            self.stdout.write(f"{count:8} {rule.name}, {verb} (kept {rule.days()} days)")
