import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import core.storages
import marketplace.models.file


class Migration(migrations.Migration):
    dependencies = [("marketplace", "0004_file_formats")]

    operations = [
        migrations.CreateModel(
            name="ModelDocument",
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
                (
                    "kind",
                    models.CharField(
                        choices=[("pdf", "PDF"), ("txt", "Plain text"), ("md", "Markdown")], max_length=3
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                (
                    "file",
                    models.FileField(
                        max_length=250,
                        storage=core.storages.private_storage,
                        upload_to=marketplace.models.file.document_path,
                    ),
                ),
                ("size", models.PositiveBigIntegerField(default=0, help_text="Bytes.")),
                (
                    "model",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="documents",
                        to="marketplace.model3d",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
    ]
