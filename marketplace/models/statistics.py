"""A row a model and day: charts and trending without scanning events."""

from django.db import models

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
