"""A payment has a payer and a purpose; only the payment for an order has an order."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def name_payers(apps, schema_editor):
    """Whoever ordered pays."""
    Order, Payment = apps.get_model("commerce", "Order"), apps.get_model("commerce", "Payment")
    buyer = Order.objects.filter(pk=OuterRef("order_id")).values("buyer_id")[:1]
    Payment.objects.update(payer_id=Subquery(buyer))


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("commerce", "0005_first_plans"),
    ]

    operations = [
        migrations.AddField(
            model_name="payment",
            name="payer",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="payments",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunPython(name_payers, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="payment",
            name="payer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="payments",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="payment",
            name="order",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="payments",
                to="commerce.order",
            ),
        ),
        migrations.AlterField(
            model_name="payment",
            name="purpose",
            field=models.CharField(
                choices=[("order", "Order"), ("subscription", "Subscription"), ("bounty", "Bounty")],
                default="order",
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("order__isnull", False), ("purpose", "order")),
                    models.Q(models.Q(("purpose", "order"), _negated=True), ("order__isnull", True)),
                    _connector="OR",
                ),
                name="payment_order_where_for_an_order",
            ),
        ),
    ]
