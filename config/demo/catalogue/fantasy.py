"""Arms, armour and treasure."""

from decimal import Decimal

from config.demo.builders import fantasy
from config.demo.catalogue.entry import DemoModel

MODELS = (
    DemoModel(
        slug="knights-longsword",
        title="Knight's longsword",
        description=(
            "A pattern-welded blade with a long fuller, curved brass guard, wire-bound leather grip and a "
            "wheel pommel set with rubies. One metre and ten overall, point down."
        ),
        category="Weapons & fantasy",
        tags=(
            "sword",
            "weapon",
            "medieval",
            "steel",
        ),
        price=Decimal("15.00"),
        creator="freya_holm",
        licence="royalty_free",
        build=fantasy.sword,
    ),
    DemoModel(
        slug="viking-round-shield",
        title="Viking round shield",
        description=(
            "Painted oak planks, quartered red and cream, with an iron cross, rawhide rim and a hammered "
            "boss. Slightly dished, and with a grip bar on the back."
        ),
        category="Weapons & fantasy",
        tags=(
            "shield",
            "viking",
            "medieval",
            "wood",
        ),
        price=Decimal(0),
        creator="freya_holm",
        licence="cc_by",
        build=fantasy.shield,
        ai_training=True,
    ),
    DemoModel(
        slug="treasure-chest",
        title="Treasure chest",
        description=(
            "An iron-bound chest brimming with coins, gems and a string of pearls. The lid is hinged and "
            "animated: it closes, waits and opens again."
        ),
        category="Weapons & fantasy",
        tags=(
            "chest",
            "treasure",
            "gold",
            "pirate",
            "animated",
        ),
        price=Decimal("23.00"),
        creator="freya_holm",
        licence="royalty_free",
        build=fantasy.chest,
    ),
    DemoModel(
        slug="potion-bottles",
        title="Potion bottles",
        description=(
            "Four stoppered bottles of glowing liquid on a plank, with parchment labels and a small "
            "grimoire. Glass and liquid are separate, so levels and colours are easy to change."
        ),
        category="Weapons & fantasy",
        tags=(
            "potion",
            "bottle",
            "alchemy",
            "glass",
        ),
        price=Decimal("10.00"),
        creator="freya_holm",
        licence="royalty_free",
        build=fantasy.potions,
    ),
    DemoModel(
        slug="bearded-axe",
        title="Bearded axe",
        description=(
            "A one-handed bearded axe with a pattern-welded head, brass collars and a leather-wrapped ash "
            "haft. The edge is thin, the eye is thick, and the haft has a gentle curve."
        ),
        category="Weapons & fantasy",
        tags=(
            "axe",
            "weapon",
            "viking",
            "steel",
        ),
        price=Decimal("9.00"),
        creator="freya_holm",
        licence="royalty_free",
        build=fantasy.war_axe,
    ),
)
