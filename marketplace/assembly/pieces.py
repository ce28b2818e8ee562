"""What plans are made of."""

from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Self

from marketplace.processing.formats import Format


@dataclass(frozen=True)
class Drop:
    """One dropped file: its path as `roles.clean_path` gives it, its size in bytes.

    Of a zip, `members` are the names and sizes of the files in it, or `refusal` is why it cannot be opened.
    """

    path: str
    size: int
    members: tuple[tuple[str, int], ...] = ()
    refusal: str = ""


@dataclass(frozen=True)
class Piece:
    """A file of a drop, by the drop's number: the dropped file itself, or the `member` of a dropped zip.

    `path` places it among the others: of a member it begins with the zip's name.
    """

    drop: int
    path: str
    size: int
    member: str = ""

    @property
    def name(self) -> str:
        return PurePosixPath(self.path).name


@dataclass(eq=False)
class PlannedFile:
    """A model's file to be. With companions it is packed; `archive` names the zip that is kept as it was dropped."""

    format: Format
    main: Piece
    companions: list[Piece]
    archive: str = ""

    @property
    def stem(self) -> str:
        return PurePosixPath(self.main.path).stem


@dataclass(eq=False)
class PlannedModel:
    """A model to be begun or added to; `stem` is where its title comes from."""

    stem: str
    files: list[PlannedFile]
    documents: list[Piece] = field(default_factory=list)
    pictures: list[Piece] = field(default_factory=list)


@dataclass(frozen=True)
class Problem:
    """Why a file cannot be used: the drop's number and path, or None and nothing where it is about all of them."""

    message: str
    drop: int | None = None
    path: str = ""

    @classmethod
    def about(cls, piece: Piece, message: str) -> Self:
        return cls(message, piece.drop, piece.path)
