"""Licence certificates: what a purchase gives, for others to check."""

import uuid

from django.db import models
from django.urls import reverse

from commerce.models.order import Transaction
from commerce.models.purchase import Purchase
from core.models import TimestampedModel


class CertificateQuerySet(models.QuerySet):
    def of_user(self, user):
        return self.filter(purchase__user=user)

    def with_page_data(self):
        return self.select_related(
            "purchase__transaction__order", "purchase__transaction__seller", "purchase__model"
        )


class Certificate(TimestampedModel):
    """One a purchase. Whoever has its address sees whether it holds; the buyer decides what else of them is there."""

    class Status(models.TextChoices):
        VALID = "valid", "Valid"
        REFUNDED = "refunded", "Refunded"
        REVOKED = "revoked", "Revoked"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    purchase = models.OneToOneField(Purchase, models.PROTECT, related_name="certificate")
    holder = models.CharField(max_length=120, blank=True)
    shows_holder = models.BooleanField(default=False)
    shows_order = models.BooleanField(default=False)
    # Every file that the purchase has given since the certificate was made: see `note_files`.
    files = models.JSONField(default=list)

    objects = CertificateQuerySet.as_manager()

    def __str__(self):
        return str(self.public_id)

    def get_absolute_url(self):
        return reverse("commerce:certificate", args=[self.public_id])

    @property
    def number(self) -> str:
        """What people quote."""
        return str(self.public_id)[:8].upper()

    @property
    def status(self) -> "Certificate.Status":
        """That of the purchase, now."""
        if self.purchase.revoked_at is None:
            return self.Status.VALID
        is_refunded = self.purchase.transaction.payment_status == Transaction.PaymentStatus.REFUNDED
        return self.Status.REFUNDED if is_refunded else self.Status.REVOKED

    @property
    def is_valid(self) -> bool:
        return self.status == self.Status.VALID

    @property
    def public_holder(self) -> str:
        return self.holder if self.shows_holder else ""

    @property
    def public_order_number(self) -> str:
        return self.purchase.transaction.order.number if self.shows_order else ""

    def note_files(self, files: list[dict]) -> bool:
        """Add what is not there yet; what was given once stays. Whether anything was added; the caller saves."""
        known = {file["sha256"] for file in self.files}
        new = [file for file in files if file["sha256"] not in known]
        self.files = [*self.files, *new]
        return bool(new)

    def forget_holder(self) -> None:
        """Nothing of its buyer is left in it."""
        self.holder, self.shows_holder, self.shows_order = "", False, False
        self.save(update_fields=["holder", "shows_holder", "shows_order", "updated_at"])
