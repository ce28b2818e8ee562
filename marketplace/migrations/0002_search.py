"""Full-text search of 3D models: the configurations, and triggers that keep `search_vector` true.

Triggers rather than code: a vector depends on four other tables, and any way of writing to them (admin, bulk load,
a command, plain SQL) has to be seen.
"""

from django.contrib.postgres.operations import UnaccentExtension
from django.db import migrations

CONFIGURATIONS = """
CREATE TEXT SEARCH CONFIGURATION marketplace_words (COPY = english);
ALTER TEXT SEARCH CONFIGURATION marketplace_words
    ALTER MAPPING FOR hword, hword_part, word WITH unaccent, english_stem;
-- Unstemmed and without stop words, for the beginning of a word that is still being typed, and for names.
CREATE TEXT SEARCH CONFIGURATION marketplace_prefixes (COPY = simple);
ALTER TEXT SEARCH CONFIGURATION marketplace_prefixes
    ALTER MAPPING FOR hword, hword_part, word WITH unaccent, simple;
"""
DROP_CONFIGURATIONS = """
DROP TEXT SEARCH CONFIGURATION marketplace_prefixes;
DROP TEXT SEARCH CONFIGURATION marketplace_words;
"""

VECTOR = """
CREATE FUNCTION marketplace_both(text) RETURNS tsvector LANGUAGE sql STABLE AS $$
    SELECT to_tsvector('marketplace_words', $1) || to_tsvector('marketplace_prefixes', $1)
$$;

CREATE FUNCTION marketplace_model_vector(
    model_id bigint, title text, description text, model_creator_id bigint, model_category_id bigint
) RETURNS tsvector LANGUAGE sql STABLE AS $$
    SELECT setweight(marketplace_both(title), 'A')
        || setweight(marketplace_both(coalesce(
            (SELECT string_agg(tag.name, ', ' ORDER BY tag.id)
             FROM marketplace_model3d_tags link JOIN marketplace_tag tag ON tag.id = link.tag_id
             WHERE link.model3d_id = model_id), '')), 'B')
        || setweight(marketplace_both(coalesce(
            (SELECT person.full_name || ', ' || person.username FROM accounts_user person
             WHERE person.id = model_creator_id), '')), 'C')
        || setweight(marketplace_both(coalesce(
            (SELECT category.name FROM marketplace_category category WHERE category.id = model_category_id), '')), 'C')
        || setweight(to_tsvector('marketplace_words', description), 'D')
$$;

CREATE FUNCTION marketplace_model_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.search_vector := marketplace_model_vector(
        NEW.id, NEW.title, NEW.description, NEW.creator_id, NEW.category_id);
    RETURN NEW;
END $$;

CREATE TRIGGER model3d_search_vector BEFORE INSERT OR UPDATE OF title, description, creator_id, category_id
    ON marketplace_model3d FOR EACH ROW EXECUTE FUNCTION marketplace_model_changed();

CREATE FUNCTION marketplace_refresh_vectors(model_ids bigint[]) RETURNS void LANGUAGE sql AS $$
    -- Locked in one order, so that two refreshes never wait for each other.
    WITH locked AS (
        SELECT id FROM marketplace_model3d WHERE id = ANY(model_ids) ORDER BY id FOR UPDATE
    )
    UPDATE marketplace_model3d model
    SET search_vector = marketplace_model_vector(
        model.id, model.title, model.description, model.creator_id, model.category_id)
    FROM locked WHERE model.id = locked.id
$$;

CREATE FUNCTION marketplace_model_tags_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM marketplace_refresh_vectors(ARRAY(SELECT DISTINCT model3d_id FROM changed));
    RETURN NULL;
END $$;

CREATE TRIGGER model3d_tags_added AFTER INSERT ON marketplace_model3d_tags
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION marketplace_model_tags_changed();
CREATE TRIGGER model3d_tags_taken AFTER DELETE ON marketplace_model3d_tags
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION marketplace_model_tags_changed();

CREATE FUNCTION marketplace_tag_renamed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM marketplace_refresh_vectors(
        ARRAY(SELECT model3d_id FROM marketplace_model3d_tags WHERE tag_id = NEW.id));
    RETURN NULL;
END $$;

CREATE TRIGGER tag_renamed AFTER UPDATE OF name ON marketplace_tag FOR EACH ROW
    WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION marketplace_tag_renamed();

CREATE FUNCTION marketplace_category_renamed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM marketplace_refresh_vectors(ARRAY(SELECT id FROM marketplace_model3d WHERE category_id = NEW.id));
    RETURN NULL;
END $$;

CREATE TRIGGER category_renamed AFTER UPDATE OF name ON marketplace_category FOR EACH ROW
    WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION marketplace_category_renamed();

CREATE FUNCTION marketplace_creator_renamed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM marketplace_refresh_vectors(ARRAY(SELECT id FROM marketplace_model3d WHERE creator_id = NEW.id));
    RETURN NULL;
END $$;

CREATE TRIGGER creator_renamed AFTER UPDATE OF username, full_name ON accounts_user FOR EACH ROW
    WHEN ((OLD.username, OLD.full_name) IS DISTINCT FROM (NEW.username, NEW.full_name))
    EXECUTE FUNCTION marketplace_creator_renamed();
"""
DROP_VECTOR = """
DROP TRIGGER creator_renamed ON accounts_user;
DROP TRIGGER category_renamed ON marketplace_category;
DROP TRIGGER tag_renamed ON marketplace_tag;
DROP TRIGGER model3d_tags_taken ON marketplace_model3d_tags;
DROP TRIGGER model3d_tags_added ON marketplace_model3d_tags;
DROP TRIGGER model3d_search_vector ON marketplace_model3d;
DROP FUNCTION marketplace_creator_renamed();
DROP FUNCTION marketplace_category_renamed();
DROP FUNCTION marketplace_tag_renamed();
DROP FUNCTION marketplace_model_tags_changed();
DROP FUNCTION marketplace_refresh_vectors(bigint[]);
DROP FUNCTION marketplace_model_changed();
DROP FUNCTION marketplace_model_vector(bigint, text, text, bigint, bigint);
DROP FUNCTION marketplace_both(text);
"""

FILL = "SELECT marketplace_refresh_vectors(ARRAY(SELECT id FROM marketplace_model3d))"


class Migration(migrations.Migration):
    dependencies = [("marketplace", "0001_initial"), ("accounts", "0001_initial")]

    operations = [
        UnaccentExtension(),
        migrations.RunSQL(CONFIGURATIONS, DROP_CONFIGURATIONS),
        migrations.RunSQL(VECTOR, DROP_VECTOR),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
