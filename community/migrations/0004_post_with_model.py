from django.db import migrations, models


class Migration(migrations.Migration):
    """A post says that it came with a model, also when the model is gone."""

    dependencies = [("community", "0003_messages")]

    operations = [
        migrations.AddField(
            model_name="communitypost",
            name="with_model",
            field=models.BooleanField(default=False, editable=False),
        )
    ]
