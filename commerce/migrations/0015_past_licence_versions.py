"""What was sold before the version of a licence was kept was sold under the one that holds now: there was no other."""

from django.db import migrations

FILL = """
UPDATE commerce_transaction
    SET license_version = CASE WHEN license IN ('cc_by', 'cc_by_sa', 'cc_by_nc') THEN '4.0' ELSE '1.0' END
    WHERE license_version = ''
"""


class Migration(migrations.Migration):
    dependencies = [("commerce", "0014_papers")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
