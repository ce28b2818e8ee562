"""What the checks of a format look at: the model's own file on disk, and the files that came with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

from ..formats import FORMATS, Format
from ..tool import FileRejected

HEAD_BYTES = 4096
TAIL_BYTES = 70_000


@dataclass(frozen=True)
class Upload:
    """The model's own file at ``path``; ``companions`` are the others of its archive, name in the archive -> path."""

    path: Path
    format: Format
    limits: dict
    companions: Mapping[str, Path] = field(default_factory=dict)

    @cached_property
    def size(self) -> int:
        return self.path.stat().st_size

    @cached_property
    def head(self) -> bytes:
        with self.path.open("rb") as stream:
            return stream.read(HEAD_BYTES)

    @cached_property
    def tail(self) -> bytes:
        with self.path.open("rb") as stream:
            stream.seek(max(0, self.size - TAIL_BYTES))
            return stream.read()

    @property
    def label(self) -> str:
        """The format as people say it."""
        return FORMATS[self.format].label

    def damaged(self, detail: str) -> FileRejected:
        """The file breaks its format; ``detail`` says where, in a few words."""
        return FileRejected("damaged", format=self.label, detail=detail)

    def cut_off(self) -> FileRejected:
        """The file ends before its content does."""
        return FileRejected("cut_off", format=self.label)

    def claims(self, declared: int, things: str) -> FileRejected:
        """The file says that it holds ``declared`` ``things``, for which it has no room."""
        return FileRejected("claims_too_much", format=self.label, declared=declared, things=things)


def read_exactly(stream: BinaryIO, length: int, upload: Upload) -> bytes:
    """The next ``length`` bytes; raises FileRejected where the file ends before."""
    piece = stream.read(length)
    if len(piece) < length:
        raise upload.cut_off()
    return piece
