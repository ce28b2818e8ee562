"""Text files of any size, looked at in blocks: how many lines start with a word, and is any of them too long?"""

import re
from collections.abc import Iterator, Sequence

from ..tool import FileRejected
from .upload import Upload

BLOCK_BYTES = 4 * 1024 * 1024


class Lines:
    """The lines of a text file. Reading them holds one block and at most one line in memory."""

    def __init__(self, upload: Upload) -> None:
        self.upload = upload

    def blocks(self, start: int = 0) -> Iterator[bytes]:
        """The file in pieces that end where a line ends, from byte ``start``, old line ends turned into new ones.

        Raises FileRejected for a line longer than ``max_line_bytes`` and for bytes that no text has.
        """
        longest = self.upload.limits["max_line_bytes"]
        rest = b""
        with self.upload.path.open("rb") as stream:
            stream.seek(start)
            while piece := stream.read(BLOCK_BYTES):
                if b"\0" in piece:
                    raise FileRejected("not_text", format=self.upload.label)
                piece = piece.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
                end = piece.rfind(b"\n") + 1
                block = rest + piece[:end] if end else b""
                rest = piece[end:] if end else rest + piece
                if len(rest) > longest or has_longer_line(block, longest):
                    raise FileRejected("line_too_long", format=self.upload.label, limit=longest)
                if block:
                    yield block
        if rest:
            yield rest + b"\n"

    def count(self, words: Sequence[bytes], start: int = 0) -> dict[bytes, int]:
        """How many lines start with each of ``words`` (in any case, behind white space)."""
        pattern = re.compile(
            rb"^[ \t]*(" + b"|".join(map(re.escape, words)) + rb")\b", re.MULTILINE | re.IGNORECASE
        )
        counts = dict.fromkeys(words, 0)
        for block in self.blocks(start):
            for found in pattern.finditer(block):
                counts[found.group(1).lower()] += 1
        return counts


def has_longer_line(block: bytes, longest: int) -> bool:
    """Whether a line of the block is longer than that: looked for in steps of that length."""
    start = 0
    while len(block) - start > longest:
        end = block.rfind(b"\n", start, start + longest + 1)
        if end < 0:
            return True
        start = end + 1
    return False
