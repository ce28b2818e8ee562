"""When the receipt of an order and the messages to its sellers were written."""

from django.db import migrations, models

# Until now that was done in the transaction that completed it.
TOLD = "UPDATE commerce_order SET told_at = completed_at WHERE status = 'completed'"


class Migration(migrations.Migration):
    dependencies = [("commerce", "0026_refunds_of_plans")]

    operations = [
        migrations.AddField(
            model_name="order",
            name="told_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                condition=models.Q(status="completed", told_at=None),
                fields=["completed_at"],
                name="order_untold",
            ),
        ),
        migrations.RunSQL(TOLD, migrations.RunSQL.noop),
    ]
