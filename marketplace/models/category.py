"""How models are sorted: one category, several tags."""

from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse


class CategoryQuerySet(models.QuerySet):
    def enabled(self):
        return self.filter(enabled=True)

    def in_order(self):
        return self.order_by("order", "name", "pk")


class Category(models.Model):
    """A shelf of the marketplace; a disabled one hides its models from every listing."""

    name = models.CharField(max_length=60, unique=True)
    slug = models.SlugField(max_length=60, unique=True)
    description = models.CharField(max_length=200, blank=True)
    icon = models.CharField(max_length=40, default="package", help_text="Name of a Lucide icon.")
    enabled = models.BooleanField(default=True)
    model_count = models.PositiveIntegerField(default=0, editable=False)
    order = models.PositiveSmallIntegerField(default=0)

    objects = CategoryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "categories"

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return f"{reverse('marketplace:grid')}?category={self.slug}"


class Tag(models.Model):
    """A word creators and buyers search by; stored in lower case."""

    name = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(Lower("name"), name="tag_name_ci_unique")]

    def __str__(self):
        return self.name
