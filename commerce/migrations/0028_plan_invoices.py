"""Invoices for what was paid for times with a plan, in the series of all others."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("commerce", "0027_orders_told")]

    operations = [
        migrations.AlterField(
            model_name="invoice",
            name="order",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="invoice",
                to="commerce.order",
            ),
        ),
        migrations.AddField(
            model_name="invoice",
            name="period",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="invoice",
                to="commerce.subscriptionperiod",
            ),
        ),
        migrations.AddConstraint(
            model_name="invoice",
            constraint=models.CheckConstraint(
                condition=models.Q(order__isnull=False, period__isnull=True)
                | models.Q(order__isnull=True, period__isnull=False),
                name="invoice_for_one_thing",
            ),
        ),
    ]
