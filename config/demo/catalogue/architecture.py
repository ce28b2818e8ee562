"""Buildings and parts of buildings."""

from decimal import Decimal

from config.demo.builders import architecture
from config.demo.catalogue.entry import DemoModel

MODELS = (
    DemoModel(
        slug="striped-lighthouse",
        title="Striped lighthouse",
        description=(
            "A limewashed tower in red and white on a granite foot, with keeper's house, gallery and "
            "copper dome. The lamp turns inside its glass lantern in a six-second loop; windows glow."
        ),
        category="Architecture",
        tags=(
            "lighthouse",
            "building",
            "coast",
            "animated",
        ),
        price=Decimal("31.00"),
        creator="amara_okafor",
        licence="royalty_free",
        build=architecture.lighthouse,
    ),
    DemoModel(
        slug="brick-windmill",
        title="Brick windmill",
        description=(
            "A tower mill in running-bond brick with a wooden stage, shingled cap and four cloth-set "
            "sails. The sails turn steadily and can be stopped at any angle."
        ),
        category="Architecture",
        tags=(
            "windmill",
            "building",
            "brick",
            "animated",
        ),
        price=Decimal("35.00"),
        creator="amara_okafor",
        licence="royalty_free",
        build=architecture.windmill,
    ),
    DemoModel(
        slug="garden-rotunda",
        title="Garden rotunda",
        description=(
            "Eight fluted marble columns carry a ribbed copper dome over a floor of encaustic tiles. "
            "Bases, capitals and the dentil cornice follow the classical order."
        ),
        category="Architecture",
        tags=(
            "pavilion",
            "rotunda",
            "temple",
            "marble",
            "columns",
        ),
        price=Decimal("38.00"),
        creator="amara_okafor",
        licence="royalty_free",
        build=architecture.rotunda,
    ),
    DemoModel(
        slug="spiral-staircase",
        title="Spiral staircase",
        description=(
            "Sixteen oak treads on a steel pole with balusters, a continuous handrail and a landing. The "
            "rise is 18.5 cm, so it meets a storey of three metres."
        ),
        category="Architecture",
        tags=(
            "stairs",
            "staircase",
            "oak",
            "steel",
        ),
        price=Decimal("18.00"),
        creator="creator",
        licence="royalty_free",
        build=architecture.spiral_stairs,
        ai_training=True,
    ),
    DemoModel(
        slug="a-frame-cabin",
        title="A-frame cabin",
        description=(
            "A dark-shingled A-frame with glowing glass gable, oak deck and brick chimney among three "
            "spruces. It stands on its own rocky base, like a model on a shelf."
        ),
        category="Architecture",
        tags=(
            "cabin",
            "house",
            "forest",
            "wood",
        ),
        price=Decimal("27.00"),
        creator="amara_okafor",
        licence="royalty_free",
        build=architecture.cabin,
    ),
    DemoModel(
        slug="stone-arch-bridge",
        title="Stone arch bridge",
        description=(
            "A humpbacked bridge of field stone with a ring of voussoirs, cobbled road and capped "
            "parapets over a strip of river. The banks are low-poly on purpose and blend into stylised "
            "terrain."
        ),
        category="Architecture",
        tags=(
            "bridge",
            "stone",
            "river",
            "environment",
        ),
        price=Decimal(0),
        creator="amara_okafor",
        licence="cc_by",
        build=architecture.stone_bridge,
        ai_training=True,
    ),
)
