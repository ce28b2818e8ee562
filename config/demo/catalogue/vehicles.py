"""Things that drive, sail and fly."""

from decimal import Decimal

from config.demo.builders import vehicles
from config.demo.catalogue.entry import DemoModel

MODELS = (
    DemoModel(
        slug="classic-roadster",
        title="Classic roadster",
        description=(
            "An open two-seater in racing green with tan hide, a walnut dashboard and plenty of chrome. "
            "The body is one flowing shape under clear coat; the wheels are nodes of their own, centred "
            "on their axles, ready to roll.\n\n"
            "Length 3.9 m."
        ),
        category="Vehicles",
        tags=(
            "car",
            "roadster",
            "convertible",
            "vintage",
        ),
        price=Decimal("79.00"),
        creator="tomasz_wilk",
        licence="royalty_free",
        build=vehicles.roadster,
    ),
    DemoModel(
        slug="camper-van",
        title="Two-tone camper van",
        description=(
            "A rounded camper in coral and ivory with a roof rack, a suitcase and a surfboard. Windows "
            "are framed in chrome, and all four wheels can be turned."
        ),
        category="Vehicles",
        tags=(
            "van",
            "camper",
            "retro",
            "travel",
            "surf",
        ),
        price=Decimal("49.00"),
        creator="tomasz_wilk",
        licence="royalty_free",
        build=vehicles.camper_van,
    ),
    DemoModel(
        slug="retro-rocket",
        title="Retro rocket",
        description=(
            "A rocket as picture books drew it: ivory hull, red nose and three curved fins that double as "
            "legs. Riveted portholes, a hatch and a heat-stained nozzle."
        ),
        category="Vehicles",
        tags=(
            "rocket",
            "space",
            "sci-fi",
            "retro",
        ),
        price=Decimal(0),
        creator="yuki_tanabe",
        licence="cc_by",
        build=vehicles.rocket,
        ai_training=True,
    ),
    DemoModel(
        slug="gaff-rigged-sailboat",
        title="Gaff-rigged sailboat",
        description=(
            "A small wooden cruiser with a planked mahogany hull, laid deck, tan mainsail and cream jib. "
            "Spars, shrouds and portholes are modelled; the sails are full, as on a beam reach."
        ),
        category="Vehicles",
        tags=(
            "boat",
            "sailing",
            "ship",
            "wood",
        ),
        price=Decimal("33.00"),
        creator="amara_okafor",
        licence="royalty_free",
        build=vehicles.sailboat,
    ),
    DemoModel(
        slug="hot-air-balloon",
        title="Hot-air balloon",
        description=(
            "Twenty-four bulging gores in red, cream and saffron over a willow basket with leather rim, "
            "burners and sandbags. The balloon floats and sways in an eight-second loop."
        ),
        category="Vehicles",
        tags=(
            "balloon",
            "flight",
            "basket",
            "animated",
        ),
        price=Decimal("21.00"),
        creator="yuki_tanabe",
        licence="royalty_free",
        build=vehicles.balloon,
    ),
    DemoModel(
        slug="barnstormer-biplane",
        title="Barnstormer biplane",
        description=(
            "A two-seat biplane in navy and chrome yellow with a nine-cylinder radial, varnished struts "
            "and wire bracing. The propeller is animated; wings have a true aerofoil section."
        ),
        category="Vehicles",
        tags=(
            "plane",
            "biplane",
            "aircraft",
            "vintage",
            "animated",
        ),
        price=Decimal("46.00"),
        creator="tomasz_wilk",
        licence="royalty_free",
        build=vehicles.biplane,
    ),
)
