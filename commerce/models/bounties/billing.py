"""Whom the papers of a purchase name."""

from django.db import models

from commerce.countries import COUNTRIES


class BilledModel(models.Model):
    """The same columns as an order has, for what becomes an order later."""

    billing_name = models.CharField(max_length=120, blank=True)
    billing_email = models.EmailField(blank=True)
    billing_company = models.CharField(max_length=120, blank=True)
    billing_address = models.CharField(max_length=300, blank=True)
    billing_city = models.CharField(max_length=80, blank=True)
    billing_postcode = models.CharField(max_length=20, blank=True)
    billing_country = models.CharField(max_length=2, blank=True)

    class Meta:
        abstract = True

    @property
    def billing_country_name(self) -> str:
        return COUNTRIES.get(self.billing_country, self.billing_country)
