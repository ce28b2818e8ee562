"""Keeping the small table of what is popular, from which suggestions come.

A field that answers while somebody types must not look at all models: it looks at the titles and tags of so many of
them as trend, are downloaded most, or are new.
"""

from django.db import connection, transaction

from core.locks import lock_until_commit
from marketplace.models import Model3D, SearchSuggestion

# So many of the first by each order.
MOST = 20_000
_ORDERS = (["-trending_score", "-pk"], ["-downloads", "-pk"])

# Titles and tags of one spelling are one row, with the model that is most popular; only what changed is written.
_RENEW = """
WITH popular AS MATERIALIZED (
    SELECT model.id, model.title,
        ln(1 + model.views / 20.0 + model.likes + 3 * model.downloads) + model.trending_score AS weight
    FROM marketplace_model3d model WHERE model.id = ANY(%(models)s)
), counted AS (
    SELECT 'title' AS kind, title AS text, weight, id AS model_id FROM popular
    UNION ALL
    SELECT 'phrase', tag.name, ln(1 + count(*)) + max(popular.weight) / 10, NULL
    FROM popular
    JOIN marketplace_model3d_tags link ON link.model3d_id = popular.id
    JOIN marketplace_tag tag ON tag.id = link.tag_id
    GROUP BY tag.id
), folded AS (
    SELECT kind, text, weight, model_id,
        left(btrim(regexp_replace(lower(unaccent(text)), '[^[:alnum:]]+', ' ', 'g')), 250) AS folded
    FROM counted
), fresh AS MATERIALIZED (
    SELECT DISTINCT ON (kind, folded) kind, text, folded, weight, model_id
    FROM folded WHERE folded <> '' ORDER BY kind, folded, weight DESC, model_id
), gone AS (
    DELETE FROM marketplace_searchsuggestion old
    WHERE NOT EXISTS (SELECT FROM fresh WHERE fresh.kind = old.kind AND fresh.folded = old.folded)
)
INSERT INTO marketplace_searchsuggestion AS kept (kind, text, folded, weight, model_id)
SELECT kind, text, folded, weight, model_id FROM fresh
ON CONFLICT (kind, folded) DO UPDATE
SET text = excluded.text, weight = excluded.weight, model_id = excluded.model_id
WHERE (kept.text, kept.weight, kept.model_id) IS DISTINCT FROM (excluded.text, excluded.weight, excluded.model_id)
"""


def renew_suggestions() -> int:
    """Make the table what is popular now; how many rows it has. Mature models have no place in it."""
    listed = Model3D.objects.listed()
    chosen = set()
    for models in (*(listed.order_by(*order) for order in _ORDERS), listed.newest_first()):
        chosen.update(models.values_list("pk", "is_mature")[:MOST])
    with transaction.atomic():
        # One renewal at a time: two would wait for each other's rows.
        lock_until_commit("marketplace:suggestions")
        with connection.cursor() as cursor:
            cursor.execute(_RENEW, {"models": [pk for pk, is_mature in chosen if not is_mature]})
        return SearchSuggestion.objects.count()
