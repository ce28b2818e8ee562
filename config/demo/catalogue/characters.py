"""Animals and figures."""

from decimal import Decimal

from config.demo.builders import characters
from config.demo.catalogue.entry import DemoModel

MODELS = (
    DemoModel(
        slug="low-poly-fox",
        title="Low-poly fox",
        description=(
            "A fox in folded-paper facets, one flat colour a facet. All colours are vertex colours in a "
            "single material, so it costs one draw call besides the eyes."
        ),
        category="Characters & animals",
        tags=(
            "fox",
            "animal",
            "low-poly",
        ),
        price=Decimal(0),
        creator="yuki_tanabe",
        licence="cc_by",
        build=characters.fox,
        ai_training=True,
    ),
    DemoModel(
        slug="swimming-whale",
        title="Swimming whale",
        description=(
            "A stylised whale on a five-joint spine with smooth skin weights. The four-second swim cycle "
            "runs from a slight nod of the head to a full beat of the flukes, and loops."
        ),
        category="Characters & animals",
        tags=(
            "whale",
            "ocean",
            "animal",
            "rigged",
            "animated",
        ),
        price=Decimal("29.00"),
        creator="yuki_tanabe",
        licence="royalty_free",
        build=characters.whale,
    ),
    DemoModel(
        slug="robot-pip",
        title="Robot Pip",
        description=(
            "A friendly helper robot with a glowing face, ribbed limbs and big boots. Pip waves: "
            "shoulder, forearm and head are nodes in a clean hierarchy, easy to animate further."
        ),
        category="Characters & animals",
        tags=(
            "robot",
            "character",
            "cute",
            "animated",
        ),
        price=Decimal("26.00"),
        creator="yuki_tanabe",
        licence="royalty_free",
        build=characters.robot,
    ),
    DemoModel(
        slug="penguin-with-scarf",
        title="Penguin with a scarf",
        description=(
            "A round penguin in soft felt with a red knitted scarf. The body is one smooth mesh with "
            "vertex colours; the scarf has its own woven texture."
        ),
        category="Characters & animals",
        tags=(
            "penguin",
            "animal",
            "winter",
            "cute",
        ),
        price=Decimal(0),
        creator="yuki_tanabe",
        licence="cc_by_nc",
        build=characters.penguin,
    ),
    DemoModel(
        slug="curious-octopus",
        title="Curious octopus",
        description=(
            "Eight curling arms, a freckled mantle and wide eyes. One smooth skin without seams, coloured "
            "by vertex from coral to a pale underside."
        ),
        category="Characters & animals",
        tags=(
            "octopus",
            "ocean",
            "animal",
        ),
        price=Decimal(0),
        creator="yuki_tanabe",
        licence="cc_by_sa",
        build=characters.octopus,
        ai_training=True,
    ),
)
