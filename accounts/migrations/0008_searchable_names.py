"""The names by which people are found, kept in a column: making them for each row of a search took too long."""

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models

from accounts.models.names import FoldedNames

RESEMBLING = """
CREATE OR REPLACE FUNCTION accounts_people_resembling(wanted text, most integer) RETURNS TABLE (id bigint)
LANGUAGE sql STABLE SET pg_trgm.word_similarity_threshold = 0.45 AS $$
    SELECT person.id FROM accounts_user person
    WHERE person.is_active AND wanted <% {names}
    ORDER BY word_similarity(wanted, {names}) DESC, person.total_sales DESC, person.id
    LIMIT most
$$;
"""
BY_COLUMN = RESEMBLING.format(names="person.searchable_names")
BY_FUNCTION = RESEMBLING.format(names="accounts_names(person.username, person.full_name)")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_find_people")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="searchable_names",
            field=models.GeneratedField(
                db_persist=True, expression=FoldedNames(), output_field=models.TextField()
            ),
        ),
        migrations.AddIndex(
            model_name="user",
            index=GinIndex(
                condition=models.Q(("is_active", True)),
                fields=["searchable_names"],
                name="user_searchable_names",
                opclasses=["gin_trgm_ops"],
            ),
        ),
        migrations.RunSQL(BY_COLUMN, BY_FUNCTION),
        migrations.RemoveIndex(model_name="user", name="user_names"),
    ]
