"""New files of an approved model wait for a decision of their own; what was approved says since when."""

from django.db import migrations, models
from django.db.models import Q

# What was on the marketplace has been approved: by the first decision after its upload, or with the model.
APPROVED = """
UPDATE marketplace_modelfile file SET approved_at = coalesce(
    (
        SELECT min(review.created_at) FROM marketplace_modelreview review
        WHERE review.model_id = file.model_id AND review.created_at >= file.created_at
        AND review.outcome = 'approved' AND review.undone_at IS NULL
    ),
    CASE WHEN model.status = 'approved' THEN model.published_at END
)
FROM marketplace_model3d model
WHERE model.id = file.model_id AND model.published_at IS NOT NULL AND file.processed_at IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [("marketplace", "0016_search_words")]

    operations = [
        migrations.AddField(
            model_name="model3d",
            name="version_submitted_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="modelfile",
            name="approved_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="modelfile",
            name="standing",
            field=models.CharField(
                choices=[
                    ("included", "Part of the model"),
                    ("proposed", "Waits for review"),
                    ("refused", "Not approved"),
                ],
                default="included",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="modelreview",
            name="subject",
            field=models.CharField(
                choices=[("model", "Model"), ("version", "New version")], default="model", max_length=10
            ),
        ),
        migrations.RunSQL(APPROVED, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="model3d",
            index=models.Index(
                condition=Q(version_submitted_at__isnull=False),
                fields=["version_submitted_at", "id"],
                name="m3d_version_queue",
            ),
        ),
        migrations.AddConstraint(
            model_name="model3d",
            constraint=models.CheckConstraint(
                condition=Q(version_submitted_at__isnull=True) | Q(status="approved"),
                name="model3d_version_of_approved",
            ),
        ),
        migrations.AddConstraint(
            model_name="modelfile",
            constraint=models.CheckConstraint(
                condition=Q(approved_at__isnull=True) | Q(standing="included"),
                name="model_file_approved_is_included",
            ),
        ),
    ]
