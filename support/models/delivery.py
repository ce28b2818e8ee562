"""What became of a mail to many for each person."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from core.models.mail import message_id
from support.models.campaign import CampaignStatus, MailCampaign


class MailDeliveryQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(status=MailDelivery.Status.QUEUED)

    def due(self, now: datetime):
        return self.waiting().filter(send_at__lte=now).order_by("send_at", "pk")

    def in_doubt(self):
        return self.filter(status=MailDelivery.Status.UNKNOWN)


class MailDelivery(models.Model):
    """One mail of a campaign to one person: queued -> sending -> sent | failed | unknown; queued -> skipped.

    The address is the person's own at the moment it leaves; none is kept here.
    """

    class Status(models.TextChoices):
        QUEUED = "queued", "Waiting"
        SENDING = "sending", "Being sent"
        SENT = "sent", "Sent"
        SKIPPED = "skipped", "Left out"
        FAILED = "failed", "Refused"
        UNKNOWN = "unknown", "Not known whether it was sent"

    MAX_ATTEMPTS = 5

    campaign = models.ForeignKey(MailCampaign, models.CASCADE, related_name="deliveries")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="mail_deliveries")
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.QUEUED)
    reason = models.CharField(max_length=300, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    send_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = MailDeliveryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "mail deliveries"
        constraints = [
            models.UniqueConstraint(fields=["campaign", "person"], name="mail_delivery_once"),
            models.CheckConstraint(
                condition=Q(status__in=["queued", "sending", "sent", "skipped", "failed", "unknown"]),
                name="mail_delivery_known_status",
            ),
            models.CheckConstraint(
                condition=~Q(status="sent") | Q(sent_at__isnull=False), name="mail_delivery_sent_has_an_hour"
            ),
        ]
        indexes = [
            models.Index(
                fields=["campaign", "send_at", "id"], condition=Q(status="queued"), name="mail_delivery_due"
            ),
            models.Index(fields=["campaign", "status"], name="mail_delivery_figures"),
        ]

    def __str__(self):
        return f"campaign {self.campaign_id} to {self.person_id}"

    @property
    def message_id(self) -> str:
        return message_id("support.campaign", f"{self.campaign_id}:{self.person_id}")

    def claim(self) -> bool:
        """Whether it is ours to send: it waits, and its campaign is being sent at this moment."""
        running = MailCampaign.objects.filter(status=CampaignStatus.SENDING)
        mine = MailDelivery.objects.filter(
            pk=self.pk, status=self.Status.QUEUED, campaign__in=running.values("pk")
        )
        return bool(mine.update(status=self.Status.SENDING, attempts=F("attempts") + 1))

    def mark_sent(self) -> None:
        """Also where it was given up in the meantime: who sent it knows better."""
        sent = {"status": self.Status.SENT, "sent_at": timezone.now(), "reason": ""}
        self._settle([self.Status.SENDING, self.Status.UNKNOWN], **sent)

    def mark_skipped(self, reason: str) -> None:
        self._settle([self.Status.SENDING], status=self.Status.SKIPPED, reason=self._fitting(reason))

    def mark_failed(self, error: str) -> None:
        self._settle([self.Status.SENDING], status=self.Status.FAILED, reason=self._fitting(error))

    def mark_unknown(self, error: str) -> None:
        self._settle([self.Status.SENDING], status=self.Status.UNKNOWN, reason=self._fitting(error))

    def mark_refused(self, error: str) -> None:
        """Not taken this time: again after 1, 4, 16, 64 minutes, and failed when the attempts are used up."""
        if self.attempts + 1 >= self.MAX_ATTEMPTS:
            self.mark_failed(error)
            return
        again = timezone.now() + timedelta(minutes=4**self.attempts)
        self._settle(
            [self.Status.SENDING], status=self.Status.QUEUED, send_at=again, reason=self._fitting(error)
        )

    def _settle(self, before: list[str], **fields) -> None:
        MailDelivery.objects.filter(pk=self.pk, status__in=before).update(**fields)

    @classmethod
    def _fitting(cls, reason: str) -> str:
        return reason[: cls._meta.get_field("reason").max_length]
