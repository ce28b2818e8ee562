"""Licences a creator can choose; whether AI may be trained on a model is a separate yes or no."""

from dataclasses import dataclass

from django.db import models
from django.urls import reverse

SUMMARIES = {
    "royalty_free": "Use in games, film, print and products, as often as you like; do not resell the file itself.",
    "editorial": "Use in news, teaching and commentary only; no advertising and no products.",
    "cc0": "Public domain: use for anything, without naming the creator.",
    "cc_by": "Use for anything, also commercially, when you name the creator.",
    "cc_by_sa": "Use for anything when you name the creator and share what you derive under the same licence.",
    "cc_by_nc": "Use for anything but commerce when you name the creator.",
}
# Of the text that holds. Models that were bought keep the one they were bought under.
VERSIONS = {
    "royalty_free": "1.0",
    "editorial": "1.0",
    "cc0": "1.0",
    "cc_by": "4.0",
    "cc_by_sa": "4.0",
    "cc_by_nc": "4.0",
}


@dataclass(frozen=True)
class Terms:
    """A licence in plain words, each a short list."""

    may: tuple[str, ...]
    must: tuple[str, ...] = ()
    may_not: tuple[str, ...] = ()


_SHARED = ("Copy and pass on the file", "Change it, combine it and convert it")
_CREDITED = ("Name the creator and link to the licence", "Say whether you changed it")
_NO_LIMITS_ADDED = "Add terms or locks that take these rights from others"
TERMS = {
    "royalty_free": Terms(
        may=(
            "Use it in any number of games, films, prints and products, also commercially",
            "Change it, combine it and convert it",
            "Give the files to your team and your clients for that work",
        ),
        may_not=(
            "Sell, give away or publish the 3D file itself, changed or not",
            "Register it as a trade mark or token, or claim to have made it",
        ),
    ),
    "editorial": Terms(
        may=(
            "Use it in news, documentaries, teaching, science and commentary",
            "Convert it, light it, crop it and reduce its detail",
        ),
        must=("Name the creator where such credits are usual",),
        may_not=(
            "Use it in advertising, merchandise or other products",
            "Change it so that it misrepresents what it shows",
            "Sell, give away or publish the 3D file itself",
        ),
    ),
    "cc0": Terms(may=("Use it for anything, also commercially", *_SHARED)),
    "cc_by": Terms(
        may=("Use it for anything, also commercially", *_SHARED),
        must=_CREDITED,
        may_not=(_NO_LIMITS_ADDED,),
    ),
    "cc_by_sa": Terms(
        may=("Use it for anything, also commercially", *_SHARED),
        must=(*_CREDITED, "Publish what you make from it under the same licence"),
        may_not=(_NO_LIMITS_ADDED,),
    ),
    "cc_by_nc": Terms(
        may=("Use it for private projects, teaching and research", *_SHARED),
        must=_CREDITED,
        may_not=("Use it mainly for commercial advantage or payment", _NO_LIMITS_ADDED),
    ),
}


class License(models.TextChoices):
    ROYALTY_FREE = "royalty_free", "Royalty-free"
    EDITORIAL = "editorial", "Editorial"
    CC0 = "cc0", "CC0 1.0"
    CC_BY = "cc_by", "CC BY 4.0"
    CC_BY_SA = "cc_by_sa", "CC BY-SA 4.0"
    CC_BY_NC = "cc_by_nc", "CC BY-NC 4.0"

    @property
    def summary(self) -> str:
        """What the holder may do, in one sentence."""
        return SUMMARIES[self.value]

    @property
    def terms(self) -> Terms:
        return TERMS[self.value]

    @property
    def version(self) -> str:
        return VERSIONS[self.value]

    @property
    def slug(self) -> str:
        """In its page's address."""
        return self.value.replace("_", "-")

    @property
    def text_template(self) -> str:
        """Its full text, or where that lies."""
        return f"pages/licences/{self.value}.html"

    def get_absolute_url(self) -> str:
        return reverse("licence", args=[self.slug])
