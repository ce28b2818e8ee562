from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.demo.loading import DemoStalled, load
from marketplace.search.popular import renew_suggestions

# As many as two cores make and process within the first minutes.
FIRST_RUN = 41


class Command(BaseCommand):
    help = (
        "Load the demo: accounts, categories, creators, and models made here and passed through the pipeline."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--limit", type=int, default=FIRST_RUN, help="at most so many models (%(default)s)"
        )
        parser.add_argument(
            "--all", action="store_const", const=None, dest="limit", help="every model there is"
        )

    def handle(self, *args, limit, **options):
        if settings.PRODUCTION:
            raise CommandError(
                "A production site does not start with demo accounts: there is no demo in production."
            )
        try:
            load(say=self.stdout.write, limit=limit)
        except DemoStalled as error:
            raise CommandError(f"{error} Start the workers and run this command again.") from error
        renew_suggestions()
        self.stdout.write("the demo is complete")
