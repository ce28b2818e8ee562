"""Views of models and other pages: gathered in Redis, added to the tables each minute, and what is trending by them.

Apps above have the views of their own pages counted too: they register a kind, and how its views are added.

A visitor counts once an hour a model; bots, prefetching browsers and the model's own creator never do. Of one network
address no more than some visitors count, or a script with a new name for its browser each time would lift a model.
"""

import functools
import ipaddress
import logging
import re
import uuid
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta

import redis
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Model
from django.utils import timezone
from django.utils.crypto import salted_hmac

from core.ratelimit import client_address
from marketplace.models import Collection, Model3D, ViewBatch
from marketplace.sources import source_of

logger = logging.getLogger(__name__)

ONCE_SECONDS = 3600
# People behind one address who count an hour and model: an office, say.
VISITORS_OF_ADDRESS = 20
PENDING, FLUSHING, BATCH = "views:pending", "views:flushing", "batch"
BATCH_KEPT = timedelta(days=2)

# Points a day's event gives; they halve every `HALF_LIFE_DAYS`.
VIEW_POINTS, LIKE_POINTS, DOWNLOAD_POINTS, SALE_POINTS = 1, 4, 6, 20
HALF_LIFE_DAYS = 2
TRENDING_DAYS = 7

_BOT = re.compile(
    r"bot\b|bot[/_-]|crawl|spider|slurp|archiver|preview|monitor|scan|fetch|facebookexternalhit|embedly|lighthouse"
    r"|curl|wget|python|httpx|aiohttp|okhttp|go-http|java/|libwww|ruby|perl|php|node|axios|postman|headless",
    re.IGNORECASE,
)

# In one step, so that a crash between the two neither loses nor doubles a view.
_COUNT_ONCE = """
if tonumber(redis.call('GET', KEYS[3]) or '0') >= tonumber(ARGV[3]) then return 0 end
if redis.call('SET', KEYS[1], 1, 'NX', 'EX', ARGV[1]) then
    if redis.call('INCR', KEYS[3]) == 1 then redis.call('EXPIRE', KEYS[3], ARGV[1]) end
    redis.call('HINCRBY', KEYS[2], ARGV[2], 1)
    return 1
end
return 0
"""
# A batch that an earlier run began and did not finish comes first.
_TAKE = """
if redis.call('EXISTS', KEYS[2]) == 0 then
    if redis.call('EXISTS', KEYS[1]) == 0 then return {} end
    redis.call('RENAME', KEYS[1], KEYS[2])
    redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
end
return redis.call('HGETALL', KEYS[2])
"""
_FORGET = "if redis.call('HGET', KEYS[1], ARGV[1]) == ARGV[2] then redis.call('DEL', KEYS[1]) end"


@functools.cache
def _counters() -> redis.Redis:
    return redis.Redis.from_url(
        settings.COUNTERS_REDIS_URL, socket_timeout=2, socket_connect_timeout=2, decode_responses=True
    )


def record_view(model: Model3D, request) -> bool:
    """Count the visit that `request` makes to the model's page; whether it counted.

    A page is shown even where Redis does not answer: the view is then lost, and logged.
    """
    if request.user.is_authenticated and request.user.pk == model.creator_id:
        return False
    return model.is_open_to_all and _count(str(model.pk), request, source=source_of(request))


def record_collection_view(collection: Collection, request) -> bool:
    """The same for the page of a collection."""
    if request.user.is_authenticated and request.user.pk == collection.owner_id:
        return False
    return collection.is_open_to_all and record_view_of("collection", collection.pk, request)


# How the views of a kind are added, given how many each row has more; returns how many were added.
Adder = Callable[[Mapping[int, int]], int]
_adders: dict[str, Adder] = {}


def count_views(kind: str, add: Adder) -> None:
    """From now on views of `kind` (small letters) can be recorded, and `add` is called with them in a transaction."""
    _adders[kind] = add


def record_view_of(kind: str, pk: int, request) -> bool:
    """Count the visit that `request` makes to the page of that row; whether it counted. The caller has asked who may.

    Names of other kinds than models, which have their number alone, begin with the kind.
    """
    return _count(f"{kind}-{pk}", request)


def _count(name: str, request, source: str = "") -> bool:
    if not _is_a_person_looking(request):
        return False
    today = timezone.now().astimezone(UTC).date()
    try:
        counted = _counters().eval(
            _COUNT_ONCE,
            3,
            f"views:seen:{name}:{visitor(request, today)}",
            PENDING,
            f"views:address:{name}:{_name(_network(request), today)}",
            ONCE_SECONDS,
            f"{name}:{today.isoformat()}" + (f":{source}" if source else ""),
            VISITORS_OF_ADDRESS,
        )
    except redis.RedisError:
        logger.exception("A view of %s was not counted.", name)
        return False
    return bool(counted)


def _is_a_person_looking(request) -> bool:
    if request.method != "GET":
        return False
    purpose = f"{request.headers.get('Sec-Purpose', '')} {request.headers.get('Purpose', '')}"
    if "prefetch" in purpose or request.headers.get("X-Moz") == "prefetch":
        return False
    agent = request.headers.get("User-Agent", "")
    return bool(agent) and not _BOT.search(agent)


def visitor(request, today: date) -> str:
    """A name for the visitor that cannot be turned back into an address, and is another one tomorrow."""
    if request.user.is_authenticated:
        identity = f"user {request.user.pk}"
    else:
        identity = f"{client_address(request)} {request.headers.get('User-Agent', '')}"
    return _name(identity, today)


def _network(request) -> str:
    """The visitor's address; of an IPv6 address the half that names the network, since a household has all the rest."""
    address = client_address(request)
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((parsed, 64), strict=False)) if parsed.version == 6 else address


def _name(identity: str, today: date) -> str:
    return salted_hmac("marketplace.statistics", f"{today.isoformat()} {identity}").hexdigest()[:24]


def flush_views() -> int:
    """Add the views gathered in Redis to the models and to the days' rows; how many were added.

    A batch leaves Redis only after it is in the database, and its row there tells a repeated run that it is: a crash
    at any point neither loses nor doubles views.
    """
    client = _counters()
    counts = _pairs(client.eval(_TAKE, 2, PENDING, FLUSHING, BATCH, str(uuid.uuid4())))
    if not counts:
        return 0
    batch = counts.pop(BATCH)
    with transaction.atomic():
        _, is_new = ViewBatch.objects.get_or_create(batch_id=batch)
        added = _add_views(counts) + _add_other_views(counts) if is_new else 0
    client.eval(_FORGET, 1, FLUSHING, BATCH, batch)
    ViewBatch.objects.filter(applied_at__lt=timezone.now() - BATCH_KEPT).delete()
    return added


def _pairs(flat: list[str]) -> dict[str, str]:
    return dict(zip(flat[::2], flat[1::2], strict=True))


_ADD_VIEWS = """
WITH told AS (
    SELECT * FROM unnest(%(models)s::bigint[], %(days)s::date[], %(sources)s::text[], %(counts)s::int[])
        AS told (model_id, day, source, views)
), given AS (
    SELECT model_id, day, sum(views)::int AS views FROM told GROUP BY model_id, day
), locked AS (
    -- In one order, so that two writers never wait for each other.
    SELECT id FROM marketplace_model3d WHERE id IN (SELECT model_id FROM given) ORDER BY id FOR UPDATE
), totals AS (
    UPDATE marketplace_model3d model SET views = model.views + sums.views
    FROM (SELECT model_id, sum(views) AS views FROM given GROUP BY model_id) sums
    WHERE model.id = sums.model_id AND model.id IN (SELECT id FROM locked)
), sources AS (
    INSERT INTO marketplace_dailysource AS stats (model_id, day, source, views)
    SELECT told.model_id, told.day, told.source, told.views FROM told JOIN locked ON locked.id = told.model_id
    WHERE told.source <> '' ORDER BY told.model_id, told.day, told.source
    ON CONFLICT (model_id, day, source) DO UPDATE SET views = stats.views + excluded.views
), days AS (
    INSERT INTO marketplace_dailystats AS stats (model_id, day, views, likes, downloads, sales, revenue)
    SELECT given.model_id, given.day, given.views, 0, 0, 0, 0 FROM given JOIN locked ON locked.id = given.model_id
    ORDER BY given.model_id, given.day
    ON CONFLICT (model_id, day) DO UPDATE SET views = stats.views + excluded.views
    RETURNING 1
)
SELECT coalesce(sum(given.views), 0) FROM given JOIN locked ON locked.id = given.model_id
"""


def _add_views(counts: dict[str, str]) -> int:
    """Add counts by `model:day:source`; those of models that no longer exist are dropped."""
    models, days, sources, numbers = [], [], [], []
    for name, count in counts.items():
        if not name[:1].isdecimal():
            continue
        # A view that was counted by the release before this one has no source.
        model, day, source = [*name.split(":"), ""][:3]
        models.append(int(model))
        days.append(date.fromisoformat(day))
        sources.append(source)
        numbers.append(int(count))
    with connection.cursor() as cursor:
        cursor.execute(_ADD_VIEWS, {"models": models, "days": days, "sources": sources, "counts": numbers})
        return cursor.fetchone()[0]


def _add_other_views(counts: dict[str, str]) -> int:
    """The same for the other kinds, which have no figures by day."""
    totals: dict[str, Counter[int]] = {}
    for name, count in counts.items():
        kind, _, pk = name.split(":", 1)[0].partition("-")
        if pk:
            totals.setdefault(kind, Counter())[int(pk)] += int(count)
    # A kind that nobody knows any more has nothing to be added to.
    return sum(_adders[kind](totals[kind]) for kind in sorted(totals) if kind in _adders)


def views_adder(model: type[Model]) -> Adder:
    """Adds to the field `views` of the rows of `model`, in one order, so that two writers never wait for each other."""

    def add(totals: Mapping[int, int]) -> int:
        added = 0
        for pk in sorted(totals):
            changed = model.objects.filter(pk=pk).update(views=F("views") + totals[pk])
            added += totals[pk] * changed
        return added

    return add


count_views("collection", views_adder(Collection))


_TRENDING = """
WITH scores AS (
    SELECT model_id, round(sum(
        (views * %(view)s + likes * %(like)s + downloads * %(download)s + sales * %(sale)s)
        * power(0.5, (%(today)s::date - day)::numeric / %(half_life)s))::numeric, 3)::double precision AS score
    FROM marketplace_dailystats WHERE day > %(today)s::date - %(days)s AND day <= %(today)s::date GROUP BY model_id
), changed AS (
    SELECT model.id, coalesce(scores.score, 0) AS score
    FROM marketplace_model3d model LEFT JOIN scores ON scores.model_id = model.id
    WHERE model.trending_score <> coalesce(scores.score, 0) ORDER BY model.id FOR UPDATE OF model
)
UPDATE marketplace_model3d model SET trending_score = changed.score FROM changed WHERE model.id = changed.id
"""


def refresh_trending(now: datetime | None = None) -> int:
    """Score every model by its last seven days, recent ones weighing more; how many scores changed."""
    with connection.cursor() as cursor:
        cursor.execute(
            _TRENDING,
            {
                "view": VIEW_POINTS,
                "like": LIKE_POINTS,
                "download": DOWNLOAD_POINTS,
                "sale": SALE_POINTS,
                "half_life": HALF_LIFE_DAYS,
                "days": TRENDING_DAYS,
                "today": (now or timezone.now()).astimezone(UTC).date(),
            },
        )
        return cursor.rowcount
