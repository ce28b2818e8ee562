import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


def mark_what_bought_nothing(apps, schema_editor):
    """Payments of which the whole amount was due, also those that were sent back since."""
    apps.get_model("commerce", "Payment").objects.filter(status__in=["refund_due", "refunded"]).exclude(
        refund_due_reason=""
    ).update(bought_nothing=True)


class Migration(migrations.Migration):
    """Cards that providers keep, what providers were asked, and payments that were taken twice."""

    dependencies = [
        ("commerce", "0011_payouts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ProviderCall",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("provider", models.CharField(max_length=20)),
                ("operation", models.CharField(max_length=60)),
                ("idempotency_key", models.CharField(blank=True, max_length=200)),
                ("question", models.JSONField(blank=True, default=dict)),
                ("answer", models.JSONField(blank=True, default=dict)),
                ("http_status", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("asked", "No answer yet"),
                            ("answered", "Answered"),
                            ("refused", "Refused"),
                            ("unavailable", "Not available"),
                        ],
                        default="asked",
                        max_length=12,
                    ),
                ),
                ("error", models.CharField(blank=True, max_length=500)),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("milliseconds", models.PositiveIntegerField(blank=True, null=True)),
                ("times", models.PositiveIntegerField(default=1)),
            ],
        ),
        migrations.CreateModel(
            name="SavedPaymentMethod",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("provider", models.CharField(max_length=20)),
                ("customer_id", models.CharField(max_length=200)),
                ("method_id", models.CharField(max_length=200)),
                ("label", models.CharField(max_length=80)),
                ("brand", models.CharField(blank=True, max_length=40)),
                ("last4", models.CharField(blank=True, max_length=4)),
                ("expires", models.DateField(blank=True, null=True)),
                ("is_default", models.BooleanField(default=False)),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
                ("forgotten_at", models.DateTimeField(blank=True, editable=False, null=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="payment",
            name="payment_order_paid_once",
        ),
        migrations.AddField(
            model_name="payment",
            name="bought_nothing",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name="payment",
            name="double_of",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="doubles",
                to="commerce.payment",
            ),
        ),
        migrations.AddField(
            model_name="payment",
            name="provider_charge_id",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="payment",
            name="provider_cost",
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True),
        ),
        migrations.AddField(
            model_name="payment",
            name="save_method",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="providercall",
            name="payment",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="calls",
                to="commerce.payment",
            ),
        ),
        migrations.AddField(
            model_name="savedpaymentmethod",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="saved_payment_methods",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="payment",
            name="saved_method",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="payments",
                to="commerce.savedpaymentmethod",
            ),
        ),
        migrations.RunPython(mark_what_bought_nothing, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("bought_nothing", False), ("status__in", ["completed", "partially_refunded", "refunded"])
                ),
                fields=("order",),
                name="payment_order_paid_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("provider_cost__isnull", True), ("provider_cost__gte", 0), _connector="OR"
                ),
                name="payment_provider_cost_not_negative",
            ),
        ),
        migrations.AddIndex(
            model_name="providercall",
            index=models.Index(fields=["asked_at"], name="provider_call_by_age"),
        ),
        migrations.AddConstraint(
            model_name="providercall",
            constraint=models.CheckConstraint(
                condition=models.Q(("times__gte", 1)), name="provider_call_was_made"
            ),
        ),
        migrations.AddConstraint(
            model_name="savedpaymentmethod",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_default", True)), fields=("user",), name="saved_method_one_default"
            ),
        ),
        migrations.AddConstraint(
            model_name="savedpaymentmethod",
            constraint=models.UniqueConstraint(
                condition=models.Q(("removed_at__isnull", True)),
                fields=("provider", "method_id"),
                name="saved_method_kept_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="savedpaymentmethod",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_default", False), ("removed_at__isnull", True), _connector="OR"),
                name="saved_method_default_is_kept",
            ),
        ),
        migrations.AddConstraint(
            model_name="savedpaymentmethod",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("forgotten_at__isnull", True), ("removed_at__isnull", False), _connector="OR"
                ),
                name="saved_method_forgotten_is_removed",
            ),
        ),
    ]
