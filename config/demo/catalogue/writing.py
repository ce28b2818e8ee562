"""What the demo's blog says, and what the demo's people say of the site. The texts lie in `config/demo/posts/`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

POSTS_FOLDER = Path(__file__).resolve().parent.parent / "posts"


@dataclass(frozen=True)
class DemoRemark:
    """What somebody says below a post; `answers` are by (username, words)."""

    author: str
    text: str
    answers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class DemoPost:
    """A post; its picture shows `models` by their slugs, as far as they are on the site."""

    slug: str
    title: str
    excerpt: str
    author: str
    category: str
    tags: tuple[str, ...]
    models: tuple[str, ...]
    days_ago: int
    is_featured: bool = False
    remarks: tuple[DemoRemark, ...] = ()

    @property
    def text(self) -> str:
        return (POSTS_FOLDER / f"{self.slug}.md").read_text()


@dataclass(frozen=True)
class DemoTestimonial:
    author: str
    company: str
    text: str
    rating: int
    is_featured: bool = False


POSTS = (
    DemoPost(
        "what-watertight-means",
        "What “watertight” means here, to the edge",
        "One word decides whether a model can be printed. This is how we count it, and how you can.",
        "diego_arroyo",
        "tutorials",
        ("3d printing", "geometry", "python"),
        ("twisted-planter", "gyroid-lamp-shade", "honeycomb-organiser"),
        47,
        remarks=(
            DemoRemark(
                "callum_reid",
                "The merge before counting is what I was missing. Half of my “holes” were texture seams.",
                (("diego_arroyo", "Everybody’s are. I lost a weekend to that once."),),
            ),
        ),
    ),
    DemoPost(
        "turn-it-before-you-buy",
        "Turn it before you buy it",
        "Every approved model can now be turned in the browser, with its own materials, before you pay.",
        "moderator",
        "news",
        ("viewer", "previews"),
        ("kinetic-mobile", "record-player"),
        38,
        remarks=(
            DemoRemark("hana_kovac", "The texture view alone saves me two refunds a month. Thank you."),
            DemoRemark(
                "priya_nair",
                "Is there a way to slow the clip down? The mobile is lovely and a little fast.",
                (("moderator", "In the inspector, under *Animation*: down to a tenth of its speed."),),
            ),
        ),
    ),
    DemoPost(
        "rigging-a-lamp-in-four-bones",
        "Rigging a desk lamp in four bones",
        "The best first rig there is: joints you can see, nothing that stretches, and one bone too many.",
        "tomasz_wilk",
        "tutorials",
        ("rigging", "blender", "animation"),
        ("desk-lamp-rigged",),
        29,
        remarks=(
            DemoRemark(
                "mateo_ruiz",
                "Used this with my class of twelve-year-olds. Twenty lamps, nineteen of them jumping by the end.",
                (("tomasz_wilk", "And the twentieth?"), ("mateo_ruiz", "Is a snake now. We kept it.")),
            ),
        ),
    ),
    DemoPost(
        "what-changed-in-autumn",
        "What changed this autumn",
        "Bounties, reviews with answers, search by shape, and statistics that keep nothing about visitors.",
        "moderator",
        "updates",
        ("new here", "search", "bounties"),
        ("spindle-back-chair", "leather-bar-stool", "walnut-lounge-chair"),
        17,
        remarks=(
            DemoRemark("david_mbeki", "Search by shape found the crate I modelled in 2014. I was not ready."),
        ),
    ),
    DemoPost(
        "five-models-that-taught-us-something",
        "Five models that taught us something",
        "A clockwork that was too true, a fox of 412 triangles, and a dragon’s egg with nine hundred bodies.",
        "moderator",
        "news",
        ("behind the scenes", "geometry"),
        ("gear-train", "low-poly-fox", "amethyst-geode"),
        11,
        remarks=(DemoRemark("jonas_weil", "412 is plenty. Long live the fox."),),
    ),
    DemoPost(
        "bake-normals-that-survive-close-ups",
        "Bake normals that survive a close-up",
        "From silhouette to cage: the order in which a furniture maker bakes, and what she checks at the end.",
        "creator",
        "tutorials",
        ("baking", "blender", "textures"),
        ("walnut-lounge-chair", "boucle-sofa"),
        6,
        is_featured=True,
        remarks=(
            DemoRemark(
                "marit_dekker",
                "“No map adds anything to an outline” goes on the wall of our studio.",
                (("creator", "Please put the half-size check beside it."),),
            ),
            DemoRemark(
                "sofia_lindgren", "Moving the buttons off before the bake: why did nobody ever say that?"
            ),
        ),
    ),
    DemoPost(
        "meet-noa-berglund",
        "Meet the maker: Noa Berglund",
        "Eleven years at the bench, then Blender. On joints, real scale, and why one chair in four is free.",
        "moderator",
        "news",
        ("people", "furniture"),
        ("bentwood-rocking-chair", "spindle-back-chair"),
        3,
    ),
)

TESTIMONIALS = (
    DemoTestimonial(
        "marit_dekker",
        "Interior visualisation, Rotterdam",
        "I buy furniture by the dozen, and I used to measure everything again. Here the height on the page is the"
        " height in the file. That is a day a month I got back.",
        5,
        is_featured=True,
    ),
    DemoTestimonial(
        "hana_kovac",
        "AR demos for shops",
        "My clients look at models on the phones they have. That I can turn a model on mine before I pay for it has"
        " ended a whole kind of conversation.",
        5,
        is_featured=True,
    ),
    DemoTestimonial(
        "tomasz_wilk",
        "Sells vehicles and machines",
        "Review took a day, and what came back was right: two flipped faces and a texture I had forgotten. The payout"
        " came on the day that it said it would.",
        5,
        is_featured=True,
    ),
    DemoTestimonial(
        "jonas_weil",
        "Game artist",
        "The triangle counts are real and so are the comments. I have asked four creators for a change, and three of"
        " them made it within the week.",
        4,
    ),
    DemoTestimonial(
        "mateo_ruiz",
        "Teacher",
        "My class works with the free models. The licences are in plain words, so I can explain them to"
        " twelve-year-olds, who then explain them to their parents.",
        5,
    ),
    DemoTestimonial(
        "callum_reid",
        "Tabletop scenery",
        "Everything I printed from here was closed and came out at the size it said. Search could know more about"
        " miniatures, but it is getting there.",
        4,
    ),
)
