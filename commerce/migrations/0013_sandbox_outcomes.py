import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


def say_what_was_received(apps, schema_editor):
    charges = apps.get_model("commerce", "SandboxCharge").objects.filter(status="succeeded")
    charges.update(received=models.F("amount"))


def forget_second_charges(apps, schema_editor):
    """Before it, there was one charge a reference."""
    apps.get_model("commerce", "SandboxCharge").objects.filter(double_of__isnull=False).delete()


class Migration(migrations.Migration):
    """Refunds, disputes, kept cards and second charges at the sandbox."""

    dependencies = [
        ("commerce", "0012_saved_methods_and_calls"),
    ]

    operations = [
        migrations.CreateModel(
            name="SandboxCard",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("card_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("customer", models.CharField(max_length=100)),
                ("number", models.CharField(max_length=40)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("detached_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("detached_at__isnull", True)),
                        fields=("customer", "number"),
                        name="sandbox_card_kept_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SandboxDispute",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("dispute_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("amount", models.PositiveBigIntegerField(help_text="Smallest units of the currency.")),
                ("reason", models.CharField(max_length=200)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("opened", "Open"),
                            ("won", "Decided for the merchant"),
                            ("lost", "Decided for the payer"),
                        ],
                        default="opened",
                        max_length=12,
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
        ),
        migrations.CreateModel(
            name="SandboxRefund",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("refund_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("key", models.CharField(max_length=100)),
                ("amount", models.PositiveBigIntegerField(help_text="Smallest units of the currency.")),
                (
                    "status",
                    models.CharField(
                        choices=[("pending", "Pending"), ("succeeded", "Succeeded"), ("failed", "Failed")],
                        default="pending",
                        max_length=12,
                    ),
                ),
                ("message", models.CharField(blank=True, max_length=200)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="sandboxcharge",
            name="sandbox_charge_refund_within_amount",
        ),
        migrations.AddField(
            model_name="sandboxcharge",
            name="arrives_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="sandboxcharge",
            name="customer",
            field=models.CharField(blank=True, max_length=100),
        ),
        migrations.AddField(
            model_name="sandboxcharge",
            name="double_of",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="doubles",
                to="commerce.sandboxcharge",
            ),
        ),
        migrations.AddField(
            model_name="sandboxcharge",
            name="method",
            field=models.CharField(default="card", max_length=10),
        ),
        migrations.AddField(
            model_name="sandboxcharge",
            name="received",
            field=models.PositiveBigIntegerField(default=0, help_text="Smallest units of the currency."),
        ),
        migrations.AddField(
            model_name="sandboxcharge",
            name="source",
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AlterField(
            model_name="sandboxcharge",
            name="reference",
            field=models.CharField(max_length=100),
        ),
        migrations.AlterField(
            model_name="sandboxcharge",
            name="status",
            field=models.CharField(
                choices=[
                    ("created", "Waiting for the payer"),
                    ("confirming", "Waiting for the payer's confirmation"),
                    ("processing", "On its way"),
                    ("succeeded", "Succeeded"),
                    ("declined", "Declined"),
                    ("cancelled", "Cancelled"),
                ],
                default="created",
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            model_name="sandboxcharge",
            constraint=models.UniqueConstraint(
                condition=models.Q(("double_of__isnull", True)),
                fields=("reference",),
                name="sandbox_charge_once",
            ),
        ),
        migrations.RunPython(say_what_was_received, forget_second_charges),
        migrations.AddConstraint(
            model_name="sandboxcharge",
            constraint=models.CheckConstraint(
                condition=models.Q(("refunded__lte", models.F("received"))),
                name="sandbox_charge_refund_within_received",
            ),
        ),
        migrations.AddField(
            model_name="sandboxdispute",
            name="charge",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="disputes",
                to="commerce.sandboxcharge",
            ),
        ),
        migrations.AddField(
            model_name="sandboxrefund",
            name="charge",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="refunds",
                to="commerce.sandboxcharge",
            ),
        ),
        migrations.AddConstraint(
            model_name="sandboxdispute",
            constraint=models.UniqueConstraint(fields=("charge",), name="sandbox_dispute_once"),
        ),
        migrations.AddConstraint(
            model_name="sandboxrefund",
            constraint=models.UniqueConstraint(fields=("charge", "key"), name="sandbox_refund_once"),
        ),
    ]
