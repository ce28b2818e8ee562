"""More measures that lists filter by, copied from the inspection of the shown file as the others are."""

import django.contrib.postgres.fields
from django.db import migrations, models

BATCH = 10_000
# The limits of marketplace/suitability.py as they are now; each file that is processed later takes them from there.
COPY = """
UPDATE marketplace_model3d model SET
    has_pbr = coalesce(measured.materials > greatest(
        (measured.details #>> '{gltf,plain_materials}')::int, (measured.details #>> '{gltf,unlit_materials}')::int
    ) AND measured.details #> '{gltf}' ?& ARRAY['plain_materials', 'unlit_materials'], false),
    is_clean = NOT EXISTS (
        SELECT FROM marketplace_finding finding
        WHERE finding.file_id = model.current_file_id AND NOT finding.is_resolved
            AND finding.severity IN ('error', 'warning') AND finding.step <> 'claims'),
    targets = array_remove(ARRAY[
        CASE WHEN measured.triangles <= 500000 AND measured.draw_calls <= 200
            AND measured.texture_memory <= 512 * 1048576 THEN 'desktop' END,
        CASE WHEN measured.triangles <= 100000 AND measured.draw_calls <= 50
            AND measured.texture_memory <= 96 * 1048576 THEN 'mobile' END,
        CASE WHEN (
            SELECT max((measured.bounds_max ->> axis)::float8 - (measured.bounds_min ->> axis)::float8)
            FROM generate_series(0, 2) axis) BETWEEN 0.01 AND 30 THEN 'ar' END,
        CASE WHEN measured.is_watertight THEN 'print' END
    ], NULL)
FROM marketplace_inspection measured
WHERE measured.file_id = model.current_file_id AND model.id > %s AND model.id <= %s
"""


def copy_measures(apps, schema_editor) -> None:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM marketplace_model3d")
        last = cursor.fetchone()[0]
        for start in range(0, last, BATCH):
            cursor.execute(COPY, [start, start + BATCH])


class Migration(migrations.Migration):
    dependencies = [("marketplace", "0012_fingerprint")]

    operations = [
        migrations.AddField(
            model_name="model3d",
            name="has_pbr",
            field=models.BooleanField(default=False, editable=False, verbose_name="PBR materials"),
        ),
        migrations.AddField(
            model_name="model3d",
            name="is_clean",
            field=models.BooleanField(
                default=False,
                editable=False,
                help_text=(
                    "The inspection of the current file has neither error nor warning findings that concern buyers."
                ),
            ),
        ),
        migrations.AddField(
            model_name="model3d",
            name="targets",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=10), default=list, editable=False, size=None
            ),
        ),
        migrations.RunPython(copy_measures, migrations.RunPython.noop, elidable=False),
    ]
