from datetime import timedelta

from django.db import migrations, models
from django.db.models import F, Q


def remember_suspensions(apps, schema_editor):
    """Which ones decisions have made so far: each begins with its decision; of one that was taken over, what runs."""
    Suspension = apps.get_model("accounts", "Suspension")
    decisions = apps.get_model("support", "ModerationDecision").objects.filter(
        measure="suspend", effects__contains=["suspended"], owner__isnull=False
    )
    for decision in decisions.order_by("pk"):
        theirs = Suspension.objects.filter(user=decision.owner_id)
        within = (decision.created_at, decision.created_at + timedelta(minutes=1))
        made = theirs.filter(by=decision.by_id, started_at__range=within).order_by("started_at").first()
        made = made or theirs.filter(lifted_at__isnull=True).first()
        if made is not None:
            decision.suspensions.add(made)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0022_news_kind"),
        ("support", "0004_campaigns"),
    ]

    operations = [
        migrations.AddField(
            model_name="moderationdecision",
            name="ends_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="moderationdecision",
            name="suspensions",
            field=models.ManyToManyField(
                blank=True, editable=False, related_name="moderation_decisions", to="accounts.suspension"
            ),
        ),
        migrations.AddConstraint(
            model_name="moderationdecision",
            constraint=models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(measure="suspend", ends_at__gt=F("created_at")),
                name="decision_only_suspensions_end",
            ),
        ),
        migrations.RunPython(remember_suspensions, migrations.RunPython.noop),
    ]
