import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("accounts", "0018_console_finds_people")]

    operations = [
        migrations.CreateModel(
            name="Suspension",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=500)),
                ("started_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("ends_at", models.DateTimeField(blank=True, null=True)),
                ("lifted_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "lifted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="suspensions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=Q(("lifted_at__isnull", True)), fields=["ends_at"], name="suspension_due"
                    ),
                    models.Index(fields=["user", "-started_at"], name="suspension_of_user"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(("lifted_at__isnull", True)),
                        fields=("user",),
                        name="suspension_one_running",
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            ("ends_at__isnull", True), ("ends_at__gt", F("started_at")), _connector="OR"
                        ),
                        name="suspension_ends_later",
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            ("lifted_by__isnull", True), ("lifted_at__isnull", False), _connector="OR"
                        ),
                        name="suspension_lifted_has_time",
                    ),
                ],
            },
        ),
    ]
