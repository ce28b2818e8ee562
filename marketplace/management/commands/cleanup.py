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

        parser.add_argument(
            "--force",
            action="store_true",
            help="also where so much has no row that this is probably not the storage's own database",
        )

    def handle(self, *args, dry_run, force, **options):
        verb = "would be removed" if dry_run else "removed"
        expired = uploads.expire(dry_run=dry_run)
        size = filesizeformat(expired.size)
        self.stdout.write(
            f"Uploads: {expired.uploads} expired, {expired.orphans} without a row, {size} {verb}."
        )
        doubtful = False
        for found in remove_orphans(dry_run=dry_run, force=force):
            is_kept = found.is_doubtful and not force
            self.stdout.write(
                f"{found.folder}/: {found.files} files of {found.walked}, {filesizeformat(found.size)},"
                f" {'LEFT ALONE' if is_kept else verb}; {found.empty_folders} empty folders {verb}."
            )
            doubtful |= is_kept
        if doubtful:
            self.stderr.write(
                "So much has no row that this is probably not the storage's own database, or an old copy of it."
                " If it is, run this again with --force."
            )
        if dry_run:
            self.stdout.write(f"Scratch folders: {len(sweep_work_folders(dry_run=True))} {verb}.")
        else:
            # Also frees the files whose workers died with their folders.
            self.stdout.write(f"Files of dead workers queued again: {requeue_stalled()}.")
