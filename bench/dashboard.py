"""The dashboard of a creator with 1,000,000 sales against that of one with 1,000, in one run, on embedded PostgreSQL.

    python -m bench.dashboard [--sales 1000000] [--rounds 30]

Both lie in one database of its own, filled by SQL with two years of sales, purchases, ledger, days, reviews and
followers. Each page is asked in turn for the one and for the other, since a busy machine slows both; before each
request the cache is emptied. A request is the whole of it, from the address to the last byte of the page, through
Django's middleware, without a network. Exit code 1 where the 95th percentile takes over twice as long for the large
one.
"""

import argparse
import sys
import time
from datetime import timedelta
from decimal import Decimal

from bench.percentiles import print_head, print_row
from bench.scratch import scratch_site

MAX_RATIO = 2.0
DAYS = 730
SMALL = 1_000
# A model is bought once a person: so many buyers, and as many models as that needs.
BUYERS, SMALL_BUYERS = 2_000, 20
# One sale in so many is reviewed.
REVIEWED = 50
PAGES = {
    "30 days": "/dashboard/",
    "1 year": "/dashboard/?days=365",
    "all": "/dashboard/?days=all",
    "financials": "/dashboard/financials/",
}

# Which buyer has which model, when (the same in every run), and the key of all that belongs to it.
_SOLD = """
CREATE TEMPORARY TABLE sold AS
SELECT %(first)s + row_number() OVER () AS id, buyer, model, %(seller)s::bigint AS seller,
    now() - interval '1 hour' - (hashint8(buyer * 7919 + model) & 65535) / 65536.0 * interval '{days} days' AS at
FROM unnest(%(buyers)s::bigint[]) buyer CROSS JOIN unnest(%(models)s::bigint[]) model
LIMIT %(count)s
"""
_DAYS = """
INSERT INTO marketplace_dailystats (model_id, day, views, likes, downloads, carts, sales, revenue)
SELECT every.model, every.day, 20 + (hashint8(every.model + (every.day - '2000-01-01'::date)) & 31), 2,
    coalesce(sales, 0) * 2, coalesce(sales, 0) * 3, coalesce(sales, 0), coalesce(sales, 0) * 12
FROM (
    SELECT model, day::date AS day
    FROM unnest(%(models)s::bigint[]) model, generate_series(now() - interval '{days} days', now(), '1 day') day
) every
LEFT JOIN (SELECT model, (at AT TIME ZONE 'UTC')::date AS day, count(*) AS sales FROM sold GROUP BY 1, 2) sums
    ON sums.model = every.model AND sums.day = every.day
"""


def insert(table, source: str, **values: str) -> None:
    """Rows of a model: `values` are SQL over the rows of `source`, all other columns are as Django makes them."""
    from django.db import connection, models

    columns, expressions, parameters = [], [], []
    for field in table._meta.concrete_fields:
        given = values.get(field.name)
        if field.generated or (given is None and (field.has_db_default() or field.primary_key)):
            continue
        columns.append(connection.ops.quote_name(field.column))
        if given is not None:
            expressions.append(given)
        elif isinstance(field, models.DateTimeField) and not field.null:
            expressions.append("now()")
        elif isinstance(field, models.UUIDField):
            expressions.append("gen_random_uuid()")
        else:
            default = None if field.null and not field.has_default() else field.get_default()
            expressions.append("%s")
            parameters.append(field.get_db_prep_save(default, connection))
    into = f"INSERT INTO {table._meta.db_table} ({', '.join(columns)})"
    sql = f"{into} SELECT {', '.join(expressions)} FROM {source}"  # noqa: S608 (written here)
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def people(prefix: str, count: int, **fields) -> list:
    """Who has been here for long: new accounts may write only so much."""
    from django.utils import timezone

    from accounts.models import User

    made = User.objects.bulk_create(
        User(username=f"{prefix}{number}", email=f"{prefix}{number}@bench.invalid", **fields)
        for number in range(count)
    )
    long_ago = timezone.now() - timedelta(days=400)
    for person in made:
        person.created_at = long_ago
    User.objects.filter(pk__in=[person.pk for person in made]).update(created_at=long_ago)
    return made


def load(count: int):
    """The two creators, the large one first."""
    from django.db import connection, transaction

    from commerce.models import LedgerEntry, LedgerMovement, Order, Purchase, Review, Transaction
    from config.scale.bare import bare

    buyers = [person.pk for person in people("buyer", BUYERS)]
    large, small = people("creator", 2, user_type="creator", bio="Makes chairs.")
    tables = (Order, Transaction, Purchase, LedgerMovement, LedgerEntry, Review)
    with transaction.atomic(), bare(tables, say=lambda line: None):
        _sell(large, buyers, count, first=0)
        _sell(small, buyers[:SMALL_BUYERS], SMALL, first=count)
    for creator, fans in ((large, buyers), (small, buyers[:SMALL_BUYERS])):
        _surround(creator, fans)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return large, small


def _sell(seller, buyers: list[int], count: int, *, first: int) -> None:
    from django.db import connection

    from commerce.models import LedgerEntry, LedgerMovement, Order, Purchase, Review, Transaction
    from marketplace.models import Model3D

    models = Model3D.objects.bulk_create(
        Model3D(creator=seller, title=f"Chair {number}", price=Decimal(12))
        for number in range(-(-count // len(buyers)))
    )
    keys = {"models": [model.pk for model in models], "buyers": buyers}
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS sold")
        cursor.execute(_SOLD.format(days=DAYS), {**keys, "first": first, "count": count, "seller": seller.pk})
        cursor.execute("ANALYZE sold")
        cursor.execute(_DAYS.format(days=DAYS), keys)
    dated = {"created_at": "at", "updated_at": "at"}
    paid = {**dated, "completed_at": "at"}
    insert(
        Order, "sold", id="id", buyer="buyer", status="'completed'", currency="'USD'", subtotal="12", total="12",
        terms_accepted_at="at", **paid,
    )  # fmt: skip
    insert(
        Transaction, "sold", id="id", order="id", buyer="buyer", seller="seller", model="model", title="'Chair'",
        license="'royalty_free'", amount="12", platform_fee="0.90", seller_amount="11.10", payment_method="'card'",
        payment_status="'completed'", **paid,
    )  # fmt: skip
    insert(Purchase, "sold", id="id", user="buyer", model="model", transaction="id", created_at="at")
    insert(
        LedgerMovement, "sold", id="id", key="'sale:' || id", kind="'sale'", transaction="id", created_at="at"
    )
    for account, owner, amount in (
        ("buyer", "buyer", "-12"),
        ("fee", "NULL::bigint", "0.90"),
        ("seller", "seller", "11.10"),
    ):
        waits = "at + interval '7 days'" if account == "seller" else "NULL::timestamptz"
        insert(
            LedgerEntry, "sold", movement="id", account=f"'{account}'", owner=owner, amount=amount, currency="'USD'",
            available_at=waits, created_at="at",
        )  # fmt: skip
    insert(
        Review, f"sold WHERE mod(id, {REVIEWED}) = 0", purchase="id", author="buyer", model="model", creator="seller",
        rating="1 + mod(id / 50, 5)", body="'Good.'", **dated,
    )  # fmt: skip


def _surround(creator, fans: list[int]) -> None:
    """Followers, what the person was told, and the sums of their figures."""
    from accounts.entitlements import entitle, everybodys_limits
    from accounts.models import Follow, Notification, User

    Follow.objects.bulk_create(Follow(follower_id=fan, followed=creator) for fan in fans)
    Notification.objects.bulk_create(
        Notification(user=creator, kind="comment", title="commented on “Chair”", link="/", actor_id=fan)
        for fan in fans
    )
    sales = creator.sale_transactions.count()
    User.objects.filter(pk=creator.pk).update(total_sales=sales, rating="3", rating_count=sales // REVIEWED)
    limits = everybodys_limits()
    entitle(user=creator, limits=type(limits)(**{**vars(limits), "analytics_days": 1095}))


def ask(client, address: str) -> float:
    from django.core.cache import cache

    cache.clear()
    started = time.perf_counter()
    response = client.get(address, headers={"host": "localhost", "user-agent": "Mozilla/5.0 (bench)"})
    taken = time.perf_counter() - started
    assert response.status_code == 200, f"{address}: {response.status_code}"
    return taken


def measure(large, small, rounds: int) -> bool:
    """Prints each page; whether all are within bounds."""
    from django.conf import settings
    from django.test import Client

    clients = {}
    for creator in (small, large):
        clients[creator] = Client()
        clients[creator].force_login(creator, backend=settings.AUTHENTICATION_BACKENDS[0])
    passed = True
    print_head("1,000")
    for name, address in PAGES.items():
        taken = {creator: [] for creator in clients}
        for number in range(rounds + 3):
            for creator, client in clients.items():
                seconds = ask(client, address)
                if number >= 3:
                    taken[creator].append(seconds)
        passed &= print_row(name, taken[small], taken[large], at_most=MAX_RATIO)
    return passed


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sales", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=30)
    options = parser.parse_args()
    with scratch_site():
        from django.core.management import call_command

        from commerce.ledger.checkpoints import take_checkpoints
        from marketplace.creator_days import sum_up_days

        call_command("collectstatic", interactive=False, verbosity=0)
        started = time.monotonic()
        large, small = load(options.sales)
        print(
            f"{options.sales:,} and {SMALL:,} sales loaded in {time.monotonic() - started:.0f} s", flush=True
        )
        started = time.monotonic()
        days = sum_up_days()
        # As beat has taken them by then.
        take_checkpoints()
        print(
            f"{days:,} days of creators and the ledger summed up in {time.monotonic() - started:.1f} s",
            flush=True,
        )
        return 0 if measure(large, small, options.rounds) else 1


if __name__ == "__main__":
    sys.exit(main())
