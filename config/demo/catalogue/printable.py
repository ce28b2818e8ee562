"""Watertight models in one material, ready for a printer."""

from decimal import Decimal

from config.demo.builders import printable
from config.demo.catalogue.entry import DemoModel

MODELS = (
    DemoModel(
        slug="twisted-planter",
        title="Twisted planter",
        description=(
            "A twelve-lobed planter that turns as it rises. Watertight, with a plain conical inside and "
            "no overhang that needs support. 13 cm tall."
        ),
        category="3D printing",
        tags=(
            "printable",
            "planter",
            "pot",
            "decor",
        ),
        price=Decimal("3.00"),
        creator="diego_arroyo",
        licence="royalty_free",
        build=printable.twisted_planter,
        ai_training=True,
    ),
    DemoModel(
        slug="gyroid-lamp-shade",
        title="Gyroid lamp shade",
        description=(
            "A spherical shade cut from a gyroid, the surface that divides space in two equal halves. "
            "Watertight; the foot ring fits a small LED puck."
        ),
        category="3D printing",
        tags=(
            "printable",
            "lamp",
            "gyroid",
            "math",
        ),
        price=Decimal("5.00"),
        creator="diego_arroyo",
        licence="royalty_free",
        build=printable.gyroid_lamp,
    ),
    DemoModel(
        slug="low-poly-bear",
        title="Faceted bear",
        description=(
            "A sitting bear with a cut-paper look and a flat base. Watertight, prints without support, "
            "about 10 cm tall."
        ),
        category="3D printing",
        tags=(
            "printable",
            "bear",
            "animal",
            "low-poly",
        ),
        price=Decimal(0),
        creator="diego_arroyo",
        licence="cc0",
        build=printable.bear,
        ai_training=True,
    ),
    DemoModel(
        slug="dragon-egg",
        title="Dragon egg",
        description=(
            "An egg under rows of overlapping scales, standing on its own foot. Watertight, one piece, 10 "
            "cm tall; looks best in a silky filament."
        ),
        category="3D printing",
        tags=(
            "printable",
            "egg",
            "dragon",
            "fantasy",
        ),
        price=Decimal(0),
        creator="freya_holm",
        licence="cc_by",
        build=printable.dragon_egg,
    ),
    DemoModel(
        slug="honeycomb-organiser",
        title="Honeycomb desk organiser",
        description=(
            "Seven hexagonal cells of different height for pens, brushes and clips. Neighbouring walls "
            "overlap so that a slicer joins them into one sturdy piece; every cell is watertight."
        ),
        category="3D printing",
        tags=(
            "printable",
            "organiser",
            "desk",
            "honeycomb",
        ),
        price=Decimal("2.00"),
        creator="tomasz_wilk",
        licence="royalty_free",
        build=printable.honeycomb,
        ai_training=True,
    ),
    DemoModel(
        slug="phone-stand",
        title="Phone stand",
        description=(
            "A bent-profile stand that holds a phone at a good reading angle. Watertight, printed on its "
            "side without support."
        ),
        category="3D printing",
        tags=(
            "printable",
            "phone",
            "stand",
            "desk",
        ),
        price=Decimal(0),
        creator="tomasz_wilk",
        licence="cc0",
        build=printable.phone_stand,
        ai_training=True,
    ),
    DemoModel(
        slug="desk-knight",
        title="Desk knight",
        description=(
            "The knight of our chess set at desk size, 9 cm tall. Watertight with a flat foot, sculpted "
            "in one piece."
        ),
        category="3D printing",
        tags=(
            "printable",
            "chess",
            "knight",
            "statue",
        ),
        price=Decimal(0),
        creator="diego_arroyo",
        licence="cc_by_nc",
        build=printable.knight,
    ),
)
