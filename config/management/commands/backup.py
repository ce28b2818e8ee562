"""Backs the site up."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import filesizeformat

from config import backups


class Command(BaseCommand):
    help = (
        "Backs up the database and both storages into FOLDER, beside the running site. Interrupted, it goes on where it"
        " was when called again. With --verify it reads a finished backup through instead."
    )

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path, help="a new folder, or that of an unfinished backup")
        parser.add_argument(
            "--previous",
            type=Path,
            metavar="FOLDER",
            help="a finished backup on the same file system: files that it has are linked, not copied",
        )
        parser.add_argument("--verify", action="store_true", help="check every byte of the backup in FOLDER")

    def handle(self, *args, folder, previous, verify, **options):
        try:
            if verify:
                manifest = backups.verify(folder, tell=self.stdout.write)
                self.stdout.write(
                    f"As it was made: {manifest.made_at}, {manifest.files} files, and the database."
                )
                return
            taken = backups.take(folder, previous=previous, tell=self.stdout.write)
        except backups.BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{taken.files} files, {filesizeformat(taken.size)}: {taken.copied} copied, {taken.linked} linked,"
            f" {taken.files - taken.copied - taken.linked} from before."
        )
        if taken.vanished:
            self.stdout.write(f"{taken.vanished} were deleted by the site meanwhile.")
