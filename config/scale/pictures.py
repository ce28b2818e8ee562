"""One real model a category, made and rendered here: what all made-up models of that category show."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from django.core.files import File

from config.demo.catalogue import CATALOGUE, CATEGORIES
from config.demo.loading import SLOW
from marketplace.inspecting import reports_of, run
from marketplace.models import ModelFile
from marketplace.processing.types import Step

# Where each file of a model lies, by the field of `ModelFile`; all of a field's names are equally long.
FILES = {
    "original": "originals/scale-{:02}/model.glb",
    "preview": "derivatives/scale-{:02}/preview.glb",
    "poster_source": "derivatives/scale-{:02}/poster-source.glb",
    "poster_small": "renders/scale-{:02}/poster-320.webp",
    "poster_medium": "renders/scale-{:02}/poster-640.webp",
    "poster_large": "renders/scale-{:02}/poster-1280.webp",
}
# What is not shown of made-up models: drawing it takes longer than all the rest.
LEFT_OUT = (Step.TURNTABLE, Step.GEOMETRY, Step.FINGERPRINT)


class Pictures:
    """The names of the files, by field and category, whether or not there is anything behind them."""

    def __init__(self) -> None:
        self.paths = {
            field: [pattern.format(number) for number in range(len(CATEGORIES))]
            for field, pattern in FILES.items()
        }

    def make(self, *, say: Callable[[str], None]) -> None:
        """Take one demo model of each category through the pipeline, and store what comes of it."""
        self.remove()
        for number, category in enumerate(CATEGORIES):
            entry = next(
                entry for entry in CATALOGUE if entry.category == category.name and entry.slug not in SLOW
            )
            with tempfile.TemporaryDirectory(prefix="seed-scale-") as folder:
                original = Path(folder) / "model.glb"
                original.write_bytes(entry.build())
                report = reports_of([original], Path(folder))[0]
                for _step in run(report, Path(folder) / "work", paid=False, skip=LEFT_OUT):
                    pass
                if report.error is not None:
                    say(f"no pictures for {category.name}: {report.error.message}")
                self._store({"original": original, **report.files}, number)
        say(f"pictures of {len(CATEGORIES)} categories rendered")

    def remove(self) -> None:
        """Idempotent."""
        for field, paths in self.paths.items():
            for path in paths:
                ModelFile._meta.get_field(field).storage.delete(path)

    def _store(self, files: dict[str, Path], number: int) -> None:
        for field, path in files.items():
            if field in self.paths:
                with path.open("rb") as content:
                    ModelFile._meta.get_field(field).storage.save(self.paths[field][number], File(content))
