"""What people of the demo want made, who would make it, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class DemoApplication:
    """Somebody who would make it; `work` is the model that they hand in, by its slug, `handed_in` days ago."""

    applicant: str
    days: int
    message: str
    work: str = ""
    handed_in: int = 0
    note: str = ""


@dataclass(frozen=True)
class DemoRemark:
    """What somebody says below a bounty; `answers` are by (username, words)."""

    author: str
    days: int
    text: str
    answers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class DemoBounty:
    """Posted `days` ago, to be ready `ends` days ago, or in so many days where that is negative.

    `awarded` days ago the poster has chosen the first work.
    """

    poster: str
    days: int
    ends: int
    title: str
    description: str
    requirements: str
    category: str
    budget: Decimal
    source: str
    wanted_formats: tuple[str, ...] = ("glb",)
    wants: tuple[str, ...] = ()
    max_triangles: int | None = None
    applications: tuple[DemoApplication, ...] = ()
    remarks: tuple[DemoRemark, ...] = ()
    awarded: int | None = None


BOUNTIES = (
    DemoBounty(
        "mateo_ruiz",
        days=62,
        ends=44,
        title="A sundial that a class can print and use",
        description=(
            "For twelve-year-olds in Valencia: they print it, glue it, and read the time in the school yard. "
            "It has to work at **39.5° north**, and be fun to look at."
        ),
        requirements="Watertight, no supports, fits a plate of 180 × 180 mm. Hours from 8 to 18.",
        category="3D printing",
        budget=Decimal("60.00"),
        source="pays@sandbox.test",
        wants=("watertight",),
        remarks=(
            DemoRemark(
                "callum_reid",
                60,
                "Would two parts that click together be all right? The gnomon is hard to print standing.",
                (("mateo_ruiz", "Two parts are fine. Gluing is half the lesson."),),
            ),
        ),
    ),
    DemoBounty(
        "lucia_bianchi",
        days=40,
        ends=24,
        title="A ukulele for a close-up on stage",
        description=(
            "Our play has a ukulele that is projected six metres wide while the actor tunes it. I need one that holds "
            "up: real tuning pegs, real wear where the hand lies, and strings that catch the light."
        ),
        requirements="One concert ukulele, true to scale, PBR materials. At most 150,000 triangles.",
        category="Toys & games",
        budget=Decimal("180.00"),
        source="4242424242424242",
        wants=("pbr", "uv"),
        max_triangles=150_000,
        applications=(
            DemoApplication(
                "creator",
                38,
                "I built real ones before I modelled any. Pegs that turn, a bound sound hole, worn where it is held. "
                "Two weeks.",
                work="concert-ukulele",
                handed_in=27,
                note="Wear is a mask of its own, so you can turn it down.",
            ),
            DemoApplication(
                "freya_holm", 37, "I would carve it as a Norse one, if the play allows for that."
            ),
        ),
        remarks=(
            DemoRemark(
                "elise_fournier",
                36,
                "Does it have to be played, or only held?",
                (("lucia_bianchi", "Held and tuned. Nobody in the cast can play."),),
            ),
        ),
        awarded=23,
    ),
    DemoBounty(
        "buyer",
        days=15,
        ends=-9,
        title="A small sailing boat for a children’s app",
        description=(
            "The boat is the hero of a bedtime story: it leaves a harbour, meets a storm, and comes home. Friendly "
            "shapes, but rigged like a boat that could sail.\n\nIt is seen from all sides, in a bathtub-sized sea."
        ),
        requirements="Hull, mast and sails as separate parts. Textures of 2K at most, as it runs on phones.",
        category="Vehicles",
        budget=Decimal("240.00"),
        source="4242424242424242",
        wants=("pbr",),
        max_triangles=80_000,
        applications=(
            DemoApplication(
                "amara_okafor",
                13,
                "Boats are what I draw when nobody pays me. Gaff rig, tanbark sails, and a hull that children can "
                "read from far away.",
                work="gaff-rigged-sailboat",
                handed_in=3,
                note="Sails and boom turn about the mast. The sea is yours.",
            ),
            DemoApplication("diego_arroyo", 12, "Happy to try it in a softer, clay-like look. Ten days."),
        ),
        remarks=(
            DemoRemark(
                "mateo_ruiz",
                11,
                "Please let it have a name on the stern. Children ask for the name first.",
                (("buyer", "It is called *Otter*. Now it has to be."),),
            ),
        ),
    ),
    DemoBounty(
        "omar_haddad",
        days=6,
        ends=-24,
        title="A planispheric astrolabe whose parts turn",
        description=(
            "For a museum in Amman: visitors turn the rete over the plate on a large screen and find the hour by a "
            "star. The original is in our case, brass, 14 cm, **about 1240**.\n\nI have photographs from all sides "
            "and a table of the engraved stars, and answer questions the same day."
        ),
        requirements=(
            "Mater, two plates, rete, alidade and rule as parts with their pivots in the middle. Engraving as "
            "geometry or normal map, readable at 1:1 on a screen of 4K."
        ),
        category="Electronics",
        budget=Decimal("420.00"),
        source="test-wallet-1",
        wanted_formats=("glb",),
        wants=("pbr", "uv", "animations"),
        max_triangles=250_000,
        applications=(
            DemoApplication(
                "leo_castellano",
                5,
                "Small machines of brass are what I do. I would engrave the plate as geometry and bake the rest.",
            ),
            DemoApplication("creator", 4, "I can do the brass and the pivots; I would need your star table."),
            DemoApplication(
                "tomasz_wilk", 2, "Gears and scales, yes please. Three weeks with one round of changes."
            ),
        ),
        remarks=(
            DemoRemark(
                "ken_watanabe_3d",
                5,
                "Is the throne pierced or solid?",
                (("omar_haddad", "Pierced, with two birds.."),),
            ),
            DemoRemark("priya_nair", 3, "I would only like to see this made."),
        ),
    ),
)
# Models that are handed in rather than published: nobody else is to get what a bounty pays for.
MADE_FOR_BOUNTIES = frozenset(
    application.work for bounty in BOUNTIES for application in bounty.applications if application.work
)
