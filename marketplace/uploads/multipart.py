"""Uploads straight from the browser to the private bucket: multipart, each part at a presigned address.

The bytes never pass through this server. It decides beforehand how large each part has to be, signs that with the
address, and looks at what the bucket says it has; what the browser says about it counts for nothing.
"""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from botocore.exceptions import BotoCoreError, ClientError

from marketplace.exceptions import UploadRefused
from marketplace.models import Upload
from marketplace.uploads.receiving import record
from marketplace.uploads.stored import is_gone, private_bucket

logger = logging.getLogger(__name__)

# S3's own bounds: at least 5 MiB for all parts but the last, and at most so many parts.
MIN_PART_BYTES = 8 * 1024**2
MAX_PARTS = 10_000
MAX_SIGNED_AT_ONCE = 50
# For one part on a slow line; a new address is a request away.
SIGNED_SECONDS = 3600


def part_size_of(upload: Upload) -> int:
    """Bytes of each part but the last, in whole MiB."""
    needed = -(-upload.size // MAX_PARTS)
    return max(MIN_PART_BYTES, -(-needed // 1024**2) * 1024**2)


def part_count_of(upload: Upload) -> int:
    return -(-upload.size // part_size_of(upload))


def begin(upload: Upload) -> None:
    """Open the multipart upload in the bucket.

    Raises:
        UploadRefused: the bucket does not answer; the row is gone again.
    """
    try:
        with _answering():
            answer = _client().create_multipart_upload(
                **_place(upload), ContentType="application/octet-stream"
            )
    except UploadRefused:
        upload.delete()
        raise
    upload.multipart_id = answer["UploadId"]
    upload.save(update_fields=["multipart_id", "updated_at"])


def sign(upload: Upload, numbers: Iterable[int]) -> list[dict]:
    """Addresses to which the parts with these numbers (from 1) can be put, each with the size it must have.

    Raises:
        UploadRefused: there is no part of such a number, or too many are asked for at once.
    """
    wanted = sorted(set(numbers))
    if not wanted or len(wanted) > MAX_SIGNED_AT_ONCE or wanted[0] < 1 or wanted[-1] > part_count_of(upload):
        raise UploadRefused(
            "bad-request",
            f"Ask for 1 to {MAX_SIGNED_AT_ONCE} parts, of the {part_count_of(upload)} there are.",
        )
    # Moves the expiry forward too: somebody goes on with it.
    record(upload, upload.received)
    return [
        {"part": number, "size": _expected_size(upload, number), "url": _address(upload, number)}
        for number in wanted
    ]


def received_parts(upload: Upload) -> dict[int, int]:
    """What the bucket has of it: sizes in bytes by number. Of a complete upload: all parts.

    Raises:
        UploadRefused: the bucket does not answer, or does not know the upload any more.
    """
    if upload.state == Upload.State.COMPLETE:
        return {number: _expected_size(upload, number) for number in range(1, part_count_of(upload) + 1)}
    return {part["PartNumber"]: part["Size"] for part in _parts(upload)}


def complete(upload: Upload) -> None:
    """Have the bucket put the parts together. Idempotent.

    Raises:
        UploadRefused: parts are missing or of another size than announced; those that came stay.
    """
    if upload.state == Upload.State.COMPLETE:
        return
    # A former request may have been cut off between the bucket and the row.
    if _object_size(upload) != upload.size:
        parts = list(_parts(upload))
        sizes = {part["PartNumber"]: part["Size"] for part in parts}
        if sizes != {
            number: _expected_size(upload, number) for number in range(1, part_count_of(upload) + 1)
        }:
            raise UploadRefused("incomplete", f"Not all of “{upload.name}” has arrived yet.")
        chosen = [{"PartNumber": part["PartNumber"], "ETag": part["ETag"]} for part in parts]
        with _answering():
            _client().complete_multipart_upload(
                **_place(upload), UploadId=upload.multipart_id, MultipartUpload={"Parts": chosen}
            )
        if _object_size(upload) != upload.size:
            raise UploadRefused("not-stored", f"“{upload.name}” could not be stored. Please upload it again.")
    record(upload, upload.size)


def _expected_size(upload: Upload, number: int) -> int:
    size = part_size_of(upload)
    return min(size, upload.size - (number - 1) * size)


def _address(upload: Upload, number: int) -> str:
    # The length is part of what is signed: nobody can put more there than was announced.
    return _client().generate_presigned_url(
        "upload_part",
        Params={
            **_place(upload),
            "UploadId": upload.multipart_id,
            "PartNumber": number,
            "ContentLength": _expected_size(upload, number),
        },
        ExpiresIn=SIGNED_SECONDS,
    )


def _parts(upload: Upload) -> Iterator[dict]:
    with _answering():
        pages = _client().get_paginator("list_parts").paginate(**_place(upload), UploadId=upload.multipart_id)
        for page in pages:
            yield from page.get("Parts", [])


def _object_size(upload: Upload) -> int | None:
    try:
        return _client().head_object(**_place(upload))["ContentLength"]
    except ClientError as error:
        if is_gone(error):
            return None
        raise _away(error) from error
    except BotoCoreError as error:
        raise _away(error) from error


@contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        if is_gone(error):
            raise UploadRefused("gone", "This upload has expired. Start it again.") from error
        raise _away(error) from error
    except BotoCoreError as error:
        raise _away(error) from error


def _away(error: Exception) -> UploadRefused:
    logger.error("The object storage did not do what it was asked: %s", error)
    return UploadRefused("not-stored", "The storage does not answer at the moment. Please try again later.")


def _client():
    return private_bucket().meta.client


def _place(upload: Upload) -> dict[str, str]:
    return {"Bucket": private_bucket().name, "Key": upload.storage_name}
