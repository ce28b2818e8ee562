"""The audit log cannot be changed, not even by who may do everything in the console; names of who is gone can go."""

from django.db import migrations, models

APPEND_ONLY = """
CREATE FUNCTION core_audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE'
        AND NEW.id = OLD.id AND NEW.action = OLD.action AND NEW.object_id = OLD.object_id
        AND NEW.created_at = OLD.created_at
        AND (NEW.actor_id IS NULL OR NEW.actor_id IS NOT DISTINCT FROM OLD.actor_id)
        AND (NEW.content_type_id IS NULL OR NEW.content_type_id IS NOT DISTINCT FROM OLD.content_type_id)
        AND (NEW.data = OLD.data OR NEW.data = '{"erased": true}'::jsonb)
        AND (NEW.object_repr = OLD.object_repr OR NEW.object_repr ~ '^deleted-[0-9a-f]{16}$')
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'entries of the audit log are never changed or deleted'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'audit_append_only', TABLE = TG_TABLE_NAME;
END $$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON core_auditentry
    FOR EACH ROW EXECUTE FUNCTION core_audit_append_only();
"""
NO_APPEND_ONLY = """
DROP TRIGGER audit_append_only ON core_auditentry;
DROP FUNCTION core_audit_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0003_mail_unsubscribe_url")]

    operations = [
        migrations.RunSQL(APPEND_ONLY, NO_APPEND_ONLY),
        migrations.AlterModelOptions(
            name="auditentry",
            options={
                "permissions": [("export_lists", "Can take lists of the console away as files")],
                "verbose_name_plural": "audit entries",
            },
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(fields=["action", "-created_at"], name="audit_by_action"),
        ),
        migrations.AddIndex(
            model_name="outgoingmail",
            index=models.Index(
                condition=models.Q(("status", "failed")), fields=["created_at"], name="mail_failed"
            ),
        ),
    ]
