"""What commerce writes into a model's row of the day."""

from datetime import UTC, datetime

from django.core.cache import cache
from django.db.models import F
from django.utils import timezone

from marketplace.models import DailyStats, Model3D
from marketplace.statistics import visitor

DAY_SECONDS = 24 * 3600


def count_for_day(model_id: int, at: datetime, **amounts) -> None:
    """Add `amounts` (by field of `DailyStats`) to the model's day (UTC) of the moment `at`."""
    day = at.astimezone(UTC).date()
    DailyStats.objects.get_or_create(model_id=model_id, day=day)
    DailyStats.objects.filter(model_id=model_id, day=day).update(
        **{name: F(name) + amount for name, amount in amounts.items()}
    )


def count_cart(model: Model3D, request) -> None:
    """Who asks has put the model into their cart: counted once a visitor and day, however often they do it."""
    now = timezone.now()
    name = visitor(request, now.astimezone(UTC).date())
    if cache.add(f"commerce:cart-counted:{model.pk}:{name}", 1, timeout=DAY_SECONDS):
        count_for_day(model.pk, now, carts=1)
