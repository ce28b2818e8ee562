"""The whole site's days as the ledger has them, kept once they are over: the ledger is never changed, nor are they."""

from django.db import models


class SiteDay(models.Model):
    """What moved on one day (UTC) that is over; see `commerce.analytics.money`. Deleting rows loses nothing.

    Without a row nothing moved on a day, up to the last row.
    """

    day = models.DateField(primary_key=True)
    sales = models.PositiveIntegerField(default=0)
    # What buyers paid for models and bounties, without tax.
    revenue = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    # The site's part of it, less what went back with refunds; what providers keep is not taken off.
    fees = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    plans = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    costs = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    # With tax, as it went back to buyers.
    refunded = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    tax = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    paid_out = models.DecimalField(max_digits=14, decimal_places=2, default=0)

    class Meta:
        # What the console calls the page that shows them.
        verbose_name = "revenue and analytics"
        verbose_name_plural = "revenue and analytics"
        default_permissions = ("view",)

    def __str__(self):
        return self.day.isoformat()
