"""What has gone back of a sale. Part of `Transaction`; the amounts that were paid are declared there."""

from decimal import Decimal

from django.db import models

from commerce.refunding.parts import Parts


class GivenBackMixin(models.Model):
    # What completed refunds have given back of it, kept with them in one transaction.
    refunded_amount = models.DecimalField(
        "refunded, of the amount", max_digits=12, decimal_places=2, default=0, editable=False
    )
    refunded_tax = models.DecimalField(
        "refunded, of the tax", max_digits=12, decimal_places=2, default=0, editable=False
    )

    class Meta:
        abstract = True

    @property
    def sold_parts(self) -> Parts:
        """What was paid for it, taken apart."""
        return Parts(tax=self.tax_amount, fee=self.platform_fee, seller=self.seller_amount)

    def give_back(self, parts: Parts) -> None:
        """A refund of `parts` has completed; the sale is none any more once all has gone back."""
        self._set_refunded(self.refunded_amount + parts.net, self.refunded_tax + parts.tax)

    def take_back(self, parts: Parts) -> None:
        """A refund of `parts` has not arrived after all."""
        self._set_refunded(self.refunded_amount - parts.net, self.refunded_tax - parts.tax)

    def _set_refunded(self, amount: Decimal, tax: Decimal) -> None:
        self.refunded_amount, self.refunded_tax = amount, tax
        is_whole = (amount, tax) == (self.amount, self.tax_amount)
        self.payment_status = self.PaymentStatus.REFUNDED if is_whole else self.PaymentStatus.COMPLETED
        self.save(update_fields=["refunded_amount", "refunded_tax", "payment_status", "updated_at"])
