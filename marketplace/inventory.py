"""A creator's models as the inventory page shows them: which tab, which words, which order, and how far files are."""

from functools import cached_property

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import Lower
from django.http import QueryDict
from django.urls import reverse

from marketplace.models import Model3D, ModelFile, Tag
from marketplace.quota import Quota

PAGE_SIZE = 24
DELETED = "deleted"
LONGEST_QUERY = 200
MOST_WORDS = 8
SORTS = {
    "changed": ("Last changed", ("-updated_at", "-pk")),
    "newest": ("Newest", ("-created_at", "-pk")),
    "title": ("Title", (Lower("title"), "pk")),
    "price": ("Price", ("-price", "-pk")),
    "views": ("Views", ("-views", "-pk")),
    "downloads": ("Downloads", ("-downloads", "-pk")),
    "sales": ("Sales", ("-sales_count", "-pk")),
}
DEFAULT_SORT = "changed"


class InventoryRow:
    """One model with the newest file of each format, live or not."""

    def __init__(self, model: Model3D, files: list[ModelFile]) -> None:
        self.model = model
        self.files = files

    @property
    def failed(self) -> ModelFile | None:
        return next((file for file in self.files if file.state == ModelFile.State.FAILED), None)

    @property
    def unfinished(self) -> ModelFile | None:
        """The file that is worked on, or else one that waits."""
        waiting = [file for file in self.files if file.is_unfinished]
        return next(
            (file for file in waiting if file.state == ModelFile.State.PROCESSING), next(iter(waiting), None)
        )

    @property
    def steps(self) -> int:
        """How many steps the unfinished file goes through."""
        return len(self.unfinished.expected_steps)

    @property
    def step(self) -> int:
        """Which of them it is at, counted from 1; 0 before the first."""
        expected = self.unfinished.expected_steps
        return expected.index(self.unfinished.step) + 1 if self.unfinished.step in expected else 0

    @property
    def stamp(self) -> str:
        """Changes whenever the row has something new to show."""
        states = "-".join(f"{file.pk}.{file.state}.{file.step}" for file in self.files)
        return f"{self.model.pk}:{self.model.status}:{self.model.current_file_id}:{states}"


def rows_of(models: list[Model3D]) -> list[InventoryRow]:
    """The rows of a page, in its order; one query for all files."""
    files: dict[int, list[ModelFile]] = {model.pk: [] for model in models}
    newest = ModelFile.objects.filter(model__in=files).order_by("model", "format", "-version")
    for file in newest.distinct("model", "format"):
        files[file.model_id].append(file)
    return [InventoryRow(model, files[model.pk]) for model in models]


def matching(models, words: str):
    """Those whose title has, or that have a tag with, every one of the words."""
    for word in words.split()[:MOST_WORDS]:
        tagged = Tag.objects.filter(models=OuterRef("pk"), name__icontains=word)
        models = models.filter(Q(title__unaccent__icontains=word) | Exists(tagged))
    return models


class Inventory:
    """What the page shows of `user`'s models for a query string of any kind."""

    def __init__(self, user, query: QueryDict) -> None:
        self.user = user
        status = query.get("status", "")
        self.status = status if status in (*Model3D.Status.values, DELETED) else ""
        sort = query.get("sort", "")
        self.sort = sort if sort in SORTS else DEFAULT_SORT
        self.words = query.get("q", "").replace("\0", "")[:LONGEST_QUERY].strip()
        self._page = query.get("page")

    @property
    def is_bin(self) -> bool:
        """Whether deleted models are shown."""
        return self.status == DELETED

    @property
    def is_narrowed(self) -> bool:
        return bool(self.status or self.words)

    @cached_property
    def page(self) -> Page:
        if self.is_bin:
            models = Model3D.objects.deleted_by(self.user)
        else:
            models = Model3D.objects.owned_by(self.user)
            if self.status:
                models = models.filter(status=self.status)
        ordered = matching(models, self.words).order_by(*SORTS[self.sort][1])
        return Paginator(ordered.select_related("category", "current_file"), PAGE_SIZE).get_page(self._page)

    @cached_property
    def rows(self) -> list[InventoryRow]:
        return rows_of(list(self.page.object_list))

    @property
    def unfinished(self) -> list[InventoryRow]:
        """The rows that change by themselves."""
        return [row for row in self.rows if row.unfinished]

    @cached_property
    def quota(self) -> Quota:
        return Quota.of(self.user)

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many models there are in each state, and in the bin."""
        own = Model3D.objects.owned_by(self.user)
        counts = dict(own.order_by().values_list("status").annotate(Count("pk")))
        counts[DELETED] = Model3D.objects.deleted_by(self.user).count()
        return counts

    @property
    def total(self) -> int:
        return sum(count for status, count in self.counts.items() if status != DELETED)

    @property
    def tabs(self) -> list[dict]:
        """One tab a state, with counts, as the component `tabs` wants them; words and order stay."""
        states = [("", "All"), *Model3D.Status.choices]
        if self.counts[DELETED] or self.is_bin:
            states.append((DELETED, "Deleted"))
        return [
            {
                "label": label,
                "url": self.address(status=status),
                "count": self.counts.get(status, 0) if status else self.total,
                "is_current": status == self.status,
            }
            for status, label in states
        ]

    @property
    def sorts(self) -> list[dict]:
        return [
            {"value": value, "label": label, "is_current": value == self.sort}
            for value, (label, _) in SORTS.items()
        ]

    @property
    def query(self) -> str:
        """The query string of what is shown, without what is so by itself."""
        query = QueryDict(mutable=True)
        for name, value in (("status", self.status), ("q", self.words)):
            if value:
                query[name] = value
        if self.sort != DEFAULT_SORT:
            query["sort"] = self.sort
        if self._page and self.page.number > 1:
            query["page"] = str(self.page.number)
        return query.urlencode()

    def address(self, *, status: str) -> str:
        """The first page of another state."""
        query = QueryDict(mutable=True)
        if status:
            query["status"] = status
        if self.words:
            query["q"] = self.words
        if self.sort != DEFAULT_SORT:
            query["sort"] = self.sort
        return reverse("marketplace:inventory") + (f"?{query.urlencode()}" if query else "")
