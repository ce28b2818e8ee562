import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("marketplace", "0005_model_document"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Upload",
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
                ("batch", models.UUIDField(db_index=True)),
                ("name", models.CharField(max_length=200)),
                ("path", models.CharField(help_text="With the folders it was dropped with.", max_length=500)),
                ("size", models.PositiveBigIntegerField(help_text="Bytes, as announced.")),
                ("received", models.PositiveBigIntegerField(default=0, help_text="Bytes.")),
                (
                    "state",
                    models.CharField(
                        choices=[("receiving", "Arriving"), ("complete", "Arrived")],
                        default="receiving",
                        max_length=10,
                    ),
                ),
                (
                    "transport",
                    models.CharField(
                        choices=[
                            ("tus", "tus, through this server"),
                            ("s3", "Multipart, straight to the object storage"),
                        ],
                        default="tus",
                        max_length=4,
                    ),
                ),
                ("storage_name", models.CharField(blank=True, editable=False, max_length=250)),
                ("multipart_id", models.CharField(blank=True, editable=False, max_length=250)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("expires_at", models.DateTimeField()),
                (
                    "model",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="uploads",
                        to="marketplace.model3d",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="uploads",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["expires_at"], name="upload_expiry"),
                    models.Index(fields=["owner", "batch"], name="upload_owner_batch"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("received__lte", models.F("size"))),
                        name="upload_not_more_than_announced",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "complete"), _negated=True),
                            ("received", models.F("size")),
                            _connector="OR",
                        ),
                        name="upload_complete_has_all",
                    ),
                ],
            },
        ),
    ]
