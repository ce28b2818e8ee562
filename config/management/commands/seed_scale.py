"""A made-up marketplace of any size, to see how the site does at that size."""

import time

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import filesizeformat

from config.scale.bare import build_vector_indexes, missing_vector_indexes
from config.scale.pictures import Pictures
from config.scale.seeding import NotPossible, clear, load, loaded, real_data, table_sizes


class Command(BaseCommand):
    help = (
        "Loads N made-up models with people, tags, files, measures, likes, comments, collections, sales and statistics,"
        " by COPY: a million in minutes. For a database to try things on, never in production."
    )

    def add_arguments(self, parser):
        parser.add_argument("count", nargs="?", type=int, metavar="N", help="how many models")
        parser.add_argument("--seed", type=int, default=1, help="another number makes another marketplace")
        parser.add_argument("--clear", action="store_true", help="take away what was loaded")
        parser.add_argument("--force", action="store_true", help="also where there is real data")
        parser.add_argument(
            "--no-pictures", action="store_true", help="render nothing: the models' pictures are missing"
        )
        parser.add_argument(
            "--no-vector-index", action="store_true", help="leave the index of shapes unbuilt, for later"
        )
        parser.add_argument(
            "--vector-index", action="store_true", help="only build the index of shapes, where it is missing"
        )

    def handle(self, *args, count, **options):
        if settings.PRODUCTION:
            raise CommandError("Nothing made up is loaded into a production site.")
        try:
            if options["clear"]:
                self.stdout.write(f"{clear(say=self.stdout.write):,} models and all about them are gone.")
            elif options["vector_index"]:
                self._build_vector_index()
            else:
                self._load(count, **options)
        except NotPossible as error:
            raise CommandError(str(error)) from error

    def _load(
        self,
        count: int | None,
        *,
        seed: int,
        force: bool,
        no_pictures: bool,
        no_vector_index: bool,
        **_options,
    ):
        if count is None or not 100 <= count <= 10_000_000:
            raise CommandError("Say how many models: from 100 to 10,000,000.")
        if loaded() is None and not force and (found := real_data()):
            raise CommandError(
                f"Here is real data ({found}). If it may be mixed with made-up data, use --force."
            )
        pictures = Pictures()
        if not no_pictures:
            pictures.make(say=self.stdout.write)
        started = time.monotonic()
        load(count, seed=seed, pictures=pictures, say=self.stdout.write)
        size = filesizeformat(sum(size for _table, size in table_sizes()))
        self.stdout.write(
            f"{count:,} models loaded in {time.monotonic() - started:.0f} s, {size} with indexes."
        )
        if no_vector_index:
            names = ", ".join(index.name for _model, index in missing_vector_indexes())
            self.stdout.write(
                f"Not built: {names}. Until `seed_scale --vector-index`, shapes are found slowly."
            )
        else:
            self._build_vector_index()

    def _build_vector_index(self):
        started = time.monotonic()
        names = build_vector_indexes()
        seconds = time.monotonic() - started
        if names:
            self.stdout.write(f"Vector index {', '.join(names)} built separately, in {seconds:.0f} s.")
        else:
            self.stdout.write("No vector index is missing.")
