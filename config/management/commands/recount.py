"""Every stored counter against the rows it counts."""

from django.core.management.base import BaseCommand, CommandError

from config.counting.counters import COUNTERS, LEFT_ALONE
from config.counting.recounting import EXAMPLES, Drift, add_missing_days, recount

DAYS = "DailyStats"


class Command(BaseCommand):
    help = (
        "Counts anew what is stored as a number (likes, comments, followers, sales, downloads, models of a category),"
        " says what was wrong, and mends it. Safe beside a running site."
    )

    def add_arguments(self, parser):
        names = [counter.name for counter in COUNTERS]
        parser.add_argument("--dry-run", action="store_true", help="say what is wrong, and change nothing")
        parser.add_argument(
            "--only", nargs="+", metavar="NAME", default=names, help=f"only these of {', '.join(names)}"
        )
        parser.add_argument(
            "--batch", type=int, default=2000, metavar="ROWS", help="rows at a time (%(default)s)"
        )

    def handle(self, *args, dry_run, only, batch, **options):
        unknown = sorted(set(only) - {counter.name for counter in COUNTERS})
        if unknown:
            reasons = [f"{name}: {LEFT_ALONE.get(name, 'there is no such counter')}." for name in unknown]
            raise CommandError("\n".join(reasons))
        if batch < 1:
            raise CommandError("A batch has at least one row.")
        wrong = 0
        if any(name.startswith(DAYS) for name in only):
            wrong = add_missing_days(dry_run=dry_run, batch=batch)
            if wrong:
                self.stdout.write(f"{DAYS}: {wrong:,} days with sales or downloads have no row.")
        for counter in COUNTERS:
            if counter.name in only:
                drift = recount(counter, dry_run=dry_run, batch=batch, after_batch=self._progress(counter))
                wrong += drift.wrong
                self._say(drift, dry_run=dry_run)
        for name, reason in LEFT_ALONE.items():
            self.stdout.write(f"{name}: left alone; {reason}.")
        verb = "are wrong. Nothing was changed" if dry_run else "were wrong, and are right now"
        self.stdout.write(f"{wrong:,} figures {verb}." if wrong else "Everything counts right.")

    def _progress(self, counter):
        """A line that is written over, where somebody watches."""

        def show(checked: int) -> None:
            if self.stdout.isatty():
                self.stdout.write(f"\r{counter.name}: {checked:,} ", ending="")
                self.stdout.flush()

        return show

    def _say(self, drift: Drift, *, dry_run: bool) -> None:
        line = f"{drift.counter.name}: {drift.wrong:,} of {drift.checked:,} wrong"
        if drift.examples:
            shown = ", ".join(f"{key}: {was} is {right}" for key, was, right in drift.examples)
            line += f" ({shown}{', …' if drift.wrong > EXAMPLES else ''})"
        self.stdout.write(f"\r{line}." if self.stdout.isatty() else f"{line}.")
        if drift.refused:
            keys = ", ".join(str(key) for key in drift.refused[:20])
            self.stdout.write(f"  left as they are, since a rule of the database refuses the figure: {keys}.")
