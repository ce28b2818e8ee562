"""What searches read, made anew."""

import time

from django.core.management.base import BaseCommand, CommandError

from marketplace.models import Category, Model3D
from marketplace.search.popular import renew_suggestions
from marketplace.search.reindexing import reindex
from marketplace.search.words import refresh_words

BAR_WIDTH = 40


class Command(BaseCommand):
    help = (
        "Makes the words by which models are found anew, counts the words that searches are corrected by, and"
        " renews what the search field suggests. Safe"
        " beside a running site; what is right already is not written."
    )

    def add_arguments(self, parser):
        parser.add_argument("--category", nargs="+", metavar="SLUG", help="only models of these categories")
        parser.add_argument(
            "--from", dest="first", type=int, default=1, metavar="ID", help="go on at this model"
        )
        parser.add_argument(
            "--batch", type=int, default=500, metavar="N", help="models at a time (%(default)s)"
        )

    def handle(self, *args, category, first, batch, **options):
        if batch < 1:
            raise CommandError("A batch has at least one model.")
        models = _models(category)
        total = models.filter(pk__gte=first).count()
        done, changed, last, started = 0, 0, first - 1, time.monotonic()
        try:
            for part in reindex(models, size=batch, after=first - 1):
                done, changed, last = done + part.models, changed + part.changed, part.last
                self._bar(done, max(total, done), time.monotonic() - started)
        except KeyboardInterrupt:
            raise CommandError(f"Stopped. Go on with --from {last + 1}.") from None
        self.stdout.write(f"\n{changed:,} of {done:,} models had other words than they should.")
        self.stdout.write(f"{refresh_words():,} different words counted.")
        self.stdout.write(f"{renew_suggestions():,} suggestions under the search field.")

    def _bar(self, done: int, total: int, seconds: float) -> None:
        filled = BAR_WIDTH * done // total
        bar = f"[{'#' * filled}{'.' * (BAR_WIDTH - filled)}]"
        self.stdout.write(f"\r{bar} {done:,} of {total:,}, {seconds:.0f} s", ending="")
        self.stdout.flush()


def _models(slugs: list[str] | None):
    if not slugs:
        return Model3D.objects.all()
    known = dict(Category.objects.filter(slug__in=slugs).values_list("slug", "pk"))
    unknown = [slug for slug in slugs if slug not in known]
    if unknown:
        raise CommandError(f"There is no category {', '.join(unknown)}.")
    return Model3D.objects.filter(category__in=known.values())
