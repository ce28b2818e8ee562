"""What people have bought and sold, counted as it is handed over."""

from django.db import connection

# By ascending id: people who buy from each other at once never wait for each other.
_COUNT = """
WITH given AS (
    SELECT * FROM unnest(%(people)s::bigint[], %(bought)s::integer[], %(sold)s::integer[]) AS one (id, bought, sold)
), locked AS (
    SELECT person.id FROM accounts_user person JOIN given ON given.id = person.id
    ORDER BY person.id FOR NO KEY UPDATE OF person
)
UPDATE accounts_user person SET purchases_count = person.purchases_count + given.bought,
    total_sales = person.total_sales + given.sold
FROM given JOIN locked ON locked.id = given.id WHERE person.id = given.id
"""


def count_for_people(buyer_id: int, bought: int, sales: dict[int, int]) -> None:
    """`sales` by seller. Their rows are locked: after those of what is sold."""
    people = sorted({buyer_id, *sales})
    given = {
        "people": people,
        "bought": [bought if pk == buyer_id else 0 for pk in people],
        "sold": [sales.get(pk, 0) for pk in people],
    }
    with connection.prepared_cursor() as cursor:
        cursor.execute(_COUNT, given)
