"""What a person may use beyond what everybody may: written from above, asked here."""

from django.db import models
from django.db.models import Q

from accounts.models.user import User


class Entitlements(models.Model):
    """One person's limits, where they differ from the site's; see `accounts.entitlements`, which asks and writes.

    `label` is what the limits are called on the site, for sentences that speak of them.
    """

    user = models.OneToOneField(User, models.CASCADE, related_name="entitlements")
    label = models.CharField(max_length=40)
    max_upload_bytes = models.PositiveBigIntegerField("bytes of one file")
    storage_bytes = models.PositiveBigIntegerField("bytes kept in all")
    private_models = models.PositiveIntegerField("models that may be private")
    analytics_days = models.PositiveIntegerField("days that statistics go back")
    hold_days = models.PositiveSmallIntegerField("days that proceeds are held")
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name_plural = "entitlements"
        constraints = [
            models.CheckConstraint(
                condition=Q(max_upload_bytes__gt=0, storage_bytes__gt=0, analytics_days__gt=0),
                name="entitlements_positive",
            )
        ]

    def __str__(self):
        return f"{self.label} of {self.user_id}"
