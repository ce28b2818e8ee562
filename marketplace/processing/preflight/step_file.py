"""STEP (ISO 10303-21): text between two marks, with one section of data."""

import re

from ..tool import FileRejected
from .text import Lines
from .upload import Upload

END_MARK = b"END-ISO-10303-21"
# Behind the end mark only blanks, comments and signatures follow.
END_WINDOW = 16_384
MAX_ENTITIES = 5_000_000
# Readers of lists within lists call themselves for each.
TOO_DEEP = re.compile(rb"(?:\(\s*){64}")


def check_step(upload: Upload) -> None:
    """Raises FileRejected for a file without its end, without data, or with more of it than can be read."""
    if END_MARK not in upload.tail[-END_WINDOW:]:
        raise upload.cut_off()
    has_data = False
    entities = 0
    for block in Lines(upload).blocks():
        has_data = has_data or b"DATA" in block
        entities += block.count(b"\n#")
        if TOO_DEEP.search(block):
            raise upload.damaged("its lists are nested too deeply")
        if entities > MAX_ENTITIES:
            raise FileRejected("too_many_parts", format=upload.label, limit=MAX_ENTITIES)
    if not has_data or not entities:
        raise FileRejected("nothing_to_show")
