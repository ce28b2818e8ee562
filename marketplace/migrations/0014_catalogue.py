"""Whether a model is listed, as a column of its own that triggers keep, so that indexes can hold listed models alone.

Triggers rather than code, as for the search vector: it depends on two other tables, and any way of writing to them has
to be seen.
"""

from django.db import migrations, models

TRIGGERS = """
CREATE FUNCTION marketplace_model_catalogue() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    is_open boolean;
    is_active boolean;
BEGIN
    NEW.in_catalogue := NEW.status = 'approved' AND NEW.is_published AND NEW.visibility = 'public'
        AND NEW.removed_at IS NULL AND NEW.current_file_id IS NOT NULL AND NEW.category_id IS NOT NULL;
    IF NEW.in_catalogue AND TG_OP = 'UPDATE' AND OLD.in_catalogue
        AND NEW.category_id = OLD.category_id AND NEW.creator_id = OLD.creator_id
    THEN
        -- Whoever closes the category or the account meanwhile waits for this row, and then changes it.
        SELECT enabled INTO is_open FROM marketplace_category WHERE id = NEW.category_id;
        SELECT person.is_active INTO is_active FROM accounts_user person WHERE person.id = NEW.creator_id;
        NEW.in_catalogue := is_open AND is_active;
    ELSIF NEW.in_catalogue THEN
        -- They do not see a model that is about to come in, so this waits for them. Model, category, creator: the order
        -- in which the counts of listed models are locked.
        SELECT enabled INTO is_open FROM marketplace_category WHERE id = NEW.category_id FOR NO KEY UPDATE;
        SELECT person.is_active INTO is_active FROM accounts_user person WHERE person.id = NEW.creator_id
            FOR NO KEY UPDATE;
        NEW.in_catalogue := coalesce(is_open AND is_active, false);
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER model3d_catalogue BEFORE INSERT OR UPDATE OF status, is_published, visibility, removed_at,
    current_file_id, category_id, creator_id, in_catalogue
    ON marketplace_model3d FOR EACH ROW EXECUTE FUNCTION marketplace_model_catalogue();

CREATE FUNCTION marketplace_category_switched() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    WITH locked AS (
        SELECT id FROM marketplace_model3d
        WHERE category_id = NEW.id AND status = 'approved' AND in_catalogue <> NEW.enabled ORDER BY id FOR UPDATE
    )
    UPDATE marketplace_model3d model SET in_catalogue = NEW.enabled FROM locked WHERE model.id = locked.id;
    RETURN NULL;
END $$;

CREATE TRIGGER category_switched AFTER UPDATE OF enabled ON marketplace_category FOR EACH ROW
    WHEN (OLD.enabled IS DISTINCT FROM NEW.enabled) EXECUTE FUNCTION marketplace_category_switched();

CREATE FUNCTION marketplace_creator_switched() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    WITH locked AS (
        SELECT id FROM marketplace_model3d
        WHERE creator_id = NEW.id AND status = 'approved' AND in_catalogue <> NEW.is_active ORDER BY id FOR UPDATE
    )
    UPDATE marketplace_model3d model SET in_catalogue = NEW.is_active FROM locked WHERE model.id = locked.id;
    RETURN NULL;
END $$;

CREATE TRIGGER creator_switched AFTER UPDATE OF is_active ON accounts_user FOR EACH ROW
    WHEN (OLD.is_active IS DISTINCT FROM NEW.is_active) EXECUTE FUNCTION marketplace_creator_switched();
"""
DROP_TRIGGERS = """
DROP TRIGGER creator_switched ON accounts_user;
DROP TRIGGER category_switched ON marketplace_category;
DROP TRIGGER model3d_catalogue ON marketplace_model3d;
DROP FUNCTION marketplace_creator_switched();
DROP FUNCTION marketplace_category_switched();
DROP FUNCTION marketplace_model_catalogue();
"""

BATCH = 10_000
FILL = "UPDATE marketplace_model3d SET in_catalogue = true WHERE status = 'approved' AND id > %s AND id <= %s"


def fill(apps, schema_editor) -> None:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM marketplace_model3d")
        last = cursor.fetchone()[0]
        for start in range(0, last, BATCH):
            cursor.execute(FILL, [start, start + BATCH])


class Migration(migrations.Migration):
    dependencies = [("marketplace", "0013_measures_in_lists"), ("accounts", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="model3d",
            name="in_catalogue",
            field=models.BooleanField(
                default=False, editable=False, help_text="Whether every visitor may find it; for queries."
            ),
        ),
        migrations.RunSQL(TRIGGERS, DROP_TRIGGERS),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=False),
    ]
