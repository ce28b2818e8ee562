"""Whether an upload may begin: its name, its size, the person's room, and how much is under way already."""

import shutil
import uuid
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils import timezone

from accounts.entitlements import entitlements_of
from accounts.models import User
from core.metrics import UPLOADS, count
from marketplace.exceptions import UploadRefused
from marketplace.incoming import empty, incoming_folder, no_room
from marketplace.models import FormatSwitch, Model3D, Upload
from marketplace.processing.formats import format_of_name
from marketplace.quota import Quota, lock_storage_of
from marketplace.uploads import stored
from marketplace.uploads.naming import clean_path, require_usable
from marketplace.uploads.taking import take

# Files dropped together: a scene with hundreds of textures fits.
MAX_BATCH_FILES = 500
# Of one person, arriving or arrived and not yet part of a model.
MAX_OPEN_UPLOADS = 1000
# The machine keeps this much for everything else it writes.
RESERVED_BYTES = 256 * 1024**2


def announce(
    *, owner: User, path: str, size: int, batch: uuid.UUID, model: Model3D | None, transport: str
) -> Upload:
    """The row of an upload that may begin; `path` is as the browser says it, `size` in bytes.

    The same path again in a batch takes the place of the former: a browser that missed the answer asks twice.

    Raises:
        UploadRefused: with the reason as a sentence.
    """
    path = clean_path(path)
    name = path.rpartition("/")[2]
    require_usable(name)
    _require_format_on(name)
    _require_size(owner, name, size)
    if model is not None and not model.may_take_files:
        raise UploadRefused(
            "model-closed", "The files of a model that is in review, or was taken down, cannot be changed."
        )
    if transport == Upload.Transport.TUS and _free_bytes() < size + RESERVED_BYTES:
        raise no_room()
    with transaction.atomic():
        former = Upload.objects.owned_by(owner).filter(batch=batch, path=path)
        # Before the storage: whoever finishes a drop has its rows when it comes to the storage.
        list(former.select_for_update(of=("self",)).order_by("pk"))
        lock_storage_of(owner.pk)
        take(former.all())
        _require_few(owner, batch)
        quota = Quota.of(owner)
        if not quota.has_room_for(size):
            raise UploadRefused(
                "quota",
                f"“{name}” has {filesizeformat(size)}, which is more than you have left. {quota.sentence}"
                " Delete models that you do not need, or choose a larger plan (see Pricing).",
            )
        upload = Upload(
            owner=owner,
            batch=batch,
            model=model,
            name=name,
            path=path,
            size=size,
            transport=transport,
            expires_at=new_expiry(),
        )
        upload.storage_name = (
            stored.object_name(upload) if transport == Upload.Transport.S3 else stored.part_path(upload).name
        )
        upload.save()
        count(UPLOADS, "announced")
    return upload


def new_expiry():
    """Until when an upload that somebody has just gone on with is kept."""
    return timezone.now() + timedelta(hours=settings.UPLOAD_EXPIRY_HOURS)


def _require_format_on(name: str) -> None:
    file_format = format_of_name(name)
    refusal = FormatSwitch.objects.refusal(file_format.value) if file_format else ""
    if refusal:
        raise UploadRefused("format-off", refusal)


def _require_size(owner: User, name: str, size: int) -> None:
    limits = entitlements_of(owner)
    if size < 1:
        raise empty()
    if size > limits.max_upload_bytes:
        sentence = (
            f"“{name}” has {filesizeformat(size)};"
            f" at most {filesizeformat(limits.max_upload_bytes)} can be uploaded."
        )
        # What no plan allows is no matter of the plan.
        way_out = f" {limits.way_out}" if size <= settings.MAX_UPLOAD_BYTES else ""
        raise UploadRefused("too-large", sentence + way_out)


def _require_few(owner: User, batch: uuid.UUID) -> None:
    alive = Upload.objects.owned_by(owner).alive()
    if alive.filter(batch=batch).count() >= MAX_BATCH_FILES:
        raise UploadRefused(
            "too-many-files",
            f"At most {MAX_BATCH_FILES} files can be uploaded together. Pack them into a zip archive.",
        )
    if alive.count() >= MAX_OPEN_UPLOADS:
        raise UploadRefused(
            "too-many-uploads",
            f"You have {MAX_OPEN_UPLOADS} unfinished uploads. Finish or cancel some of them first.",
        )


def _free_bytes() -> int:
    return shutil.disk_usage(incoming_folder()).free
