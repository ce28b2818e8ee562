"""What payment providers were asked and what they answered: evidence, kept for a while."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

from commerce.models.payment import Payment
from core.models import PreparedWritesMixin


class ProviderCallQuerySet(models.QuerySet):
    def old(self, now=None):
        """Those that nobody needs any more."""
        days = timedelta(days=settings.PROVIDER_CALLS_KEPT_DAYS)
        return self.filter(asked_at__lt=(now or timezone.now()) - days)


class ProviderCall(PreparedWritesMixin):
    """One request to a provider, without secrets, cards and people's details.

    A row of something that moves money is written before the question is sent: one that stays `asked` is of a process
    that ended before the answer came.
    """

    class Outcome(models.TextChoices):
        ASKED = "asked", "No answer yet"
        ANSWERED = "answered", "Answered"
        REFUSED = "refused", "Refused"
        UNAVAILABLE = "unavailable", "Not available"

    payment = models.ForeignKey(Payment, models.CASCADE, null=True, blank=True, related_name="calls")
    provider = models.CharField(max_length=20)
    operation = models.CharField(max_length=60)
    idempotency_key = models.CharField(max_length=200, blank=True)
    question = models.JSONField(default=dict, blank=True)
    answer = models.JSONField(default=dict, blank=True)
    http_status = models.PositiveSmallIntegerField(null=True, blank=True)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, default=Outcome.ASKED)
    error = models.CharField(max_length=500, blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    milliseconds = models.PositiveIntegerField(null=True, blank=True)
    # The same question with the same answer, asked again and again while somebody waits, is one row.
    times = models.PositiveIntegerField(default=1)

    objects = ProviderCallQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(times__gte=1), name="provider_call_was_made"),
        ]
        indexes = [models.Index(fields=["asked_at"], name="provider_call_by_age")]

    def __str__(self):
        return f"{self.provider} {self.operation}"
