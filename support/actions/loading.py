"""Bringing the project's help and docs onto the site, and up to date, without taking back what people changed."""

import json
from dataclasses import dataclass, field
from hashlib import sha256

from django.db import transaction
from django.db.models import Q

from core.locks import lock_until_commit
from support.library import CATEGORIES, Entry, docs_entries, help_entries
from support.models import DocSection, HelpArticle, HelpCategory, LoadedFile
from support.models.writing import Writing

_LOCK = "support:load"


@dataclass
class Report:
    """What became of the files, by their paths; `left` are those whose texts people have changed or deleted."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


def load(*, overwrite: bool = False) -> Report:
    """Make what is missing, and renew what nobody changed since it was loaded; with `overwrite` everything.

    Whether a text is shown stays as people decided.
    """
    with transaction.atomic():
        # The demo and the site's first start may both load.
        lock_until_commit(_LOCK)
        loading = _Loading(overwrite)
        for entry in help_entries():
            loading.load(HelpArticle, entry)
        for entry in docs_entries():
            loading.load(DocSection, entry)
    return loading.report


class _Loading:
    """One run: what the site has, and what was loaded before."""

    def __init__(self, overwrite: bool) -> None:
        self.overwrite = overwrite
        self.report = Report()
        articles = HelpArticle.objects.select_related("category").select_for_update(of=("self",))
        self.rows = {
            HelpArticle: {row.slug: row for row in articles},
            DocSection: {row.slug: row for row in DocSection.objects.select_for_update()},
        }
        self.loaded = dict(LoadedFile.objects.values_list("path", "digest"))

    def load(self, model: type[Writing], entry: Entry) -> None:
        row, known, wanted = (
            self.rows[model].get(entry.slug),
            self.loaded.get(entry.path),
            _digest(entry, entry.place),
        )
        is_as_loaded = known is None if row is None else digest_of(row) in {known, wanted}
        if not (is_as_loaded or self.overwrite):
            self.report.left.append(entry.path)
            return
        if row is None:
            self._write(model(slug=entry.slug, status=Writing.Status.PUBLISHED), entry)
            self.report.created.append(entry.path)
        elif digest_of(row) != wanted:
            self._write(row, entry)
            self.report.updated.append(entry.path)
        LoadedFile.objects.update_or_create(path=entry.path, defaults={"digest": wanted})

    def _write(self, row: Writing, entry: Entry) -> None:
        row.title, row.summary, row.content, row.order = (
            entry.title,
            entry.summary,
            entry.content,
            entry.order,
        )
        if isinstance(row, HelpArticle):
            row.category = _category(entry.place)
        else:
            row.chapter = entry.place
        row.save()


def _category(slug: str) -> HelpCategory:
    """The category of an article; made where it is not there."""
    place, first = next(
        (place, first) for place, first in enumerate(CATEGORIES, start=1) if first.slug == slug
    )
    found = HelpCategory.objects.filter(Q(slug=slug) | Q(name=first.name)).first()
    return found or HelpCategory.objects.create(
        slug=slug, name=first.name, icon=first.icon, description=first.description, order=place * 10
    )


def digest_of(row: Writing) -> str:
    """What the text says and where it stands, as one figure."""
    return _digest(row, row.category.slug if isinstance(row, HelpArticle) else row.chapter)


def _digest(said: Writing | Entry, place: str) -> str:
    words = json.dumps([said.title, said.summary, said.content, said.order, place])
    return sha256(words.encode()).hexdigest()
