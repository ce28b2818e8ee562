"""Cameras, audio gear and other devices."""

from decimal import Decimal

from config.demo.builders import electronics
from config.demo.catalogue.entry import DemoModel

MODELS = (
    DemoModel(
        slug="rangefinder-camera",
        title="Rangefinder camera",
        description=(
            "A 35 mm rangefinder with satin-chrome top plate, black leatherette and a fast lens with "
            "knurled focus ring. Dials, windows and the accessory shoe are modelled, and a saddle-leather "
            "strap lies around it."
        ),
        category="Electronics",
        tags=(
            "camera",
            "photography",
            "vintage",
            "leather",
        ),
        price=Decimal("39.00"),
        creator="leo_castellano",
        licence="royalty_free",
        build=electronics.rangefinder,
    ),
    DemoModel(
        slug="over-ear-headphones",
        title="Over-ear headphones",
        description=(
            "Steel headband, sand leather pads and bronze-anodised caps. The yokes and sliders are "
            "separate parts, and the driver cloth inside the cups has a weave of its own."
        ),
        category="Electronics",
        tags=(
            "headphones",
            "audio",
            "music",
            "leather",
        ),
        price=Decimal("27.00"),
        creator="leo_castellano",
        licence="royalty_free",
        build=electronics.headphones,
    ),
    DemoModel(
        slug="studio-microphone",
        title="Studio microphone",
        description=(
            "A large-diaphragm condenser in a shock mount on a weighted desk stand. The grille is a real "
            "cage of wires over a gauze, made for close-ups of the capsule."
        ),
        category="Electronics",
        tags=(
            "microphone",
            "studio",
            "audio",
            "podcast",
        ),
        price=Decimal("18.00"),
        creator="leo_castellano",
        licence="royalty_free",
        build=electronics.microphone,
    ),
    DemoModel(
        slug="gamepad",
        title="Gamepad",
        description=(
            "A game controller in chalk white with two sticks, a cross pad, four coloured buttons, "
            "bumpers and triggers. The shell is one smooth body; all controls are separate meshes."
        ),
        category="Electronics",
        tags=(
            "gamepad",
            "controller",
            "gaming",
            "console",
        ),
        price=Decimal("12.00"),
        creator="tomasz_wilk",
        licence="royalty_free",
        build=electronics.gamepad,
        ai_training=True,
    ),
    DemoModel(
        slug="chronometer-wristwatch",
        title="Wristwatch with leather strap",
        description=(
            "A steel wristwatch with a midnight-blue dial, applied brass indexes, a small-seconds "
            "register and a chestnut strap. Four hands are animated in their right ratio.\n\n"
            "The crystal is see-through, the crown is knurled, and the case back to the buckle is at real "
            "size: 39 mm across."
        ),
        category="Electronics",
        tags=(
            "watch",
            "wristwatch",
            "leather",
            "steel",
            "animated",
        ),
        price=Decimal("44.00"),
        creator="leo_castellano",
        licence="royalty_free",
        build=electronics.wristwatch,
    ),
    DemoModel(
        slug="record-player",
        title="Record player",
        description=(
            "A belt-drive deck in a walnut plinth with an S-shaped tonearm and a record on the platter. "
            "The platter spins at 33⅓ revolutions a minute in a seamless loop, and the grooves are real."
        ),
        category="Electronics",
        tags=(
            "turntable",
            "vinyl",
            "record",
            "audio",
            "walnut",
            "animated",
        ),
        price=Decimal("25.00"),
        creator="tomasz_wilk",
        licence="royalty_free",
        build=electronics.record_player,
    ),
    DemoModel(
        slug="portable-radio",
        title="Portable radio",
        description=(
            "A walnut-cased transistor radio with a woven grille, brass tuning dial, leather handle and "
            "an extended aerial. Corners and frames are bevelled so that edges catch the light."
        ),
        category="Electronics",
        tags=(
            "radio",
            "retro",
            "walnut",
            "brass",
            "audio",
        ),
        price=Decimal("16.00"),
        creator="leo_castellano",
        licence="royalty_free",
        build=electronics.radio,
    ),
)
