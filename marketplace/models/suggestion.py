"""What is offered under the search field while somebody types."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from marketplace.models.model3d import Model3D


class SearchSuggestionQuerySet(models.QuerySet):
    """Scopes over the small table of what is popular."""

    def beginning_with(self, words: list[str]):
        """Those in which every one of `words`, folded, begins a word."""
        found = self
        for word in words:
            found = found.filter(Q(folded__startswith=word) | Q(folded__contains=f" {word}"))
        return found

    def best_first(self):
        return self.order_by("-weight", "folded", "pk")


class SearchSuggestion(models.Model):
    """A word or a title that is popular now; `marketplace.search.popular` renews the table as a whole."""

    class Kind(models.TextChoices):
        PHRASE = "phrase", "Words to search for"
        TITLE = "title", "Title of a model"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    text = models.CharField(max_length=120)
    # In small letters without accents, words parted by one space: see `marketplace.search.popular`.
    folded = models.CharField(max_length=250)
    weight = models.FloatField(default=0)
    # The one that a title leads to.
    model = models.ForeignKey(Model3D, models.CASCADE, null=True, related_name="+")

    objects = SearchSuggestionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "folded"], name="search_suggestion_once"),
            models.CheckConstraint(
                condition=Q(kind="phrase", model__isnull=True) | Q(kind="title", model__isnull=False),
                name="search_suggestion_title_has_model",
            ),
        ]
        indexes = [
            GinIndex(fields=["folded"], opclasses=["gin_trgm_ops"], name="search_suggestion_words"),
            models.Index(fields=["kind", "-weight", "folded", "id"], name="search_suggestion_best"),
        ]

    def __str__(self):
        return self.text
