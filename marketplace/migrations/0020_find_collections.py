"""Collections are found by their words, and by names that are nearly right."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector
from django.db import migrations

# As for people: a slip in a short word leaves less of its trigrams than the operator's own limit asks for.
RESEMBLING = """
CREATE FUNCTION marketplace_collections_resembling(wanted text, most integer) RETURNS TABLE (id bigint)
LANGUAGE sql STABLE SET pg_trgm.word_similarity_threshold = 0.45 AS $$
    SELECT shelf.id FROM marketplace_collection shelf
    WHERE shelf.is_public AND shelf.removed_at IS NULL AND shelf.model_count > 0 AND wanted <% shelf.name
    ORDER BY word_similarity(wanted, shelf.name) DESC, shelf.followers DESC, shelf.id
    LIMIT most
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("marketplace", "0019_search_suggestion")]

    operations = [
        migrations.AddIndex(
            model_name="collection",
            index=GinIndex(
                SearchVector("name", "description", config="marketplace_words"), name="collection_words"
            ),
        ),
        migrations.AddIndex(
            model_name="collection",
            index=GinIndex(OpClass("name", name="gin_trgm_ops"), name="collection_names"),
        ),
        migrations.RunSQL(RESEMBLING, "DROP FUNCTION marketplace_collections_resembling(text, integer)"),
    ]
