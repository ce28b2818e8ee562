"""People are found by their names: the names as one searchable text, its index, and names that are nearly so."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import migrations, models

from accounts.models.names import FoldedNames

# `unaccent` counts as stable because its dictionary might be changed; ours is not.
NAMES = """
CREATE FUNCTION accounts_names(username text, full_name text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN rtrim(regexp_replace(
    ' ' || lower(unaccent('unaccent'::regdictionary, username || ' ' || full_name)), '[^[:alnum:]]+', ' ', 'g'));
"""
# Two letters that changed places in a name of five leave half of its trigrams: less than the operator's own limit.
RESEMBLING = """
CREATE FUNCTION accounts_people_resembling(wanted text, most integer) RETURNS TABLE (id bigint)
LANGUAGE sql STABLE SET pg_trgm.word_similarity_threshold = 0.45 AS $$
    SELECT person.id FROM accounts_user person
    WHERE person.is_active AND wanted <% accounts_names(person.username, person.full_name)
    ORDER BY word_similarity(wanted, accounts_names(person.username, person.full_name)) DESC,
        person.total_sales DESC, person.id
    LIMIT most
$$;
"""


class Migration(migrations.Migration):
    # The marketplace brings the extensions unaccent and pg_trgm; whoever takes them away takes this away first.
    dependencies = [
        ("accounts", "0006_account_deletion"),
        ("marketplace", "0011_trigram_and_vector_extensions"),
    ]

    operations = [
        migrations.RunSQL(NAMES, "DROP FUNCTION accounts_names(text, text)"),
        migrations.AddIndex(
            model_name="user",
            index=GinIndex(
                OpClass(FoldedNames(), name="gin_trgm_ops"),
                condition=models.Q(("is_active", True)),
                name="user_names",
            ),
        ),
        migrations.RunSQL(RESEMBLING, "DROP FUNCTION accounts_people_resembling(text, integer)"),
    ]
