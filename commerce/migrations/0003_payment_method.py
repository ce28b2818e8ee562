from django.db import migrations, models


class Migration(migrations.Migration):
    """What was paid before was paid by card: there was no other way."""

    dependencies = [("commerce", "0002_checkout_and_sandbox")]

    operations = [
        migrations.AddField(
            model_name="payment",
            name="method",
            field=models.CharField(
                choices=[("card", "Card"), ("paypal", "PayPal"), ("crypto", "Crypto")],
                default="card",
                max_length=10,
            ),
            preserve_default=False,
        ),
    ]
