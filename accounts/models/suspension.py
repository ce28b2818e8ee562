"""Since when, why, by whom and until when somebody is kept out; `User.is_active` says whether they are now."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models.user import User


class SuspensionQuerySet(models.QuerySet):
    def running(self):
        """The list twin of `Suspension.is_running`."""
        return self.filter(lifted_at__isnull=True)

    def due(self, now=None):
        """Those whose end has come."""
        return self.running().filter(ends_at__lte=now or timezone.now())

    def ending_before(self, end):
        """Those that run, and are over before `end`; None is no end at all."""
        ends = self.running().filter(ends_at__isnull=False)
        return ends if end is None else ends.filter(ends_at__lt=end)

    def newest_first(self):
        return self.order_by("-started_at", "-pk")


class Suspension(models.Model):
    """One stay outside: it runs until it is lifted, by somebody or, where it has an end, by the clock."""

    user = models.ForeignKey(User, models.CASCADE, related_name="suspensions")
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    # As the person reads it.
    reason = models.CharField(max_length=500)
    started_at = models.DateTimeField(default=timezone.now, editable=False)
    ends_at = models.DateTimeField(null=True, blank=True)
    lifted_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Empty where the clock did it.
    lifted_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = SuspensionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(lifted_at__isnull=True), name="suspension_one_running"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("started_at")),
                name="suspension_ends_later",
            ),
            models.CheckConstraint(
                condition=Q(lifted_by__isnull=True) | Q(lifted_at__isnull=False),
                name="suspension_lifted_has_time",
            ),
        ]
        indexes = [
            models.Index(fields=["ends_at"], condition=Q(lifted_at__isnull=True), name="suspension_due"),
            models.Index(fields=["user", "-started_at"], name="suspension_of_user"),
        ]

    def __str__(self):
        return f"suspension of {self.user}"

    @property
    def is_running(self) -> bool:
        return self.lifted_at is None

    def predecessors(self) -> list["Suspension"]:
        """Those that have made way without letting anybody in between, the latest first."""
        found, last = [], self
        before = Suspension.objects.filter(user=self.user_id)
        while (
            made_way := before.filter(lifted_at=last.started_at, started_at__lt=last.started_at)
            .newest_first()
            .first()
        ):
            found.append(made_way)
            last = made_way
        return found
