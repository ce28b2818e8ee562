"""A WSGI application that writes the body of every request to a file, and does nothing else."""

import os
import shutil

TARGET = os.environ["BARE_UPLOAD_TARGET"]
BLOCK = 1024**2


def application(environ, start_response):
    with open(TARGET, "wb") as file:  # noqa: PTH123 - as bare as can be
        shutil.copyfileobj(environ["wsgi.input"], file, BLOCK)
    start_response("204 No Content", [])
    return [b""]
