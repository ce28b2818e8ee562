"""Brings a backup back."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from config import backups


class Command(BaseCommand):
    help = (
        "Brings the backup in FOLDER back, into an empty database and empty storages; refuses others, damaged backups,"
        " and those of a newer version of the site. Interrupted, it is started again. Then run `migrate`."
    )

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path)

    def handle(self, *args, folder, **options):
        try:
            manifest = backups.restore(folder, tell=self.stdout.write)
        except backups.BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"This is the site of {manifest.made_at} again: {manifest.files} files, and the database. Now run"
            " `manage.py migrate`, then start the services."
        )
