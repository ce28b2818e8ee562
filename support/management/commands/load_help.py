from django.core.management.base import BaseCommand

from support.actions.loading import load


class Command(BaseCommand):
    help = (
        "Bring the project's help and docs onto the site, or up to date. What people wrote, changed or deleted in the "
        "console is left alone."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--overwrite", action="store_true", help="also what people changed or deleted: it is lost then"
        )

    def handle(self, *args, overwrite, **options):
        report = load(overwrite=overwrite)
        for path in report.left:
            self.stdout.write(f"left as it is, somebody has changed or deleted it: {path}")
        self.stdout.write(
            f"help and docs: {len(report.created)} new, {len(report.updated)} renewed, {len(report.left)} left"
        )
