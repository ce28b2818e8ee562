"""A row a model and day: charts and trending without scanning events."""

from django.db import models
from django.utils import timezone

from marketplace.models.model3d import Model3D


class DailyStats(models.Model):
    """Counts of one day (UTC); sales and revenue are written from above."""

    model = models.ForeignKey(Model3D, models.CASCADE, related_name="daily_stats")
    day = models.DateField()
    views = models.PositiveIntegerField(default=0)
    likes = models.PositiveIntegerField(default=0)
    downloads = models.PositiveIntegerField(default=0)
    sales = models.PositiveIntegerField(default=0)
    revenue = models.DecimalField(max_digits=12, decimal_places=2, default=0)

    class Meta:
        verbose_name_plural = "daily stats"
        constraints = [models.UniqueConstraint(fields=["model", "day"], name="daily_stats_unique")]
        indexes = [models.Index(fields=["day"], name="daily_stats_day")]

    def __str__(self):
        return f"{self.model_id} on {self.day}"


class ViewBatch(models.Model):
    """A batch of counted views that has been added to the figures: the same batch is never added twice."""

    batch_id = models.UUIDField(primary_key=True)
    applied_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        verbose_name_plural = "view batches"

    def __str__(self):
        return str(self.batch_id)
