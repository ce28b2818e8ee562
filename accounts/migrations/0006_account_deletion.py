"""Deleting accounts: when it began, and on the account until when it can be taken back and since when it is nobody's."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_people")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="deletion_due_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="user",
            name="deleted_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="accountdeletion",
            name="started_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddConstraint(
            model_name="accountdeletion",
            constraint=models.CheckConstraint(
                condition=models.Q(("done_at__isnull", True), ("started_at__isnull", False), _connector="OR"),
                name="deletion_done_was_started",
            ),
        ),
    ]
