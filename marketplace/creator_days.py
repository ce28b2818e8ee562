"""The days of creators, summed up from those of their models.

Sales, likes and views write the rows of their models alone. Were they to write their creators' too, everybody who sells
for the same creator would wait for the others, and two baskets of two creators' models could wait for each other for
ever. So a trigger only notes which day of whom has changed, and each minute the noted days are summed anew.
"""

from django.db import connection, transaction

from core.locks import lock_until_commit

LOCK = "marketplace.creator-days"
# So many notes are taken at a time.
BATCH = 20_000

# Of one statement all parts see the same moment: a change is either in the sums, or its note is still to be taken.
_SUM_UP = """
WITH taken AS (
    DELETE FROM marketplace_figurechange
    WHERE id IN (SELECT id FROM marketplace_figurechange ORDER BY id LIMIT %(batch)s)
    RETURNING creator_id, day
), noted AS (
    SELECT DISTINCT taken.creator_id, taken.day FROM taken
    JOIN accounts_user person ON person.id = taken.creator_id
), sums AS (
    SELECT noted.creator_id, noted.day,
        coalesce(sum(stats.views), 0) AS views, coalesce(sum(stats.likes), 0) AS likes,
        coalesce(sum(stats.downloads), 0) AS downloads, coalesce(sum(stats.carts), 0) AS carts,
        coalesce(sum(stats.sales), 0) AS sales, coalesce(sum(stats.revenue), 0) AS revenue
    FROM noted
    LEFT JOIN marketplace_model3d model ON model.creator_id = noted.creator_id
    LEFT JOIN marketplace_dailystats stats ON stats.model_id = model.id AND stats.day = noted.day
    GROUP BY noted.creator_id, noted.day
), by_source AS (
    SELECT noted.creator_id, noted.day, source.source, sum(source.views) AS views
    FROM noted
    JOIN marketplace_model3d model ON model.creator_id = noted.creator_id
    JOIN marketplace_dailysource source ON source.model_id = model.id AND source.day = noted.day
    GROUP BY noted.creator_id, noted.day, source.source
), sources AS (
    SELECT creator_id, day, jsonb_object_agg(source, views) AS sources FROM by_source GROUP BY creator_id, day
), written AS (
    INSERT INTO marketplace_creatorday
        (creator_id, day, views, likes, downloads, carts, sales, revenue, sources)
    SELECT creator_id, day, views, likes, downloads, carts, sales, revenue, coalesce(sources, '{}')
    FROM sums LEFT JOIN sources USING (creator_id, day)
    ON CONFLICT (creator_id, day) DO UPDATE SET
        views = excluded.views, likes = excluded.likes, downloads = excluded.downloads,
        carts = excluded.carts, sales = excluded.sales, revenue = excluded.revenue, sources = excluded.sources
)
SELECT count(*) FROM taken
"""
_NOTE_ALL = """
INSERT INTO marketplace_figurechange (creator_id, day)
SELECT DISTINCT model.creator_id, stats.day
FROM marketplace_dailystats stats JOIN marketplace_model3d model ON model.id = stats.model_id
"""


def sum_up_days() -> int:
    """Sum anew the days that have changed; how many notes of changes there were. Runs one at a time."""
    total = 0
    while True:
        with transaction.atomic():
            lock_until_commit(LOCK)
            with connection.cursor() as cursor:
                cursor.execute(_SUM_UP, {"batch": BATCH})
                (taken,) = cursor.fetchone()
        total += taken
        if taken < BATCH:
            return total


def sum_up_all_days() -> int:
    """The same for every day there is: after a load that went past the triggers."""
    with connection.cursor() as cursor:
        cursor.execute(_NOTE_ALL)
    return sum_up_days()
