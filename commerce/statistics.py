"""What commerce writes into a model's row of the day."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal

from django.core.cache import cache
from django.db import connection
from django.db.models import F
from django.utils import timezone

from marketplace.models import DailyStats, Model3D
from marketplace.statistics import visitor

DAY_SECONDS = 24 * 3600

# By ascending id, as everywhere (docs/decisions on locking).
_COUNT_SALES = """
WITH counted AS (
    UPDATE marketplace_model3d SET sales_count = sales_count + 1 WHERE id = ANY(%(models)s::bigint[])
)
INSERT INTO marketplace_dailystats AS known (model_id, day, views, likes, downloads, carts, sales, revenue)
SELECT sold.model_id, %(day)s, 0, 0, 0, 0, 1, sold.amount
FROM unnest(%(models)s::bigint[], %(amounts)s::numeric[]) AS sold (model_id, amount) ORDER BY sold.model_id
ON CONFLICT (model_id, day) DO UPDATE
    SET sales = known.sales + excluded.sales, revenue = known.revenue + excluded.revenue
"""


def count_for_day(model_id: int, at: datetime, **amounts) -> None:
    """Add `amounts` (by field of `DailyStats`) to the model's day (UTC) of the moment `at`."""
    day = at.astimezone(UTC).date()
    DailyStats.objects.get_or_create(model_id=model_id, day=day)
    DailyStats.objects.filter(model_id=model_id, day=day).update(
        **{name: F(name) + amount for name, amount in amounts.items()}
    )


def count_sales(amounts: Mapping[int, Decimal], at: datetime) -> None:
    """One sale more for each model, whose row the caller has locked, and of that amount for its day (UTC) of the moment
    `at`.
    """
    given = {"day": at.astimezone(UTC).date(), "models": list(amounts), "amounts": list(amounts.values())}
    with connection.prepared_cursor() as cursor:
        cursor.execute(_COUNT_SALES, given)


def count_cart(model: Model3D, request) -> None:
    """Who asks has put the model into their cart: counted once a visitor and day, however often they do it."""
    now = timezone.now()
    name = visitor(request, now.astimezone(UTC).date())
    if cache.add(f"commerce:cart-counted:{model.pk}:{name}", 1, timeout=DAY_SECONDS):
        count_for_day(model.pk, now, carts=1)
