"""Plants, trees and minerals."""

from decimal import Decimal

from config.demo.builders import nature
from config.demo.catalogue.entry import DemoModel

MODELS = (
    DemoModel(
        slug="low-poly-trees",
        title="Low-poly tree set",
        description=(
            "Two conifers, an oak, an autumn maple and a bush on a meadow with boulders. Hand-cut facets, "
            "soft baked shade in the vertex colours, and well under five thousand triangles."
        ),
        category="Nature & plants",
        tags=(
            "trees",
            "forest",
            "low-poly",
            "environment",
        ),
        price=Decimal(0),
        creator="diego_arroyo",
        licence="cc0",
        build=nature.tree_set,
        ai_training=True,
    ),
    DemoModel(
        slug="fly-agaric-cluster",
        title="Fly agaric cluster",
        description=(
            "Four toadstools of different age on a mossy mound. Gills, rings and every wart are geometry, "
            "which makes them fit for close-ups."
        ),
        category="Nature & plants",
        tags=(
            "mushroom",
            "forest",
            "toadstool",
            "nature",
        ),
        price=Decimal("9.00"),
        creator="diego_arroyo",
        licence="royalty_free",
        build=nature.mushrooms,
    ),
    DemoModel(
        slug="amethyst-geode",
        title="Amethyst geode",
        description=(
            "A basalt rind opened on a bed of six-sided amethyst points, pale in the middle and deep "
            "violet at the rim. The crystals are faceted and clear-coated; the lightest let light "
            "through."
        ),
        category="Nature & plants",
        tags=(
            "crystal",
            "geode",
            "mineral",
            "gem",
        ),
        price=Decimal("11.00"),
        creator="freya_holm",
        licence="royalty_free",
        build=nature.geode,
    ),
    DemoModel(
        slug="potted-monstera",
        title="Potted monstera",
        description=(
            "A young monstera with nine cut leaves in a terracotta pot and saucer. Leaves are solid, so "
            "they cast correct shadows and need no transparency."
        ),
        category="Nature & plants",
        tags=(
            "plant",
            "houseplant",
            "monstera",
            "terracotta",
        ),
        price=Decimal("12.00"),
        creator="diego_arroyo",
        licence="royalty_free",
        build=nature.monstera,
    ),
    DemoModel(
        slug="cactus-terrazzo-pot",
        title="Cactus in a terrazzo pot",
        description=(
            "A ribbed cactus with two arms, spines and one pink blossom. The pot is terrazzo with chips "
            "in five colours, ground flat and slightly glossier than the cement."
        ),
        category="Nature & plants",
        tags=(
            "cactus",
            "plant",
            "terrazzo",
            "pot",
        ),
        price=Decimal("8.00"),
        creator="diego_arroyo",
        licence="royalty_free",
        build=nature.cactus,
    ),
    DemoModel(
        slug="juniper-bonsai",
        title="Juniper bonsai",
        description=(
            "A twisting old trunk with seven clouds of foliage over moss, in an indigo-glazed tray. The "
            "roots spread visibly over the soil, as a bonsai grower would want."
        ),
        category="Nature & plants",
        tags=(
            "bonsai",
            "tree",
            "plant",
            "japan",
        ),
        price=Decimal("20.00"),
        creator="diego_arroyo",
        licence="royalty_free",
        build=nature.bonsai,
    ),
)
