"""The ledger against everything that it tells of."""

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Count, Sum

from commerce.auditing import CHECKS, differences_at_providers, failures
from commerce.auditing.check import one_moment
from commerce.models import LedgerEntry


class Command(BaseCommand):
    help = (
        "Proves the ledger against orders, transactions, purchases, payments and the providers' records, and prints"
        " every cent that is out of place. Changes nothing; safe beside a running site."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--ask-providers",
            action="store_true",
            help="also ask the providers about every payment of the last days, one question each",
        )
        parser.add_argument("--days", type=int, default=30, help="how many days back (%(default)s)")
        parser.add_argument(
            "--at-most", type=int, default=100, help="lines printed a check at most (%(default)s)"
        )

    def handle(self, *args, ask_providers, days, at_most, **options):
        if days < 1 or at_most < 1:
            raise CommandError("Days and lines are at least 1.")
        wrong = 0
        with one_moment():
            for check, found in failures(CHECKS, at_most=at_most):
                wrong += self._say(check.says, [(one.what, one.problem) for one in found])
            self._totals()
        if ask_providers:
            # Not in the same transaction: providers take their time.
            says = f"The providers say the same of the payments of the last {days} days."
            wrong += self._say(says, list(differences_at_providers(days=days)))
        if wrong:
            raise CommandError(f"{wrong} out of place.")
        self.stdout.write("Every cent is in its place.")

    def _say(self, says: str, found: list[tuple[str, str]]) -> int:
        self.stdout.write(f"{'NO ' if found else 'yes'} {says}")
        for what, problem in found:
            self.stdout.write(f"      {what} {problem}")
        return len(found)

    def _totals(self) -> None:
        sums = LedgerEntry.objects.values("account", "currency").order_by("currency", "account")
        for row in sums.annotate(amount=Sum("amount"), entries=Count("pk")):
            amount = f"{row['amount']:,} {row['currency']}"
            self.stdout.write(f"    {row['account']:9}{amount:>20}  {row['entries']:,} entries")
