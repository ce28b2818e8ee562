"""Everything that is under way, brought to what the providers say of it."""

from django.core.management.base import BaseCommand

from commerce.actions.reconciling import reconcile
from commerce.stuck import SOURCES

SHOWN = 20


class Command(BaseCommand):
    help = (
        "Asks the providers about every payment that is under way, settles or ends it accordingly, and says what a"
        " person has to look at. Safe beside a running site, and as often as you like."
    )

    def handle(self, *args, **options):
        done = reconcile()
        self.stdout.write(f"{done.asked} open payments were asked about, {done.ended} of them have ended.")
        waiting = 0
        for source in SOURCES:
            count = source.count()
            if not count:
                continue
            waiting += count
            self.stdout.write(f"{source.title}: {count}. {source.advice}")
            for stuck in source.rows(SHOWN):
                self.stdout.write(f"    {stuck.what}, since {stuck.since:%Y-%m-%d %H:%M}: {stuck.why}")
            if count > SHOWN:
                self.stdout.write(f"    and {count - SHOWN} more")
        self.stdout.write(
            f"{waiting} wait for a person: see the console, Payments, “What is stuck”."
            if waiting
            else "Nothing is stuck."
        )
