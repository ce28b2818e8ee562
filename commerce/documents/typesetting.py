"""From a template and data to a PDF, by typst. What people typed is data: nothing in it is ever read as markup."""

import json
from datetime import datetime
from pathlib import Path

TEMPLATES = Path(__file__).resolve().parent / "typst"


def typeset(template: str, data: dict, *, at: datetime) -> bytes:
    """The PDF of `template` (a name in `typst/`); the same data and time give the same bytes."""
    return _compiler(template, data).compile(format="pdf", timestamp=at.replace(microsecond=0))


def pictures(template: str, data: dict, *, ppi: float = 110) -> list[bytes]:
    """The pages as PNG."""
    found = _compiler(template, data).compile(format="png", ppi=ppi)
    return found if isinstance(found, list) else [found]


def _compiler(template: str, data: dict):
    # Loaded by those who set something: most processes of the site never do, and the library is large.
    import typst

    return typst.Compiler(
        str(TEMPLATES / f"{template}.typ"), root=str(TEMPLATES), sys_inputs={"data": json.dumps(data)}
    )
