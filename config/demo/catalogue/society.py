"""Who looks around in the demo: members who like, comment, follow and collect, and what they say."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class DemoMember:
    """Somebody who buys, and publishes nothing."""

    username: str
    full_name: str
    bio: str
    country: str


@dataclass(frozen=True)
class DemoComment:
    """What somebody says about a model; `answers` are by (username, words)."""

    author: str
    text: str
    answers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class DemoCollection:
    """Models by their slugs, in their order."""

    owner: str
    name: str
    description: str
    models: tuple[str, ...]
    is_public: bool = True


MEMBERS = (
    DemoMember("marit_dekker", "Marit Dekker", "Interior visualisation for small studios.", "Netherlands"),
    DemoMember("jonas_weil", "Jonas Weil", "Game artist. Low poly, high hopes.", "Germany"),
    DemoMember("priya_nair", "Priya Nair", "Motion designer; everything should turn a little.", "India"),
    DemoMember("callum_reid", "Callum Reid", "Tabletop scenery and too many printers.", "Scotland"),
    DemoMember("sofia_lindgren", "Sofia Lindgren", "Architect. Renders on Fridays.", "Sweden"),
    DemoMember("mateo_ruiz", "Mateo Ruiz", "Teaches 3D to twelve-year-olds.", "Spain"),
    DemoMember("hana_kovac", "Hana Kovač", "AR product demos for shops.", "Croatia"),
    DemoMember("david_mbeki", "David Mbeki", "Indie developer, one game a decade.", "South Africa"),
    DemoMember("elise_fournier", "Élise Fournier", "Stop motion, sets and props.", "France"),
    DemoMember("ken_watanabe_3d", "Ken Watanabe", "Cameras, watches, anything with screws.", "Japan"),
    DemoMember("lucia_bianchi", "Lucia Bianchi", "Set designer for theatre.", "Italy"),
    DemoMember("omar_haddad", "Omar Haddad", "Museum installations and quiet worlds.", "Jordan"),
)

COMMENTS = {
    "walnut-lounge-chair": (
        DemoComment(
            "marit_dekker",
            "Used it in a living room for a client last week. The leather holds up at arm’s length, which I cannot say "
            "of most chairs I have bought.",
            (
                (
                    "creator",
                    "Thank you, Marit! If you need the shells in oak, the wood is a tileable set: swap it.",
                ),
            ),
        ),
        DemoComment(
            "sofia_lindgren",
            "Real scale, finally. Seat height came out at 42 cm without touching anything.",
        ),
    ),
    "stoneware-vases": (
        DemoComment(
            "lucia_bianchi",
            "The glaze breaks at the rim as it does on real stoneware. Lovely.",
            (("ines_moreau", "I threw the originals myself, so I had good reference."),),
        ),
    ),
    "rangefinder-camera": (
        DemoComment(
            "ken_watanabe_3d",
            "The shutter dial has the right number of stops. Somebody has held one of these.",
            (
                ("leo_castellano", "My grandfather’s. It still works."),
                ("ken_watanabe_3d", "Then please do the light meter next."),
            ),
        ),
        DemoComment("hana_kovac", "Runs at full frame rate in AR on a three-year-old phone."),
    ),
    "classic-roadster": (
        DemoComment(
            "david_mbeki",
            "Are the wheels separate meshes? I would like to steer them.",
            (
                ("tomasz_wilk", "Yes, with their pivots on the axles. See the parts in the inspector."),
                ("david_mbeki", "Found them. Perfect."),
            ),
        ),
        DemoComment("priya_nair", "That chrome. I spun it for ten minutes."),
    ),
    "low-poly-fox": (
        DemoComment(
            "mateo_ruiz", "My class has recoloured this fox in nineteen ways. Thank you for making it free!"
        ),
        DemoComment(
            "jonas_weil", "Silhouette reads from every side. A good lesson in where to spend triangles."
        ),
    ),
    "striped-lighthouse": (
        DemoComment(
            "elise_fournier",
            "Is the lamp’s turn a loop? I need it to run for a minute.",
            (("amara_okafor", "It loops without a seam: eight seconds a turn."),),
        ),
    ),
    "low-poly-trees": (
        DemoComment("jonas_weil", "Six trees and my hill looks like a forest. Ideal filler."),
    ),
    "knights-longsword": (
        DemoComment("david_mbeki", "The fuller goes where it should. Most game swords get that wrong."),
    ),
    "twisted-planter": (
        DemoComment(
            "callum_reid",
            "Printed in 0.2 mm without supports, watertight with two walls. Now holds a very small cactus.",
            (("diego_arroyo", "Send a picture of the cactus!"),),
        ),
    ),
    "teapot-and-cups": (
        DemoComment("omar_haddad", "The lid sits *in* the pot rather than on it. I noticed."),
    ),
    "over-ear-headphones": (
        DemoComment(
            "hana_kovac", "Textures are a little heavy for the web; at half size they still look right."
        ),
    ),
    "camper-van": (
        DemoComment(
            "sofia_lindgren",
            "Does the interior exist, or is it a shell?",
            (("tomasz_wilk", "Seats, wheel and a curtain. No kitchen: nobody would cook in there."),),
        ),
    ),
    "swimming-whale": (
        DemoComment(
            "priya_nair", "The tail leads and the body follows. Whoever animated this has watched whales."
        ),
        DemoComment(
            "omar_haddad", "Projected at four metres in a museum foyer. It stayed calm, and so did we."
        ),
    ),
    "garden-rotunda": (DemoComment("sofia_lindgren", "Entasis on the columns! Respect."),),
    "juniper-bonsai": (
        DemoComment(
            "elise_fournier",
            "Bark and deadwood are beautiful. How did you do the foliage pads?",
            (("diego_arroyo", "Cards in four sizes, scattered by hand. It took an evening, and it shows."),),
        ),
    ),
    "treasure-chest": (
        DemoComment("jonas_weil", "The lid’s animation starts slow and lands heavy. As it must."),
    ),
    "gyroid-lamp-shade": (
        DemoComment(
            "callum_reid",
            "Vase mode does not like it, but two walls and no infill do. Throws lovely shadows.",
        ),
    ),
    "wooden-chess-set": (
        DemoComment("mateo_ruiz", "All 32 pieces as instances: the file is tiny for what it shows."),
    ),
    "robot-pip": (DemoComment("priya_nair", "It waves! Bought before I knew what for."),),
    "honeycomb-organiser": (
        DemoComment("callum_reid", "Tolerances are right: pencils fit, fat markers do not."),
    ),
}

COLLECTIONS = (
    DemoCollection(
        "marit_dekker",
        "A quiet living room",
        "Pieces that sit well together in morning light. All at real scale.",
        (
            "walnut-lounge-chair",
            "stoneware-vases",
            "spindle-back-chair",
            "teapot-and-cups",
            "boucle-sofa",
            "desk-lamp-rigged",
            "marble-pedestal-table",
            "potted-monstera",
        ),
    ),
    DemoCollection(
        "jonas_weil",
        "Small enough for a jam",
        "Low triangle counts, clear silhouettes: what I drop into a prototype first.",
        (
            "low-poly-fox",
            "low-poly-trees",
            "penguin-with-scarf",
            "viking-round-shield",
            "retro-rocket",
            "low-poly-bear",
        ),
    ),
    DemoCollection(
        "callum_reid",
        "Straight to the slicer",
        "Watertight and tried: each of these has been on my printer.",
        ("twisted-planter", "gyroid-lamp-shade", "low-poly-bear", "dragon-egg", "honeycomb-organiser"),
    ),
    DemoCollection(
        "priya_nair",
        "It moves",
        "Models whose animation is worth watching twice.",
        (
            "swimming-whale",
            "striped-lighthouse",
            "robot-pip",
            "treasure-chest",
            "gear-train",
            "kinetic-mobile",
        ),
    ),
    DemoCollection(
        "ken_watanabe_3d",
        "Made of screws",
        "Hard surfaces by people who know where the screws go.",
        ("rangefinder-camera", "over-ear-headphones", "studio-microphone", "classic-roadster", "gamepad"),
    ),
    DemoCollection(
        "omar_haddad",
        "For large walls",
        "What keeps its detail when it is four metres tall.",
        ("swimming-whale", "garden-rotunda", "amethyst-geode", "striped-lighthouse"),
    ),
    DemoCollection(
        "buyer",
        "Cabin project",
        "Candidates for the cabin. Only for me until it is decided.",
        ("spindle-back-chair", "teapot-and-cups", "spiral-staircase", "potted-monstera"),
        is_public=False,
    ),
)
