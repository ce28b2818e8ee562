"""What the people of the demo post in its communities, and what the others say to it."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class DemoAnswer:
    """A comment, so many hours before now; `answers` are of the same kind, to it."""

    author: str
    hours_ago: float
    text: str
    answers: tuple["DemoAnswer", ...] = ()


@dataclass(frozen=True)
class DemoPost:
    """A post, so many hours before now, perhaps with a model by its slug.

    `reactions` are usernames by the kind of reaction; whoever is not in the community (any more) leaves none.
    """

    community: str
    author: str
    hours_ago: float
    text: str
    model: str = ""
    reactions: dict[str, tuple[str, ...]] = field(default_factory=dict)
    answers: tuple[DemoAnswer, ...] = ()
    is_pinned: bool = False


POSTS = (
    DemoPost(
        "Joints and junctions",
        "creator",
        1200,
        "Welcome. Three things make a post here easy to answer:\n\n1. the size of the piece, in centimetres or inches,"
        "\n2. one close-up of a joint, best as a wireframe,\n3. what you want to know.\n\nNobody needs a finished"
        " render. A screenshot of the corner that troubles you is worth more.",
        reactions={"like": ("ines_moreau", "leo_castellano", "freya_holm"), "love": ("marit_dekker",)},
        is_pinned=True,
    ),
    DemoPost(
        "Joints and junctions",
        "creator",
        300,
        "I rebuilt the junction of armrest and back leg on this one. The old version met in a single edge loop, which"
        " looked right until the light came from the side. Now there is a shoulder of **4 mm** with its own bevel, and"
        " the shadow does the rest.\n\nTriangles went from 38k to 41k. Worth it?",
        "walnut-lounge-chair",
        reactions={"love": ("ines_moreau", "freya_holm"), "fire": ("leo_castellano",)},
        answers=(
            DemoAnswer(
                "leo_castellano",
                296,
                "Worth it. At arm’s length nobody counts triangles, but everybody sees a seam that is too clean.",
                (
                    DemoAnswer(
                        "creator",
                        295,
                        "That is how I explain it to clients, too: real furniture has a line where two parts meet.",
                    ),
                ),
            ),
            DemoAnswer("ines_moreau", 290, "The shoulder also helps the bake. Mine smeared exactly there."),
        ),
    ),
    DemoPost(
        "Joints and junctions",
        "freya_holm",
        150,
        "How do you model a finger joint that was cut *by hand*? Mine look as if a machine had made them, and moving"
        " vertices at random looks like noise, not like a chisel.",
        reactions={"like": ("creator",)},
        answers=(
            DemoAnswer(
                "creator",
                146,
                "Vary the **width** of the pins and leave the depth alone. A person saws to a line, so depth is"
                " exact; the spacing is by eye. Two or three pins a tenth wider than the rest are enough.",
                (
                    DemoAnswer(
                        "freya_holm", 145, "Three pins changed, and it is a different drawer. Thank you."
                    ),
                ),
            ),
        ),
    ),
    DemoPost(
        "Joints and junctions",
        "ines_moreau",
        20,
        "For those who asked how the drawers of a sideboard open without clipping: the fronts are separate meshes with"
        " their pivot at the back, and the gap is 2 mm all around. Reeds and all, it closes flush.",
        "reeded-oak-sideboard",
        reactions={"wow": ("freya_holm",), "like": ("creator", "leo_castellano")},
    ),
    DemoPost(
        "Everything that turns",
        "tomasz_wilk",
        900,
        "A reminder before the next round of rigs: **one pivot, one purpose.** If a part turns and slides, give it two"
        " empties, one below the other. Whoever buys it can then animate either without your help.",
        reactions={"like": ("leo_castellano", "ken_watanabe_3d", "freya_holm")},
        is_pinned=True,
    ),
    DemoPost(
        "Everything that turns",
        "tomasz_wilk",
        210,
        "Seven wheels, one driver, and every ratio in the file is the ratio of the teeth. The tooth profile is an"
        " involute, so it may be turned by hand in the viewer and nothing cuts into its neighbour.",
        "gear-train",
        reactions={"fire": ("ken_watanabe_3d", "leo_castellano"), "wow": ("freya_holm",)},
        answers=(
            DemoAnswer(
                "ken_watanabe_3d",
                205,
                "I checked with a calculator, and then I believed you. How many segments does a flank have?",
                (
                    DemoAnswer(
                        "tomasz_wilk",
                        204,
                        "Six. With five the highlight jumps while it turns; with eight nobody sees a difference.",
                    ),
                ),
            ),
        ),
    ),
    DemoPost(
        "Everything that turns",
        "leo_castellano",
        64,
        "Does anybody have drawings of a focal-plane shutter that I may look at? I have the outside of the camera, and"
        " I would like the curtain to *travel*, not to fade.",
        "rangefinder-camera",
        reactions={"like": ("tomasz_wilk",)},
        answers=(
            DemoAnswer(
                "ken_watanabe_3d",
                60,
                "I have taken three of them apart. The curtains wind on two drums of different width; photographs"
                " follow on Sunday, with a ruler in every one.",
            ),
        ),
    ),
    DemoPost(
        "Everything that turns",
        "ken_watanabe_3d",
        9,
        "Small thing, big effect: the second hand of a mechanical watch makes **six steps a second** (at 21,600 beats"
        " an hour). Most animations let it tick once. Fast steps with no easing look right at once.",
        reactions={"wow": ("tomasz_wilk",)},
    ),
    DemoPost(
        "First layer",
        "diego_arroyo",
        260,
        "Printed at 0.2 mm in grey PLA, no supports, eleven hours. The overhang is 48 degrees at most by construction,"
        " so it should print on anything that heats.",
        "twisted-planter",
        reactions={"like": ("callum_reid", "creator"), "love": ("freya_holm",)},
        answers=(
            DemoAnswer(
                "callum_reid",
                255,
                "Prints on mine, and mine is a shed with a nozzle. Which wall thickness did you slice it with?",
                (DemoAnswer("diego_arroyo", 254, "Three perimeters, so 1.2 mm. It holds water with that."),),
            ),
        ),
    ),
    DemoPost(
        "First layer",
        "callum_reid",
        120,
        "**Failed print of the week.** A dragon egg, scaled to 15 mm for a tabletop. At that size the scales are"
        " 0.3 mm high and the nozzle is 0.4 mm wide: I have printed a very smooth potato.\n\nLesson: look at the"
        " smallest feature before you scale, not after.",
        "dragon-egg",
        reactions={"love": ("diego_arroyo",), "fire": ("freya_holm",)},
        answers=(
            DemoAnswer(
                "diego_arroyo", 117, "A smooth potato is a classic. A 0.25 mm nozzle would save the egg."
            ),
        ),
    ),
    DemoPost(
        "First layer",
        "freya_holm",
        31,
        "Is there a rule for the gap between parts that are printed in place and should still turn? I go by 0.3 mm and"
        " it works in one direction only.",
    ),
    DemoPost(
        "Small casts",
        "yuki_tanabe",
        330,
        "Twelve bones and no face rig: Pip shows what he feels with the angle of his head and the length of his pause."
        " If a character reads as a *black shape*, the face may rest.",
        "robot-pip",
        reactions={"love": ("jonas_weil", "amara_okafor")},
        answers=(
            DemoAnswer(
                "jonas_weil", 325, "The pause before the wave is the whole character. How many frames is it?"
            ),
        ),
    ),
    DemoPost(
        "Small casts",
        "jonas_weil",
        88,
        "Turnaround check: I squint, then I turn the screen black and white, then I look from across the room. The fox"
        " survives all three. Mine do not, yet. What is your test?",
        "low-poly-fox",
        reactions={"like": ("yuki_tanabe",)},
        answers=(
            DemoAnswer(
                "yuki_tanabe",
                80,
                "I cut the silhouette out of paper. If my niece knows what it is, it goes to colour.",
            ),
        ),
    ),
    DemoPost(
        "Worlds of eight metres",
        "amara_okafor",
        400,
        "This month’s place: **a landing stage**. The same twelve modules as always, eight metres by eight, and one of"
        " you asked for water, so there is a plane of it at minus 0.6 m.\n\nScenes until the 28th, please with the"
        " module sheet.",
        reactions={"fire": ("tomasz_wilk", "diego_arroyo")},
        is_pinned=True,
    ),
    DemoPost(
        "Worlds of eight metres",
        "tomasz_wilk",
        70,
        "My landing stage has a crane, because of course it has. All of it is the beam and the railing, scaled along"
        " one axis only, so the texel density stays the same. The bridge in the back is this one:",
        "stone-arch-bridge",
        reactions={"wow": ("amara_okafor",), "like": ("diego_arroyo",)},
        answers=(
            DemoAnswer(
                "amara_okafor", 66, "A crane out of railings! The bridge gives it the scale. Beautiful."
            ),
        ),
    ),
    DemoPost(
        "Kiln room",
        "ines_moreau",
        50,
        "The glaze of the new vases, three attempts. The left one keeps the brush marks in the roughness alone, and I"
        " think that is the one. Please tell me before Thursday.",
        "stoneware-vases",
        answers=(DemoAnswer("creator", 44, "The left one. The other two look as if they had been dipped."),),
    ),
)
