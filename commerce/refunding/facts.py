"""What was measured of a purchase's files, held against what the page said when it was bought."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from commerce.models import Purchase, SoldListing
from marketplace.actions.comparing import is_measured, measures_of
from marketplace.claims import Words, contradictions
from marketplace.models import ModelFile
from marketplace.processing.formats import Format
from marketplace.processing.types import Step

# Words that are a matter of degree: they speak for a refund, but the seller is heard first.
_OF_DEGREE = {"claim-low-poly", "claim-high-poly", "claim-game-ready"}


@dataclass(frozen=True)
class Fact:
    """One contradiction, each side as a sentence; `code` names its kind."""

    code: str
    claimed: str
    measured: str


def contradicting_facts(purchase: Purchase) -> list[Fact]:
    """Where the files that the purchase gives are not what was sold. Asks the storage: not inside a transaction."""
    files = purchase.files()
    facts = list(_unreadable(files))
    listing = purchase.transaction.listing
    if listing is not None:
        facts += _missing_formats(listing, files)
        facts += _older_version(purchase, files)
        measured = [file for file in files if is_measured(file)]
        if measured:
            facts += _unmet_marks(listing, measured)
            facts += _unmet_words(listing, measured)
    return facts


def as_json(facts: list[Fact]) -> list[dict[str, str]]:
    return [asdict(fact) for fact in facts]


def _unreadable(files: list[ModelFile]) -> Iterator[Fact]:
    if not files:
        yield Fact("no-file", "The purchase gives a file to download.", "There is none.")
    for file in files:
        said = f"The {_label(file.format)} file can be opened."
        if not file.original.storage.exists(file.original.name):
            yield Fact("file-lost", said, "It is not in our storage any more.")
        elif file.state == ModelFile.State.FAILED:
            yield Fact(
                "file-broken", said, f"When it was last processed it could not: {file.failure_message}"
            )


def _missing_formats(listing: SoldListing, files: list[ModelFile]) -> Iterator[Fact]:
    given = {file.format for file in files}
    for name in listing.file_formats:
        if name not in given:
            label = _label(name)
            yield Fact(
                "format-missing", f"The model comes as {label}.", f"The purchase gives no {label} file."
            )


def _older_version(purchase: Purchase, files: list[ModelFile]) -> Iterator[Fact]:
    newest = max((file.version for file in files), default=purchase.file_version)
    if newest < purchase.file_version:
        yield Fact(
            "version-older",
            f"Version {purchase.file_version} was sold.",
            f"The newest file that the purchase gives is version {newest}.",
        )


def _unmet_marks(listing: SoldListing, files: list[ModelFile]) -> Iterator[Fact]:
    """Marks of the page that no file bears out; a format that was read in part bears out everything."""
    marks = (
        ("animated", listing.has_animations, lambda file: file.inspection.animations, "an animation"),
        ("rigged", listing.has_rigging, lambda file: file.inspection.is_rigged, "a skeleton"),
        ("textured", listing.has_textures, lambda file: file.inspection.textures, "textures"),
    )
    for name, is_said, measure, what in marks:
        if is_said and not any(measure(file) or _is_read_in_part(file) for file in files):
            yield Fact(f"not-{name}", f"The page marks the model as {name}.", f"No file holds {what}.")


def _unmet_words(listing: SoldListing, files: list[ModelFile]) -> Iterator[Fact]:
    words = Words(title=listing.title, description=listing.description, tags=tuple(listing.tags))
    shown, *others = (measures_of(file) for file in files)
    for finding in contradictions(words, shown, tuple(others)):
        if finding.code not in _OF_DEGREE:
            claimed, _but, measured = finding.message.partition(", but ")
            yield Fact(finding.code, f"{claimed}.", f"{measured[:1].upper()}{measured[1:]}")


def _is_read_in_part(file: ModelFile) -> bool:
    return file.format == Format.BLEND or bool(file.inspection.details.get(Step.CONVERT, {}).get("dropped"))


def _label(name: str) -> str:
    return ModelFile.Format(name).label if name in ModelFile.Format.values else name.upper()
