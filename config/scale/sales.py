"""What was bought in a made-up marketplace, and what its days add up to; as arrays."""

from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from commerce.money import split
from config.scale.deeds import Pairs, some_time
from config.scale.draws import DAY, Models, People
from config.scale.words import zipf
from marketplace.statistics import (
    DOWNLOAD_POINTS,
    HALF_LIFE_DAYS,
    LIKE_POINTS,
    SALE_POINTS,
    TRENDING_DAYS,
    VIEW_POINTS,
)

MODELS_A_PURCHASE = 6
LARGEST_ORDER = 3
FAILED = 0.03
DOWNLOADS_A_PURCHASE = 1.2
MOST_DOWNLOADS = 5
# Views and likes are kept for the last days only; sales and downloads for all, since they can be counted again.
DAYS = 60
VIEWS_A_MODEL = 2.0


@dataclass
class Sales:
    """Orders and their lines; of a line `order` is its order's place, and `purchase` its purchase's or -1.

    Downloads name a purchase (`who`) and its model (`what`).
    """

    orders: int
    buyer: np.ndarray
    ordered_at: np.ndarray
    failed: np.ndarray
    total: np.ndarray
    order: np.ndarray
    model: np.ndarray
    cents: np.ndarray
    fee: np.ndarray
    purchase: np.ndarray
    downloads: Pairs

    @property
    def lines(self) -> int:
        return len(self.model)

    @property
    def sold(self) -> np.ndarray:
        """The lines that were paid for."""
        return (self.purchase >= 0) & (self.cents > 0)

    @property
    def bought(self) -> np.ndarray:
        """The lines that became a purchase, in the order of their purchases."""
        return self.purchase >= 0


@dataclass
class Days:
    """Rows of `DailyStats`."""

    model: np.ndarray
    day: np.ndarray
    views: np.ndarray
    likes: np.ndarray
    downloads: np.ndarray
    sales: np.ndarray
    revenue: np.ndarray

    @property
    def count(self) -> int:
        return len(self.model)

    def trending(self, models: int, today: np.datetime64) -> np.ndarray:
        """Of each model the score that `refresh_trending` would give it."""
        age = (today - self.day).astype(int)
        points = (
            self.views * VIEW_POINTS
            + self.likes * LIKE_POINTS
            + self.downloads * DOWNLOAD_POINTS
            + self.sales * SALE_POINTS
        )
        weights = np.where((age >= 0) & (age < TRENDING_DAYS), points * 0.5 ** (age / HALF_LIFE_DAYS), 0.0)
        return np.round(np.bincount(self.model, weights, models), 3)


def draw_sales(rng: np.random.Generator, people: People, models: Models, now: np.datetime64) -> Sales:
    wanted = max(8, models.count // MODELS_A_PURCHASE)
    who = people.creators + zipf(rng, people.buyers, wanted, exponent=0.4)
    what = models.popular(rng, wanted)
    _, first = np.unique(who * models.count + what, return_index=True)
    who, what = who[first], what[first]
    # Lines lie by buyer: a new order begins with each buyer, and now and then.
    begins = np.r_[True, who[1:] != who[:-1]] | (rng.random(len(who)) < 0.5)
    begins |= _every(begins, LARGEST_ORDER)
    order = np.cumsum(begins) - 1
    buyer, orders = who[begins], int(begins.sum())
    cents = models.cents[what]
    total = np.bincount(order, cents, orders).astype(np.int64)
    failed = (rng.random(orders) < FAILED) & (total > 0)
    since = people.joined[buyer].copy()
    np.maximum.at(since, order, models.published[what])
    purchase = np.where(failed[order], -1, np.cumsum(~failed[order]) - 1)
    ordered_at = some_time(rng, since, now)
    bought = purchase >= 0
    times = np.minimum(rng.poisson(DOWNLOADS_A_PURCHASE, int(bought.sum())), MOST_DOWNLOADS)
    downloaded = np.repeat(np.arange(len(times)), times)
    return Sales(
        orders=orders,
        buyer=buyer,
        ordered_at=ordered_at,
        failed=failed,
        total=total,
        order=order,
        model=what,
        cents=cents,
        fee=_fees(cents),
        purchase=purchase,
        downloads=Pairs(
            downloaded, what[bought][downloaded], some_time(rng, ordered_at[order[bought]][downloaded], now)
        ),
    )


def draw_days(
    rng: np.random.Generator, models: Models, likes: Pairs, sales: Sales, now: np.datetime64
) -> Days:
    today = now.astype("datetime64[D]").astype(np.int64)
    wanted = int(models.count * VIEWS_A_MODEL)
    seen = models.popular(rng, wanted)
    seen_on = today - np.minimum(rng.exponential(8, wanted).astype(np.int64), DAYS - 1)
    seen_on = np.maximum(seen_on, _day(models.published[seen]))
    recent = likes.at > now - DAYS * DAY
    sold = sales.sold
    happened = [
        (seen, seen_on),
        (likes.what[recent], _day(likes.at[recent])),
        (sales.downloads.what, _day(sales.downloads.at)),
        (sales.model[sold], _day(sales.ordered_at[sales.order[sold]])),
    ]
    keys = [model * 100_000 + day for model, day in happened]
    known = np.unique(np.concatenate(keys))
    views, liked, downloads, sold_then = (np.searchsorted(known, key) for key in keys)
    count = len(known)
    return Days(
        model=known // 100_000,
        day=(known % 100_000).astype("datetime64[D]"),
        views=np.bincount(views, 1 + rng.integers(0, 6, wanted), count).astype(np.int64),
        likes=np.bincount(liked, minlength=count),
        downloads=np.bincount(downloads, minlength=count),
        sales=np.bincount(sold_then, minlength=count),
        revenue=np.bincount(sold_then, sales.cents[sold], count).astype(np.int64),
    )


def _day(moments: np.ndarray) -> np.ndarray:
    return moments.astype("datetime64[D]").astype(np.int64)


def _every(begins: np.ndarray, most: int) -> np.ndarray:
    """Where a new order has to begin, so that none has more than `most` lines."""
    starts = np.flatnonzero(begins)
    lengths = np.diff(np.r_[starts, len(begins)])
    place = np.arange(len(begins)) - np.repeat(starts, lengths)
    return place % most == 0


def _fees(cents: np.ndarray) -> np.ndarray:
    """The site's share of each price, as every sale computes it."""
    prices, place = np.unique(cents, return_inverse=True)
    fees = [int(split(Decimal(int(price)) / 100).platform_fee * 100) for price in prices]
    return np.array(fees, np.int64)[place]
