"""Let the planner know that a sample of the models is a small part of them: of partial indexes it keeps no figures."""

from django.db import migrations

CREATE = """
CREATE STATISTICS marketplace_model3d_sample ON (hashint8(id)) FROM marketplace_model3d;
ANALYZE marketplace_model3d;
"""


class Migration(migrations.Migration):
    dependencies = [("marketplace", "0021_saved_search")]

    operations = [migrations.RunSQL(CREATE, "DROP STATISTICS marketplace_model3d_sample")]
