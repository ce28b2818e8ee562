"""A seller's days as the ledger has them, kept once they are over: the ledger is never changed, so neither are they."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class EarningsDay(models.Model):
    """What a seller earned, and what refunds and disputes took of it, on one day (UTC) that is over.

    Read from the ledger when somebody first asks (see `commerce.financials.earnings`); deleting rows loses nothing.
    Without a row a day had no movements, up to the seller's last row.
    """

    seller = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    day = models.DateField()
    sales = models.PositiveIntegerField(default=0)
    earned = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    refunded = models.DecimalField(max_digits=14, decimal_places=2, default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seller", "day"], name="earnings_day_once"),
            # What was refunded can be less than nothing: a refund that came back.
            models.CheckConstraint(condition=Q(earned__gte=0), name="earnings_day_earned_not_negative"),
        ]

    def __str__(self):
        return f"{self.seller_id} on {self.day}"
