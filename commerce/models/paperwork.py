"""Invoices and credit notes: numbered without a gap in every year, issued once, never changed."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from commerce.models.order import Order
from commerce.models.refund import Refund
from commerce.models.subscription_period import SubscriptionPeriod
from core.storages import private_storage


def paper_path(instance, filename):
    return f"paperwork/{instance.year}/{instance.number}-{uuid.uuid4().hex}.pdf"


class NumberSeries(models.Model):
    """The last number given in a series and year.

    Whoever takes the next holds the row until their transaction ends: a number that was taken and rolled back is the
    next one's, and so there are no gaps. The last of all locks (docs/decisions on locking).
    """

    series = models.CharField(max_length=8)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "number series"
        constraints = [models.UniqueConstraint(fields=["series", "year"], name="number_series_once_a_year")]

    def __str__(self):
        return f"{self.series} {self.year}"

    @classmethod
    def take(cls, series: str, year: int) -> int:
        """The next number; inside the transaction that writes what bears it."""
        cls.objects.get_or_create(series=series, year=year)
        row = cls.objects.select_for_update(no_key=True).get(series=series, year=year)
        row.last += 1
        row.save(update_fields=["last"])
        return row.last


class NumberedQuerySet(models.QuerySet):
    def without_file(self):
        return self.filter(file="")

    def newest_first(self):
        return self.order_by("-issued_at", "-pk")


class Numbered(models.Model):
    """What an invoice and a credit note have in common. A trigger keeps every column as it was written; only the file
    is added later, once. The buyer's name and address are in the file alone.
    """

    SERIES: str

    number = models.CharField(max_length=24, unique=True)
    year = models.PositiveSmallIntegerField()
    sequence = models.PositiveIntegerField()
    issued_at = models.DateTimeField(default=timezone.now)
    currency = models.CharField(max_length=3)
    net_amount = models.DecimalField(max_digits=12, decimal_places=2)
    tax_amount = models.DecimalField(max_digits=12, decimal_places=2)
    total = models.DecimalField(max_digits=12, decimal_places=2)
    # Who issued it, as the settings named them then.
    seller = models.JSONField()
    file = models.FileField(storage=private_storage, upload_to=paper_path, max_length=250, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)

    objects = NumberedQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self):
        return self.number

    def take_number(self) -> None:
        """The next of the series in the year in which it is issued."""
        self.year = self.issued_at.year
        self.sequence = NumberSeries.take(self.SERIES, self.year)
        self.number = f"{self.SERIES}-{self.year}-{self.sequence:06d}"


def numbered_constraints(name: str) -> list[models.BaseConstraint]:
    return [
        models.UniqueConstraint(fields=["year", "sequence"], name=f"{name}_number_once_a_year"),
        models.CheckConstraint(
            condition=Q(net_amount__gte=0, tax_amount__gte=0), name=f"{name}_amounts_not_negative"
        ),
        models.CheckConstraint(
            condition=Q(total=F("net_amount") + F("tax_amount")), name=f"{name}_total_adds_up"
        ),
    ]


class InvoiceQuerySet(NumberedQuerySet):
    def of_payer(self, user):
        return self.filter(Q(order__buyer=user) | Q(period__subscription__user=user))


class Invoice(Numbered):
    """For what an order delivered, or for a time with a plan; what cost nothing has none."""

    SERIES = "INV"

    order = models.OneToOneField(Order, models.PROTECT, null=True, blank=True, related_name="invoice")
    period = models.OneToOneField(
        SubscriptionPeriod, models.PROTECT, null=True, blank=True, related_name="invoice"
    )

    objects = InvoiceQuerySet.as_manager()

    class Meta:
        constraints = [
            *numbered_constraints("invoice"),
            models.CheckConstraint(
                condition=Q(order__isnull=False, period__isnull=True)
                | Q(order__isnull=True, period__isnull=False),
                name="invoice_for_one_thing",
            ),
        ]


class CreditNoteQuerySet(NumberedQuerySet):
    def of_order(self, order):
        return self.filter(invoice__order=order)

    def of_period(self, period):
        return self.filter(invoice__period=period)

    def in_order(self):
        return self.order_by("year", "sequence")


class CreditNote(Numbered):
    """For a refund that has completed. What came back to us after all is charged again by another paper of the series,
    which cancels the first.
    """

    SERIES = "CRN"

    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="credit_notes")
    refund = models.ForeignKey(Refund, models.PROTECT, related_name="credit_notes")
    # Which completion of the refund it is about; see `Refund.completions`.
    completion = models.PositiveSmallIntegerField(default=1)
    cancels = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="cancelled_by")

    objects = CreditNoteQuerySet.as_manager()

    class Meta:
        constraints = [
            *numbered_constraints("credit_note"),
            models.UniqueConstraint(
                fields=["refund", "completion"],
                condition=Q(cancels__isnull=True),
                name="credit_note_once_a_completion",
            ),
        ]

    @property
    def title(self) -> str:
        return f"Cancellation of {self.cancels.number}" if self.cancels_id else "Credit note"
