"""What a search by words knows besides the models: which words there are, and which mean the same."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from core.models import TimestampedModel


class SearchWord(models.Model):
    """A word of titles, tags, creators and categories, and how many listed models have it.

    Counted anew by beat (`marketplace.search.words`), so that mistyped words are corrected without a look at models.
    """

    word = models.CharField(max_length=60, primary_key=True)
    model_count = models.PositiveIntegerField()

    class Meta:
        indexes = [GinIndex(fields=["word"], opclasses=["gin_trgm_ops"], name="searchword_similar")]

    def __str__(self):
        return self.word


class SynonymGroup(TimestampedModel):
    """Words and short phrases that mean the same to those who search; applied to what is asked, never stored."""

    words = ArrayField(
        models.CharField(max_length=40), help_text="At least two words or short phrases, separated by commas."
    )

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(words__len__gte=2), name="synonymgroup_two_words")]

    def __str__(self):
        return ", ".join(self.words)
