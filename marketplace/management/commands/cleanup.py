"""Clears away what nothing refers to any more."""

from django.core.management.base import BaseCommand
from django.template.defaultfilters import filesizeformat

from marketplace import uploads
from marketplace.actions.processing import requeue_stalled
from marketplace.orphans import remove_orphans
from marketplace.workspace import sweep_work_folders


class Command(BaseCommand):
    help = (
        "Removes expired uploads, stored files that no row names and that are older than a day, and scratch folders of"
        " dead workers on this machine. Beat does so every Sunday."
    )

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="count, and remove nothing")

    def handle(self, *args, dry_run, **options):
        verb = "would be removed" if dry_run else "removed"
        expired = uploads.expire(dry_run=dry_run)
        size = filesizeformat(expired.size)
        self.stdout.write(
            f"Uploads: {expired.uploads} expired, {expired.orphans} without a row, {size} {verb}."
        )
        for found in remove_orphans(dry_run=dry_run):
            self.stdout.write(
                f"{found.folder}/: {found.files} files, {filesizeformat(found.size)},"
                f" {found.empty_folders} empty folders {verb}."
            )
        if dry_run:
            self.stdout.write(f"Scratch folders: {len(sweep_work_folders(dry_run=True))} {verb}.")
        else:
            # Also frees the files whose workers died with their folders.
            self.stdout.write(f"Files of dead workers queued again: {requeue_stalled()}.")
