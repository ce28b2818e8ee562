from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_terms_accepted_at"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="user",
            options={
                "permissions": [
                    ("moderate_user", "Can suspend and restore people and give the creator's badge")
                ]
            },
        ),
    ]
