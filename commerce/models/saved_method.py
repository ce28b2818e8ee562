"""Cards that people let their provider keep, so that they can be charged again."""

import uuid
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.models import TimestampedModel


class SavedPaymentMethodQuerySet(models.QuerySet):
    def of_user(self, user):
        return self.filter(user=user)

    def kept(self):
        """The list twin of `is_kept`."""
        return self.filter(removed_at__isnull=True)

    def usable(self, today: date | None = None):
        """The list twin of `is_usable`."""
        return self.kept().filter(Q(expires__isnull=True) | Q(expires__gte=today or timezone.localdate()))

    def default_first(self):
        return self.order_by("-is_default", "-created_at", "-pk")

    def to_forget(self):
        """Removed here, and not yet at the provider."""
        return self.filter(removed_at__isnull=False, forgotten_at__isnull=True)


class SavedPaymentMethod(TimestampedModel):
    """What a provider keeps, by its own names. Removed rows stay: payments were made with them."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="saved_payment_methods")
    provider = models.CharField(max_length=20)
    customer_id = models.CharField(max_length=200)
    method_id = models.CharField(max_length=200)
    label = models.CharField(max_length=80)
    brand = models.CharField(max_length=40, blank=True)
    last4 = models.CharField(max_length=4, blank=True)
    # The last day on which it can be charged.
    expires = models.DateField(null=True, blank=True)
    is_default = models.BooleanField(default=False)
    removed_at = models.DateTimeField(null=True, blank=True)
    # When the provider forgot it as well.
    forgotten_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = SavedPaymentMethodQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(is_default=True), name="saved_method_one_default"
            ),
            models.UniqueConstraint(
                fields=["provider", "method_id"],
                condition=Q(removed_at__isnull=True),
                name="saved_method_kept_once",
            ),
            models.CheckConstraint(
                condition=Q(is_default=False) | Q(removed_at__isnull=True),
                name="saved_method_default_is_kept",
            ),
            models.CheckConstraint(
                condition=Q(forgotten_at__isnull=True) | Q(removed_at__isnull=False),
                name="saved_method_forgotten_is_removed",
            ),
        ]

    def __str__(self):
        return self.label

    @property
    def form_value(self) -> str:
        """What stands for it among the ways of paying."""
        return f"card:{self.public_id}"

    @property
    def is_kept(self) -> bool:
        return self.removed_at is None

    @property
    def is_expired(self) -> bool:
        return self.expires is not None and self.expires < timezone.localdate()

    @property
    def is_usable(self) -> bool:
        return self.is_kept and not self.is_expired

    def remove(self) -> None:
        """Nothing is charged to it any more; the provider is told afterwards."""
        self.removed_at = timezone.now()
        self.is_default = False
        self.save(update_fields=["removed_at", "is_default", "updated_at"])

    def make_default(self, is_default: bool = True) -> None:
        self.is_default = is_default
        self.save(update_fields=["is_default", "updated_at"])
