"""Tool process: preflight of one file."""

import hashlib
from pathlib import Path

from ..tool import FileRejected, serve
from .accessors import check_accessors
from .container import open_container
from .images import check_images
from .scene import check_scene

CHUNK = 1024 * 1024


def inspect(request: dict) -> dict:
    """Checks the file at ``request["source"]`` and returns its format, size in bytes and sha256."""
    source = Path(request["source"])
    limits = request["limits"]
    size = source.stat().st_size
    if size == 0:
        raise FileRejected("empty_file")
    if size > limits["max_file_bytes"]:
        raise FileRejected("file_too_large", size=size, limit=limits["max_file_bytes"])
    with source.open("rb") as stream:
        container = open_container(stream, size, limits)
        views = check_accessors(container, limits)
        check_scene(container.document, limits)
        check_images(container, views, limits)
        stream.seek(0)
        digest = hashlib.sha256()
        while piece := stream.read(CHUNK):
            digest.update(piece)
    return {"data": {"format": "glb", "size": size, "sha256": digest.hexdigest()}}


if __name__ == "__main__":
    serve(inspect)
