"""What a search can be narrowed by besides words and prices: every facet, its choices, and their words in the index.

The words are those of `Model3D.facets`, which the database makes (migration 0015_facets).
"""

from dataclasses import dataclass

from marketplace.models import License, ModelFile
from marketplace.suitability import Target

FREE, SAFE, AI = "free", "safe", "ai"


@dataclass(frozen=True)
class Option:
    """One choice: its value in the address, its label, and its word in `Model3D.facets`."""

    value: str
    label: str
    word: str


@dataclass(frozen=True)
class Facet:
    """A group of choices, named as in the address; its choices lie in the field of that name in `Criteria`.

    With `needs_all` a model has to meet every choice, otherwise any one of them.
    """

    name: str
    field: str
    label: str
    options: tuple[Option, ...]
    needs_all: bool = False
    is_single: bool = False

    def words(self, values) -> list[str]:
        return [option.word for option in self.options if option.value in values]

    def known(self, values) -> tuple[str, ...]:
        """Those of `values` that exist, once each and in this facet's order; of a single choice the first."""
        found = tuple(option.value for option in self.options if option.value in values)
        return found[:1] if self.is_single else found


def _options(prefix: str, *pairs: tuple[str, str]) -> tuple[Option, ...]:
    return tuple(Option(value, label, f"{prefix}{value}") for value, label in pairs)


FEATURES = Facet(
    "with",
    "features",
    "Measured",
    _options(
        "",
        ("textured", "Textured"),
        ("pbr", "PBR materials"),
        ("uv", "UV mapped"),
        ("animated", "Animated"),
        ("rigged", "Rigged"),
        ("watertight", "Printable (watertight)"),
        ("clean", "No findings"),
    ),
    needs_all=True,
)
TARGETS = Facet("for", "targets", "Fit for", _options("for:", *Target.choices), needs_all=True)
FORMATS = Facet("format", "formats", "Format", _options("fmt:", *ModelFile.Format.choices))
TRIANGLES = Facet(
    "triangles",
    "triangles",
    "Triangles",
    _options("tri:", ("0", "under 10k"), ("1", "10k – 100k"), ("2", "100k – 1M"), ("3", "over 1M")),
)
LICENSES = Facet("licence", "licenses", "Licence", _options("lic:", *License.choices))
SIZES = Facet(
    "size",
    "sizes",
    "File size",
    _options("size:", ("0", "under 1 MB"), ("1", "1 – 10 MB"), ("2", "10 – 50 MB"), ("3", "over 50 MB")),
)
RATING = Facet(
    "rating",
    "rating",
    "Rating",
    _options("rated:", ("4", "4 stars and up"), ("3", "3 stars and up"), ("2", "2 stars and up")),
    is_single=True,
)
# In the order in which they stand beside the results. Categories and prices come before them.
FACETS = (FEATURES, TARGETS, TRIANGLES, FORMATS, LICENSES, SIZES, RATING)
