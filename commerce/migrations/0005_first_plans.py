"""The three plans that the site starts with; from then on they are the operators' own."""

from decimal import Decimal

from django.db import migrations

GB = 1024**3
FIRST_PLANS = [
    {
        "slug": "free",
        "name": "Free",
        "tagline": "Buy, collect, and sell your first models.",
        "features": "Every model measured and looked at by a person\nThe same fee as with every plan",
        "rank": 10,
        "price_monthly": Decimal("0.00"),
        "price_yearly": Decimal("0.00"),
    },
    {
        "slug": "pro",
        "name": "Pro",
        "tagline": "For creators who publish regularly.",
        "features": "Everything in Free\nProceeds are yours sooner",
        "rank": 20,
        "price_monthly": Decimal("12.00"),
        "price_yearly": Decimal("120.00"),
        "trial_days": 14,
        "max_upload_bytes": 1 * GB,
        "storage_bytes": 100 * GB,
        "private_models": 25,
        "analytics_days": 365,
        "hold_days": 5,
    },
    {
        "slug": "studio",
        "name": "Studio",
        "tagline": "For teams with large scenes and a back catalogue.",
        "features": "Everything in Pro\nThe largest files that the site takes",
        "rank": 30,
        "price_monthly": Decimal("39.00"),
        "price_yearly": Decimal("390.00"),
        "trial_days": 14,
        "max_upload_bytes": 2 * GB,
        "storage_bytes": 500 * GB,
        "private_models": 250,
        "analytics_days": 1095,
        "hold_days": 3,
    },
]


def make_plans(apps, schema_editor):
    Plan = apps.get_model("commerce", "Plan")
    for plan in FIRST_PLANS:
        Plan.objects.get_or_create(slug=plan["slug"], defaults=plan)


def drop_plans(apps, schema_editor):
    apps.get_model("commerce", "Plan").objects.filter(
        slug__in=[plan["slug"] for plan in FIRST_PLANS]
    ).delete()


class Migration(migrations.Migration):
    dependencies = [("commerce", "0004_plans")]

    operations = [migrations.RunPython(make_plans, drop_plans)]
