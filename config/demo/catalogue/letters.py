"""What people of the demo write to each other in private."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DemoLetter:
    """One message: who wrote it, so many hours before now, perhaps with a model by its slug."""

    author: str
    hours_ago: float
    text: str
    model: str = ""


@dataclass(frozen=True)
class DemoTalk:
    """Two people; the first letter's author wrote first. `is_read` is whether the last one has been seen."""

    people: tuple[str, str]
    letters: tuple[DemoLetter, ...]
    is_read: bool = True


TALKS = (
    DemoTalk(
        ("buyer", "creator"),
        (
            DemoLetter(
                "buyer",
                75,
                "Hello! Is the seat of this one a mesh of its own? I would like to give the leather another colour.",
                "walnut-lounge-chair",
            ),
            DemoLetter(
                "creator",
                73.5,
                "It is: frame, seat and back are three meshes with a material each. Change the base colour of "
                "`leather` and you are there.",
            ),
            DemoLetter("buyer", 73, "That easy. Thank you!"),
            DemoLetter(
                "buyer",
                26,
                "It is in the scene now, in a dark green, and the client wants four of them. "
                "Do you plan a matching stool?",
            ),
            DemoLetter(
                "creator",
                2.2,
                "There is one that goes with it. Same leather, same joints:",
                "leather-bar-stool",
            ),
        ),
        is_read=False,
    ),
    DemoTalk(
        ("marit_dekker", "buyer"),
        (
            DemoLetter(
                "marit_dekker",
                120,
                "I saw your question below the sideboard. Did you get the reeds to render clean?",
            ),
            DemoLetter(
                "buyer",
                118,
                "After some swearing. What helped:\n\n"
                "1. no denoiser on the first pass\n2. twice the samples\n3. patience",
            ),
            DemoLetter("marit_dekker", 117.5, "The third one I do not have. Thanks."),
        ),
    ),
    # Nobody whom the demo's creator follows: it waits as a request.
    DemoTalk(
        ("sofia_lindgren", "creator"),
        (
            DemoLetter(
                "sofia_lindgren",
                5,
                "Good evening. We furnish a small hotel in Malmö, on paper for now, and would like this bookshelf in "
                "three widths. Would you do that for a fee, or shall I post a bounty?",
                "walnut-bookshelf",
            ),
        ),
        is_read=False,
    ),
)
