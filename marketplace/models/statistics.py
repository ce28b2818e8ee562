"""Rows of days: of a model, of where its visitors came from, and of all that a creator has. Charts read these."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from marketplace.models.model3d import Model3D


class DailyStats(models.Model):
    """Counts of one day (UTC); carts, sales and revenue are written from above."""

    model = models.ForeignKey(Model3D, models.CASCADE, related_name="daily_stats")
    day = models.DateField()
    views = models.PositiveIntegerField(default=0)
    likes = models.PositiveIntegerField(default=0)
    downloads = models.PositiveIntegerField(default=0)
    # Visitors who put the model into their cart.
    carts = models.PositiveIntegerField(default=0, db_default=0)
    sales = models.PositiveIntegerField(default=0)
    revenue = models.DecimalField(max_digits=12, decimal_places=2, default=0)

    class Meta:
        verbose_name_plural = "daily stats"
        constraints = [models.UniqueConstraint(fields=["model", "day"], name="daily_stats_unique")]
        indexes = [models.Index(fields=["day"], name="daily_stats_day")]

    def __str__(self):
        return f"{self.model_id} on {self.day}"


class ViewSource(models.TextChoices):
    """Where a visitor of a model's page came from: kinds of places, never the place itself."""

    DIRECT = "direct", "Directly, or not told"
    ENGINE = "engine", "Search engines"
    SOCIAL = "social", "Social networks"
    OTHER = "other", "Other websites"
    SEARCH = "search", "Search on this site"
    BROWSE = "browse", "Lists on this site"
    MODEL = "model", "Pages of other models"
    PROFILE = "profile", "Profiles"


class DailySource(models.Model):
    """How many of a day's views of a model came from one kind of place."""

    model = models.ForeignKey(Model3D, models.CASCADE, related_name="daily_sources")
    day = models.DateField()
    source = models.CharField(max_length=10, choices=ViewSource.choices)
    views = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["model", "day", "source"], name="daily_source_unique")]

    def __str__(self):
        return f"{self.model_id} on {self.day} from {self.source}"


class CreatorDay(models.Model):
    """The sums of a creator's models on one day, so that years of a thousand models are a few hundred rows.

    Summed anew from `DailyStats` and `DailySource` soon after these change: see `marketplace.creator_days`.
    """

    creator = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="days")
    day = models.DateField()
    views = models.PositiveBigIntegerField(default=0)
    likes = models.PositiveBigIntegerField(default=0)
    downloads = models.PositiveBigIntegerField(default=0)
    carts = models.PositiveBigIntegerField(default=0)
    sales = models.PositiveBigIntegerField(default=0)
    revenue = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    # Views by the codes of `ViewSource`.
    sources = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["creator", "day"], name="creator_day_unique")]
        indexes = [models.Index(fields=["day"], name="creator_day_day")]

    def __str__(self):
        return f"{self.creator_id} on {self.day}"


class FigureChange(models.Model):
    """A note that a creator's figures of a day have changed; written by a trigger of the database, without a lock."""

    creator_id = models.BigIntegerField()
    day = models.DateField()

    def __str__(self):
        return f"{self.creator_id} on {self.day}"


class ViewBatch(models.Model):
    """A batch of counted views that has been added to the figures: the same batch is never added twice."""

    batch_id = models.UUIDField(primary_key=True)
    applied_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        verbose_name_plural = "view batches"

    def __str__(self):
        return str(self.batch_id)
