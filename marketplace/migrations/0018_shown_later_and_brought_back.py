"""A model is told of once, shown by itself at an hour of the creator's choice, and brought back where it was."""

from django.db import migrations, models
from django.db.models import Q

ANNOUNCED = """
UPDATE marketplace_model3d SET announced_at = published_at
WHERE status = 'approved' AND is_published AND visibility = 'public'
"""
# What is shown already has no hour to wait for.
NOT_SCHEDULED = (
    "UPDATE marketplace_model3d SET publish_at = NULL WHERE is_published AND publish_at IS NOT NULL"
)


class Migration(migrations.Migration):
    dependencies = [("marketplace", "0017_new_versions")]

    operations = [
        migrations.AddField(
            model_name="model3d",
            name="announced_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="model3d",
            name="was_published",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.RunSQL(ANNOUNCED, migrations.RunSQL.noop),
        migrations.RunSQL(NOT_SCHEDULED, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="model3d",
            index=models.Index(
                condition=Q(publish_at__isnull=False), fields=["publish_at"], name="m3d_scheduled"
            ),
        ),
        migrations.AddConstraint(
            model_name="model3d",
            constraint=models.CheckConstraint(
                condition=Q(publish_at__isnull=True) | Q(is_published=False),
                name="model3d_scheduled_is_unpublished",
            ),
        ),
    ]
