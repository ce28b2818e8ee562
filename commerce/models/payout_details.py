"""Where somebody's payouts go to: sealed, and shown masked."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from commerce.countries import COUNTRIES
from commerce.sealing import reseal, unseal


class PayoutDetailsQuerySet(models.QuerySet):
    def of_user(self, user):
        return self.filter(user=user)

    def current(self):
        """Without those that others have taken the place of: at most one a person."""
        return self.filter(replaced_at__isnull=True)


class PayoutDetails(models.Model):
    """One set of details, as it was entered: a change makes a new row, so a payout goes where it was asked to go.

    `sealed` holds the holder's name and the numbers (see `commerce.sealing`); `masked` is all that pages show.
    """

    class Method(models.TextChoices):
        IBAN = "iban", "Bank transfer by IBAN"
        ACCOUNT = "account", "Bank transfer by account number"
        PAYPAL = "paypal", "PayPal"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="payout_details")
    method = models.CharField(max_length=10, choices=Method.choices)
    country = models.CharField(max_length=2)
    masked = models.CharField(max_length=120)
    sealed = models.TextField(editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    # Not before then can a payout to it be asked for: who gets into an account cannot empty it at once.
    usable_from = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True, blank=True)

    objects = PayoutDetailsQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "payout details"
        permissions = [("reveal_payoutdetails", "Can see payout details in full")]
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(replaced_at__isnull=True), name="payout_details_one_current"
            ),
            models.CheckConstraint(condition=~Q(sealed=""), name="payout_details_sealed"),
            models.CheckConstraint(
                condition=Q(usable_from__gte=models.F("created_at")), name="payout_details_usable_after_made"
            ),
        ]

    def __str__(self):
        return f"Payout details {self.pk}"

    @property
    def is_current(self) -> bool:
        return self.replaced_at is None

    @property
    def is_usable(self) -> bool:
        return self.is_current and self.usable_from <= timezone.now()

    @property
    def country_name(self) -> str:
        return COUNTRIES.get(self.country, self.country)

    def opened(self) -> dict[str, str]:
        """Everything in full, by name: `holder` and the numbers of the method.

        Raises:
            SealBroken: it cannot be opened.
        """
        return unseal(self.sealed, owner=self.user_id)

    def replace(self, at) -> None:
        """Others take its place, or none."""
        self.replaced_at = at
        self.save(update_fields=["replaced_at"])

    def reseal(self) -> None:
        """Sealed anew with the first key."""
        self.sealed = reseal(self.sealed)
        self.save(update_fields=["sealed"])
