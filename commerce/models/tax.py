"""What buyers of a country pay as tax, from which day on."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils import timezone

from commerce.countries import COUNTRIES
from core.database.prepared import Prepared
from core.models import TimestampedModel


class TaxRateQuerySet(models.QuerySet):
    def begun(self, country: str, day: date):
        """The rates of `country` that have begun by that day, the newest first."""
        return self.filter(country=country, valid_from__lte=day).order_by("-valid_from")

    def by_country(self):
        return self.order_by("country", "-valid_from")


class TaxRateManager(models.Manager.from_queryset(TaxRateQuerySet)):
    def in_force(self, country: str, on: date | None = None) -> "TaxRate | None":
        """The rate of `country` on a day, today by default; None where nothing is taken."""
        return _IN_FORCE.first(country=country, day=on or timezone.now().date())


class TaxRate(TimestampedModel):
    """The newest of a country's rates that has begun holds. One of 0 percent ends what was before it."""

    country = models.CharField(max_length=2, choices=list(COUNTRIES.items()))
    name = models.CharField(max_length=30, default="VAT", help_text="As buyers know it: VAT, GST, IVA.")
    percent = models.DecimalField(max_digits=6, decimal_places=3)
    valid_from = models.DateField(help_text="The first day on which it holds, in UTC.")

    objects = TaxRateManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["country", "valid_from"],
                name="tax_rate_once_a_day",
                violation_error_message="This country has a rate from that day on already.",
            ),
            models.CheckConstraint(
                condition=Q(percent__gte=0, percent__lte=100),
                name="tax_rate_percent_in_range",
                violation_error_message="The percentage is between 0 and 100.",
            ),
        ]

    def __str__(self):
        return f"{self.name} {self.percent.normalize():f} % ({self.country})"


_IN_FORCE = Prepared(
    lambda country, day: TaxRate.objects.begun(country, day)[:1],
    country=str,
    day=date,
)
