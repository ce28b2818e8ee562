"""Where files live: public (posters, avatars) and private (originals, previews), on disk or on S3."""

from django.conf import settings
from django.core.files.storage import FileSystemStorage, storages
from storages.backends.s3 import S3Storage


class PublicFileSystemStorage(FileSystemStorage):
    """Files anyone may fetch under MEDIA_URL; names are random, so they cannot be walked."""

    def __init__(self):
        super().__init__(location=settings.MEDIA_ROOT, base_url=settings.MEDIA_URL)


class PrivateFileSystemStorage(FileSystemStorage):
    """Files without an address of their own: they leave only through a view that checks who asks."""

    def __init__(self):
        super().__init__(
            location=settings.PRIVATE_MEDIA_ROOT,
            file_permissions_mode=0o640,
            directory_permissions_mode=0o750,
        )

    def url(self, name):
        raise ValueError("A private file has no public address.")


# A file that is opened is fetched whole: larger ones lie on the disk while they are read, not in memory.
IN_MEMORY_BYTES = 8 * 1024**2


class PublicS3Storage(S3Storage):
    """The public bucket; names never repeat, so answers may be cached for ever."""

    max_memory_size = IN_MEMORY_BYTES
    object_parameters = {"CacheControl": "public, max-age=31536000, immutable"}
    file_overwrite = False


class PrivateS3Storage(S3Storage):
    """The private bucket: only presigned, short-lived addresses reach it."""

    max_memory_size = IN_MEMORY_BYTES
    querystring_auth = True
    file_overwrite = False


def private_storage():
    """The private storage by setting; a callable, so that migrations do not freeze the choice."""
    return storages["private"]
