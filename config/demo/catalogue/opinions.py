"""What those who have taken the demo's free models say of them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class DemoReview:
    """Stars and words of a member; `answer` is what the model's creator says to it, `helpful` how many found it so."""

    author: str
    rating: int
    text: str
    answer: str = ""
    helpful: int = 0


REVIEWS = {
    "spindle-back-chair": (
        DemoReview(
            "sofia_lindgren",
            5,
            "Put it around a table in twenty minutes. The seat is dished as it should be, and the legs meet the floor.",
            "That is what the saddle seat is for. Thank you, Sofia.",
            helpful=4,
        ),
        DemoReview(
            "mateo_ruiz", 5, "My class took it apart and put it together again. Names of parts make sense."
        ),
        DemoReview(
            "hana_kovac",
            4,
            "Fine at arm’s length. For **AR** I would have liked a second, lighter version with baked spindles.",
            helpful=2,
        ),
        DemoReview("omar_haddad", 5, "Quiet and true. It disappears into a room, as a chair should."),
    ),
    "leather-bar-stool": (
        DemoReview(
            "marit_dekker",
            4,
            "Good stool. The green is bolder than on the poster, so check it in your light.",
        ),
        DemoReview("lucia_bianchi", 5, "Six of them on a stage, no trouble.", helpful=1),
    ),
    "moka-pot": (
        DemoReview(
            "ken_watanabe_3d",
            5,
            "The facets are softened where a real one is, and the valve has its screw. Somebody looked.",
            "I own three of them, and took the worst apart.",
            helpful=5,
        ),
        DemoReview(
            "elise_fournier",
            4,
            "Brushed metal is lovely; there is nothing inside, so keep the lid shut.",
        ),
    ),
    "brass-candlesticks": (
        DemoReview(
            "lucia_bianchi",
            5,
            "Flames are emissive and no more: the light stays mine.",
            helpful=2,
        ),
        DemoReview("priya_nair", 4, "Nice set. I animated the flames myself."),
    ),
    "retro-rocket": (
        DemoReview("jonas_weil", 5, "Prototype to trailer without a change. The rivets hold up.", helpful=3),
        DemoReview("david_mbeki", 5, "My game has a rocket now. It did not before."),
        DemoReview(
            "mateo_ruiz", 4, "Children love it. A version without the portholes would print more easily."
        ),
    ),
    "low-poly-fox": (
        DemoReview(
            "jonas_weil",
            5,
            "One material, vertex colours, done. That is low poly.",
            helpful=6,
        ),
        DemoReview("david_mbeki", 4, "Good silhouette from every side but straight from above."),
        DemoReview("priya_nair", 5, "Rigged it in an hour: the loops are where one needs them."),
    ),
    "penguin-with-scarf": (
        DemoReview("elise_fournier", 5, "The knit of the scarf is the reason I took it.", helpful=1),
        DemoReview("hana_kovac", 3, "Charming, but the felt needs more texture up close."),
    ),
    "curious-octopus": (
        DemoReview("priya_nair", 5, "One skin without seams: it bends wherever I ask it to.", helpful=2),
    ),
    "low-poly-trees": (
        DemoReview("jonas_weil", 5, "Instanced four thousand of them. Still sixty frames."),
        DemoReview(
            "callum_reid", 3, "Made for screens. Branches are too thin to print at tabletop size.", helpful=3
        ),
    ),
    "low-poly-bear": (
        DemoReview("callum_reid", 5, "No support, no clean-up, stands by itself.", helpful=4),
        DemoReview("mateo_ruiz", 5, "Printed eleven. All of them have names now."),
    ),
    "dragon-egg": (
        DemoReview(
            "callum_reid",
            4,
            "Scales come out crisp at 0.12 mm. At 0.2 the rows near the foot run together.",
            "True: below that the slicer joins them. Thank you for measuring.",
            helpful=2,
        ),
    ),
    "phone-stand": (
        DemoReview(
            "callum_reid", 5, "Six minutes to slice and two hours to print. It holds a thick case too."
        ),
        DemoReview("david_mbeki", 4, "Solid. Rounded corners would be kinder to the desk.", helpful=1),
    ),
}
