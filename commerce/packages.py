"""What a download link opens: the model's files and documents, under names that every system takes."""

import uuid
from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse
from django.utils.text import slugify

from commerce.models import DownloadLink
from marketplace.models import ModelDocument
from marketplace.processing.formats import FORMATS, Format

ARCHIVE_TYPE = "application/zip"
DOCUMENT_TYPES = {
    ModelDocument.Kind.PDF: "application/pdf",
    ModelDocument.Kind.TXT: "text/plain; charset=utf-8",
    ModelDocument.Kind.MD: "text/markdown; charset=utf-8",
}
STEM_LENGTH = 80


@dataclass(frozen=True)
class Part:
    """One file that can be downloaded; `size` in bytes."""

    public_id: uuid.UUID
    label: str
    filename: str
    size: int
    storage_name: str
    content_type: str
    url: str


class Package:
    """All that one download link opens, the shown format first."""

    def __init__(self, link: DownloadLink) -> None:
        self.link = link
        self._token = link.token
        model = link.purchase.model
        self._stem = slugify(model.title)[:STEM_LENGTH].strip("-") or f"model-{model.pk}"

    @property
    def is_single(self) -> bool:
        return len(self.files) == 1 and not self.documents

    @cached_property
    def files(self) -> list[Part]:
        return [self._file(file) for file in self.link.purchase.files()]

    @cached_property
    def documents(self) -> list[Part]:
        return [self._document(document) for document in self.link.purchase.documents()]

    def _file(self, file) -> Part:
        name = f"{self._stem}-{file.format}.zip" if file.is_archive else f"{self._stem}.{file.format}"
        media_type = ARCHIVE_TYPE if file.is_archive else FORMATS[Format(file.format)].media_type
        address = reverse("commerce:download_file", args=[self._token, file.public_id])
        return Part(
            file.public_id, file.contents_label, name, file.size, file.original.name, media_type, address
        )

    def _document(self, document: ModelDocument) -> Part:
        stem = slugify(document.name.rsplit(".", 1)[0])[:STEM_LENGTH].strip("-") or "document"
        address = reverse("commerce:download_document", args=[self._token, document.public_id])
        return Part(
            document.public_id,
            document.get_kind_display(),
            f"{stem}.{document.kind}",
            document.size,
            document.file.name,
            DOCUMENT_TYPES[ModelDocument.Kind(document.kind)],
            address,
        )
