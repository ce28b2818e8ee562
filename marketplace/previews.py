"""Short-lived addresses of preview derivatives: what the 3D viewer loads. The original has no such address.

An address names the file and who it was made for. Its signature is checked when it is used, and so is whether the
file may still be shown: a model taken down is gone at once, not when its addresses expire.
"""

import time

from django.conf import settings
from django.core import signing
from django.db.models import F
from django.urls import reverse

from marketplace.models import Model3D, ModelFile

# Addresses are the same for a sixth of their life, so that a browser loads a preview it has seen from its own cache.
STEPS_PER_LIFE = 6
_PUBLIC, _RESTRICTED = "public", "restricted"


class PreviewDenied(Exception):
    """The address is forged or expired, or its file may not be shown (any more) to who asks."""


class _SteppedSigner(signing.TimestampSigner):
    def timestamp(self):
        step = max(settings.PREVIEW_URL_SECONDS // STEPS_PER_LIFE, 1)
        return signing.b62_encode(int(time.time()) // step * step)


_signer = _SteppedSigner(salt="marketplace.previews")


def preview_url(model_file: ModelFile) -> str:
    """Address that anyone may use for `PREVIEW_URL_SECONDS`, while the model's page is open to all.

    Empty where there is nothing to show: no preview yet, or the creator chose pictures only.
    """
    if not model_file.preview or model_file.model.preview_mode != Model3D.PreviewMode.INTERACTIVE:
        return ""
    return _address(model_file, _PUBLIC)


def restricted_preview_url(model_file: ModelFile) -> str:
    """Address that works for the creator and for moderators only, whatever state the model is in.

    Empty while there is no preview yet.
    """
    return _address(model_file, _RESTRICTED) if model_file.preview else ""


def file_of_token(token: str, *, user) -> ModelFile:
    """The file whose preview `token` opens for `user`.

    Raises:
        PreviewDenied: with no word on why, since the answer is "not found" in every case.
    """
    try:
        scope, public_id = _signer.unsign_object(token, max_age=settings.PREVIEW_URL_SECONDS)
    except (signing.BadSignature, ValueError) as error:
        raise PreviewDenied from error
    files = ModelFile.objects.select_related("model__creator", "model__category").exclude(preview="")
    if scope == _PUBLIC:
        files = files.filter(
            model__current_file=F("pk"),
            model__preview_mode=Model3D.PreviewMode.INTERACTIVE,
            model__in=Model3D.objects.open_to_all(),
        )
    model_file = files.filter(public_id=public_id).first()
    if model_file is None or (scope == _RESTRICTED and not model_file.model.is_shown_in_full_to(user)):
        raise PreviewDenied
    return model_file


def _address(model_file: ModelFile, scope: str) -> str:
    token = _signer.sign_object([scope, str(model_file.public_id)])
    return reverse("marketplace:preview", args=[token])
