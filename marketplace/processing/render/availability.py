"""Whether this machine has what the quick renderer draws with, and what to install where it does not.

Run as ``python -m marketplace.processing.render.availability`` it prints that line, or nothing.
"""

import os
import subprocess
import sys

from ..sandbox import PROJECT_ROOT

SECONDS = 120
NOTICE = (
    "Neither EGL nor OSMesa is on this machine: posters are ray-cast, without the studio's light. The Debian package"
    " libegl1 (or libosmesa6) gives rendered ones; `manage.py reprocess --tool raycast --not none` makes them anew."
)


def renderer_notice() -> str:
    """The line for the log of a worker that starts; empty where f3d draws, or was not wanted (``LATHE_RENDERER``).

    Asked in a process of its own: a graphics driver may end the process that tries it.
    """
    if os.environ.get("LATHE_RENDERER", "auto") != "auto":
        return ""
    try:
        tried = subprocess.run(
            [sys.executable, "-m", __name__],
            cwd=PROJECT_ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return NOTICE
    return NOTICE if tried.returncode else tried.stdout.strip()


def _try() -> str:
    try:
        from .rasterizer import NoDisplay, create_engine  # only here: f3d may not load where Mesa is missing
    except ImportError:
        return NOTICE
    try:
        create_engine()
    except NoDisplay:
        return NOTICE
    return ""


if __name__ == "__main__":
    sys.stdout.write(_try())
