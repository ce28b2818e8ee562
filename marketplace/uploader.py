"""What the uploader shows and tells its script: room, limits, what is taken, what was left unfinished."""

from functools import cached_property

from django.conf import settings
from django.urls import reverse

from accounts.entitlements import entitlements_of
from marketplace.actions.attachments import MAX_DOCUMENTS, MAX_PICTURES
from marketplace.assembly import Problem
from marketplace.assembly.roles import DOCUMENT_EXTENSIONS, MATERIAL_FORMATS, PICTURE_EXTENSIONS
from marketplace.incoming import MAX_FILES
from marketplace.models import FormatSwitch, Model3D, Upload
from marketplace.processing.formats import FORMATS, TEXTURE_EXTENSIONS
from marketplace.quota import Quota
from marketplace.unfinished import Unfinished
from marketplace.uploads.admission import MAX_BATCH_FILES


class Uploader:
    """The uploader of the upload page, or with `model` of that model's page; `problems` are why a form was refused."""

    max_files_of_form = MAX_FILES

    def __init__(self, user, *, model: Model3D | None = None, problems: list[Problem] | None = None) -> None:
        self.user = user
        self.model = model
        self.problems = problems or []

    @property
    def address(self) -> str:
        """Where the plain form goes."""
        if self.model is None:
            return reverse("marketplace:upload")
        return reverse("marketplace:add_files", args=[self.model.pk])

    @property
    def max_bytes(self) -> int:
        return entitlements_of(self.user).max_upload_bytes

    @cached_property
    def quota(self) -> Quota:
        return Quota.of(self.user)

    @cached_property
    def unfinished(self) -> Unfinished:
        return Unfinished.of(self.user, model=self.model)

    @property
    def labels(self) -> list[str]:
        return [info.label for info in FORMATS.values()]

    @cached_property
    def formats_off(self) -> dict[str, str]:
        return FormatSwitch.objects.refusals()

    @property
    def _versions(self) -> dict[str, int]:
        """The last version of each format of the model, live or not: the next one follows it."""
        if self.model is None:
            return {}
        return dict(self.model.files.newest_of_each_format().values_list("format", "version"))

    @property
    def config(self) -> dict:
        """What the script needs, as JSON."""
        return {
            "endpoint": reverse("marketplace:tus_uploads"),
            "transport": Upload.Transport.S3 if settings.S3_ENABLED else Upload.Transport.TUS,
            "finish": reverse("marketplace:upload_finish"),
            "inventory": reverse("marketplace:inventory"),
            "model": self.model.pk if self.model else None,
            "existing": self._versions,
            "maxBytes": self.max_bytes,
            "maxFiles": MAX_BATCH_FILES,
            "used": self.quota.used,
            "limit": self.quota.limit,
            "maxPictures": MAX_PICTURES,
            "maxDocuments": MAX_DOCUMENTS,
            "formats": [
                {
                    "name": name,
                    "label": info.label,
                    "extensions": info.extensions,
                    "companions": info.has_companions,
                    "off": self.formats_off.get(name, ""),
                }
                for name, info in FORMATS.items()
            ],
            "textures": TEXTURE_EXTENSIONS,
            "materials": MATERIAL_FORMATS,
            "pictures": PICTURE_EXTENSIONS,
            "documents": DOCUMENT_EXTENSIONS,
        }
