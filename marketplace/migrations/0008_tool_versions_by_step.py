"""Which tool made which step's result: {tool: version} becomes {step: {tool: version}}."""

from django.db import migrations

# Until here each tool served these steps; all others served `gltf` alone.
FORWARDS = """
UPDATE marketplace_inspection SET tool_versions = (
    SELECT COALESCE(jsonb_object_agg(step, tools), '{}'::jsonb) FROM (
        SELECT step, jsonb_object_agg(tool.key, tool.value) AS tools
        FROM jsonb_each(tool_versions) AS tool
        CROSS JOIN LATERAL unnest(CASE tool.key
            WHEN 'f3d' THEN ARRAY['poster', 'turntable']
            WHEN 'raycast' THEN ARRAY['poster', 'turntable']
            WHEN 'trimesh' THEN ARRAY['geometry']
            ELSE ARRAY['gltf']
        END) AS step
        GROUP BY step
    ) AS by_step
) WHERE tool_versions <> '{}'::jsonb
"""

BACKWARDS = """
UPDATE marketplace_inspection SET tool_versions = (
    SELECT COALESCE(jsonb_object_agg(tool.key, tool.value), '{}'::jsonb)
    FROM jsonb_each(tool_versions) AS step CROSS JOIN LATERAL jsonb_each(step.value) AS tool
) WHERE tool_versions <> '{}'::jsonb
"""


class Migration(migrations.Migration):
    dependencies = [("marketplace", "0007_format_switch")]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
