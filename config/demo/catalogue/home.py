"""Lamps, vessels and small things for a home."""

from decimal import Decimal

from config.demo.builders import home
from config.demo.catalogue.entry import DemoModel

MODELS = (
    DemoModel(
        slug="stoneware-vases",
        title="Stoneware vases with dried grass",
        description=(
            "A fluted bottle, a round celadon jar and a small tenmoku bowl, with three stems of dried "
            "grass. The glazes are speckled with iron and pool softly towards the foot.\n\n"
            "Each vessel is hollow with a real wall, so it can be filled."
        ),
        category="Home & decor",
        tags=(
            "vase",
            "ceramic",
            "stoneware",
            "decor",
            "glaze",
        ),
        price=Decimal("12.00"),
        creator="ines_moreau",
        licence="royalty_free",
        build=home.vases,
    ),
    DemoModel(
        slug="teapot-and-cups",
        title="Teapot and two cups",
        description=(
            "A low stoneware teapot with a walnut handle and two filled cups on turned saucers. The clay "
            "shows through the pale glaze as fine specks; handle lugs are brass."
        ),
        category="Home & decor",
        tags=(
            "tea",
            "teapot",
            "cups",
            "ceramic",
            "walnut",
        ),
        price=Decimal("15.00"),
        creator="ines_moreau",
        licence="royalty_free",
        build=home.tea_set,
    ),
    DemoModel(
        slug="desk-lamp-rigged",
        title="Articulated desk lamp",
        description=(
            "A spring-balanced task lamp in petrol enamel and brass, rigged with three joints: lower arm, "
            "upper arm and shade. A looping clip has it look around the desk.\n\n"
            "The bulb is emissive, and every joint turns about the right axis, so posing it takes "
            "seconds."
        ),
        category="Home & decor",
        tags=(
            "lamp",
            "desk",
            "rigged",
            "animated",
            "enamel",
            "brass",
        ),
        price=Decimal("24.00"),
        creator="leo_castellano",
        licence="royalty_free",
        build=home.desk_lamp,
    ),
    DemoModel(
        slug="kinetic-mobile",
        title="Kinetic mobile",
        description=(
            "Six lacquered leaves balance on five thin arms that drift at their own pace. The loop is "
            "twelve seconds long and never jumps."
        ),
        category="Home & decor",
        tags=(
            "mobile",
            "sculpture",
            "animated",
            "kinetic",
            "decor",
        ),
        price=Decimal("11.00"),
        creator="yuki_tanabe",
        licence="cc_by_nc",
        build=home.mobile,
    ),
    DemoModel(
        slug="walnut-wall-clock",
        title="Walnut wall clock",
        description=(
            "A 33 cm wall clock in a turned walnut ring with a brass bezel and applied hour marks. All "
            "three hands are animated in their right ratio; half a day passes in 24 seconds."
        ),
        category="Home & decor",
        tags=(
            "clock",
            "wall",
            "walnut",
            "brass",
            "animated",
        ),
        price=Decimal("13.00"),
        creator="leo_castellano",
        licence="royalty_free",
        build=home.wall_clock,
    ),
    DemoModel(
        slug="ceiling-fan",
        title="Ceiling fan with walnut blades",
        description=(
            "Four twisted walnut blades around a brass housing with an opal lamp below. The rotor is a "
            "node of its own and turns in a seamless loop."
        ),
        category="Home & decor",
        tags=(
            "fan",
            "ceiling",
            "lamp",
            "brass",
            "animated",
        ),
        price=Decimal("17.00"),
        creator="tomasz_wilk",
        licence="royalty_free",
        build=home.ceiling_fan,
    ),
    DemoModel(
        slug="storm-lantern",
        title="Storm lantern",
        description=(
            "A barn-red paraffin lantern with a caged glass globe, wire bail and a small emissive flame. "
            "The globe is see-through and the tubes on its sides are hollow to the eye, as on the real "
            "thing."
        ),
        category="Home & decor",
        tags=(
            "lantern",
            "lamp",
            "oil",
            "camping",
            "vintage",
        ),
        price=Decimal("8.00"),
        creator="freya_holm",
        licence="royalty_free",
        build=home.storm_lantern,
    ),
    DemoModel(
        slug="moka-pot",
        title="Moka pot",
        description=(
            "The eight-sided stove-top coffee maker, in brushed aluminium with black handle and knob. "
            "Softened edges, a brass safety valve, and fewer than five thousand triangles."
        ),
        category="Home & decor",
        tags=(
            "coffee",
            "kitchen",
            "aluminium",
            "moka",
        ),
        price=Decimal(0),
        creator="leo_castellano",
        licence="cc0",
        build=home.moka_pot,
        ai_training=True,
    ),
    DemoModel(
        slug="glass-carafe-set",
        title="Carafe and tumblers",
        description=(
            "A blown carafe half full of water, an oak stopper and two tumblers on a dark marble tray. "
            "The glass uses transmission where the viewer supports it and blends elsewhere."
        ),
        category="Home & decor",
        tags=(
            "glass",
            "carafe",
            "water",
            "tumbler",
            "table",
        ),
        price=Decimal("10.00"),
        creator="ines_moreau",
        licence="royalty_free",
        build=home.carafe,
    ),
    DemoModel(
        slug="hammered-copper-pendant",
        title="Hammered copper pendant",
        description=(
            "A planished copper dome with a cream inside, hung from a braided cord. The hammer marks are "
            "in the normal map and catch the light as the lamp turns."
        ),
        category="Home & decor",
        tags=(
            "lamp",
            "pendant",
            "copper",
            "hammered",
            "lighting",
        ),
        price=Decimal("14.00"),
        creator="ines_moreau",
        licence="royalty_free",
        build=home.pendant,
    ),
    DemoModel(
        slug="brass-candlesticks",
        title="Brass candlesticks",
        description=(
            "Three turned brass candlesticks of different height with beeswax candles and emissive "
            "flames. Arranged as a group, easily pulled apart."
        ),
        category="Home & decor",
        tags=(
            "candle",
            "candlestick",
            "brass",
            "decor",
        ),
        price=Decimal(0),
        creator="freya_holm",
        licence="cc_by",
        build=home.candlesticks,
        ai_training=True,
    ),
)
