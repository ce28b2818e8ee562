"""Where the bytes of an upload are while it is none of a model's files yet: a part file here, or an object in a bucket.

A part file lies in the folder of incoming files; an object lies under `incoming/` in the private bucket.
"""

from collections.abc import Iterable
from pathlib import Path

from botocore.exceptions import ClientError
from django.core.files.storage import storages

from marketplace.incoming import incoming_folder
from marketplace.models import Upload

PART_SUFFIX = ".part"
LOCK_SUFFIX = ".lock"
UNVERIFIED_SUFFIX = ".unverified"
OBJECT_FOLDER = "incoming"
# What the bucket says of an upload that is gone already.
_GONE = {"NoSuchUpload", "NoSuchKey", "404"}


def part_path(upload: Upload) -> Path:
    """The part file of an upload through this server; it may not exist yet."""
    return incoming_folder() / f"{upload.public_id}{PART_SUFFIX}"


def object_name(upload: Upload) -> str:
    """The name in the private bucket of an upload that goes straight there."""
    return f"{OBJECT_FOLDER}/{upload.public_id}"


def private_bucket():
    """The private bucket, where the private storage is object storage."""
    return storages["private"].bucket


def is_gone(error: ClientError) -> bool:
    """Whether the bucket says that what was asked for is not there."""
    return error.response["Error"]["Code"] in _GONE


def remove(uploads: Iterable[Upload]) -> None:
    """Remove all bytes of uploads, whatever their state. Idempotent.

    Raises:
        OSError, botocore.exceptions.BotoCoreError, ClientError: the disk or the bucket does not do it now.
    """
    for upload in uploads:
        if upload.transport == Upload.Transport.S3:
            _remove_object(upload)
        else:
            path = part_path(upload)
            for suffix in (PART_SUFFIX, UNVERIFIED_SUFFIX, LOCK_SUFFIX):
                path.with_suffix(suffix).unlink(missing_ok=True)


def abort_multipart(name: str, multipart_id: str) -> None:
    """Throw away the parts of an unfinished multipart upload. Idempotent."""
    bucket = private_bucket()
    try:
        bucket.meta.client.abort_multipart_upload(Bucket=bucket.name, Key=name, UploadId=multipart_id)
    except ClientError as error:
        if not is_gone(error):
            raise


def _remove_object(upload: Upload) -> None:
    if upload.multipart_id and upload.state != Upload.State.COMPLETE:
        abort_multipart(upload.storage_name, upload.multipart_id)
    # Also where the row says that it is not complete: it may have been cut off between the bucket and the row.
    private_bucket().Object(upload.storage_name).delete()
