"""What somebody looks for again and again, and wants to hear of when it comes."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

MAX_EACH = 20
# A person hears of one search at most once in this time, and new models are looked for so often.
TELLING_PAUSE = timedelta(days=1)
LOOKING_PAUSE = timedelta(hours=1)


class SavedSearchQuerySet(models.QuerySet):
    """Scopes."""

    def due(self, moment: datetime):
        """Those whose turn it is to be looked at, the longest overdue first."""
        return self.filter(next_look_at__lte=moment, user__is_active=True).order_by("next_look_at", "pk")

    def recent_first(self):
        return self.order_by("-created_at", "-pk")


class SavedSearch(models.Model):
    """Criteria of the marketplace under a name; private to `user`."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_searches")
    name = models.CharField(max_length=80)
    # The grid's query without sort and page, as `Criteria.query_string` writes it: `?q=chair&free=1`.
    query = models.CharField(max_length=2000, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    # Models published until then have been looked at.
    seen_until = models.DateTimeField(default=timezone.now, editable=False)
    # From when on the last notification counts its models.
    told_from = models.DateTimeField(null=True, blank=True, editable=False)
    next_look_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = SavedSearchQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "saved searches"
        constraints = [
            models.UniqueConstraint(fields=["user", "query"], name="saved_search_once"),
            models.CheckConstraint(condition=~Q(name=""), name="saved_search_has_name"),
        ]
        indexes = [models.Index(fields=["next_look_at", "id"], name="saved_search_due")]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        """Leads its owner on to what is new."""
        return reverse("marketplace:saved_search", args=[self.pk])

    @property
    def grid_url(self) -> str:
        """The marketplace with what is looked for."""
        return f"{reverse('marketplace:grid')}{self.query}"

    @property
    def newest_url(self) -> str:
        """The same, the newest first."""
        return f"{self.grid_url}{'&' if self.query else '?'}sort=newest"
