"""Who and what there is in a made-up marketplace: people and models, as arrays. Numbers are places, from nought."""

from dataclasses import dataclass, field

import numpy as np

from config.scale import words
from config.scale.words import zipf
from marketplace.models import License
from marketplace.suitability import MIB, Target

DAY = np.timedelta64(24 * 3600, "s")
YEARS = 3 * 365 * DAY
# Of a hundred models so many are not approved, by what they are instead.
DRAFT, PENDING, REJECTED, APPROVED = range(4)
STATUS_SHARES = (0.02, 0.01, 0.01, 0.96)
PUBLIC, UNLISTED, PRIVATE = range(3)
VISIBILITY_SHARES = (0.98, 0.015, 0.005)
# Whole prices, most usual first; about a quarter of all models is free.
PRICES = np.array([0, 9, 15, 5, 19, 12, 29, 7, 25, 39, 3, 49, 10, 59, 20, 79, 35, 99, 149, 199])
TEXTURES = np.array([2048, 1024, 4096, 0, 512, 8192])
# Rare words stand in about ten models each, whatever the size.
MODELS_A_RARE_WORD = 500
RARE_SHARE = 0.02
CATEGORIES = len(words.THINGS)


@dataclass
class People:
    """The first `creators` of them publish, the others buy."""

    count: int
    creators: int
    first_name: np.ndarray
    last_name: np.ndarray
    active: np.ndarray
    joined: np.ndarray

    @property
    def buyers(self) -> int:
        return self.count - self.creators


@dataclass
class Models:
    """One of each array an model; `listed` is what every visitor may find, `weight` how much they care for it."""

    count: int
    creator: np.ndarray
    category: np.ndarray
    thing: np.ndarray
    material: np.ndarray
    style: np.ndarray
    adjective: np.ndarray
    rare: np.ndarray
    common: np.ndarray
    wording: np.ndarray
    status: np.ndarray
    switched_on: np.ndarray
    visibility: np.ndarray
    cents: np.ndarray
    license: np.ndarray
    ai_training: np.ndarray
    mature: np.ndarray
    triangles: np.ndarray
    texture: np.ndarray
    animated: np.ndarray
    rigged: np.ndarray
    watertight: np.ndarray
    uv: np.ndarray
    # The most severe finding: 0 none, 1 a note, 2 a warning, 3 an error.
    finding: np.ndarray
    size: np.ndarray
    pbr: np.ndarray
    # Metres from the middle to each side: x, y, z.
    extent: np.ndarray
    created: np.ndarray
    published: np.ndarray
    listed: np.ndarray
    weight: np.ndarray = field(repr=False)

    @property
    def approved(self) -> np.ndarray:
        return self.status == APPROVED

    @property
    def parts(self) -> np.ndarray:
        """Meshes, each with a material of its own."""
        return 1 + self.triangles % 9

    @property
    def texture_memory(self) -> np.ndarray:
        return self.texture * self.texture * 5

    @property
    def targets(self) -> list[str]:
        """What each is fit for, as an array of PostgreSQL: the rules of `marketplace.suitability`."""
        longest = self.extent[:, [0, 2]].max(axis=1) * 2
        longest = np.maximum(longest, self.extent[:, 1])
        fit = {
            Target.DESKTOP: (self.triangles <= 500_000) & (self.texture_memory <= 512 * MIB),
            Target.MOBILE: (self.triangles <= 100_000) & (self.texture_memory <= 96 * MIB),
            Target.AR: (longest >= 0.01) & (longest <= 30),
            Target.PRINT: self.watertight,
        }
        every = [
            "{" + ",".join(name for bit, name in enumerate(fit) if number >> bit & 1) + "}"
            for number in range(2 ** len(fit))
        ]
        number = sum(flags.astype(int) << bit for bit, flags in enumerate(fit.values()))
        return np.array(every)[number].tolist()

    def popular(self, rng: np.random.Generator, count: int) -> np.ndarray:
        """`count` listed models, the popular ones often."""
        edges = np.cumsum(self.weight)
        return np.searchsorted(edges, rng.random(count) * edges[-1], side="right").astype(np.int64)


def draw_people(rng: np.random.Generator, models: int, now: np.datetime64) -> People:
    creators = max(4, models // 20)
    count = creators + max(16, models // 7)
    return People(
        count=count,
        creators=creators,
        first_name=zipf(rng, len(words.FIRST_NAMES.split()), count, exponent=0.3),
        last_name=zipf(rng, len(words.LAST_NAMES.split()), count, exponent=0.3),
        active=rng.random(count) > 0.005,
        joined=now - YEARS - (rng.random(count) * 365 * 24 * 3600).astype("timedelta64[s]"),
    )


def draw_models(
    rng: np.random.Generator, count: int, people: People, now: np.datetime64, *, enabled: np.ndarray
) -> Models:
    """`enabled` tells of each category whether it is."""
    category = zipf(rng, CATEGORIES, count, exponent=0.4)
    things = np.array([len(shelf) for shelf in words.things()])
    status = rng.choice(4, count, p=STATUS_SHARES)
    # The newest have the highest numbers, as on a site that has grown.
    age = YEARS.astype(int) * (1 - (np.arange(count) + rng.random(count)) / count)
    created = now - age.astype("timedelta64[s]") - 2 * DAY
    published = created + (rng.random(count) * 1.5 * DAY.astype(int)).astype("timedelta64[s]")
    creator = zipf(rng, people.creators, count, exponent=0.5)
    switched_on = rng.random(count) > 0.005
    visibility = rng.choice(3, count, p=VISIBILITY_SHARES)
    listed = (
        (status == APPROVED)
        & switched_on
        & (visibility == PUBLIC)
        & people.active[creator]
        & enabled[category]
    )
    rank = rng.permutation(count)
    texture = TEXTURES[zipf(rng, len(TEXTURES), count)]
    animated = rng.random(count) < 0.15
    return Models(
        count=count,
        creator=creator,
        category=category,
        thing=(zipf(rng, 1000, count) * things[category]) // 1000,
        material=zipf(rng, len(words.MATERIALS.split()), count),
        style=zipf(rng, len(words.STYLES.split()), count),
        adjective=zipf(rng, len(words.ADJECTIVES.split()), count),
        rare=np.where(
            rng.random(count) < RARE_SHARE, rng.integers(0, max(1, count // MODELS_A_RARE_WORD), count), -1
        ),
        common=rng.random(count) < words.COMMON_SHARE,
        wording=rng.integers(0, 2**31, count),
        status=status,
        switched_on=switched_on,
        visibility=visibility,
        cents=PRICES[np.where(rng.random(count) < 0.22, 0, zipf(rng, len(PRICES), count, exponent=0.5))]
        * 100,
        license=zipf(rng, len(License), count),
        ai_training=rng.random(count) < 0.2,
        mature=rng.random(count) < 0.01,
        triangles=np.clip(np.exp(rng.normal(9.6, 1.7, count)), 12, 4_000_000).astype(np.int64),
        texture=texture,
        animated=animated,
        rigged=animated & (rng.random(count) < 0.6),
        watertight=rng.random(count) < 0.3,
        uv=(texture > 0) | (rng.random(count) < 0.5),
        finding=rng.choice(4, count, p=(0.55, 0.2, 0.2, 0.05)),
        size=np.clip(np.exp(rng.normal(15.2, 1.1, count)), 2_000, 400_000_000).astype(np.int64),
        pbr=(texture > 0) & (rng.random(count) < 0.7),
        extent=np.round(np.exp(rng.normal(0, 1, (count, 3))) / 2, 3),
        created=created,
        published=published,
        listed=listed,
        weight=np.where(listed, 1 / (rank + 20.0) ** 0.85, 0.0),
    )


def draw_shapes(rng: np.random.Generator, count: int, dimensions: int) -> np.ndarray:
    """Fingerprints in families: members of one are alike, two families are as far apart as unrelated shapes are."""
    families = max(10, count // 200)
    middles = rng.normal(0, 0.09 / np.sqrt(2), (families, dimensions)) * np.sqrt(64 / dimensions)
    shapes = middles[rng.integers(0, families, count)].astype(np.float32)
    nearness = rng.uniform(0.002, 0.04, (count, 1)).astype(np.float32)
    return shapes + rng.standard_normal((count, dimensions), np.float32) * nearness
