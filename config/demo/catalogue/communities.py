"""The communities of the demo, and who runs them."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class DemoCommunity:
    """People by their usernames; `waiting` are those who ask to come in, with what they say.

    `members` of the demo's buyers join, the same ones each time. One that `is_waiting` is left to the moderators.
    """

    name: str
    owner: str
    category: str
    icon: str
    banner: str
    description: str
    rules: tuple[str, ...]
    days_ago: int
    policy: str = "open"
    moderators: tuple[str, ...] = ()
    members: int = 0
    creators: tuple[str, ...] = ()
    waiting: dict[str, str] = field(default_factory=dict)
    invited: tuple[str, ...] = ()
    is_waiting: bool = False


COMMUNITIES = (
    DemoCommunity(
        "Joints and junctions",
        "creator",
        "modelling",
        "armchair",
        "ember",
        "Furniture that would hold if somebody sat on it.\n\nWe model chairs, tables and shelves **joint by joint**, at"
        " real scale: show how it comes apart, and where the light has to find an edge.",
        (
            "Real scale, and say which: centimetres or inches.",
            "Show a wireframe or a close-up of one joint.",
            "Say what is good before what could be better.",
        ),
        days_ago=62,
        moderators=("ines_moreau",),
        members=9,
        creators=("leo_castellano", "freya_holm"),
    ),
    DemoCommunity(
        "Everything that turns",
        "tomasz_wilk",
        "vehicles",
        "wrench",
        "steel",
        "Engines, gearboxes, clocks and cranes. If it has an axle, it belongs here; if it has a pivot in the right"
        " place, all the better.\n\n- rigs that move as the real thing does\n- drawings and where to find them\n"
        "- questions about hard surfaces",
        ("Name your references.", "No renders without at least one view of the mesh."),
        days_ago=55,
        policy="approval",
        moderators=("leo_castellano", "ken_watanabe_3d"),
        members=6,
        creators=("freya_holm",),
        waiting={
            "mateo_ruiz": "My pupils want to build a bicycle, with a chain that runs.",
            "omar_haddad": "I restore a tide clock for a museum and need to show how it works.",
        },
    ),
    DemoCommunity(
        "First layer",
        "diego_arroyo",
        "printing",
        "printer",
        "moss",
        "For those who print what they model. Watertight meshes, sensible walls, supports that come off, and what went"
        " wrong on the third try.",
        (
            "Say printer, material and layer height with every picture of a print.",
            "Failed prints are welcome: they teach the most.",
        ),
        days_ago=48,
        moderators=("callum_reid",),
        members=8,
        creators=("freya_holm", "creator"),
    ),
    DemoCommunity(
        "Small casts",
        "yuki_tanabe",
        "characters",
        "cat",
        "orchid",
        "Characters for small games and picture books: clear silhouettes, few bones, and faces that read from across"
        " the room.",
        ("Turnarounds rather than single views.", "Credit the design where it is not your own."),
        days_ago=37,
        moderators=("jonas_weil",),
        members=7,
        creators=("amara_okafor",),
    ),
    DemoCommunity(
        "Worlds of eight metres",
        "amara_okafor",
        "environments",
        "castle",
        "lagoon",
        "Environment art in small pieces. Once a month we build a place that fits into eight metres by eight, from the"
        " same twelve modules, and compare what became of them.",
        ("Post the module sheet with your scene.", "One scene a month each."),
        days_ago=26,
        members=6,
        creators=("tomasz_wilk", "diego_arroyo"),
    ),
    DemoCommunity(
        "Kiln room",
        "ines_moreau",
        "materials",
        "gem",
        "sand",
        "Where the ceramics of the next collection are fired before anybody sees them.",
        ("What is shown here stays here until it is published.",),
        days_ago=19,
        policy="private",
        members=2,
        creators=("creator",),
        invited=("buyer",),
    ),
    DemoCommunity(
        "Three evenings a week",
        "freya_holm",
        "learning",
        "book",
        "dusk",
        "Beginners and those who were one not long ago. We work through one exercise together on Mondays,"
        " Wednesdays and Fridays.",
        ("No question is too small.",),
        days_ago=1,
        is_waiting=True,
    ),
)
