"""What was sent back before there were refunds: whole payments and parts of them that had bought nothing."""

from decimal import Decimal

from django.db import migrations
from django.db.models import F, Sum


def forwards(apps, schema_editor):
    Payment = apps.get_model("commerce", "Payment")
    Refund = apps.get_model("commerce", "Refund")
    for payment in Payment.objects.filter(status__in=["refunded", "partially_refunded"]).order_by("pk"):
        amount = payment.amount
        if payment.status == "partially_refunded":
            refused = payment.order.transactions.filter(payment_status="failed")
            amount = refused.aggregate(sum=Sum(F("amount") + F("tax_amount")))["sum"] or Decimal(0)
        if amount:
            Refund.objects.create(
                kind="due",
                payment=payment,
                amount=amount,
                asked_amount=amount,
                currency=payment.currency,
                status="completed",
                reason="due",
                text=payment.refund_due_reason,
                completions=1,
                decided_at=payment.updated_at,
                completed_at=payment.updated_at,
            )


def backwards(apps, schema_editor):
    """They are told by the payments alone again."""
    apps.get_model("commerce", "Refund").objects.filter(kind="due").delete()


class Migration(migrations.Migration):
    dependencies = [("commerce", "0017_refunds")]

    operations = [migrations.RunPython(forwards, backwards)]
