"""What nobody goes on with is thrown away, and so is what lost its row."""

import logging
import time
import uuid
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from core.metrics import UPLOADS, count
from marketplace.incoming import incoming_folder
from marketplace.models import Upload
from marketplace.uploads.stored import (
    LOCK_SUFFIX,
    OBJECT_FOLDER,
    PART_SUFFIX,
    UNVERIFIED_SUFFIX,
    abort_multipart,
    private_bucket,
)
from marketplace.uploads.taking import take

logger = logging.getLogger(__name__)

CHUNK = 100
# A file may be there a moment before its row, and stay a moment after it.
ORPHAN_SECONDS = 3600


@dataclass
class Expired:
    """What was, or would be, thrown away; sizes in bytes."""

    uploads: int = 0
    orphans: int = 0
    size: int = 0


def expire(*, dry_run: bool = False) -> Expired:
    """Remove uploads that expired, with their bytes, and bytes that no upload names. Idempotent.

    Safe to run beside uploads, and beside itself.
    """
    found = Expired()
    _expire_rows(found, dry_run=dry_run)
    _sweep_parts(found, dry_run=dry_run)
    if settings.S3_ENABLED:
        _sweep_bucket(found, dry_run=dry_run)
    return found


def _expire_rows(found: Expired, *, dry_run: bool) -> None:
    now = timezone.now()
    if dry_run:
        sizes = list(Upload.objects.expired(now).values_list("received", flat=True))
        found.uploads, found.size = len(sizes), sum(sizes)
        return
    while True:
        with transaction.atomic():
            rows = (
                Upload.objects.expired(now).order_by("pk").select_for_update(skip_locked=True, of=("self",))
            )
            chunk = list(rows[:CHUNK])
            take(chunk)
            count(UPLOADS, "expired", amount=len(chunk))
        found.uploads += len(chunk)
        found.size += sum(upload.received for upload in chunk)
        if len(chunk) < CHUNK:
            return


def _sweep_parts(found: Expired, *, dry_run: bool) -> None:
    oldest = time.time() - ORPHAN_SECONDS
    for chunk in _chunks(_old_files(oldest)):
        kept = _with_row(name for path in chunk if (name := _public_id(path.stem)))
        for path in chunk:
            if _public_id(path.stem) in kept:
                continue
            # Its request, or another sweep, may remove it at this very moment.
            with suppress(FileNotFoundError):
                size = path.stat().st_size
                if not dry_run:
                    path.unlink()
                found.orphans += path.suffix == PART_SUFFIX
                found.size += size


def _old_files(oldest: float) -> Iterator[Path]:
    for path in incoming_folder().iterdir():
        if path.suffix in (PART_SUFFIX, LOCK_SUFFIX, UNVERIFIED_SUFFIX):
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < oldest:
                    yield path


def _sweep_bucket(found: Expired, *, dry_run: bool) -> None:
    """Objects and unfinished multipart uploads in the bucket's folder of incoming files, without a row."""
    bucket = private_bucket()
    oldest = timezone.now() - timedelta(seconds=ORPHAN_SECONDS)
    objects = (
        item for item in bucket.objects.filter(Prefix=f"{OBJECT_FOLDER}/") if item.last_modified < oldest
    )
    for chunk in _chunks(objects):
        kept = _with_row(name for item in chunk if (name := _public_id(Path(item.key).name)))
        for item in chunk:
            if _public_id(Path(item.key).name) not in kept:
                found.orphans += 1
                found.size += item.size
                if not dry_run:
                    item.delete()
    pages = bucket.meta.client.get_paginator("list_multipart_uploads").paginate(
        Bucket=bucket.name, Prefix=f"{OBJECT_FOLDER}/"
    )
    for page in pages:
        begun = [item for item in page.get("Uploads", []) if item["Initiated"] < oldest]
        kept = set(
            Upload.objects.filter(multipart_id__in=[item["UploadId"] for item in begun]).values_list(
                "multipart_id", flat=True
            )
        )
        for item in begun:
            if item["UploadId"] not in kept:
                found.orphans += 1
                if not dry_run:
                    abort_multipart(item["Key"], item["UploadId"])


def _with_row(names) -> set[uuid.UUID]:
    return set(Upload.objects.filter(public_id__in=set(names)).values_list("public_id", flat=True))


def _public_id(name: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(name)
    except ValueError:
        return None


def _chunks(items) -> Iterator[list]:
    chunk = []
    for item in items:
        chunk.append(item)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
