"""Courses are found by titles that are nearly right."""

from django.db import migrations

# As for posts, people and collections.
RESEMBLING = """
CREATE FUNCTION blog_courses_resembling(wanted text, most integer) RETURNS TABLE (id bigint)
LANGUAGE sql STABLE SET pg_trgm.word_similarity_threshold = 0.45 AS $$
    SELECT course.id FROM blog_course course
    WHERE course.status = 'published' AND wanted <% course.title
    ORDER BY word_similarity(wanted, course.title) DESC, course.published_at DESC, course.id
    LIMIT most
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("blog", "0003_courses")]

    operations = [migrations.RunSQL(RESEMBLING, "DROP FUNCTION blog_courses_resembling(text, integer)")]
