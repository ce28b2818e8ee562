"""Texts that ride with a model: what is one, and what is not."""

import codecs
import re
from pathlib import PurePosixPath
from typing import BinaryIO

from django.core.exceptions import ValidationError

from core.filters import refusal_of
from core.scanning import refuse_malware
from marketplace.models import ModelDocument

MAX_PDF_BYTES = 50 * 1024 * 1024
MAX_TEXT_BYTES = 2 * 1024 * 1024
MEDIA_TYPES = {
    ModelDocument.Kind.PDF: "application/pdf",
    ModelDocument.Kind.TXT: "text/plain; charset=utf-8",
    ModelDocument.Kind.MD: "text/plain; charset=utf-8",
}
_CONTROLS = {chr(code) for code in range(32)} - set("\t\n\r\f")
_BLOCK_BYTES = 256 * 1024


def kind_of_document(name: str, size: int, content: BinaryIO) -> ModelDocument.Kind:
    """What the document is, once its content has shown that its name is right.

    Raises:
        ValidationError: empty, too large, no PDF though named so, no plain UTF-8 text, harmful, or of a name that is
            not taken.
    """
    kind = ModelDocument.Kind(PurePosixPath(name).suffix.lower().removeprefix("."))
    most = MAX_PDF_BYTES if kind == ModelDocument.Kind.PDF else MAX_TEXT_BYTES
    stem = PurePosixPath(name).stem
    if why := refusal_of(stem, re.sub("[_-]", " ", stem)):
        raise ValidationError(why, code="filtered")
    if not size:
        raise ValidationError("The document is empty.", code="empty")
    if size > most:
        raise ValidationError(f"The document has more than {most // 1024**2} MB.", code="too_large")
    if kind == ModelDocument.Kind.PDF:
        if not content.read(5) == b"%PDF-":
            raise ValidationError("This is not a PDF document.", code="not_pdf")
    elif not _is_text(content):
        raise ValidationError("This is not plain text in UTF-8.", code="not_text")
    refuse_malware(content, name=name)
    return kind


def _is_text(content: BinaryIO) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while block := content.read(_BLOCK_BYTES):
            if not _CONTROLS.isdisjoint(decoder.decode(block)):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
