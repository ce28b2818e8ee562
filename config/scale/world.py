"""A whole marketplace, drawn from one seed, with every counter as the number of its rows."""

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from config.scale.deeds import (
    Collections,
    Comments,
    Pairs,
    draw_collections,
    draw_comments,
    draw_follows,
    draw_likes,
)
from config.scale.draws import Models, People, draw_models, draw_people
from config.scale.sales import Days, Sales, draw_days, draw_sales


@dataclass
class World:
    """`now` is the last midnight (UTC): the same seed makes the same marketplace all day."""

    seed: int
    now: np.datetime64
    people: People
    models: Models
    likes: Pairs
    comments: Comments
    collections: Collections
    follows: Pairs
    sales: Sales
    days: Days

    def rng(self, name: str) -> np.random.Generator:
        """Chance for a part that is drawn while it is loaded."""
        return _rng(self.seed, name)

    @property
    def rows(self) -> int:
        """Roughly, for who wants to know how much comes."""
        return (
            self.people.count * 2
            + self.models.count * 9
            + sum(
                part.count
                for part in (self.likes, self.comments, self.comments.likes, self.follows, self.days)
            )
            + self.collections.count
            + self.collections.items.count
            + self.sales.lines * 3
        )


def draw(count: int, *, seed: int, enabled: np.ndarray) -> World:
    """`count` models and all that belongs to so many; `enabled` tells of each category whether it is."""
    now = np.datetime64(datetime.now(UTC).date().isoformat(), "s")
    people = draw_people(_rng(seed, "people"), count, now)
    models = draw_models(_rng(seed, "models"), count, people, now, enabled=enabled)
    likes = draw_likes(_rng(seed, "likes"), people, models, now)
    sales = draw_sales(_rng(seed, "sales"), people, models, now)
    return World(
        seed=seed,
        now=now,
        people=people,
        models=models,
        likes=likes,
        comments=draw_comments(_rng(seed, "comments"), people, models, now),
        collections=draw_collections(_rng(seed, "collections"), people, models, now),
        follows=draw_follows(_rng(seed, "follows"), people, now),
        sales=sales,
        days=draw_days(_rng(seed, "days"), models, likes, sales, now),
    )


def _rng(seed: int, name: str) -> np.random.Generator:
    return np.random.default_rng([seed, *name.encode()])
