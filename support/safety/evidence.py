"""What was measured of two models, in words that both sides read."""

from dataclasses import asdict, dataclass

from django.utils import timezone
from django.utils.formats import date_format

from marketplace.evidence import Evidence, evidence_between, nearest_of_others
from marketplace.models import Model3D
from marketplace.shapes import size_text


@dataclass(frozen=True)
class Fact:
    label: str
    value: str


def facts_between(claimed: Model3D, original: Model3D) -> list[dict]:
    """How the file of the model that is claimed and that of the original are alike, as a decision or claim keeps it."""
    file = claimed.current_file or claimed.newest_file
    found = file and evidence_between(file, original)
    return [asdict(fact) for fact in _facts(found)] if found else []


def nearest_facts(claimed: Model3D) -> list[dict]:
    """The same of the likeliest original among everybody else's models; only of one that all may see."""
    file = claimed.current_file or claimed.newest_file
    if file is None:
        return []
    file.model = claimed
    for found in nearest_of_others(file):
        is_alike = found.is_similar or found.same_files or found.shared_textures
        if is_alike and found.model.is_open_to_all:
            return [asdict(fact) for fact in _facts(found)]
    return []


def _facts(found: Evidence) -> list[Fact]:
    model = found.model
    facts = [
        Fact("Compared with", f"“{model.title}” by {model.creator.username}"),
        Fact("Uploaded", f"{_day(found.first_uploads[0])}; the other one {_day(found.first_uploads[1])}"),
    ]
    if found.closeness is None:
        facts.append(Fact("Shape", "not compared"))
    else:
        mirror = ", mirrored" if found.is_mirrored else ""
        size = f"; {size_text(found.scale_ratio)}" if found.is_similar else ""
        facts.append(Fact("Shape", f"{found.closeness} % alike{mirror}{size}"))
    if found.same_files:
        facts.append(Fact("File", "the same, byte for byte"))
    if found.shared_textures:
        facts.append(
            Fact("Textures", f"{len(found.shared_textures)} of {len(found.textures[0])} are the same")
        )
    if found.title_words:
        facts.append(Fact("Title", f"shares the words {', '.join(found.title_words)}"))
    return facts


def _day(moment) -> str:
    return date_format(timezone.localtime(moment), "j F Y")
