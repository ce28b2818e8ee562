from django.db import migrations

RESEMBLING = """
CREATE FUNCTION community_communities_resembling(wanted text, most integer) RETURNS TABLE (id bigint)
LANGUAGE sql STABLE SET pg_trgm.word_similarity_threshold = 0.45 AS $$
    SELECT found.id FROM community_community found
    WHERE found.state = 'active' AND found.policy <> 'private' AND wanted <% found.name
    ORDER BY word_similarity(wanted, found.name) DESC, found.members_count DESC, found.id
    LIMIT most
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("community", "0001_initial")]

    operations = [
        migrations.RunSQL(RESEMBLING, "DROP FUNCTION community_communities_resembling(text, integer)")
    ]
