"""What can be found, a class a kind: how it is counted, looked for and shown, and what comes close."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from accounts.finding import people_named, people_nearly_named
from accounts.models import User
from accounts.people import Known, known_to
from core.highlighting import folded_words, highlighted
from marketplace.models import Model3D
from marketplace.search import Criteria, Facets, corrected, facets_of, near
from marketplace.search.collections import collections_matching, collections_nearly_named
from marketplace.search.engine import narrowed, ordered
from marketplace.search.headlines import excerpt, headline, marked, marked_excerpt
from marketplace.shelves import Shelf, shelves_of

# Each kind but models is counted, and paged through, up to here.
MAX_FOUND = 1_000


@dataclass(frozen=True)
class Count:
    """How many there are: exactly, at least (where more are not counted), or about."""

    number: int
    is_capped: bool = False
    is_estimate: bool = False


@dataclass(frozen=True)
class Near:
    """What is shown where nothing matches; `meant` is what the words were taken for, where they seem mistyped."""

    hits: Sequence[Any]
    meant: str = ""


class Kind:
    """One tab for one text. `template` shows `hits`; `shown` of them stand on the tab of everything."""

    key: str
    label: str
    template: str
    shown: int
    page_size = 24
    # Where all of a kind have a page of their own already, the tab leads there.
    is_elsewhere = False

    def __init__(self, text: str, *, viewer):
        self.text = text
        self.viewer = viewer

    @property
    def url(self) -> str:
        """Where all of this kind are."""
        return f"{reverse('search')}?{urlencode({'q': self.text, 'kind': self.key})}"

    @cached_property
    def count(self) -> Count:
        found = self.matching().order_by()[: MAX_FOUND + 1].count()
        return Count(min(found, MAX_FOUND), is_capped=found > MAX_FOUND)

    def hits(self, start: int, stop: int) -> list[Any]:
        """What matches, from one place to another, the best first."""
        return self.present(self.matching()[start:stop])

    def near(self) -> Near:
        """What is nearly called so."""
        return Near(self.present(self.resembling()[: self.shown]))

    def matching(self) -> QuerySet:
        raise NotImplementedError

    def resembling(self) -> QuerySet:
        raise NotImplementedError

    def present(self, found: QuerySet) -> list[Any]:
        """What the template needs of these."""
        raise NotImplementedError


@dataclass(frozen=True)
class ModelHit:
    """A model, its title and a part of its description, with what matches marked."""

    model: Model3D
    title: SafeString
    excerpt: SafeString


class Models(Kind):
    """3D models; all of them are on the marketplace's own page, which has the filters."""

    key, label = "models", "Models"
    template, shown = "config/_found_models.html", 8
    is_elsewhere = True

    @property
    def url(self):
        return f"{reverse('marketplace:grid')}?{urlencode({'q': self.text})}"

    @cached_property
    def criteria(self) -> Criteria:
        hides = self.viewer.is_authenticated and self.viewer.mature_content == self.viewer.MatureContent.HIDE
        return Criteria(text=self.text, hides_mature=hides)

    @cached_property
    def facets(self) -> Facets:
        return facets_of(self.criteria)

    @cached_property
    def count(self):
        return Count(self.facets.total, is_estimate=not self.facets.is_exact)

    def hits(self, start, stop):
        found = ordered(narrowed(self.criteria), self.criteria, are_few=self.facets.is_exact)
        return self._present(list(found.values_list("pk", flat=True)[start:stop]), self.text)

    def near(self):
        """What was probably meant, or else what has some of the words."""
        meant = corrected(self.text)
        if meant is not None:
            hits = Models(meant, viewer=self.viewer).hits(0, self.shown)
            if hits:
                return Near(hits, meant)
        return Near(self._present(near(self.criteria, self.shown), self.text))

    def _present(self, order: list[int], text: str) -> list[ModelHit]:
        if not order:
            return []
        marks = {"marked_title": headline("title", text), "marked_words": excerpt("description", text)}
        models = Model3D.objects.listed().with_card_data().annotate(**marks).in_bulk(order)
        hits = [models[pk] for pk in order if pk in models]
        return [
            ModelHit(model, marked(model.marked_title), marked_excerpt(model.marked_words)) for model in hits
        ]


@dataclass(frozen=True)
class PersonHit:
    """Somebody, what the viewer may do about them, and their names with what matches marked."""

    known: Known
    name: SafeString
    username: SafeString

    @property
    def person(self) -> User:
        return self.known.person


class People(Kind):
    key, label = "people", "People"
    template, shown = "config/_found_people.html", 6

    def matching(self):
        return people_named(self.text)

    def resembling(self):
        return people_nearly_named(self.text)

    def present(self, found):
        words = folded_words(self.text)
        return [
            PersonHit(
                known,
                highlighted(known.person.display_name, words),
                highlighted(known.person.username, words),
            )
            for known in known_to(self.viewer, found)
        ]


@dataclass(frozen=True)
class CollectionHit:
    """A collection with its mosaic, its name and a part of its description with what matches marked."""

    shelf: Shelf
    name: SafeString
    excerpt: SafeString


class Collections(Kind):
    key, label = "collections", "Collections"
    template, shown = "config/_found_collections.html", 4

    def matching(self):
        return collections_matching(self.text)

    def resembling(self):
        return collections_nearly_named(self.text)

    def present(self, found):
        marks = {
            "marked_name": headline("name", self.text),
            "marked_words": excerpt("description", self.text),
        }
        return [
            CollectionHit(
                shelf,
                marked(shelf.collection.marked_name),
                marked_excerpt(shelf.collection.marked_words),
            )
            for shelf in shelves_of(found.annotate(**marks))
        ]
