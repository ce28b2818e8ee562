"""People, their profiles, and who follows whom."""

from collections.abc import Iterator

import numpy as np
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX

from accounts.models import Follow, User, UserProfile
from config.scale.copying import copy_arrays, copy_lines, moments
from config.scale.numbers import Numbers
from config.scale.words import FIRST_NAMES, LAST_NAMES
from config.scale.world import World

# Nothing is ever sent there, and nobody can sign in.
MAIL_DOMAIN = "scale.invalid"
PASSWORD = UNUSABLE_PASSWORD_PREFIX + "x" * 40
COLUMNS = (
    "id", "username", "email", "full_name", "password", "user_type", "is_active", "is_verified", "is_demo",
    "date_joined", "created_at", "updated_at", "terms_accepted_at", "total_models", "total_sales",
    "followers_count", "following_count", "purchases_count",
)  # fmt: skip
COUNTRIES = ("Spain", "Norway", "Kenya", "Japan", "Brazil", "Poland", "Canada", "India", "France", "Ghana")
SKILLS = ("Modelling", "Texturing", "Rigging", "Animation", "Sculpting", "Lighting")
SOFTWARE = ("Blender", "Maya", "ZBrush", "Houdini", "Fusion", "3ds Max")


def send(world: World, numbers: Numbers) -> None:
    people = world.people
    keys = numbers.give(User, people.count)
    copy_lines(User, COLUMNS, _people(world, keys))
    numbers.give(UserProfile, people.count)
    copy_lines(
        UserProfile, ["id", "user_id", "country", "skills", "software"], _profiles(world, keys, numbers)
    )
    follows = world.follows
    copy_arrays(
        Follow,
        follows.count,
        {
            "id": numbers.give(Follow, follows.count),
            "follower_id": keys[follows.who],
            "followed_id": keys[follows.what],
            "created_at": follows.at,
        },
    )


def username(first: str, last: str, place: int) -> str:
    return f"{first}_{last}_{np.base_repr(place, 36)}".lower()


def _people(world: World, keys: np.ndarray) -> Iterator[str]:
    people, models, sales, follows = world.people, world.models, world.sales, world.follows
    first_names, last_names = FIRST_NAMES.split(), LAST_NAMES.split()
    sold = models.creator[sales.model[sales.sold]]
    counts = [
        np.bincount(models.creator[models.listed], minlength=people.count),
        np.bincount(sold, minlength=people.count),
        np.bincount(follows.what, minlength=people.count),
        np.bincount(follows.who, minlength=people.count),
        np.bincount(sales.buyer[sales.order[sales.bought]], minlength=people.count),
    ]
    rows = zip(
        keys.tolist(), people.first_name.tolist(), people.last_name.tolist(), people.active.tolist(),
        moments(people.joined).tolist(), *(count.tolist() for count in counts), strict=True,
    )  # fmt: skip
    for place, (key, first, last, active, joined, *numbers) in enumerate(rows):
        first, last = first_names[first], last_names[last]
        name = username(first, last, place)
        kind = "creator" if place < people.creators else "buyer"
        verified = "t" if place < people.creators // 10 else "f"
        yield (
            f"{key}\t{name}\t{name}@{MAIL_DOMAIN}\t{first} {last}\t{PASSWORD}\t{kind}\t{'t' if active else 'f'}"
            f"\t{verified}\tt\t{joined}\t{joined}\t{joined}\t{joined}\t" + "\t".join(map(str, numbers))
        )


def _profiles(world: World, keys: np.ndarray, numbers: Numbers) -> Iterator[str]:
    first = numbers.first[UserProfile]
    for place, key in enumerate(keys.tolist()):
        country = COUNTRIES[place % len(COUNTRIES)]
        skill, software = SKILLS[place % len(SKILLS)], SOFTWARE[place // 3 % len(SOFTWARE)]
        yield f'{first + place}\t{key}\t{country}\t{{{skill}}}\t{{"{software}"}}'
