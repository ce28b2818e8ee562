"""Titles, descriptions and tags of made-up models, from what was drawn of each."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from config.scale import words
from config.scale.draws import Models

# How many models have the tag of what they are, of their material, of their style.
TAG_SHARES = {"thing": 0.9, "material": 0.6, "style": 0.5}
GENERAL_SHARES = (0.8, 0.5)


@dataclass(frozen=True)
class Wording:
    """The words of one model, looked up."""

    adjective: str
    material: str
    style: str
    thing: str
    rare: str
    is_common: bool
    number: int

    @property
    def title(self) -> str:
        number = self.number
        if self.is_common and number % 2:
            start = words.COMMON
        elif self.rare:
            start = self.rare
        else:
            start = (self.adjective, self.style, self.material)[number // 2 % 3]
        middle = f"{self.material} " if number // 6 % 2 and start != self.material else ""
        end = f" {1900 + number // 12 % 130}" if number // 1560 % 5 == 0 else ""
        title = f"{start} {middle}{self.thing}{end}"
        return title[0].upper() + title[1:]

    @property
    def description(self) -> str:
        number = self.number // 7800
        opening = words.OPENINGS[number % len(words.OPENINGS)].format(
            adjective=self.adjective,
            material=self.material,
            style=self.style,
            Style=self.style.capitalize(),
            thing=self.thing,
        )
        first = number // 6
        count = 1 + first // 24 % 3
        sentences = [words.SENTENCES[(first + step * 7) % len(words.SENTENCES)] for step in range(count)]
        # A rare name that the title has no room for.
        sentences += [f"From the {self.rare} series."] if self.rare and self.is_common else []
        return " ".join([opening, *sentences])


def wordings(models: Models) -> Iterator[Wording]:
    things, adjectives = words.things(), words.ADJECTIVES.split()
    materials, styles = words.MATERIALS.split(), words.STYLES.split()
    rare = words.rare_words(int(models.rare.max(initial=0)) + 1)
    rows = zip(
        models.adjective.tolist(), models.material.tolist(), models.style.tolist(), models.category.tolist(),
        models.thing.tolist(), models.rare.tolist(), models.common.tolist(), models.wording.tolist(), strict=True,
    )  # fmt: skip
    for adjective, material, style, category, thing, rarity, is_common, number in rows:
        yield Wording(
            adjectives[adjective],
            materials[material],
            styles[style],
            things[category][thing],
            rare[rarity] if rarity >= 0 else "",
            is_common,
            number,
        )


def tag_names() -> list[str]:
    """Every tag that a made-up model can have, once."""
    every = [word for shelf in words.things() for word in shelf]
    every += [*words.MATERIALS.split(), *words.STYLES.split(), *words.GENERAL.split(), words.COMMON]
    return list(dict.fromkeys(every))


def tag_links(rng: np.random.Generator, models: Models) -> tuple[np.ndarray, np.ndarray]:
    """Models and the places of their tags in `tag_names`, by model."""
    place = {name: number for number, name in enumerate(tag_names())}
    shelves = words.things()
    longest = max(map(len, shelves))
    of_thing = np.array([[place[word] for word in shelf] + [0] * (longest - len(shelf)) for shelf in shelves])
    found = {
        "thing": of_thing[models.category, models.thing],
        "material": np.array([place[word] for word in words.MATERIALS.split()])[models.material],
        "style": np.array([place[word] for word in words.STYLES.split()])[models.style],
    }
    everyone = np.arange(models.count)
    links = []
    for kind, share in TAG_SHARES.items():
        tagged = rng.random(models.count) < share
        links.append((everyone[tagged], found[kind][tagged]))
    general = np.array([place[word] for word in words.GENERAL.split()])
    for share in GENERAL_SHARES:
        tagged = everyone[rng.random(models.count) < share]
        links.append((tagged, general[words.zipf(rng, len(general), len(tagged))]))
    # Half of those with the common word have it in their title.
    tagged = everyone[models.common & (models.wording % 2 == 0)]
    links.append((tagged, np.full(len(tagged), place[words.COMMON])))
    keys = np.unique(np.concatenate([model * len(place) + tag for model, tag in links]))
    return keys // len(place), keys % len(place)
