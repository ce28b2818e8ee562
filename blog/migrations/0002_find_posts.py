"""Posts are found by titles that are nearly right."""

from django.db import migrations

# As for people and collections.
RESEMBLING = """
CREATE FUNCTION blog_posts_resembling(wanted text, most integer) RETURNS TABLE (id bigint)
LANGUAGE sql STABLE SET pg_trgm.word_similarity_threshold = 0.45 AS $$
    SELECT post.id FROM blog_blogpost post
    WHERE post.status = 'published' AND wanted <% post.title
    ORDER BY word_similarity(wanted, post.title) DESC, post.published_at DESC, post.id
    LIMIT most
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [migrations.RunSQL(RESEMBLING, "DROP FUNCTION blog_posts_resembling(text, integer)")]
