"""What commerce writes into a model's row of the day."""

from datetime import UTC, datetime

from django.db.models import F

from marketplace.models import DailyStats


def count_for_day(model_id: int, at: datetime, **amounts) -> None:
    """Add `amounts` (by field of `DailyStats`) to the model's day (UTC) of the moment `at`."""
    day = at.astimezone(UTC).date()
    DailyStats.objects.get_or_create(model_id=model_id, day=day)
    DailyStats.objects.filter(model_id=model_id, day=day).update(
        **{name: F(name) + amount for name, amount in amounts.items()}
    )
