"""Abstract bases that every app builds on."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class TimestampedModel(models.Model):
    """When a row was made and last saved."""

    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True


class ModeratedQuerySet(models.QuerySet):
    """Scopes every listing of removable content starts from."""

    def not_removed(self):
        return self.filter(removed_at__isnull=True)


class ModeratedModel(models.Model):
    """Content that moderation can take down and restore; nothing is deleted."""

    removed_at = models.DateTimeField(null=True, blank=True, editable=False)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    removal_reason = models.CharField(max_length=500, blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def is_removed(self) -> bool:
        return self.removed_at is not None
