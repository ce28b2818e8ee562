"""All that lists are narrowed by as words in one array, and indexes over listed models alone."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models
from django.db.models import F, Q

# Lower ends: of the price histogram's bars (the first holds the free models), of the bands of triangles and of sizes.
FUNCTION = """
CREATE FUNCTION marketplace_facets(
    category_id bigint, price numeric, license text, ai_training_allowed boolean, is_mature boolean,
    file_formats text[], targets text[], triangles bigint, file_size bigint, rating numeric, rating_count integer,
    has_animations boolean, has_rigging boolean, has_textures boolean, has_pbr boolean, has_uv boolean,
    is_watertight boolean, is_clean boolean
) RETURNS text[] LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    RETURN array_remove(ARRAY[
        'cat:' || category_id,
        'bar:' || width_bucket(
            price, ARRAY[0, 0.01, 2, 4, 6, 8, 10, 15, 20, 25, 30, 40, 50, 75, 100, 200]::numeric[]) - 1,
        'lic:' || license,
        'tri:' || width_bucket(triangles, ARRAY[0, 10000, 100000, 1000000]::bigint[]) - 1,
        'size:' || width_bucket(file_size, ARRAY[0, 1000000, 10000000, 50000000]::bigint[]) - 1,
        CASE WHEN price = 0 THEN 'free' END,
        CASE WHEN NOT is_mature THEN 'safe' END,
        CASE WHEN ai_training_allowed THEN 'ai' END,
        CASE WHEN has_animations THEN 'animated' END,
        CASE WHEN has_rigging THEN 'rigged' END,
        CASE WHEN has_textures THEN 'textured' END,
        CASE WHEN has_pbr THEN 'pbr' END,
        CASE WHEN has_uv THEN 'uv' END,
        CASE WHEN is_watertight THEN 'watertight' END,
        CASE WHEN is_clean THEN 'clean' END,
        CASE WHEN rating_count > 0 AND rating >= 4 THEN 'rated:4' END,
        CASE WHEN rating_count > 0 AND rating >= 3 THEN 'rated:3' END,
        CASE WHEN rating_count > 0 AND rating >= 2 THEN 'rated:2' END
    ], NULL)
    || string_to_array('fmt:' || array_to_string(nullif(file_formats, '{}'), ',fmt:'), ',')
    || string_to_array('for:' || array_to_string(nullif(targets, '{}'), ',for:'), ',');
END $$;
"""

LISTED = Q(in_catalogue=True)


class Migration(migrations.Migration):
    dependencies = [("marketplace", "0014_catalogue")]

    operations = [
        *(
            migrations.RemoveIndex(model_name="model3d", name=name)
            for name in (
                "model3d_search", "m3d_newest", "m3d_trending", "m3d_downloads", "m3d_price", "m3d_rating",
                "m3d_category",
            )
        ),
        migrations.RunSQL(FUNCTION, "DROP FUNCTION marketplace_facets"),
        migrations.AddField(
            model_name="model3d",
            name="facets",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Func(
                    "category", "price", "license", "ai_training_allowed", "is_mature", "file_formats", "targets",
                    "poly_count", "file_size", "rating", "rating_count", "has_animations", "has_rigging",
                    "has_textures", "has_pbr", "has_uv", "is_watertight", "is_clean",
                    function="marketplace_facets",
                ),
                output_field=django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None),
            ),
        ),
        *(
            migrations.AddIndex(model_name="model3d", index=index)
            for index in (
                django.contrib.postgres.indexes.GinIndex(
                    condition=LISTED, fields=["search_vector", "facets"], name="m3d_search"
                ),
                models.Index(
                    models.Func("id", function="hashint8"),
                    condition=LISTED, include=("id", "facets", "price"), name="m3d_sample",
                ),
                models.Index(
                    F("published_at").desc(nulls_last=True), F("id").desc(), condition=LISTED, name="m3d_newest"
                ),
                models.Index(fields=["-trending_score", "-id"], condition=LISTED, name="m3d_trending"),
                models.Index(fields=["-downloads", "-id"], condition=LISTED, name="m3d_downloads"),
                models.Index(fields=["price", "-id"], condition=LISTED, name="m3d_price"),
                models.Index(fields=["-rating", "-rating_count", "-id"], condition=LISTED, name="m3d_rating"),
                models.Index(
                    fields=["category", "-trending_score", "-id"], condition=LISTED, name="m3d_category"
                ),
                models.Index(
                    fields=["-trending_score", "-id"], condition=LISTED & Q(is_featured=True), name="m3d_featured"
                ),
            )
        ),
    ]  # fmt: skip
