"""Files made to crash, hang, flood or trick whoever opens them; small, and made when a test asks for them."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from marketplace.processing.formats import Format, Source, format_of_name


@dataclass(frozen=True)
class Case:
    """One row of the table of expectations.

    ``name`` is the file's, with the ending by which the site takes it; ``member`` the model's own file where it is an
    archive. ``content`` makes its bytes. ``code`` and ``words`` are those of the refusal; without them the file is
    expected to become ready, with a finding of each code in ``findings``.
    """

    name: str
    content: Callable[[], bytes]
    code: str = ""
    words: str = ""
    member: str = ""
    findings: tuple[str, ...] = ()

    def write(self, folder: Path) -> Source:
        """The file, made in ``folder``."""
        path = folder / self.name
        path.write_bytes(self.content())
        return Source(path, format_of_name(self.member or self.name) or Format.GLB, self.member)
