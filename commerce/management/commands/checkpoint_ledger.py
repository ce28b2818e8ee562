"""Sums kept for accounts with many entries."""

from django.core.management.base import BaseCommand, CommandError

from commerce.ledger.checkpoints import WORTH_IT, drop_checkpoints, take_checkpoints


class Command(BaseCommand):
    help = (
        "Keeps the sums of long accounts of the ledger, so that balances are read quickly. Safe beside a running"
        " site."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--entries",
            type=int,
            default=WORTH_IT,
            help="accounts with so many entries since their last checkpoint (%(default)s)",
        )
        parser.add_argument("--anew", action="store_true", help="forget the checkpoints that are there first")

    def handle(self, *args, entries, anew, **options):
        if entries < 1:
            raise CommandError("A checkpoint is of at least one entry.")
        if anew:
            drop_checkpoints()
        self.stdout.write(f"{take_checkpoints(entries):,} checkpoints taken.")
