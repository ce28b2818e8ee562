"""The docs: how the site works, in sections that are read one after the other."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Case, Q, Value, When
from django.urls import reverse

from support.models.writing import WORDS, Writing, WritingQuerySet


class DocSectionQuerySet(WritingQuerySet):
    def in_order(self):
        """As they are read: chapter by chapter."""
        places = [
            When(chapter=chapter, then=Value(place)) for place, chapter in enumerate(DocSection.Chapter)
        ]
        place = Case(*places, output_field=models.PositiveSmallIntegerField())
        return self.annotate(place=place).order_by("place", "order", "title", "pk")

    def for_lists(self):
        """What the navigation says of a section: not its text."""
        return self.defer("content")


class DocSection(Writing):
    """A section of the docs, at an address of its own."""

    class Chapter(models.TextChoices):
        """In the order in which they are read."""

        BASICS = "basics", "The site"
        MODELS = "models", "Models and files"
        TRADE = "trade", "Buying and selling"
        SHARING = "sharing", "Sharing and connecting"
        TOGETHER = "together", "People and rules"
        OPERATING = "operating", "Operating a site"

    chapter = models.CharField(max_length=12, choices=Chapter.choices)
    slug = models.SlugField(
        max_length=80,
        unique=True,
        help_text="The last part of its address. It stays when the title changes.",
    )

    objects = DocSectionQuerySet.as_manager()

    class Meta(Writing.Meta):
        constraints = [
            *Writing.Meta.constraints,
            models.CheckConstraint(
                condition=Q(chapter__in=["basics", "models", "trade", "sharing", "together", "operating"]),
                name="doc_section_known_chapter",
            ),
        ]
        indexes = [GinIndex(WORDS, name="doc_section_words")]

    def get_absolute_url(self):
        return reverse("support:docs_section", args=[self.slug])
