"""Toys, games and musical instruments."""

from decimal import Decimal

from config.demo.builders import games
from config.demo.catalogue.entry import DemoModel

MODELS = (
    DemoModel(
        slug="wooden-chess-set",
        title="Wooden chess set",
        description=(
            "Thirty-two turned pieces in ash and mahogany on a walnut board, a few moves into a game. "
            "Knights are sculpted; all other pieces follow classic tournament profiles."
        ),
        category="Toys & games",
        tags=(
            "chess",
            "board-game",
            "wood",
        ),
        price=Decimal("30.00"),
        creator="creator",
        licence="royalty_free",
        build=games.chess_set,
    ),
    DemoModel(
        slug="concert-ukulele",
        title="Concert ukulele",
        description=(
            "A mahogany ukulele with a spruce top, bound edges, rosette, fourteen frets and pearl- "
            "buttoned tuners. Fret spacing follows the equal-tempered rule, so a luthier will not wince."
        ),
        category="Toys & games",
        tags=(
            "ukulele",
            "music",
            "instrument",
            "wood",
        ),
        price=Decimal("19.00"),
        creator="creator",
        licence="royalty_free",
        build=games.ukulele,
    ),
    DemoModel(
        slug="gear-train",
        title="Running gear train",
        description=(
            "Four spur gears of 36, 18, 27 and 12 teeth on posts, meshing without overlap. They run in "
            "their true ratios in a seamless loop, good for teaching and for loading screens."
        ),
        category="Toys & games",
        tags=(
            "gears",
            "mechanism",
            "machine",
            "animated",
        ),
        price=Decimal("13.00"),
        creator="tomasz_wilk",
        licence="royalty_free",
        build=games.gear_train,
        ai_training=True,
    ),
    DemoModel(
        slug="wooden-toy-train",
        title="Wooden toy train",
        description=(
            "A stained beech engine with two wagons, one with logs and one with building blocks. Rounded "
            "edges everywhere and friendly colours."
        ),
        category="Toys & games",
        tags=(
            "train",
            "toy",
            "wood",
            "kids",
        ),
        price=Decimal(0),
        creator="tomasz_wilk",
        licence="cc_by_sa",
        build=games.toy_train,
        ai_training=True,
    ),
)
