"""What the demo's courses teach. The texts lie in `config/demo/courses/`: a folder a course, a file a lesson."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

COURSES_FOLDER = Path(__file__).resolve().parent.parent / "courses"


@dataclass(frozen=True)
class DemoScene:
    """A part of a film: a model turns around once, and these words stand below it."""

    model: str
    words: str


@dataclass(frozen=True)
class DemoLesson:
    """A lesson; its film is there where all of its models are on the site."""

    slug: str
    title: str
    model: str = ""
    film: tuple[DemoScene, ...] = ()
    minutes: int | None = None
    is_preview: bool = False


@dataclass(frozen=True)
class DemoCourse:
    """A course; its picture shows `models` by their slugs, as far as they are on the site."""

    slug: str
    title: str
    summary: str
    instructor: str
    difficulty: str
    models: tuple[str, ...]
    days_ago: int
    lessons: tuple[DemoLesson, ...]
    # Nothing: free. Buyers are those who have an address in the demo.
    price: Decimal = Decimal(0)
    buyers: tuple[str, ...] = ()

    @property
    def description(self) -> str:
        return self.text_of("course")

    def text_of(self, lesson: str) -> str:
        return (COURSES_FOLDER / self.slug / f"{lesson}.md").read_text()


COURSES = (
    DemoCourse(
        "rig-a-lamp-in-an-afternoon",
        "Rig a lamp in an afternoon",
        "Four bones, no weight painting, one clip that loops: the first rig that you will be proud of.",
        "tomasz_wilk",
        "beginner",
        ("desk-lamp-rigged", "kinetic-mobile"),
        52,
        (
            DemoLesson(
                "meet-the-lamp",
                "Meet the lamp",
                "desk-lamp-rigged",
                (
                    DemoScene("desk-lamp-rigged", "A lamp is made of things that do not bend."),
                    DemoScene("desk-lamp-rigged", "Base, lower arm, upper arm, head."),
                    DemoScene("desk-lamp-rigged", "Four parts, four bones."),
                ),
                minutes=6,
                is_preview=True,
            ),
            DemoLesson("joints-at-screws", "Joints go where the screws are", minutes=35),
            DemoLesson("no-weights", "Bind it without painting a weight", "kinetic-mobile", minutes=30),
            DemoLesson("one-clip", "One clip that loops", "desk-lamp-rigged", minutes=40),
        ),
    ),
    DemoCourse(
        "a-lamp-shade-that-prints",
        "A lamp shade that prints",
        "From a formula to a closed mesh with walls that a nozzle can draw, and to a lamp on your table.",
        "diego_arroyo",
        "intermediate",
        ("gyroid-lamp-shade", "twisted-planter"),
        33,
        (
            DemoLesson(
                "what-you-make",
                "What you make, and why it holds",
                "gyroid-lamp-shade",
                (
                    DemoScene("gyroid-lamp-shade", "One surface, two rooms that never meet."),
                    DemoScene("gyroid-lamp-shade", "A wall of two lines, everywhere."),
                    DemoScene("gyroid-lamp-shade", "Nothing hangs: it needs no supports."),
                ),
                minutes=8,
                is_preview=True,
            ),
            DemoLesson("from-rule-to-surface", "From a rule to a surface", minutes=45),
            DemoLesson("closed-or-not", "Closed, or not", "honeycomb-organiser", minutes=35),
            DemoLesson("print-it", "Print it", "twisted-planter", minutes=50),
        ),
    ),
    DemoCourse(
        "light-it-like-a-catalogue",
        "Light it like a catalogue",
        "Three lights, one stage and one rule for metal: pictures of products that belong together.",
        "leo_castellano",
        "advanced",
        ("rangefinder-camera", "hammered-copper-pendant"),
        12,
        (
            DemoLesson(
                "read-a-picture",
                "Read a picture",
                "rangefinder-camera",
                (
                    DemoScene("rangefinder-camera", "The light stands still. The camera turns."),
                    DemoScene("rangefinder-camera", "Soft and wide: a large light, near."),
                    DemoScene("rangefinder-camera", "A dark line: something black beside it."),
                ),
                minutes=10,
                is_preview=True,
            ),
            DemoLesson("three-lights", "Three lights and a stage", "teapot-and-cups", minutes=50),
            DemoLesson("metal", "Metal shows the room", "hammered-copper-pendant", minutes=45),
            DemoLesson("a-series", "Twenty pictures that belong together", "glass-carafe-set", minutes=80),
        ),
        price=Decimal("29.00"),
        buyers=("hana_kovac", "elise_fournier", "marit_dekker"),
    ),
)
