"""Help and docs as files of the project: `content/help/*.md` and `content/docs/*.md`, named by their slugs.

A file opens with lines of `name: value` between two lines of `---`; below them is the text.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PIL import Image

CONTENT = Path(__file__).resolve().parent / "content"
PICTURES = CONTENT / "pictures"


@dataclass(frozen=True)
class Entry:
    """One text as its file has it; `place` is the slug of its category, or its chapter."""

    path: str
    slug: str
    title: str
    summary: str
    place: str
    order: int
    content: str


@dataclass(frozen=True)
class FirstCategory:
    """A category that the help starts with."""

    slug: str
    name: str
    icon: str
    description: str


CATEGORIES = (
    FirstCategory("buying", "Buying", "shopping-cart", "Finding a model, paying, downloading."),
    FirstCategory("refunds", "Refunds and problems", "undo-2", "When something is not as it should be."),
    FirstCategory("licences", "Licences", "scale", "What you may do with a model, and how to prove it."),
    FirstCategory("uploading", "Uploading", "cloud-upload", "Files, checks, previews and review."),
    FirstCategory(
        "selling", "Selling and payouts", "banknote", "Prices, the fee, and how the money reaches you."
    ),
    FirstCategory("sharing", "Showing and sharing", "share-2", "Embedding, links, collections and feeds."),
    FirstCategory("community", "Community and safety", "users", "People, bounties, messages, reports."),
    FirstCategory("account", "Your account", "user", "Signing in, plans, privacy, leaving."),
)


def help_entries() -> Iterator[Entry]:
    """The articles, in the order of their files' names."""
    return _entries("help", "category")


def docs_entries() -> Iterator[Entry]:
    """The sections of the docs, in the order of their files' names."""
    return _entries("docs", "chapter")


def _entries(folder: str, place: str) -> Iterator[Entry]:
    for path in sorted((CONTENT / folder).glob("*.md")):
        head, content = _read(path)
        yield Entry(
            path=f"{folder}/{path.stem}",
            slug=path.stem,
            title=head["title"],
            summary=head["summary"],
            place=head[place],
            order=int(head["order"]),
            content=content,
        )


def _read(path: Path) -> tuple[dict[str, str], str]:
    """The values at the head of a file, and the text below them.

    Raises:
        ValueError: the file does not open with its values.
    """
    opening, *parts = path.read_text().split("---\n", 2)
    if opening or len(parts) != 2:
        raise ValueError(f"{path.name} does not open with its values between two lines of ---.")
    lines = [line.partition(":") for line in parts[0].splitlines() if line.strip()]
    return {name.strip(): value.strip() for name, _, value in lines}, parts[1].strip() + "\n"


@cache
def picture_size(name: str) -> tuple[int, int] | None:
    """Width and height of a picture of the help; None where there is none of this name."""
    path = PICTURES / f"{name}.webp"
    if not path.is_file():
        return None
    with Image.open(path) as image:
        return image.size
