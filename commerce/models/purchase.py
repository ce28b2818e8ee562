"""What a person has: one purchase a model, free or paid, and the download links made from it."""

import uuid

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from commerce.models.order import Transaction
from marketplace.models import Model3D, ModelFile


class PurchaseQuerySet(models.QuerySet):
    def of_user(self, user):
        return self.filter(user=user)

    def active(self):
        """Without those taken back by a refund."""
        return self.filter(revoked_at__isnull=True)

    def newest_first(self):
        return self.order_by("-created_at", "-pk")


class Purchase(models.Model):
    """The right to download; counts every download link made."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="purchases")
    model = models.ForeignKey(Model3D, models.PROTECT, related_name="purchases")
    transaction = models.OneToOneField(Transaction, models.PROTECT, related_name="purchase")
    file_version = models.PositiveIntegerField(default=1)
    download_count = models.PositiveIntegerField(default=0)
    download_limit = models.PositiveIntegerField(default=10, validators=[MinValueValidator(1)])
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = PurchaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "model"], condition=Q(revoked_at__isnull=True), name="purchase_unique"
            ),
            models.CheckConstraint(
                condition=Q(download_count__lte=F("download_limit")), name="purchase_downloads_within_limit"
            ),
        ]
        indexes = [models.Index(fields=["user", "-created_at"], name="purchase_library")]

    def __str__(self):
        return f"{self.model_id} of {self.user_id}"

    @property
    def downloads_left(self) -> int:
        return self.download_limit - self.download_count


class DownloadLink(models.Model):
    """A counted download: works again, and resumes, until it expires, without counting twice."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    purchase = models.ForeignKey(Purchase, models.CASCADE, related_name="links")
    file = models.ForeignKey(ModelFile, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["purchase", "-created_at"], name="download_link_recent")]

    def __str__(self):
        return str(self.public_id)
