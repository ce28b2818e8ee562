"""A real S3 server in this process, and both storages of the site on it."""

from collections.abc import Iterator
from contextlib import contextmanager

import boto3
import requests
from django.apps import apps
from django.core.files.storage import storages
from django.db.models import FileField
from moto.server import ThreadedMotoServer

from core.storages import PrivateFileSystemStorage

BUCKETS = ("public", "private")


@contextmanager
def object_storage_of(settings) -> Iterator:
    """A client of the server whose buckets `public` and `private` hold the site's files meanwhile."""
    server = ThreadedMotoServer(port=0)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    s3 = boto3.client(
        "s3",
        endpoint_url=address,
        aws_access_key_id="test",
        aws_secret_access_key="test",
        region_name="us-east-1",
    )
    for bucket in BUCKETS:
        s3.create_bucket(Bucket=bucket)
    access = {
        "access_key": "test",
        "secret_key": "test",
        "endpoint_url": address,
        "region_name": "us-east-1",
        "signature_version": "s3v4",
    }
    fields = [
        field
        for model in apps.get_models()
        for field in model._meta.local_fields
        if isinstance(field, FileField)
    ]
    kept = {field: field.storage for field in fields}
    settings.S3_ENABLED = True
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "core.storages.PublicS3Storage",
            "OPTIONS": {**access, "bucket_name": "public", "querystring_auth": False},
        },
        "private": {
            "BACKEND": "core.storages.PrivateS3Storage",
            "OPTIONS": {**access, "bucket_name": "private"},
        },
    }
    try:
        for field, storage in kept.items():
            field.storage = storages[
                "private" if isinstance(storage, PrivateFileSystemStorage) else "default"
            ]
        yield s3
    finally:
        for field, storage in kept.items():
            field.storage = storage
        # The server's memory outlives it: what is left there is not the next test's.
        requests.post(f"{address}/moto-api/reset", timeout=30)
        server.stop()
