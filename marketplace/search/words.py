"""The words that models have: counted by beat, to correct what is mistyped and to complete what is begun."""

import unicodedata
from itertools import chain

from django.db import connection, transaction

from marketplace.models import SearchWord

# Words of fewer letters are too near to too many others.
SHORTEST = 4
# From this length on two letters may be wrong, below only one.
LONG = 7
MAX_WORDS = 12
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"

_COUNT = """
INSERT INTO marketplace_searchword (word, model_count)
SELECT word, sum(models) FROM (
    SELECT word, ndoc AS models FROM ts_stat($titles$
        SELECT to_tsvector('marketplace_prefixes', title) FROM marketplace_model3d WHERE in_catalogue
    $titles$)
    UNION ALL
    SELECT word, sum(links.models) FROM (
        SELECT link.tag_id, count(*) AS models FROM marketplace_model3d_tags link
        JOIN marketplace_model3d model ON model.id = link.model3d_id AND model.in_catalogue GROUP BY link.tag_id
    ) links JOIN marketplace_tag tag ON tag.id = links.tag_id,
    unnest(tsvector_to_array(to_tsvector('marketplace_prefixes', tag.name))) word GROUP BY word
    UNION ALL
    SELECT word, sum(made.models) FROM (
        SELECT creator_id, count(*) AS models FROM marketplace_model3d WHERE in_catalogue GROUP BY creator_id
    ) made JOIN accounts_user person ON person.id = made.creator_id,
    unnest(tsvector_to_array(
        to_tsvector('marketplace_prefixes', person.full_name || ', ' || person.username))) word GROUP BY word
    UNION ALL
    SELECT word, sum(kept.models) FROM (
        SELECT category_id, count(*) AS models FROM marketplace_model3d WHERE in_catalogue GROUP BY category_id
    ) kept JOIN marketplace_category category ON category.id = kept.category_id,
    unnest(tsvector_to_array(to_tsvector('marketplace_prefixes', category.name))) word GROUP BY word
) found WHERE length(word) BETWEEN 2 AND 60 AND word ~ '^[[:alpha:]]' GROUP BY word
"""

_CANDIDATES = """
SELECT asked.word, near.word, near.model_count FROM unnest(%(words)s::text[]) asked (word)
CROSS JOIN LATERAL (
    SELECT word, model_count FROM marketplace_searchword WHERE word %% asked.word
    ORDER BY similarity(word, asked.word) DESC, model_count DESC, word LIMIT 10
) near
UNION
SELECT variant.asked, known.word, known.model_count
FROM unnest(%(asked)s::text[], %(variants)s::text[]) variant (asked, word)
JOIN marketplace_searchword known ON known.word = variant.word
"""


def refresh_words() -> int:
    """Count all words anew; how many there are. Readers see the old ones until it is done."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE marketplace_searchword IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute("DELETE FROM marketplace_searchword")
        cursor.execute(_COUNT)
        return cursor.rowcount


def forget_words(text: str) -> None:
    """The words of `text` are offered to nobody, until the next count finds them in a model again."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM marketplace_searchword"
            " WHERE word = ANY(tsvector_to_array(to_tsvector('marketplace_prefixes', %s)))",
            [text],
        )


def words_beginning(beginning: str, limit: int) -> list[str]:
    """Words that begin so, those of most models first."""
    plain = _plain(beginning)
    if not plain:
        return []
    known = SearchWord.objects.filter(word__startswith=plain).order_by("-model_count", "word")
    return list(known.values_list("word", flat=True)[:limit])


def corrected(text: str) -> str | None:
    """`text` with each word that no model has put right, where one is known that it may have been meant as.

    None where nothing is to be put right. One query.
    """
    parts = text.split()
    asked = {plain for part in parts if (plain := _plain(part)).isalnum() and len(plain) >= SHORTEST}
    if not asked or len(parts) > MAX_WORDS:
        return None
    best = _best(sorted(asked))
    changed = [best.get(_plain(part)) or part for part in parts]
    return " ".join(changed) if changed != parts and any(map(best.get, asked)) else None


def _best(words: list[str]) -> dict[str, str]:
    """For each word that is not known the most likely one, where there is one near enough."""
    variants = [(word, variant) for word in words for variant in chain([word], _one_off(word))]
    parameters = {
        "words": words,
        "asked": [word for word, _ in variants],
        "variants": [variant for _, variant in variants],
    }
    ranked: dict[str, list[tuple]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_CANDIDATES, parameters)
        for word, candidate, models in cursor.fetchall():
            distance = edits(word, candidate)
            if distance <= (2 if len(word) >= LONG else 1):
                ranked.setdefault(word, []).append((distance, -models, candidate))
    nearest = {word: min(candidates) for word, candidates in ranked.items()}
    # What is known is taken at its word.
    return {word: candidate for word, (distance, _, candidate) in nearest.items() if distance}


def _one_off(word: str) -> set[str]:
    """All that is one letter less, more or other, or has two neighbours swapped; trigrams miss many of these."""
    word = word[:40]
    parts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    found = {left + right[1:] for left, right in parts if right}
    found |= {left + right[1] + right[0] + right[2:] for left, right in parts if len(right) > 1}
    found |= {left + letter + right[1:] for left, right in parts if right for letter in LETTERS}
    return found | {left + letter + right for left, right in parts for letter in LETTERS}


def edits(one: str, other: str) -> int:
    """How many letters have to be added, taken away, replaced or swapped with their neighbour."""
    before, row = [], list(range(len(other) + 1))
    for place, letter in enumerate(one, 1):
        row, before, last = [place], row, before
        for at, target in enumerate(other, 1):
            cost = min(before[at] + 1, row[at - 1] + 1, before[at - 1] + (letter != target))
            if place > 1 and at > 1 and letter == other[at - 2] and one[place - 2] == target:
                cost = min(cost, last[at - 2] + 1)
            row.append(cost)
    return row[-1]


def _plain(word: str) -> str:
    """As the index has it: lower case, without accents."""
    bare = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in bare if not unicodedata.combining(letter)).strip()
