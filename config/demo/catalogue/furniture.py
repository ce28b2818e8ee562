"""Seating, tables and storage."""

from decimal import Decimal

from config.demo.builders import furniture
from config.demo.catalogue.entry import DemoModel

MODELS = (
    DemoModel(
        slug="walnut-lounge-chair",
        title="Walnut lounge chair",
        description=(
            "Three moulded walnut shells carry buttoned cognac leather on a five-star swivel base. "
            "Modelled at real scale, with separate materials for wood, leather, steel and powder coat.\n\n"
            "The grain and the leather are tileable PBR sets, so the chair holds up in close-ups and can "
            "be re-covered in a minute."
        ),
        category="Furniture",
        tags=(
            "chair",
            "lounge",
            "walnut",
            "leather",
            "mid-century",
            "interior",
        ),
        price=Decimal("34.00"),
        creator="creator",
        licence="royalty_free",
        build=furniture.lounge_chair,
    ),
    DemoModel(
        slug="spindle-back-chair",
        title="Spindle-back chair",
        description=(
            "A bow-back dining chair in pale oak: saddle seat, seven turned spindles and raked legs with "
            "stretchers. One wood material throughout, light enough to repeat around a long table."
        ),
        category="Furniture",
        tags=(
            "chair",
            "windsor",
            "oak",
            "dining",
            "wood",
        ),
        price=Decimal(0),
        creator="creator",
        licence="cc_by",
        build=furniture.spindle_chair,
        ai_training=True,
    ),
    DemoModel(
        slug="boucle-sofa",
        title="Three-seater bouclé sofa",
        description=(
            "A deep three-seater with puffed cushions, soft arms and walnut feet, upholstered in cream "
            "bouclé. Two linen pillows in terracotta and sage come with it as separate materials.\n\n"
            "- Real-world size, 2.2 m wide\n"
            "- Base colour and normal maps with sheen for the wool"
        ),
        category="Furniture",
        tags=(
            "sofa",
            "couch",
            "boucle",
            "interior",
            "living-room",
        ),
        price=Decimal("28.00"),
        creator="creator",
        licence="royalty_free",
        build=furniture.sofa,
    ),
    DemoModel(
        slug="marble-pedestal-table",
        title="Marble pedestal table",
        description=(
            "A round table for four: a veined marble top with an eased edge on a single lacquered stem. "
            "The stone is polished with a light clear coat, and its veins run across the whole top "
            "without a visible repeat."
        ),
        category="Furniture",
        tags=(
            "table",
            "dining",
            "marble",
            "tulip",
            "interior",
        ),
        price=Decimal("16.00"),
        creator="ines_moreau",
        licence="royalty_free",
        build=furniture.pedestal_table,
    ),
    DemoModel(
        slug="reeded-oak-sideboard",
        title="Reeded oak sideboard",
        description=(
            "Two reeded doors flank three plain drawers in this low oak sideboard. The legs, knobs and "
            "pulls are solid brass.\n\n"
            "Every slat is real geometry, so the shadows between them are right from any angle."
        ),
        category="Furniture",
        tags=(
            "sideboard",
            "cabinet",
            "oak",
            "brass",
            "storage",
        ),
        price=Decimal("22.00"),
        creator="creator",
        licence="royalty_free",
        build=furniture.sideboard,
    ),
    DemoModel(
        slug="leather-bar-stool",
        title="Leather bar stool",
        description=(
            "A counter stool with a padded seat and a curved back strap in bottle-green leather. Black "
            "legs, a brass foot ring and brass piping. Seat height 75 cm."
        ),
        category="Furniture",
        tags=(
            "stool",
            "bar",
            "leather",
            "brass",
            "kitchen",
        ),
        price=Decimal(0),
        creator="leo_castellano",
        licence="cc_by",
        build=furniture.bar_stool,
    ),
    DemoModel(
        slug="bentwood-rocking-chair",
        title="Bentwood rocking chair",
        description=(
            "Steam-bent mahogany drawn into one long line of runner, leg and scrolled arm, with a woven "
            "cane seat and back. The file carries a looping animation of the chair rocking."
        ),
        category="Furniture",
        tags=(
            "chair",
            "rocking",
            "bentwood",
            "cane",
            "animated",
        ),
        price=Decimal("19.00"),
        creator="creator",
        licence="royalty_free",
        build=furniture.rocking_chair,
    ),
    DemoModel(
        slug="walnut-bookshelf",
        title="Walnut bookshelf with books",
        description=(
            "Five walnut shelves in a slim steel frame, filled with cloth-bound books in eight muted "
            "colours, a stack to lay things on and one terracotta vase. Useful as a finished backdrop, or "
            "take the books out and use the frame."
        ),
        category="Furniture",
        tags=(
            "shelf",
            "bookcase",
            "books",
            "walnut",
            "storage",
        ),
        price=Decimal("14.00"),
        creator="ines_moreau",
        licence="royalty_free",
        build=furniture.bookshelf,
    ),
)
