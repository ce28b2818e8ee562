"""What people do in a made-up marketplace: likes, comments, collections, follows; as arrays."""

from dataclasses import dataclass

import numpy as np

from config.scale.draws import DAY, Models, People
from config.scale.words import zipf

LIKES_A_MODEL = 3.0
COMMENTS_A_MODEL = 0.3
# Of a hundred comments so many answer another, or were taken down.
ANSWERS, REMOVED = 0.25, 0.005
MODELS_A_COLLECTION = 40
LARGEST_COLLECTION = 300
FOLLOWS_A_PERSON = 3.0


@dataclass
class Pairs:
    """Who did it (`who`) to what (`what`), and when; each pair once, oldest first."""

    who: np.ndarray
    what: np.ndarray
    at: np.ndarray

    @property
    def count(self) -> int:
        return len(self.who)


@dataclass
class Comments:
    """First those that begin a thread; an answer names its root's place, the others have -1."""

    model: np.ndarray
    author: np.ndarray
    at: np.ndarray
    root: np.ndarray
    wording: np.ndarray
    removed: np.ndarray
    likes: Pairs

    @property
    def count(self) -> int:
        return len(self.model)


@dataclass
class Collections:
    owner: np.ndarray
    public: np.ndarray
    at: np.ndarray
    # Items: collection (`who`) and model (`what`).
    items: Pairs
    place: np.ndarray
    followers: Pairs

    @property
    def count(self) -> int:
        return len(self.owner)


def some_time(rng: np.random.Generator, since: np.ndarray, now: np.datetime64) -> np.ndarray:
    """A moment after each of `since`, sooner rather than later."""
    passed = (now - since).astype("timedelta64[s]").astype(np.int64)
    return since + (passed * rng.random(len(since)) ** 1.5).astype("timedelta64[s]")


def pairs(
    rng: np.random.Generator, who: np.ndarray, what: np.ndarray, since: np.ndarray, now: np.datetime64
) -> Pairs:
    """Each pair once; `since` is when the first moment for each was."""
    _, first = np.unique(who * (int(what.max(initial=0)) + 1) + what, return_index=True)
    at = some_time(rng, since[first], now)
    order = np.argsort(at, kind="stable")
    return Pairs(who[first][order], what[first][order], at[order])


def draw_likes(rng: np.random.Generator, people: People, models: Models, now: np.datetime64) -> Pairs:
    wanted = int(models.count * LIKES_A_MODEL)
    who, what = zipf(rng, people.count, wanted, exponent=0.4), models.popular(rng, wanted)
    foreign = models.creator[what] != who
    who, what = who[foreign], what[foreign]
    return pairs(rng, who, what, models.published[what], now)


def draw_comments(rng: np.random.Generator, people: People, models: Models, now: np.datetime64) -> Comments:
    roots = max(2, int(models.count * COMMENTS_A_MODEL * (1 - ANSWERS)))
    answers = int(models.count * COMMENTS_A_MODEL * ANSWERS)
    model = models.popular(rng, roots)
    at = some_time(rng, models.published[model], now)
    answered = rng.integers(0, roots, answers)
    model = np.concatenate([model, model[answered]])
    at = np.concatenate([at, some_time(rng, at[answered], now)])
    count = roots + answers
    liked = zipf(rng, count, count)
    return Comments(
        model=model,
        author=rng.integers(0, people.count, count),
        at=at,
        root=np.concatenate([np.full(roots, -1), answered]),
        wording=rng.integers(0, 2**31, count),
        removed=rng.random(count) < REMOVED,
        likes=pairs(rng, rng.integers(0, people.count, count), liked, at[liked], now),
    )


def draw_collections(
    rng: np.random.Generator, people: People, models: Models, now: np.datetime64
) -> Collections:
    count = max(4, models.count // MODELS_A_COLLECTION)
    public = rng.random(count) < 0.85
    owner = rng.integers(0, people.count, count)
    sizes = np.clip(rng.pareto(1.1, count) * 4 + 1, 1, min(LARGEST_COLLECTION, models.count // 4)).astype(int)
    within = np.repeat(np.arange(count), sizes)
    what = models.popular(rng, len(within))
    at = now - (rng.random(count) * 300 * DAY.astype(int)).astype("timedelta64[s]") - DAY
    items = pairs(rng, within, what, at[within], now)
    follower, followed = zipf(rng, people.count, 2 * count), zipf(rng, count, 2 * count)
    allowed = public[followed] & (owner[followed] != follower)
    follower, followed = follower[allowed], followed[allowed]
    return Collections(
        owner=owner,
        public=public,
        at=at,
        items=items,
        place=_place_within(items.who),
        followers=pairs(rng, follower, followed, at[followed], now),
    )


def draw_follows(rng: np.random.Generator, people: People, now: np.datetime64) -> Pairs:
    """Mostly of creators, a few of them by many."""
    wanted = int(people.count * FOLLOWS_A_PERSON)
    who, what = rng.integers(0, people.count, wanted), zipf(rng, people.creators, wanted)
    others = who != what
    who, what = who[others], what[others]
    return pairs(rng, who, what, np.maximum(people.joined[who], people.joined[what]), now)


def _place_within(groups: np.ndarray) -> np.ndarray:
    """Of each element its place among those of its group, from one."""
    order = np.argsort(groups, kind="stable")
    in_order = groups[order]
    starts = np.r_[0, np.flatnonzero(np.diff(in_order)) + 1]
    lengths = np.diff(np.r_[starts, len(groups)])
    places = np.empty(len(groups), np.int64)
    places[order] = np.arange(len(groups)) - np.repeat(starts, lengths) + 1
    return places
