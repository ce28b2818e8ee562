"""What somebody paid for a time with a plan can be given back, and may take the time with it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("commerce", "0025_disputed_budgets_and_plans")]

    operations = [
        migrations.AddField(
            model_name="refund",
            name="ends_plan",
            field=models.BooleanField(default=False, verbose_name="the plan ends with it"),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=models.Q(ends_plan=False) | models.Q(kind="plan"),
                name="refund_only_of_plan_ends_it",
            ),
        ),
    ]
